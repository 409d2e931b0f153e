package io.kindred.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** Prints the version that the build wrote into the jar's manifest. */
final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String version =
        Objects.requireNonNullElse(Version.class.getPackage().getImplementationVersion(), "dev");
    return new String[] {
      "kindred " + version,
      "Java " + Runtime.version() + " (" + System.getProperty("java.vm.name") + ")"
    };
  }
}
