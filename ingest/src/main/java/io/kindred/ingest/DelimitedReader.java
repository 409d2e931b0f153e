package io.kindred.ingest;

import io.kindred.KindredException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Walks through delimited text, record by record, without making an object for a field.
 *
 * <p>After {@link #next} the fields of the record are the bytes {@code from(i) .. to(i)} of {@link
 * #bytes}, valid until the next call. Line ends are LF or CRLF; empty lines are left out. A record
 * longer than the limit stops the run before memory does. Not thread-safe.
 */
final class DelimitedReader implements Closeable {
  /** The longest record, in bytes. */
  static final int MAX_RECORD = 64 << 20;

  private final String file;
  private final @Nullable InputStream in;
  private final byte[] delimiter;
  private final byte quote; // 0 for none
  private final boolean lenient;
  private final boolean comments;

  private byte[] bytes;
  private int position;
  private int limit;
  private boolean end;
  private long consumed;

  private long nextLine;
  private long line;
  private int fields;
  private int[] from = new int[16];
  private int[] to = new int[16];
  private boolean[] escaped = new boolean[16];
  private @Nullable String problem;
  private long commentLines;
  private long marks;
  private long spanning;
  private long firstSpanning;

  /**
   * Reads a stream, which {@link #close} closes. A byte order mark at its beginning is left out.
   */
  DelimitedReader(String file, InputStream in, Dialect dialect) {
    this(file, in, dialect, new byte[1 << 18], 0, 0);
    try {
      while (limit < 3 && !end) {
        fill();
      }
    } catch (IOException e) {
      throw Failures.reading(file, e);
    }
    if (limit >= 3
        && bytes[0] == (byte) 0xef
        && bytes[1] == (byte) 0xbb
        && bytes[2] == (byte) 0xbf) {
      position = 3;
    }
  }

  /** Reads a part of an array that holds whole records; lines count from 1. */
  DelimitedReader(String file, byte[] bytes, int from, int to, Dialect dialect) {
    this(file, null, dialect, bytes, from, to);
    end = true;
  }

  private DelimitedReader(
      String file, @Nullable InputStream in, Dialect dialect, byte[] bytes, int from, int to) {
    this.file = file;
    this.in = in;
    this.delimiter = dialect.delimiter().getBytes(StandardCharsets.US_ASCII);
    this.quote = (byte) dialect.quote();
    this.lenient = dialect.lenient();
    this.comments = dialect.comments();
    this.bytes = bytes;
    this.position = from;
    this.limit = to;
    this.nextLine = 1;
  }

  String file() {
    return file;
  }

  /** The number of fields of the record. */
  int fields() {
    return fields;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Whether the fields of a record stay where they are when the reader goes on. */
  boolean isStable() {
    return in == null;
  }

  int from(int field) {
    return from[field];
  }

  int to(int field) {
    return to[field];
  }

  String text(int field) {
    return new String(bytes, from[field], to[field] - from[field], StandardCharsets.UTF_8);
  }

  /** The line on which the record begins, from 1. */
  long line() {
    return line;
  }

  /** How many bytes lie before the next record, a byte order mark included. */
  long consumed() {
    return consumed + position;
  }

  /**
   * What is wrong with the quotes of this record, or {@code null}; its fields are then not to be
   * used.
   */
  @Nullable String problem() {
    return problem;
  }

  /** How many lines were left out as comments so far. */
  long commentLines() {
    return commentLines;
  }

  /** How many records began with a byte order mark, which was left off; not that of the file. */
  long marks() {
    return marks;
  }

  /** How many records so far went over several lines, in quotes. */
  long spanning() {
    return spanning;
  }

  /** The line on which the first such record begins. */
  long firstSpanning() {
    return firstSpanning;
  }

  /**
   * Moves to the next record.
   *
   * @return false at the end
   * @throws KindredException if the file cannot be read or the record is too long
   */
  boolean next() {
    try {
      while (true) {
        while (position >= limit && !end) {
          fill();
        }
        if (position >= limit) {
          return false;
        }
        int start = afterMark();
        if (start < 0) {
          fill();
          continue;
        }
        boolean comment = comments && start < limit && bytes[start] == '#';
        int recordEnd =
            comment ? lineEnd(start) : delimiter.length == 0 ? splitAtSpaces(start) : split(start);
        if (recordEnd < 0) {
          fill();
          continue;
        }
        marks += start > position ? 1 : 0;
        position = recordEnd;
        if (comment) {
          nextLine++;
          commentLines++;
          continue;
        }
        if (problem == null && (fields == 0 || (fields == 1 && from[0] == to[0] && !escaped[0]))) {
          continue;
        }
        return true;
      }
    } catch (IOException e) {
      throw Failures.reading(file, e);
    }
  }

  /** Where the record at {@code position} begins after a byte order mark; -1: more bytes needed. */
  private int afterMark() {
    if (bytes[position] != (byte) 0xef) {
      return position;
    }
    if (position + 3 > limit) {
      return end ? position : -1;
    }
    return bytes[position + 1] == (byte) 0xbb && bytes[position + 2] == (byte) 0xbf
        ? position + 3
        : position;
  }

  /** Where the line after the one of {@code p} begins, or -1 if more bytes are needed. */
  private int lineEnd(int p) {
    int at = p;
    while (at < limit && bytes[at] != '\n') {
      at++;
    }
    return at < limit ? at + 1 : end ? at : -1;
  }

  /**
   * Splits the record that begins at {@code p}; returns where the next one begins, or -1 if more
   * bytes are needed.
   */
  private int split(int begin) {
    byte[] buffer = bytes;
    byte first = delimiter[0];
    int width = delimiter.length;
    int stop = limit;
    int p = begin;
    int newLines = 0;
    boolean anyEscaped = false;
    fields = 0;
    problem = null;
    line = nextLine;
    while (true) {
      if (fields == from.length) {
        growFields();
      }
      escaped[fields] = false;
      boolean quoted = quote != 0 && p < stop && buffer[p] == quote;
      if (quoted && lenient) {
        int closed = closes(buffer, p, stop);
        if (closed < 0) {
          return -1;
        }
        quoted = closed > 0;
      }
      if (quoted) {
        int start = ++p;
        boolean doubled = false;
        while (true) {
          if (p == stop) {
            if (!end) {
              return -1;
            }
            problem = "a quote opens and is never closed";
            nextLine = line + newLines + 1;
            return stop;
          }
          byte b = buffer[p];
          if (b == quote) {
            if (p + 1 == stop && !end) {
              return -1;
            }
            if (p + 1 < stop && buffer[p + 1] == quote) {
              doubled = true;
              p += 2;
              continue;
            }
            break;
          }
          if (b == '\n') {
            newLines++;
          }
          p++;
        }
        from[fields] = start;
        to[fields] = p;
        escaped[fields] = doubled;
        anyEscaped |= doubled;
        fields++;
        p++;
        if (p + Math.max(1, width - 1) >= stop && !end) {
          return -1;
        }
        if (p == stop) {
          break;
        }
        if (buffer[p] == '\r' && (p + 1 == stop || buffer[p + 1] == '\n')) {
          p++;
        }
        if (p == stop) {
          break;
        }
        if (buffer[p] == '\n') {
          newLines++;
          p++;
          break;
        }
        if (delimiterAt(buffer, p, stop)) {
          p += width;
          continue;
        }
        while (p < stop && buffer[p] != '\n') {
          p++;
        }
        if (p == stop && !end) {
          return -1;
        }
        problem = "text follows the closing quote of a field";
        nextLine = line + newLines + 1;
        return Math.min(stop, p + 1);
      }
      int start = p;
      while (true) {
        if (p == stop) {
          if (!end) {
            return -1;
          }
          break;
        }
        byte b = buffer[p];
        if (b == '\n') {
          break;
        }
        if (b == first) {
          if (width == 1) {
            break;
          }
          if (p + width > stop && !end) {
            return -1;
          }
          if (delimiterAt(buffer, p, stop)) {
            break;
          }
        }
        p++;
      }
      from[fields] = start;
      to[fields] = p;
      fields++;
      if (p == stop || buffer[p] == '\n') {
        if (to[fields - 1] > start && buffer[p - 1] == '\r') {
          to[fields - 1]--;
        }
        p = Math.min(stop, p + 1);
        newLines++;
        break;
      }
      p += width;
    }
    nextLine = line + Math.max(1, newLines);
    if (newLines > 1) {
      firstSpanning = spanning == 0 ? line : firstSpanning;
      spanning++;
    }
    if (anyEscaped) {
      unescape();
    }
    return p;
  }

  /**
   * Whether the quote at {@code p} is closed on its line, with a delimiter or the end of the line
   * after it: 1 if it is, 0 if it is not, -1 if more bytes are needed.
   */
  private int closes(byte[] buffer, int p, int stop) {
    for (int at = p + 1; at < stop && buffer[at] != '\n'; at++) {
      if (buffer[at] == quote) {
        if (at + delimiter.length + 1 >= stop && !end) {
          return -1;
        }
        if (at + 1 < stop && buffer[at + 1] == quote) {
          at++;
          continue;
        }
        boolean last =
            at + 1 == stop
                || buffer[at + 1] == '\n'
                || (buffer[at + 1] == '\r' && (at + 2 >= stop || buffer[at + 2] == '\n'));
        return last || delimiterAt(buffer, at + 1, stop) ? 1 : 0;
      }
      if (at + 1 == stop && !end) {
        return -1;
      }
    }
    return p + 1 == stop && !end ? -1 : 0;
  }

  private boolean delimiterAt(byte[] buffer, int at, int stop) {
    return at + delimiter.length <= stop
        && Arrays.equals(buffer, at, at + delimiter.length, delimiter, 0, delimiter.length);
  }

  private int splitAtSpaces(int begin) {
    byte[] buffer = bytes;
    int stop = limit;
    int p = begin;
    fields = 0;
    problem = null;
    line = nextLine;
    while (true) {
      while (p < stop && (buffer[p] == ' ' || buffer[p] == '\t' || buffer[p] == '\r')) {
        p++;
      }
      if (p == stop && !end) {
        return -1;
      }
      if (p == stop || buffer[p] == '\n') {
        break;
      }
      int start = p;
      while (p < stop
          && buffer[p] != ' '
          && buffer[p] != '\t'
          && buffer[p] != '\n'
          && buffer[p] != '\r') {
        p++;
      }
      if (p == stop && !end) {
        return -1;
      }
      if (fields == from.length) {
        growFields();
      }
      escaped[fields] = false;
      from[fields] = start;
      to[fields] = p;
      fields++;
    }
    nextLine = line + 1;
    return Math.min(stop, p + 1);
  }

  /** Makes one quote of two, in place. */
  private void unescape() {
    for (int i = 0; i < fields; i++) {
      if (escaped[i]) {
        int write = from[i];
        for (int read = from[i]; read < to[i]; read++) {
          bytes[write++] = bytes[read];
          if (bytes[read] == quote) {
            read++;
          }
        }
        to[i] = write;
      }
    }
  }

  private void growFields() {
    int capacity = from.length * 2;
    from = Arrays.copyOf(from, capacity);
    to = Arrays.copyOf(to, capacity);
    escaped = Arrays.copyOf(escaped, capacity);
  }

  private void fill() throws IOException {
    InputStream stream = in;
    if (stream == null) {
      end = true;
      return;
    }
    if (position > 0) {
      System.arraycopy(bytes, position, bytes, 0, limit - position);
      consumed += position;
      limit -= position;
      position = 0;
    }
    if (limit == bytes.length) {
      if (bytes.length >= MAX_RECORD) {
        throw new KindredException(
            file
                + ", line "
                + nextLine
                + ": longer than "
                + (MAX_RECORD >> 20)
                + " MiB without an end of the record; is a quote never closed, or is this not a"
                + " text file of lines?");
      }
      bytes = Arrays.copyOf(bytes, Math.min(MAX_RECORD, bytes.length * 4));
    }
    int read = stream.read(bytes, limit, bytes.length - limit);
    if (read < 0) {
      end = true;
    } else {
      limit += read;
    }
  }

  @Override
  public void close() {
    if (in != null) {
      try {
        in.close();
      } catch (IOException e) {
        throw Failures.reading(file, e);
      }
    }
  }
}
