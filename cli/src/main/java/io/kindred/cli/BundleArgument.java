package io.kindred.cli;

import io.kindred.Model;
import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** The trained model that a command asks. */
final class BundleArgument {
  @Parameters(
      index = "0",
      paramLabel = "BUNDLE",
      description = "A trained model, as 'kindred train' wrote it.")
  private Path bundle;

  Path path() {
    return bundle;
  }

  Model open() {
    return Bundles.open(bundle);
  }
}
