package io.kindred.eval;

import io.kindred.eval.EvaluationReport.Group;
import io.kindred.eval.EvaluationReport.ModelResult;
import io.kindred.eval.EvaluationReport.Setup;
import io.kindred.split.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What all forms of a report say in the same words. */
final class Texts {
  private Texts() {}

  /** A value with as many decimals as are worth reading. */
  static String value(double value) {
    return rounded(value, value);
  }

  /** Half the width of an interval, the larger half, with the decimals of its value. */
  static String reach(Figure figure) {
    return rounded(
        Math.max(figure.high() - figure.value(), figure.value() - figure.low()), figure.value());
  }

  private static String rounded(double value, double scale) {
    double size = Math.abs(scale);
    return String.format(
        Locale.ROOT,
        size >= 1000 ? "%,.0f" : size >= 100 ? "%.1f" : size >= 10 ? "%.2f" : "%.4f",
        value);
  }

  static String seconds(double seconds) {
    return String.format(
        Locale.ROOT, seconds >= 100 ? "%,.0f s" : seconds >= 10 ? "%.1f s" : "%.2f s", seconds);
  }

  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  static String people(int people) {
    return count(people) + (people == 1 ? " person" : " people");
  }

  static String p(double p) {
    return p < 0.0001 ? "<0.0001" : String.format(Locale.ROOT, "%.4f", p);
  }

  static String megabytes(long bytes) {
    return bytes == 0 ? "-" : String.format(Locale.ROOT, "%,.0f MB", bytes / 1e6);
  }

  /** "leave-one-out", or how many splits there are. */
  static String splits(Setup setup) {
    List<String> distinct = setup.splits().stream().distinct().toList();
    int runs = setup.splits().size();
    String name =
        distinct.size() == 1
            ? distinct.get(0)
            : distinct.size() + " splits (" + distinct.get(0) + ", ...)";
    return runs > distinct.size() ? name + ", " + runs + " runs" : name;
  }

  /** One line on what was measured. */
  static String headline(EvaluationReport report) {
    Setup setup = report.setup();
    return setup.dataset()
        + ", "
        + splits(setup)
        + ", "
        + setup.part()
        + " part: "
        + people(setup.users())
        + ", "
        + count(setup.items())
        + " items, "
        + count(setup.trainInteractions())
        + " train interactions; candidates: "
        + setup.candidates()
        + (setup.asServed() ? ", lists as served" : "");
  }

  /** One line on whom and what a view is of. */
  static String viewHeadline(EvaluationReport view) {
    Evaluation.Counts counts = view.models().get(0).counts();
    String among =
        switch (view.setup().candidates()) {
          case "cold" -> "Among cold items, which nobody has in train";
          case "warm" -> "Among warm items, which somebody has in train";
          case "all" -> "Among all items";
          default -> "Among candidates " + view.setup().candidates();
        };
    return among
        + ": "
        + people(counts.people())
        + ", "
        + count(counts.targets())
        + " held-out interactions";
  }

  /** Sentences on who was measured and who was not; models may differ in short lists only. */
  static List<String> notes(EvaluationReport report) {
    List<String> notes = new ArrayList<>();
    Evaluation.Counts counts = report.models().get(0).counts();
    int runs = report.setup().splits().size();
    notes.add(
        people(counts.people())
            + (counts.people() == 1 ? " was" : " were")
            + " measured"
            + (runs > 1
                ? " in " + runs + " runs, " + count(counts.evaluated()) + " times in all,"
                : "")
            + " on "
            + count(counts.targets())
            + " held-out interactions; "
            + count(counts.withoutTargets())
            + " have none and are left out.");
    if (runs > 1) {
      notes.add(
          "A person counts once in intervals and tests; the other counts here are sums over the"
              + " runs.");
    }
    int strangers = Math.max(0, counts.unseen() - counts.withoutHistory()); // in train: a history
    if (strangers > 0) {
      notes.add(
          count(strangers) + " of them are not in train and were served from their history alone.");
    }
    if (counts.withoutHistory() > 0) {
      notes.add(
          count(counts.withoutHistory())
              + " of them have no history: "
              + (report.setup().asServed()
                  ? "they were served what the model serves everybody, or what is popular."
                  : "a model that goes by histories has an empty list for them, which counts as 0,"
                      + " where the product recommends what is popular (measure lists as served"
                      + " for that)."));
    }
    if (report.setup().ties() > Split.TIES_TO_WARN_OF) {
      notes.add(
          String.format(
              Locale.ROOT,
              "Of %.0f %% of the people the first held-out interaction has the same second as the"
                  + " one before it: the order of the file says which of the two is held out, and"
                  + " another copy of the data can give other figures.",
              100 * report.setup().ties()));
    }
    if (counts.coldTargets() == counts.targets()) {
      notes.add("All held-out interactions are with items that nobody has in train.");
    } else if (counts.coldTargets() > 0) {
      notes.add(
          count(counts.coldTargets())
              + " held-out interactions are with items that nobody has in train.");
    }
    for (ModelResult model : report.models()) {
      if (model.counts().filledLists() > 0) {
        notes.add(
            model.name()
                + ": popularity filled up the list of "
                + people(model.counts().filledLists())
                + ".");
      }
    }
    notes.addAll(shortLists(report, ""));
    for (EvaluationReport view : report.views()) {
      notes.addAll(shortLists(view, " among " + view.setup().candidates() + " items"));
    }
    if (report.setup().candidates().startsWith("sampled")) {
      notes.add(
          "Candidates were sampled: these figures are much higher than those of the whole catalogue"
              + " and can order models differently.");
    }
    return notes;
  }

  /** The groups of people by what is known of them, those that any model was measured on. */
  static List<Group> persons(ModelResult model) {
    return model.groups().stream().filter(group -> group.kind().equals(Summary.PERSON)).toList();
  }

  private static List<String> shortLists(EvaluationReport report, String among) {
    return report.models().stream()
        .filter(model -> model.counts().shortLists() > 0)
        .map(
            model ->
                model.name()
                    + " could not fill the list of "
                    + people(model.counts().shortLists())
                    + among
                    + ".")
        .toList();
  }

  /** "=" where a model is not significantly worse than the best one, else "". */
  static String againstBest(
      EvaluationReport report, String metric, ModelResult best, ModelResult model) {
    Optional<Comparison> comparison = report.comparison(metric, best.name(), model.name());
    return best.name().equals(model.name())
            || comparison.isEmpty()
            || comparison.get().significant()
        ? ""
        : "=";
  }
}
