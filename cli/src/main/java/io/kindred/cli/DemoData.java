package io.kindred.cli;

import io.kindred.KindredException;
import io.kindred.data.Dataset;
import io.kindred.generate.World;
import io.kindred.generate.WorldConfig;
import io.kindred.generate.WriteOptions;
import io.kindred.ingest.Ingest;
import io.kindred.ingest.ReadOptions;
import io.kindred.ingest.Reading;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Which data the demo shows. */
final class DemoData {
  private static final String PUBLIC = "ml-latest-small";
  private static final long WORLD = 100_000;

  private DemoData() {}

  /**
   * Data for the demo.
   *
   * @param source how to name it on the command line
   * @param images the folder of pictures, if the data may have some
   */
  record Found(Dataset dataset, String source, @Nullable Path images) {}

  /** The data that was asked for; else public data; else a generated world. */
  static Found find(
      BaseCommand command,
      @Nullable String data,
      boolean generated,
      WorkOptions work,
      ProgressBar progress) {
    if (data != null) {
      return read(command, DataSpec.at(data).path(), data, work, progress);
    }
    if (!generated) {
      try {
        return read(
            command, PublicData.path(command.terminal(), PUBLIC, progress), PUBLIC, work, progress);
      } catch (KindredException e) {
        progress.clear();
        command.say("   %s cannot be had: %s", PUBLIC, String.valueOf(e.getMessage()));
        command.say("   So this is shown on a generated world. Nothing in it is real.");
      }
    }
    return generated(command, work, progress);
  }

  private static Found read(
      BaseCommand command, Path path, String source, WorkOptions work, ProgressBar progress) {
    ReadOptions options = ReadOptions.defaults().withThreads(work.threads()).withProgress(progress);
    Reading reading = Ingest.read(path, options);
    DataSpec.tell(command, reading.report());
    return new Found(reading.dataset(), source, Files.isDirectory(path) ? path : path.getParent());
  }

  private static Found generated(BaseCommand command, WorkOptions work, ProgressBar progress) {
    Path folder = folder(command.terminal(), "generated-world-" + work.seed());
    World world = new World(WorldConfig.ofInteractions(WORLD).withSeed(work.seed()));
    if (!Files.exists(folder.resolve("world.json"))) {
      world.write(folder, WriteOptions.DEFAULT.withThreads(work.threads()), progress);
    }
    return read(command, folder, folder.toString(), work, progress);
  }

  /** A folder in which the demo may leave something. */
  static Path folder(Terminal terminal, String name) {
    return terminal.cache().resolve("demo").resolve(name);
  }
}
