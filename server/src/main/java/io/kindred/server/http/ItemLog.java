package io.kindred.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kindred.KindredException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The items that came in while a server ran, in a file: one line of JSON for each request, {@code
 * {"model": name, "items": [...]}}. A line is on the disk before the request is answered; one that
 * was cut off by a crash was not answered, and is taken away when the file is opened again. One
 * server at a time has the file. Not thread-safe.
 */
final class ItemLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ItemLog.class);

  private final Path file;
  private final FileChannel channel;

  /** What one request brought. */
  record Entry(String model, JsonNode items) {}

  /**
   * Opens the file, or makes it.
   *
   * @throws KindredException if it cannot be read and written, another server has it, or a line in
   *     its midst is none of this kind
   */
  ItemLog(Path file) {
    this.file = file;
    FileChannel opened = null;
    try {
      opened =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock lock = opened.tryLock();
      if (lock == null) {
        throw new KindredException("another server has the file of new items " + file);
      }
      channel = opened;
      cutOff();
    } catch (OverlappingFileLockException e) {
      close(opened);
      throw new KindredException("another server has the file of new items " + file, e);
    } catch (IOException e) {
      close(opened);
      throw new KindredException("cannot open the file of new items " + file + ": " + e, e);
    } catch (KindredException e) {
      close(opened);
      throw e;
    }
  }

  private static void close(@org.jspecify.annotations.Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      LOG.warn("a file of new items could not be closed", e);
    }
  }

  private byte[] bytes() throws IOException {
    byte[] bytes = new byte[Math.toIntExact(channel.size())];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining() && channel.read(buffer, buffer.position()) >= 0) {
      // goes on
    }
    return bytes;
  }

  /** Takes away a last line that is not whole, and goes to the end. */
  private void cutOff() throws IOException {
    byte[] bytes = bytes();
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    if (end < bytes.length) {
      LOG.warn(
          "{}: the last line was cut off before its request was answered; it is taken away", file);
      channel.truncate(end);
      channel.force(true);
    }
    channel.position(end);
  }

  private Entry entry(byte[] bytes, int line) {
    try {
      JsonNode node = Json.read(bytes);
      if (node instanceof ObjectNode object
          && object.path("model").isTextual()
          && object.get("items") instanceof ArrayNode items) {
        return new Entry(object.get("model").textValue(), items);
      }
    } catch (Problem.Thrown e) {
      // said below
    }
    throw new KindredException(
        file + ", line " + line + ": must be a JSON object of a model and its new items");
  }

  /**
   * What is there, in its order.
   *
   * @throws KindredException if it cannot be read, or a line is none of this kind
   */
  List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    try {
      byte[] bytes = bytes();
      int start = 0;
      for (int at = 0; at < bytes.length; at++) {
        if (bytes[at] == '\n') {
          entries.add(entry(Arrays.copyOfRange(bytes, start, at), entries.size() + 1));
          start = at + 1;
        }
      }
    } catch (IOException e) {
      throw new KindredException("cannot read the file of new items " + file + ": " + e, e);
    }
    return entries;
  }

  /**
   * Appends a line and brings it to the disk.
   *
   * @throws IOException if that cannot be: then the file is as before
   */
  void append(String model, JsonNode items) throws IOException {
    long before = channel.position();
    byte[] json = Json.write(new Entry(model, items));
    byte[] line = Arrays.copyOf(json, json.length + 1);
    line[json.length] = '\n';
    try {
      ByteBuffer buffer = ByteBuffer.wrap(line);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    } catch (IOException e) {
      channel.truncate(before);
      channel.position(before);
      throw e;
    }
  }

  @Override
  public void close() {
    close(channel);
  }
}
