package io.kindred.eval;

import io.kindred.eval.EvaluationReport.Group;
import io.kindred.eval.EvaluationReport.ModelResult;
import io.kindred.metric.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The aligned table for a terminal. */
final class TextReport {
  private static final int METRICS_A_TABLE = 6;

  private TextReport() {}

  static String of(EvaluationReport report) {
    StringBuilder out = new StringBuilder(Texts.headline(report)).append("\n\n");
    tables(out, report, true);
    persons(out, report);
    for (EvaluationReport view : report.views()) {
      out.append(Texts.viewHeadline(view)).append("\n\n");
      tables(out, view, false);
      persons(out, view);
    }
    if (report.models().size() > 1) {
      out.append("* best; = not significantly worse (paired t test, Holm over all pairs, 5 %). ");
    }
    out.append("± is the 95 % bootstrap interval over people.\n");
    Texts.notes(report).forEach(note -> out.append(note).append('\n'));
    return out.toString();
  }

  private static void tables(StringBuilder out, EvaluationReport report, boolean withCost) {
    List<String> metrics = report.metrics();
    for (int from = 0; from < metrics.size(); from += METRICS_A_TABLE) {
      List<String> some = metrics.subList(from, Math.min(metrics.size(), from + METRICS_A_TABLE));
      out.append(figures(report, some, withCost && from == 0)).append('\n');
    }
  }

  /** The leading metric by what is known of people; nothing where it is the same of all. */
  private static void persons(StringBuilder out, EvaluationReport report) {
    List<Group> groups = Texts.persons(report.models().get(0));
    if (groups.isEmpty()) {
      return;
    }
    String leading = report.metrics().get(0);
    TextTable table = new TextTable();
    List<String> header = new ArrayList<>(List.of(leading));
    groups.forEach(group -> header.add(group.name() + ": " + Texts.people(group.users())));
    table.add(header);
    for (ModelResult model : report.models()) {
      List<String> row = new ArrayList<>(List.of(model.name()));
      for (Group group : Texts.persons(model)) {
        Figure figure = group.figures().get(leading);
        row.add(figure == null ? "-" : Texts.value(figure.value()) + " ±" + Texts.reach(figure));
      }
      table.add(row);
    }
    out.append(table).append('\n');
  }

  private static String figures(EvaluationReport report, List<String> metrics, boolean withCost) {
    TextTable table = new TextTable();
    List<String> header = new ArrayList<>(List.of("model"));
    header.addAll(metrics);
    if (withCost) {
      header.addAll(List.of("train", "evaluate"));
    }
    table.add(header);
    for (ModelResult model : report.models()) {
      List<String> row = new ArrayList<>(List.of(model.name()));
      for (String metric : metrics) {
        row.add(cell(report, metric, model));
      }
      if (withCost) {
        row.add(Texts.seconds(model.cost().trainingSeconds()));
        row.add(Texts.seconds(model.cost().evaluationSeconds()));
      }
      table.add(row);
    }
    return table.toString();
  }

  private static String cell(EvaluationReport report, String metric, ModelResult model) {
    Figure figure = model.figures().get(metric);
    if (figure == null) {
      return "- ";
    }
    Optional<ModelResult> best =
        report.models().size() > 1 ? report.best(Metric.parse(metric)) : Optional.empty();
    String mark =
        best.map(
                top ->
                    top.name().equals(model.name())
                        ? "*"
                        : Texts.againstBest(report, metric, top, model))
            .orElse("");
    return Texts.value(figure.value()) + " ±" + Texts.reach(figure) + (mark.isEmpty() ? " " : mark);
  }
}
