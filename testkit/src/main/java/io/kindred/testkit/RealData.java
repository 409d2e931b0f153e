package io.kindred.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * Finds real data sets for tests: folders under {@code KINDRED_DATA}, else under {@code
 * ../shared/data} beside the repository.
 *
 * <p>The sets are not part of the project; a test that needs one is left out where it is absent.
 */
public final class RealData {
  private RealData() {}

  /** The folder of a set, if it is there. */
  public static Optional<Path> folder(String name) {
    String said = System.getenv("KINDRED_DATA");
    Path base = said == null || said.isBlank() ? root().resolve("../shared/data") : Path.of(said);
    Path folder = base.resolve(name).toAbsolutePath().normalize();
    return Files.isDirectory(folder) ? Optional.of(folder) : Optional.empty();
  }

  /** The folder of a set; the calling test is left out, saying so, where it is absent. */
  public static Path require(String name) {
    Optional<Path> folder = folder(name);
    Assumptions.assumeTrue(
        folder.isPresent(), () -> "left out: no real data '" + name + "' (set KINDRED_DATA)");
    return folder.orElseThrow();
  }

  /**
   * The root of the repository: the topmost of the working directory's parents that has a pom.xml.
   */
  private static Path root() {
    Path root = Path.of("").toAbsolutePath();
    for (Path up = root.getParent();
        up != null && Files.isRegularFile(up.resolve("pom.xml"));
        up = up.getParent()) {
      root = up;
    }
    return root;
  }
}
