package io.kindred.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Text in another encoding, as UTF-8. Bytes that the encoding does not have throw {@link
 * java.nio.charset.CharacterCodingException}. A byte order mark is left out. Not thread-safe.
 */
final class Transcoded extends InputStream {
  private static final int SIZE = 1 << 15;

  private final Reader reader;
  private final CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
  private final CharBuffer chars = CharBuffer.allocate(SIZE);
  private final ByteBuffer bytes = ByteBuffer.allocate(4 * SIZE);
  private boolean begun;
  private boolean end;

  Transcoded(InputStream in, Charset encoding) {
    reader =
        new InputStreamReader(
            in,
            encoding
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT));
    chars.flip();
    bytes.flip();
  }

  private boolean fill() throws IOException {
    while (!bytes.hasRemaining() && !end) {
      chars.compact(); // what is left of a pair of surrogates stays
      end = reader.read(chars) < 0;
      chars.flip();
      if (!begun && chars.hasRemaining()) {
        begun = true;
        if (chars.get(chars.position()) == '\ufeff') {
          chars.get();
        }
      }
      bytes.clear();
      encoder.encode(chars, bytes, end);
      bytes.flip();
    }
    return bytes.hasRemaining();
  }

  @Override
  public int read() throws IOException {
    return fill() ? bytes.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, bytes.remaining());
    bytes.get(to, offset, count);
    return count;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
