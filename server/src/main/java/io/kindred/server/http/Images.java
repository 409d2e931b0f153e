package io.kindred.server.http;

import io.kindred.KindredException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The pictures of the items: files inside one folder, and nothing outside it. Thread-safe. */
final class Images {
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

  /**
   * Pictures under a folder.
   *
   * @throws KindredException if it is not a folder
   */
  Images(Path folder) {
    try {
      this.root = folder.toRealPath();
    } catch (IOException e) {
      throw new KindredException("the folder of images does not exist: " + folder, e);
    }
    if (!Files.isDirectory(root)) {
      throw new KindredException("not a folder of images: " + folder);
    }
  }

  /** The folder, without links. */
  Path folder() {
    return root;
  }

  /** A picture. */
  record Image(Path file, String contentType, long size, long modifiedMillis) {}

  /**
   * The picture of a path below the folder; empty where there is none, or it is not below the
   * folder, or not a picture by its name.
   */
  Optional<Image> find(String path) {
    String type = TYPES.get(path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    if (type == null) {
      return Optional.empty();
    }
    try {
      Path file = root.resolve(path).toRealPath(); // follows links, so that none leads out
      if (!file.startsWith(root) || !Files.isRegularFile(file)) {
        return Optional.empty();
      }
      return Optional.of(
          new Image(file, type, Files.size(file), Files.getLastModifiedTime(file).toMillis()));
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }
}
