package io.kindred.store;

import io.kindred.data.Vocabulary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The ids of users or items on disk, in index order. All numbers are little-endian 64-bit:
 *
 * <pre>
 * 8 bytes               "KNDVOC01"
 * 1 number              count
 * count + 1 numbers     first byte of each id in the text, and the length of the text
 * length bytes          the text: all ids in UTF-8, one behind the other
 * </pre>
 */
final class VocabularyFile {
  private static final byte[] MAGIC = "KNDVOC01".getBytes(StandardCharsets.US_ASCII);

  /** Offsets that are read at a time. */
  private static final int BLOCK = 1 << 13;

  private VocabularyFile() {}

  static Manifest.Entry write(Vocabulary ids, Path file) throws IOException {
    try (FileOut out = new FileOut(file)) {
      out.put(MAGIC);
      out.put((long) ids.size());
      long offset = 0;
      out.put(offset);
      for (int index = 0; index < ids.size(); index++) {
        offset += ids.utf8(index).length;
        out.put(offset);
      }
      for (int index = 0; index < ids.size(); index++) {
        out.put(ids.utf8(index));
      }
      return out.finish();
    }
  }

  /** Reads the ids, which must be so many, distinct, and UTF-8. */
  static Vocabulary read(Path bundle, String name, int count) {
    Place place = new Place(bundle, name);
    try (FileBytes file = FileBytes.open(place)) {
      return read(place, file, count);
    } catch (IOException e) {
      throw place.damaged(e);
    }
  }

  private static Vocabulary read(Place place, FileBytes file, int count) throws IOException {
    if (file.size() < 24 || !Arrays.equals(file.byteArray(0, 8), MAGIC)) {
      throw place.damaged("is not a vocabulary");
    }
    long found = file.longAt(8);
    long text = 16 + 8 * (count + 1L);
    if (found != count || file.size() < text) {
      throw place.damaged(
          "says " + found + " ids in " + file.size() + " bytes; there should be " + count);
    }
    long length = file.size() - text;
    Vocabulary.Builder ids = Vocabulary.builder();
    for (int from = 0; from < count; from += BLOCK) {
      int to = Math.min(count, from + BLOCK);
      long[] offsets = file.longArray(16 + 8L * from, 8L * (to - from + 1));
      for (int i = 0; i < to - from; i++) {
        if (offsets[i] < 0 || offsets[i] > offsets[i + 1] || offsets[i + 1] > length) {
          throw place.damaged(
              "has the bytes "
                  + offsets[i]
                  + " to "
                  + offsets[i + 1]
                  + " of "
                  + length
                  + " for id "
                  + (from + i));
        }
      }
      byte[] block = file.byteArray(text + offsets[0], offsets[to - from] - offsets[0]);
      for (int i = 0; i < to - from; i++) {
        int at = (int) (offsets[i] - offsets[0]);
        int size = (int) (offsets[i + 1] - offsets[i]);
        checkUtf8(place, block, at, size, from + i);
        if (ids.add(block, at, size) != from + i) {
          throw place.damaged("has id " + (from + i) + " twice");
        }
      }
    }
    if (file.longAt(16) != 0 || file.longAt(16 + 8L * count) != length) {
      throw place.damaged("has text that belongs to no id");
    }
    return ids.build();
  }

  private static void checkUtf8(Place place, byte[] bytes, int from, int length, int index) {
    for (int i = from; i < from + length; i++) {
      if (bytes[i] < 0) {
        try {
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, length));
          return;
        } catch (CharacterCodingException e) {
          throw place.damaged("has id " + index + " that is not UTF-8");
        }
      }
    }
  }
}
