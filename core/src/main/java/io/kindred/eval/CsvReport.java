package io.kindred.eval;

import io.kindred.eval.EvaluationReport.Group;
import io.kindred.eval.EvaluationReport.ModelResult;
import java.util.Map;

/** The figures as comma-separated values (RFC 4180, with line feeds). */
final class CsvReport {
  private CsvReport() {}

  static String of(EvaluationReport report) {
    StringBuilder out =
        new StringBuilder(
            "dataset,split,part,candidates,model,algorithm,group_kind,group,users,metric,value,low,high\n");
    rows(out, report);
    report.views().forEach(view -> rows(out, view));
    return out.toString();
  }

  private static void rows(StringBuilder out, EvaluationReport report) {
    for (ModelResult model : report.models()) {
      append(out, report, model, "", "", model.counts().people(), model.figures());
      for (Group group : model.groups()) {
        append(out, report, model, group.kind(), group.name(), group.users(), group.figures());
      }
    }
  }

  private static void append(
      StringBuilder out,
      EvaluationReport report,
      ModelResult model,
      String kind,
      String group,
      int users,
      Map<String, Figure> figures) {
    figures.forEach(
        (metric, figure) -> {
          String[] cells = {
            report.setup().dataset(),
            Texts.splits(report.setup()),
            report.setup().part(),
            report.setup().candidates(),
            model.name(),
            model.algorithm(),
            kind,
            group,
            Integer.toString(users),
            metric,
            Double.toString(figure.value()),
            Double.toString(figure.low()),
            Double.toString(figure.high())
          };
          for (int c = 0; c < cells.length; c++) {
            out.append(c == 0 ? "" : ",").append(quoted(cells[c]));
          }
          out.append('\n');
        });
  }

  private static String quoted(String cell) {
    boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
