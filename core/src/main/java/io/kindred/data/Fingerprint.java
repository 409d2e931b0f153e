package io.kindred.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The digest of a data set: SHA-256 over ids, histories, values, times and types, the first 16
 * bytes in hex.
 */
final class Fingerprint {
  private final MessageDigest digest;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);

  private Fingerprint() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  static String of(Vocabulary users, Vocabulary items, Interactions interactions) {
    Fingerprint print = new Fingerprint();
    print.add(users);
    print.add(items);
    print.add(interactions);
    return HexFormat.of().formatHex(print.digest.digest(), 0, 16);
  }

  private void add(Vocabulary ids) {
    putInt(ids.size());
    flush();
    for (int index = 0; index < ids.size(); index++) {
      byte[] utf8 = ids.utf8(index);
      putInt(utf8.length);
      if (utf8.length > buffer.remaining()) {
        flush();
      }
      if (utf8.length > buffer.remaining()) {
        digest.update(utf8);
      } else {
        buffer.put(utf8);
      }
    }
    flush();
  }

  private void add(Interactions interactions) {
    for (int start : interactions.starts()) {
      putInt(start);
    }
    for (int p = 0; p < interactions.size(); p++) {
      putInt(interactions.items()[p]);
      putInt(Float.floatToIntBits(interactions.values()[p]));
    }
    for (int p = 0; interactions.hasTimes() && p < interactions.size(); p++) {
      long time = interactions.time(p);
      putInt((int) time);
      putInt((int) (time >>> 32));
    }
    byte[] types = interactions.types();
    if (types != null) {
      flush();
      digest.update(types);
    }
    flush();
  }

  private void putInt(int value) {
    if (buffer.remaining() < 4) {
      flush();
    }
    buffer.putInt(value);
  }

  private void flush() {
    digest.update(buffer.array(), 0, buffer.position());
    buffer.clear();
  }
}
