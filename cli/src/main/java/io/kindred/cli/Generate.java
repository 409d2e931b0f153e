package io.kindred.cli;

import io.kindred.generate.World;
import io.kindred.generate.WorldConfig;
import io.kindred.generate.WriteOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes a generated world. */
@Command(
    name = "generate",
    description = {
      "Write a generated world: people, items, and what the people did.",
      "People have tastes, items have titles, pictures and categories. Nothing in it is",
      "real, its truth is known, and the same numbers give the same files."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  kindred generate --output world",
      "  kindred generate --interactions 10M --no-images --output big",
      "  kindred generate --users 500 --items 300 -i 20k --seed 7 --output small"
    })
final class Generate extends ResultCommand {
  @Mixin private WorkOptions work;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FOLDER",
      description = "A new or empty folder.")
  private Path output;

  @Option(
      names = {"-i", "--interactions"},
      paramLabel = "COUNT",
      defaultValue = "100k",
      converter = Count.class,
      description = "1k to 100M (default: ${DEFAULT-VALUE}).")
  private long interactions;

  @Option(
      names = "--users",
      paramLabel = "COUNT",
      converter = Count.class,
      description = "People (default: fitting the interactions).")
  private @Nullable Long users;

  @Option(
      names = "--items",
      paramLabel = "COUNT",
      converter = Count.class,
      description = "Items (default: fitting the interactions).")
  private @Nullable Long items;

  @Option(
      names = "--drift",
      paramLabel = "0..1",
      description = "How far tastes move over the two years.")
  private @Nullable Double drift;

  @Option(
      names = "--cold-share",
      paramLabel = "0..0.5",
      description = "Share of the items that nobody ever touched.")
  private @Nullable Double coldShare;

  @Option(
      names = "--taste-strength",
      paramLabel = "0..20",
      description = "How much taste rules what people choose.")
  private @Nullable Double tasteStrength;

  @Option(
      names = "--follow-probability",
      paramLabel = "0..1",
      description = "How often the next item of a session follows from the one before.")
  private @Nullable Double followProbability;

  @Option(names = "--events", description = "Also write an event type for each interaction.")
  private boolean events;

  @Option(names = "--no-images", description = "Draw no pictures.")
  private boolean noImages;

  Generate(Terminal terminal) {
    super(terminal);
  }

  /** What {@code --json} prints. */
  record Result(
      String folder, boolean generated, long seed, int users, int items, long interactions) {}

  @Override
  public Integer call() {
    World world;
    try {
      world = new World(config());
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
    WriteOptions options = WriteOptions.DEFAULT.withEvents(events).withThreads(work.threads());
    if (noImages) {
      options = options.withImageLimit(0);
    }
    try (ProgressBar progress = progress()) {
      world.write(output, options, progress);
    }
    if (json()) {
      Json.print(
          terminal(),
          new Result(
              output.toString(),
              true,
              work.seed(),
              world.users(),
              world.items(),
              world.interactions()));
    } else {
      say(
          "Generated %,d interactions of %,d people with %,d items in %s",
          world.interactions(), world.users(), world.items(), output);
    }
    return ExitCode.OK;
  }

  private WorldConfig config() {
    WorldConfig config = WorldConfig.ofInteractions(interactions).withSeed(work.seed());
    if (users != null || items != null) {
      config =
          config
              .withInteractions(config.interactions())
              .withUsers(users == null ? config.users() : Math.toIntExact(users))
              .withItems(items == null ? config.items() : Math.toIntExact(items));
    }
    config = drift == null ? config : config.withDrift(drift);
    config = coldShare == null ? config : config.withColdShare(coldShare);
    config = tasteStrength == null ? config : config.withTasteStrength(tasteStrength);
    return followProbability == null ? config : config.withFollowProbability(followProbability);
  }
}
