package io.kindred.cli;

import io.kindred.ProgressListener;
import io.kindred.ingest.Fetch;
import io.kindred.ingest.PublicSet;
import java.nio.file.Path;
import java.util.Optional;

/** Public data sets in the cache. */
final class PublicData {
  private PublicData() {}

  /** The folder that fetched sets lie in. */
  static Path folder(Terminal terminal) {
    return terminal.cache().resolve("data");
  }

  /** Whether there is a public set of a name. */
  static boolean isKnown(String name) {
    return PublicSet.all().stream().anyMatch(set -> set.name().equals(name));
  }

  /** A set that was fetched before, by its name. */
  static Optional<Fetch.Fetched> cached(Terminal terminal, String name) {
    return PublicSet.all().stream()
        .filter(set -> set.name().equals(name))
        .findFirst()
        .flatMap(set -> new Fetch(folder(terminal), ProgressListener.NONE).cached(set));
  }

  /**
   * The folder of a set, downloaded if it is not there yet.
   *
   * @throws io.kindred.KindredException if it cannot be had
   */
  static Path path(Terminal terminal, String name, ProgressListener progress) {
    return new Fetch(folder(terminal), progress).fetch(PublicSet.of(name)).path();
  }
}
