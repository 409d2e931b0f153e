package io.kindred.cli;

import io.kindred.KindredException;
import io.kindred.Model;
import io.kindred.ModelInfo;
import io.kindred.registry.Algorithms;
import io.kindred.store.ModelStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Bundles on disk. */
final class Bundles {
  private Bundles() {}

  static Model open(Path path) {
    return ModelStore.of(Algorithms.all()).load(path);
  }

  static void save(Model model, ModelInfo info, Path path) {
    ModelStore.of(Algorithms.all()).save(model, info, path);
  }

  /**
   * Refuses a place where something else is than a bundle, before the work begins.
   *
   * @throws KindredException saying what is there
   */
  static void refuseUnlessFree(Path path) {
    if (!Files.isRegularFile(path.resolve("model.json"))) {
      Outputs.refuseUnlessFree(path);
    }
  }

  /** How many bytes a bundle takes. */
  static long size(Path bundle) {
    try (Stream<Path> files = Files.walk(bundle)) {
      long size = 0;
      for (Path file : (Iterable<Path>) files::iterator) {
        size += Files.isRegularFile(file) ? Files.size(file) : 0;
      }
      return size;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
