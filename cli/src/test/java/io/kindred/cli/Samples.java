package io.kindred.cli;

import io.kindred.ProgressListener;
import io.kindred.generate.World;
import io.kindred.generate.WorldConfig;
import io.kindred.generate.WriteOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small generated world and models of it, made once for all tests of this JVM. */
final class Samples {
  private static final Path FOLDER = folder();
  private static Path world;
  private static Path itemKnn;
  private static Path userKnn;
  private static Path als;

  private Samples() {}

  private static Path folder() {
    try {
      Path folder = Files.createTempDirectory("kindred-cli-test");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> Interruption.delete(folder)));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A world of 3,000 interactions, as files. */
  static synchronized Path world() {
    if (world == null) {
      world = FOLDER.resolve("small-world");
      new World(WorldConfig.ofInteractions(3_000).withSeed(7))
          .write(world, WriteOptions.DEFAULT.withImageLimit(0), ProgressListener.NONE);
    }
    return world;
  }

  /** A bundle of item-knn. */
  static synchronized Path itemKnn() {
    if (itemKnn == null) {
      itemKnn = train("item-knn");
    }
    return itemKnn;
  }

  /** A bundle of user-knn. */
  static synchronized Path userKnn() {
    if (userKnn == null) {
      userKnn = train("user-knn");
    }
    return userKnn;
  }

  /** A bundle of als, with its index. */
  static synchronized Path als() {
    if (als == null) {
      als = train("als");
      Run run = Run.of("index", als);
      if (run.code() != 0) {
        throw new IllegalStateException(run.err());
      }
    }
    return als;
  }

  private static Path train(String algorithm) {
    Path bundle = FOLDER.resolve(algorithm);
    Run run = Run.of("train", world(), "-a", algorithm, "-o", bundle);
    if (run.code() != 0) {
      throw new IllegalStateException(run.err());
    }
    return bundle;
  }

  /** Ids of the world, by their place. */
  static String user(int index) {
    return new World(WorldConfig.ofInteractions(3_000).withSeed(7)).userId(index);
  }

  static String item(int index) {
    return new World(WorldConfig.ofInteractions(3_000).withSeed(7)).itemId(index);
  }
}
