package io.kindred.ann;

import io.kindred.KindredException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.CRC32C;

/**
 * The file of an index, big-endian: a header of 128 bytes, the item of each node (4 bytes each),
 * then the graph with its vectors as JVector writes it. It is written under another name beside the
 * target, brought to the disk and renamed, so that the target is always whole.
 */
final class IndexFile {
  static final int HEADER = 128;
  static final int VERSION = 1;

  private static final long MAGIC = 0x4b494e4452414e4eL; // KINDRANN
  private static final int FINGERPRINT = 32;
  private static final Duration ABANDONED = Duration.ofDays(1);

  private IndexFile() {}

  /**
   * What the header says.
   *
   * @param nodes items in the graph
   * @param items items of the catalogue; those without a vector are not in the graph
   * @param dimensions length of the vectors
   * @param neighbors edges a node
   * @param beamWidth of building
   * @param largestSquare square of the length of the longest vector
   * @param fingerprint see {@link Vectors#fingerprint}
   */
  record Header(
      int nodes,
      int items,
      int dimensions,
      int neighbors,
      int beamWidth,
      double largestSquare,
      byte[] fingerprint) {
    /** Where the graph begins. */
    long graphStart() {
      return HEADER + (long) nodes * Integer.BYTES;
    }
  }

  /** What writes the graph into a file that has room for what stands before it. */
  @FunctionalInterface
  interface Graph {
    void writeInto(Path file) throws IOException;
  }

  static void replace(Path target, Header header, int[] itemOfNode, Graph graph) {
    Path folder = target.toAbsolutePath().getParent();
    String prefix = "." + target.getFileName() + ".new-";
    if (folder == null) {
      throw new KindredException("'" + target + "' cannot be a file: it is the root");
    }
    if (Files.isDirectory(target)) {
      throw new KindredException(
          "'" + target + "' is a folder, not an index; it was left as it is");
    }
    Path fresh =
        folder.resolve(prefix + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()));
    try {
      Files.createDirectories(folder);
      deleteAbandoned(folder, prefix);
      write(fresh, header, itemOfNode, graph);
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
      sync(folder);
    } catch (IOException e) {
      throw new KindredException(
          "cannot write the index '"
              + target
              + "': "
              + reason(e)
              + ". What was there before is unchanged",
          e);
    } finally {
      deleteQuietly(fresh);
    }
  }

  private static void write(Path file, Header header, int[] itemOfNode, Graph graph)
      throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer items = ByteBuffer.allocate(1 << 16);
      channel.position(HEADER);
      for (int item : itemOfNode) {
        if (!items.hasRemaining()) {
          drain(items, channel);
        }
        items.putInt(item);
      }
      drain(items, channel);
    }
    graph.writeInto(file);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.allocate(HEADER);
      bytes.putLong(MAGIC).putInt(VERSION);
      bytes.putInt(header.nodes).putInt(header.items).putInt(header.dimensions);
      bytes.putInt(header.neighbors).putInt(header.beamWidth).putDouble(header.largestSquare);
      bytes.put(header.fingerprint).putLong(channel.size()).putLong(bodySum(channel));
      bytes.putLong(headerSum(bytes));
      channel.position(0);
      bytes.clear();
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  /**
   * Reads the header, after everything of the file has been checked against its sums. Cost O(bytes
   * of the file).
   *
   * @throws KindredException if it is not an index, is damaged or of a newer format
   */
  static Header check(Path file, FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(HEADER);
    while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
      // until it is full
    }
    if (bytes.hasRemaining() || bytes.getLong(0) != MAGIC) {
      throw new KindredException("'" + file + "' is not an index of Kindred");
    }
    bytes.flip();
    bytes.getLong();
    int version = bytes.getInt();
    if (version > VERSION) {
      throw new KindredException(
          "'"
              + file
              + "' has the format "
              + version
              + "; this version of Kindred reads formats up to "
              + VERSION);
    }
    int nodes = bytes.getInt();
    int items = bytes.getInt();
    int dimensions = bytes.getInt();
    int neighbors = bytes.getInt();
    int beamWidth = bytes.getInt();
    double largestSquare = bytes.getDouble();
    byte[] fingerprint = new byte[FINGERPRINT];
    bytes.get(fingerprint);
    long size = bytes.getLong();
    long bodySum = bytes.getLong();
    if (headerSum(bytes) != bytes.getLong()) {
      throw damaged(file, "its header does not have the sum that was written");
    }
    if (channel.size() != size) {
      throw damaged(file, "it has " + channel.size() + " bytes, not " + size);
    }
    if (bodySum(channel) != bodySum) {
      throw damaged(file, "its contents do not have the sum that was written");
    }
    return new Header(nodes, items, dimensions, neighbors, beamWidth, largestSquare, fingerprint);
  }

  static int[] itemOfNode(FileChannel channel, Header header) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(header.nodes, Integer.BYTES));
    while (bytes.hasRemaining() && channel.read(bytes, HEADER + bytes.position()) >= 0) {
      // until it is full
    }
    int[] items = new int[header.nodes];
    bytes.flip().asIntBuffer().get(items);
    return items;
  }

  static KindredException damaged(Path file, String how) {
    return new KindredException("the index '" + file + "' is damaged: " + how + ". Build it again");
  }

  static String reason(IOException failure) {
    if (failure instanceof AccessDeniedException denied) {
      return "no permission for '" + denied.getFile() + "'";
    }
    if (failure instanceof NoSuchFileException missing) {
      return "there is no '" + missing.getFile() + "'";
    }
    return String.valueOf(failure.getMessage());
  }

  /** The sum of the header as far as it is written. */
  private static long headerSum(ByteBuffer bytes) {
    CRC32C sum = new CRC32C();
    sum.update(bytes.duplicate().flip());
    return sum.getValue();
  }

  private static long bodySum(FileChannel channel) throws IOException {
    CRC32C sum = new CRC32C();
    ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
    for (long at = HEADER; channel.read(buffer, at) > 0; ) {
      buffer.flip();
      at += buffer.remaining();
      sum.update(buffer);
      buffer.clear();
    }
    return sum.getValue();
  }

  private static void drain(ByteBuffer buffer, FileChannel channel) throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  /** What a writer that was killed has left behind. */
  private static void deleteAbandoned(Path folder, String prefix) throws IOException {
    try (DirectoryStream<Path> left =
        Files.newDirectoryStream(
            folder, entry -> entry.getFileName().toString().startsWith(prefix))) {
      for (Path file : left) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(Instant.now().minus(ABANDONED))) {
          deleteQuietly(file);
        }
      }
    }
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // It stays until the next writing; the error that led here matters more.
    }
  }

  /** Brings the names in a folder to the disk, where the system can. */
  private static void sync(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows does not open folders; it brings their names to the disk by itself.
    }
  }
}
