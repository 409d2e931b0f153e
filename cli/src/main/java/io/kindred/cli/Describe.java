package io.kindred.cli;

import io.kindred.data.DatasetDescription;
import io.kindred.data.Dropped;
import io.kindred.data.RatingScale;
import io.kindred.ingest.ReadReport;
import io.kindred.ingest.Reading;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says what is in the data. */
@Command(
    name = "describe",
    description = {
      "Read data and say what is in it.",
      "That is counts, density, time range, how long histories are, how popularity is",
      "spread, and what was left out and why."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  kindred describe ratings.csv",
      "  kindred describe ml-latest-small --threshold 4 --k-core 5",
      "  kindred describe ratings.csv --skip-bad-rows --json"
    })
final class Describe extends ResultCommand {
  @Mixin private DataOptions data;
  @Mixin private WorkOptions work;

  Describe(Terminal terminal) {
    super(terminal);
  }

  /** What {@code --json} prints. */
  record Result(DatasetDescription data, ReadReport reading) {}

  @Override
  public Integer call() {
    Reading reading;
    try (ProgressBar progress = progress()) {
      reading = data.reading(this, work.threads(), progress);
    }
    DataSpec.tellFaults(this, reading.report());
    DatasetDescription is = DatasetDescription.of(reading.dataset());
    if (json()) {
      Json.print(terminal(), new Result(is, reading.report()));
      return ExitCode.OK;
    }
    say("%s (%s)", is.name(), reading.report().layout());
    for (String line : reading.report().understood()) {
      say("  read           %s", line);
    }
    say("  users          %,d", is.users());
    say(
        "  items          %,d, %,d of them without interactions",
        is.items(), is.itemsWithoutInteractions());
    say(
        "  interactions   %,d, %.3f %% of all pairs, %,d repeats",
        is.interactions(), 100 * is.density(), is.repeats());
    String from = is.from();
    String until = is.until();
    if (from != null && until != null) {
      say("  time           %s to %s", from, until);
    }
    DatasetDescription.Values values = is.values();
    RatingScale scale = RatingScale.of(reading.dataset());
    say(
        "  values         %s to %s%s, mean %.2f: %s",
        Numbers.text(values.min()),
        Numbers.text(values.max()),
        scale.step() > 0 ? " in steps of " + Numbers.text(scale.step()) : "",
        values.mean(),
        scale.ratings()
            ? "ratings"
            : "no ratings; an item without a value counts as " + Numbers.text(scale.liked()));
    say("  histories      %s", quantiles(is.historyLengths()));
    say("  users an item  %s", quantiles(is.itemCounts()));
    DatasetDescription.Popularity popularity = is.popularity();
    say(
        "  popularity     the top 1 / 5 / 10 / 20 %% of items have %.0f / %.0f / %.0f / %.0f %% of"
            + " the interactions; Gini %.2f",
        100 * popularity.top1(),
        100 * popularity.top5(),
        100 * popularity.top10(),
        100 * popularity.top20(),
        popularity.gini());
    columns("item features", is.itemFeatures());
    columns("user features", is.userFeatures());
    if (!is.types().isEmpty()) {
      say("  event types    %s", is.types());
    }
    say(
        "  memory         %.1f MB, %.1f bytes an interaction with ids",
        is.memoryBytes() / 1e6, (double) is.memoryBytes() / Math.max(1, is.interactions()));
    for (String note : reading.report().notes()) {
      say("  note           %s", note);
    }
    for (Dropped dropped : reading.report().dropped()) {
      say("  left out       %s", dropped);
    }
    return ExitCode.OK;
  }

  private void columns(String title, List<DatasetDescription.Column> columns) {
    for (DatasetDescription.Column column : columns) {
      say(
          "  %-14s %s: %s, known of %,d%s",
          title,
          column.name(),
          column.kind(),
          column.known(),
          column.distinct() > 0
              ? String.format(Locale.ROOT, ", %,d different", column.distinct())
              : "");
    }
  }

  private static String quantiles(DatasetDescription.Quantiles q) {
    return String.format(
        Locale.ROOT,
        "least %,d, a quarter at most %,d, half %,d, three quarters %,d, 99 %% %,d, most %,d, mean"
            + " %.1f",
        q.min(),
        q.p25(),
        q.median(),
        q.p75(),
        q.p99(),
        q.max(),
        q.mean());
  }
}
