package io.kindred.store;

import io.kindred.ArrayReader;
import io.kindred.KindredException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;

/** Reads single files of named arrays: weights that were trained elsewhere. Stateless. */
public final class SafetensorsFile {
  private SafetensorsFile() {}

  /**
   * Reads a file.
   *
   * @param reader takes what it needs; the arrays are there until it returns
   * @throws KindredException if the file is missing or damaged, naming it
   */
  public static <T> T read(Path file, Function<ArrayReader, T> reader) {
    Path whole = file.toAbsolutePath();
    Path folder = whole.getParent();
    if (folder == null || !Files.isRegularFile(whole)) {
      throw new KindredException("there is no file of weights " + file);
    }
    try (SafetensorsReader in =
        SafetensorsReader.open(folder, String.valueOf(whole.getFileName()))) {
      return reader.apply(in);
    }
  }
}
