package io.kindred.server.http;

import io.kindred.KindredException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pictures of the items: files inside one folder, and those that new items brought in a second
 * one; nothing outside them. Thread-safe.
 */
final class Images {
  private static final Logger LOG = LoggerFactory.getLogger(Images.class);

  private static final Map<String, String> TYPES =
      Map.of(
          "jpg",
          "image/jpeg",
          "jpeg",
          "image/jpeg",
          "png",
          "image/png",
          "gif",
          "image/gif",
          "webp",
          "image/webp",
          "avif",
          "image/avif");

  private final Path root;
  private final @Nullable Path brought;

  /**
   * Pictures under a folder.
   *
   * @param brought the folder of pictures that new items bring, made with the first of them; {@code
   *     null} where there are none
   * @throws KindredException if {@code folder} is not a folder
   */
  Images(Path folder, @Nullable Path brought) {
    try {
      this.root = folder.toRealPath();
    } catch (IOException e) {
      throw new KindredException("the folder of images does not exist: " + folder, e);
    }
    if (!Files.isDirectory(root)) {
      throw new KindredException("not a folder of images: " + folder);
    }
    this.brought = brought;
  }

  /**
   * A picture.
   *
   * @param folder the one of the two that it is in
   */
  record Image(Path folder, Path file, String contentType, long size, long modifiedMillis) {}

  /**
   * The picture of a path below the folder, else below that of pictures which new items brought;
   * empty where there is none, or it is not below it, or not a picture by its name.
   */
  Optional<Image> find(String path) {
    String type = TYPES.get(path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    if (type == null) {
      return Optional.empty();
    }
    return find(root, path, type)
        .or(() -> brought == null ? Optional.empty() : find(brought, path, type));
  }

  private static Optional<Image> find(Path folder, String path, String type) {
    try {
      Path real = folder.toRealPath();
      Path file = real.resolve(path).toRealPath(); // follows links, so that none leads out
      if (!file.startsWith(real) || !Files.isRegularFile(file)) {
        return Optional.empty();
      }
      return Optional.of(
          new Image(
              real, file, type, Files.size(file), Files.getLastModifiedTime(file).toMillis()));
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** The folder, without links. */
  Path folder() {
    return root;
  }

  /** The folder of the pictures that new items brought; only where they may. */
  Path broughtFolder() {
    if (brought == null) {
      throw new IllegalStateException("this server keeps no pictures");
    }
    return brought;
  }

  /**
   * Keeps a picture that a new item brought, whole and on the disk when this returns.
   *
   * @param name of its bytes: a file of this name has them already
   * @return whether it was not there before
   * @throws IOException if it cannot be written; then there is no file of that name
   */
  boolean keep(String name, byte[] bytes) throws IOException {
    Path folder = broughtFolder();
    Path file = folder.resolve(name);
    if (Files.exists(file)) {
      return false;
    }
    if (!Files.isDirectory(folder)) {
      Files.createDirectory(folder);
      toDisk(folder.toAbsolutePath().getParent());
    }
    Path partial = folder.resolve(name + ".part"); // is left by a crash, and written anew then
    try {
      try (FileChannel channel =
          FileChannel.open(
              partial,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
      toDisk(folder);
      return true;
    } catch (IOException e) {
      discard(name + ".part");
      throw e;
    }
  }

  /** Takes away a picture that was kept for an item which is not added after all. */
  void discard(String name) {
    try {
      Files.deleteIfExists(broughtFolder().resolve(name));
    } catch (IOException e) {
      LOG.warn("a picture of no item could not be deleted", e);
    }
  }

  /** Brings the names in a folder to the disk, where the system can. */
  private static void toDisk(@Nullable Path folder) {
    if (folder == null) {
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      LOG.debug("the system does not bring folders to the disk", e);
    }
  }
}
