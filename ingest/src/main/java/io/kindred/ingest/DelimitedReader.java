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
  private final boolean quoting;
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
    this.quoting = dialect.quoting();
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
        int recordEnd = delimiter.length == 0 ? splitAtSpaces() : split();
        if (recordEnd < 0) {
          fill();
          continue;
        }
        position = recordEnd;
        if (problem == null && (fields == 0 || (fields == 1 && from[0] == to[0] && !escaped[0]))) {
          continue;
        }
        return true;
      }
    } catch (IOException e) {
      throw Failures.reading(file, e);
    }
  }

  /**
   * Splits the record at {@code position}; returns where the next one begins, or -1 if more bytes
   * are needed.
   */
  private int split() {
    byte[] buffer = bytes;
    byte first = delimiter[0];
    int width = delimiter.length;
    int stop = limit;
    int p = position;
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
      if (quoting && p < stop && buffer[p] == '"') {
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
          if (b == '"') {
            if (p + 1 == stop && !end) {
              return -1;
            }
            if (p + 1 < stop && buffer[p + 1] == '"') {
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
    if (anyEscaped) {
      unescape();
    }
    return p;
  }

  private boolean delimiterAt(byte[] buffer, int at, int stop) {
    return at + delimiter.length <= stop
        && Arrays.equals(buffer, at, at + delimiter.length, delimiter, 0, delimiter.length);
  }

  private int splitAtSpaces() {
    byte[] buffer = bytes;
    int stop = limit;
    int p = position;
    fields = 0;
    problem = null;
    line = nextLine;
    boolean comment = comments && buffer[p] == '#';
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
      if (!comment) {
        if (fields == from.length) {
          growFields();
        }
        escaped[fields] = false;
        from[fields] = start;
        to[fields] = p;
        fields++;
      }
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
          if (bytes[read] == '"') {
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
                + " MiB without an end of the record; is a quote never closed, or is this not a text file of lines?");
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
