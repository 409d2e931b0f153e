package io.kindred.ingest;

import io.kindred.KindredException;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * A text file before it is read: checked for what is no text, gzip opened.
 *
 * @param path where it is
 * @param gzip whether it is compressed
 * @param encoding how its characters are written
 * @param oldMac whether its lines end with CR alone; read as LF
 * @param head its first bytes, uncompressed and as UTF-8, at most {@link #HEAD}
 */
record TextFile(Path path, boolean gzip, Charset encoding, boolean oldMac, byte[] head) {
  static final int HEAD = 1 << 16;

  /**
   * Looks at a file.
   *
   * @param encoding how its characters are written
   * @throws KindredException if it cannot be read, is empty, is no text or not in the encoding
   */
  static TextFile of(Path path, Charset encoding) {
    String file = path.toString();
    if (Files.isDirectory(path)) {
      throw new KindredException(file + " is a folder, not a file");
    }
    try {
      byte[] magic;
      try (InputStream in = Files.newInputStream(path)) {
        magic = in.readNBytes(4);
      }
      if (magic.length == 0) {
        throw new KindredException(file + " is empty; expected rows of interactions");
      }
      boolean gzip = magic.length > 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b;
      byte[] head;
      try (InputStream in = open(path, gzip, encoding)) {
        head = in.readNBytes(HEAD);
      }
      checkText(file, head);
      boolean oldMac = isOldMac(head);
      if (oldMac) {
        lineFeeds(head, 0, head.length);
      }
      return new TextFile(path, gzip, encoding, oldMac, head);
    } catch (IOException e) {
      throw Failures.reading(file, e);
    }
  }

  /** Whether lines end with CR and none with LF. */
  private static boolean isOldMac(byte[] head) {
    boolean found = false;
    for (byte b : head) {
      if (b == '\n') {
        return false;
      }
      found |= b == '\r';
    }
    return found && !(head.length == HEAD && head[HEAD - 1] == '\r');
  }

  private static void lineFeeds(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == '\r') {
        bytes[i] = '\n';
      }
    }
  }

  private static final class LineFeeds extends FilterInputStream {
    LineFeeds(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      return b == '\r' ? '\n' : b;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int count = super.read(bytes, from, length);
      lineFeeds(bytes, from, from + Math.max(0, count));
      return count;
    }
  }

  /** Whether its bytes can be read from any place. */
  boolean isPlain() {
    return !gzip && !oldMac && isUtf8(encoding);
  }

  private static void checkText(String file, byte[] head) {
    if (head.length == 0) {
      throw new KindredException(file + " is empty; expected rows of interactions");
    }
    String what = null;
    if (startsWith(head, "PAR1")) {
      what = "a Parquet file; say --format parquet";
    } else if (startsWith(head, "PK\3\4")) {
      what = "a zip archive; unpack it first";
    } else if (startsWith(head, "(\u00b5/\u00fd")) {
      what = "compressed with zstd; unpack it first (gzip is read as it is)";
    } else if (startsWith(head, "SQLite format 3")) {
      what = "an SQLite database; read it through JDBC";
    } else if (startsWith(head, "\u00ff\u00fe") || startsWith(head, "\u00fe\u00ff")) {
      what = "UTF-16 text; say --encoding UTF-16";
    } else {
      for (int i = 0; i < head.length && what == null; i++) {
        if (head[i] == 0) {
          what = "a binary file (NUL at byte " + i + ")";
        }
      }
    }
    if (what != null) {
      throw new KindredException(file + " is " + what + "; expected UTF-8 text");
    }
  }

  private static boolean startsWith(byte[] head, String magic) {
    byte[] wanted = magic.getBytes(StandardCharsets.ISO_8859_1);
    if (head.length < wanted.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (head[i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean isUtf8(Charset encoding) {
    return encoding.equals(StandardCharsets.UTF_8);
  }

  private static InputStream open(Path path, boolean gzip, Charset encoding) throws IOException {
    InputStream in = Files.newInputStream(path);
    InputStream plain = gzip ? new GZIPInputStream(in, 1 << 16) : in;
    return isUtf8(encoding) ? plain : new Transcoded(plain, encoding);
  }

  String name() {
    return path.toString();
  }

  /** The name without ".gz", for its extension. */
  String plainName() {
    String name = String.valueOf(path.getFileName());
    return name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
  }

  InputStream open() {
    try {
      InputStream in = open(path, gzip, encoding);
      return oldMac ? new LineFeeds(in) : in;
    } catch (IOException e) {
      throw Failures.reading(name(), e);
    }
  }

  /** A reader of the whole file. */
  DelimitedReader reader(Dialect dialect) {
    return new DelimitedReader(name(), open(), dialect);
  }

  /**
   * A reader of a file that is UTF-8 or, if it is not, ISO-8859-1, as older MovieLens files are.
   * Holds the file in memory.
   */
  DelimitedReader readerOfOldText(Dialect dialect) {
    try (InputStream in = open()) {
      byte[] all = in.readAllBytes();
      try {
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(all));
      } catch (CharacterCodingException e) {
        all = new String(all, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.UTF_8);
      }
      return new DelimitedReader(name(), new ByteArrayInputStream(all), dialect);
    } catch (IOException e) {
      throw Failures.reading(name(), e);
    }
  }

  /** A reader of the first rows only; what may be cut off at the end of the head is left out. */
  DelimitedReader headReader(Dialect dialect) {
    int length = head.length;
    if (length == HEAD) {
      while (length > 0 && head[length - 1] != '\n') {
        length--;
      }
    }
    return new DelimitedReader(
        name(), new ByteArrayInputStream(head, 0, length == 0 ? head.length : length), dialect);
  }
}
