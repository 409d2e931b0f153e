package io.kindred.cli;

import io.kindred.KindredException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Public data sets in the cache. */
final class PublicData {
  private PublicData() {}

  /**
   * The folder of a set that was fetched.
   *
   * @throws KindredException if it was not
   */
  static Path path(Terminal terminal, String name) {
    Path folder = Cache.folder(terminal).resolve("data").resolve(name);
    if (!Files.isDirectory(folder)) {
      throw new KindredException("it was not fetched into " + folder);
    }
    return folder;
  }
}
