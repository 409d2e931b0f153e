package io.kindred.eval;

import io.kindred.Learning;
import io.kindred.eval.EvaluationReport.Group;
import io.kindred.eval.EvaluationReport.ModelResult;
import io.kindred.metric.Metric;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * One page with tables and plots, which needs nothing else: no script, no font, no picture from
 * elsewhere.
 */
final class HtmlReport {
  private static final String STYLE =
      """
      :root{color-scheme:light dark;--page:#fbfbf9;--card:#fff;--ink:#1d2126;--soft:#5c6570;--line:#dcdfe3;--faint:#eef0f2;
      --c0:#1f6fb8;--c1:#c2570c;--c2:#1a7f52;--c3:#a8327e;--c4:#6a4fc0;--c5:#7d6500;--c6:#b3312c;--c7:#00788a}
      @media (prefers-color-scheme:dark){:root{--page:#14171a;--card:#1c2024;--ink:#e8eaec;--soft:#a3acb5;--line:#343a41;--faint:#262b30;
      --c0:#6db1ee;--c1:#f0995a;--c2:#5cc592;--c3:#e382bd;--c4:#a995f0;--c5:#d3b948;--c6:#f08580;--c7:#4fc0cf}}
      *{box-sizing:border-box}
      body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
      main{max-width:70rem;margin:0 auto;padding:2rem 1.25rem 4rem}
      h1{font-size:1.7rem;line-height:1.2;margin:0 0 .3rem}h2{font-size:1.15rem;margin:0 0 .2rem}
      p{margin:.3rem 0}.soft{color:var(--soft)}.small{font-size:.88rem}
      section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1.1rem 1.25rem;margin-top:1.25rem}
      .scroll{overflow-x:auto}
      table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:.92rem}
      th,td{padding:.4rem .7rem;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap;vertical-align:top}
      th:first-child,td:first-child{text-align:left}thead th{color:var(--soft);font-weight:600}
      tbody tr:last-child>*{border-bottom:0}tbody th{font-weight:600}
      td small{display:block;color:var(--soft);font-size:.78rem;font-weight:400}
      .best{font-weight:700}.tie{font-weight:600}
      .plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,28rem),1fr));gap:1.25rem;margin-top:1.25rem}
      .plots section{margin-top:0}
      svg{display:block;width:100%;height:auto;margin-top:.6rem;font:13px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
      svg text{fill:var(--ink)}svg text.soft{fill:var(--soft)}
      .grid{stroke:var(--faint);stroke-width:1}.axis{stroke:var(--line);stroke-width:1}
      .legend{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;margin:.6rem 0 0;padding:0;list-style:none;font-size:.88rem}
      .legend svg{display:inline-block;width:14px;height:14px;margin:0 .35rem -2px 0}
      ul.notes{margin:.4rem 0 0;padding-left:1.2rem}
      """
          + colors();

  private static final int WIDTH = 480;

  /** Groups of fewer people say nothing and are not drawn. */
  private static final int FEWEST_PEOPLE = 10;

  private final EvaluationReport report;
  private final List<ModelResult> models;
  private final Metric leading;

  private HtmlReport(EvaluationReport report) {
    this.report = report;
    this.models = report.models();
    this.leading = report.leading();
  }

  static String of(EvaluationReport report) {
    return new HtmlReport(report).page();
  }

  private static String colors() {
    StringBuilder css = new StringBuilder();
    for (int c = 0; c < 8; c++) {
      css.append(".m")
          .append(c)
          .append("{fill:var(--c")
          .append(c)
          .append(");stroke:var(--c")
          .append(c)
          .append(")}\n");
    }
    return css.toString();
  }

  private String page() {
    String title = "Models on " + report.setup().dataset();
    return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        + "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>"
        + escaped(title)
        + "</title>\n<style>\n"
        + STYLE
        + "</style>\n</head>\n<body>\n<main>\n<h1>"
        + escaped(title)
        + "</h1>\n<p class=\"soft\">"
        + escaped(Texts.headline(report))
        + "</p>\n"
        + figures("Figures")
        + HtmlPersons.of(report)
        + views()
        + "<div class=\"plots\">\n"
        + byModel(leading)
        + second()
        + byHistory()
        + popularity()
        + training("Training loss", "mean over each epoch; lower is better", Learning.Epoch::loss)
        + training(
            "Validation metric",
            "ndcg@10 after each epoch, on the part that early stopping sees; higher is better",
            Learning.Epoch::metric)
        + "</div>\n"
        + comparisons()
        + details()
        + "</main>\n</body>\n</html>\n";
  }

  // ---- tables

  private String views() {
    StringBuilder out = new StringBuilder();
    for (EvaluationReport view : report.views()) {
      out.append(new HtmlReport(view).figures(Texts.viewHeadline(view)));
      out.append(HtmlPersons.of(view));
    }
    return out.toString();
  }

  private String figures(String title) {
    StringBuilder out =
        new StringBuilder("<section>\n<h2>").append(escaped(title)).append("</h2>\n");
    out.append("<p class=\"soft small\">With 95&nbsp;% bootstrap intervals over people.");
    if (models.size() > 1) {
      out.append(
          " ★ best; = not significantly worse than the best (paired t test, Holm over all pairs,"
              + " 5&nbsp;%).");
    }
    out.append(
        "</p>\n"
            + "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Figures of all"
            + " models\"><table>\n"
            + "<thead><tr>");
    out.append("<th scope=\"col\">model</th>");
    for (String metric : report.metrics()) {
      out.append("<th scope=\"col\">").append(escaped(metric)).append("</th>");
    }
    out.append(
        "<th scope=\"col\">training</th><th scope=\"col\">evaluation</th><th scope=\"col\">peak"
            + " heap</th></tr></thead>\n"
            + "<tbody>\n");
    for (ModelResult model : models) {
      out.append("<tr><th scope=\"row\">").append(escaped(model.name())).append("</th>");
      for (String metric : report.metrics()) {
        out.append(cell(metric, model));
      }
      out.append("<td>").append(Texts.seconds(model.cost().trainingSeconds()));
      out.append("</td><td>").append(Texts.seconds(model.cost().evaluationSeconds()));
      out.append("</td><td>")
          .append(Texts.megabytes(model.cost().peakHeapBytes()))
          .append("</td></tr>\n");
    }
    return out.append("</tbody></table></div>\n</section>\n").toString();
  }

  private String cell(String metric, ModelResult model) {
    Figure figure = model.figures().get(metric);
    if (figure == null) {
      return "<td class=\"soft\">not measured</td>";
    }
    Optional<ModelResult> best =
        models.size() > 1 ? report.best(Metric.parse(metric)) : Optional.empty();
    boolean top = best.isPresent() && best.get().name().equals(model.name());
    boolean tie =
        best.isPresent() && !top && !Texts.againstBest(report, metric, best.get(), model).isEmpty();
    return "<td"
        + (top ? " class=\"best\"" : tie ? " class=\"tie\"" : "")
        + ">"
        + Texts.value(figure.value())
        + (top ? "&nbsp;★" : tie ? "&nbsp;=" : "")
        + "<small>"
        + Texts.value(figure.low())
        + " to "
        + Texts.value(figure.high())
        + "</small></td>";
  }

  private String comparisons() {
    Optional<ModelResult> best = report.best(leading);
    if (models.size() < 2 || best.isEmpty()) {
      return "";
    }
    StringBuilder rows = new StringBuilder();
    for (ModelResult model : models) {
      report
          .comparison(leading.name(), model.name(), best.get().name())
          .ifPresent(
              one ->
                  rows.append("<tr><th scope=\"row\">")
                      .append(escaped(model.name()))
                      .append("</th><td>")
                      .append(signed(one.difference()))
                      .append("</td><td>")
                      .append(signed(one.low()))
                      .append(" to ")
                      .append(signed(one.high()))
                      .append("</td><td>")
                      .append(Texts.p(one.p()))
                      .append("</td><td>")
                      .append(Texts.p(one.adjusted()))
                      .append("</td><td>")
                      .append(one.significant() ? "yes" : "no")
                      .append("</td></tr>\n"));
    }
    if (rows.length() == 0) {
      return "";
    }
    return "<section>\n<h2>Against "
        + escaped(best.get().name())
        + " by "
        + escaped(leading.name())
        + "</h2>\n"
        + "<p class=\"soft small\">The same people, the same bootstrap draws. p from a paired t"
        + " test, corrected by Holm's method over all pairs of models.</p>\n"
        + "<div class=\"scroll\" tabindex=\"0\" role=\"region\""
        + " aria-label=\"Comparisons\"><table>\n"
        + "<thead><tr><th scope=\"col\">model</th><th scope=\"col\">difference</th><th"
        + " scope=\"col\">95&nbsp;% interval</th><th scope=\"col\">p</th><th scope=\"col\">p"
        + " corrected</th><th scope=\"col\">significant</th></tr></thead>\n"
        + "<tbody>\n"
        + rows
        + "</tbody></table></div>\n</section>\n";
  }

  private static String signed(double value) {
    return (value > 0 ? "+" : value < 0 ? "\u2212" : "") + Texts.value(Math.abs(value));
  }

  private String details() {
    StringBuilder out =
        new StringBuilder("<section>\n<h2>How it was measured</h2>\n<ul class=\"notes\">\n");
    for (String note : Texts.notes(report)) {
      out.append("<li>").append(escaped(note)).append("</li>\n");
    }
    out.append("<li>Seed ")
        .append(report.setup().seed())
        .append(", ")
        .append(report.setup().threads())
        .append(" threads, data fingerprint ")
        .append(escaped(report.setup().fingerprint()))
        .append(".</li>\n");
    for (ModelResult model : models) {
      if (!model.algorithm().isEmpty()) {
        List<String> parameters = new ArrayList<>();
        model.parameters().forEach((name, value) -> parameters.add(name + " " + value));
        out.append("<li>")
            .append(escaped(model.name() + ": " + model.algorithm()))
            .append(parameters.isEmpty() ? "" : escaped(" (" + String.join(", ", parameters) + ")"))
            .append("</li>\n");
      }
    }
    return out.append("</ul>\n</section>\n").toString();
  }

  // ---- plots

  /** The next metric that has a better end. */
  private String second() {
    return report.metrics().stream()
        .skip(1)
        .map(Metric::parse)
        .filter(metric -> metric.goal() != Metric.Goal.NEITHER)
        .findFirst()
        .map(this::byModel)
        .orElse("");
  }

  /** One row a model, best on top: the value as a mark, the interval as a line. */
  private String byModel(Metric metric) {
    List<ModelResult> rows =
        new ArrayList<>(models.stream().filter(model -> model.has(metric.name())).toList());
    if (rows.isEmpty()) {
      return "";
    }
    Comparator<ModelResult> byValue =
        Comparator.comparingDouble(model -> model.figure(metric.name()).value());
    rows.sort(metric.goal() == Metric.Goal.LOWER ? byValue : byValue.reversed());
    int labels =
        Math.min(
            220,
            20
                + 8
                    * rows.stream()
                        .mapToInt(model -> Math.min(26, model.name().length()))
                        .max()
                        .orElse(10));
    int height = 30 * rows.size() + 40;
    Axis x =
        Axis.around(
            rows.stream().mapToDouble(model -> model.figure(metric.name()).low()).min().orElse(0),
            rows.stream().mapToDouble(model -> model.figure(metric.name()).high()).max().orElse(1),
            labels,
            WIDTH - 70.0);
    StringBuilder svg = new StringBuilder();
    verticalGrid(svg, x, 8, height - 30);
    for (int r = 0; r < rows.size(); r++) {
      ModelResult model = rows.get(r);
      Figure figure = model.figure(metric.name());
      double y = 24 + 30.0 * r;
      svg.append(text(labels - 12, y + 4, "end", "", shortened(model.name())));
      svg.append(
          tooltip(
              model.name()
                  + ": "
                  + Texts.value(figure.value())
                  + " ("
                  + Texts.value(figure.low())
                  + " to "
                  + Texts.value(figure.high())
                  + ")"));
      svg.append(line(x.at(figure.low()), y, x.at(figure.high()), y, "m" + color(model), 3));
      svg.append(mark(model, x.at(figure.value()), y)).append("</g>\n");
      svg.append(
          text(x.at(figure.high()) + 8, y + 4, "start", "soft", Texts.value(figure.value())));
    }
    String summary =
        metric.name()
            + " by model, best first: "
            + String.join(
                "; ",
                rows.stream()
                    .map(m -> m.name() + " " + Texts.value(m.figure(metric.name()).value()))
                    .toList());
    return plot(
        metric.name() + " by model",
        "95\u00a0% intervals" + better(metric),
        summary,
        svg,
        height,
        "");
  }

  /** One line a model over the buckets of history length. */
  private String byHistory() {
    List<String> buckets =
        models.stream()
            .flatMap(model -> byHistory(model).stream())
            .map(Group::name)
            .distinct()
            .toList();
    if (buckets.size() < 2) {
      return "";
    }
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (ModelResult model : models) {
      for (Group group : byHistory(model)) {
        Figure figure = group.figure(leading.name());
        low = Math.min(low, Math.max(0, figure.low()));
        high = Math.max(high, figure.high());
      }
    }
    int height = 300;
    Axis y = Axis.around(low, high, height - 58.0, 14);
    StringBuilder svg = new StringBuilder();
    for (double tick : y.ticks()) {
      svg.append(line(56, y.at(tick), WIDTH - 12.0, y.at(tick), "grid", 1));
      svg.append(text(48, y.at(tick) + 4, "end", "soft", y.label(tick)));
    }
    double step = (WIDTH - 68.0) / buckets.size();
    for (int b = 0; b < buckets.size(); b++) {
      svg.append(text(56 + step * (b + 0.5), height - 38.0, "middle", "soft", buckets.get(b)));
    }
    svg.append(
        text(
            56 + step * buckets.size() / 2,
            height - 12.0,
            "middle",
            "soft",
            "items in the person's history"));
    for (int m = 0; m < models.size(); m++) {
      ModelResult model = models.get(m);
      double shift = (m - (models.size() - 1) / 2.0) * Math.min(9, step * 0.5 / models.size());
      StringBuilder path = new StringBuilder();
      StringBuilder marks = new StringBuilder();
      for (Group group : byHistory(model)) {
        Figure figure = group.figure(leading.name());
        double at = 56 + step * (buckets.indexOf(group.name()) + 0.5) + shift;
        path.append(path.length() == 0 ? "M" : "L")
            .append(number(at))
            .append(' ')
            .append(number(y.at(figure.value())));
        marks.append(
            tooltip(
                model.name()
                    + ", "
                    + group.name()
                    + " items, "
                    + Texts.count(group.users())
                    + " people: "
                    + Texts.value(figure.value())
                    + " ("
                    + Texts.value(figure.low())
                    + " to "
                    + Texts.value(figure.high())
                    + ")"));
        marks.append(
            line(
                at,
                y.at(Math.max(figure.low(), y.low())),
                at,
                y.at(Math.min(figure.high(), y.high())),
                "m" + color(model),
                1.5));
        marks.append(mark(model, at, y.at(figure.value()))).append("</g>\n");
      }
      svg.append("<path d=\"")
          .append(path)
          .append("\" class=\"m")
          .append(color(model))
          .append("\" style=\"fill:none\" stroke-width=\"1.5\"/>\n")
          .append(marks);
    }
    return plot(
        leading.name() + " by length of history",
        "95\u00a0% intervals" + better(leading),
        leading.name()
            + " of "
            + models.size()
            + " models for people with "
            + String.join(", ", buckets)
            + " items in their history",
        svg,
        height,
        legend(models));
  }

  private List<Group> byHistory(ModelResult model) {
    return model.groups().stream()
        .filter(group -> group.kind().equals("history length") && group.users() >= FEWEST_PEOPLE)
        .filter(group -> group.has(leading.name()))
        .toList();
  }

  /** One mark a model: how popular what it recommends is, and how well it does. */
  private String popularity() {
    String popularity =
        report.metrics().stream()
            .filter(metric -> metric.startsWith("popularity@"))
            .findFirst()
            .orElse("");
    List<ModelResult> shown =
        models.stream()
            .filter(model -> model.has(popularity) && model.has(leading.name()))
            .toList();
    if (shown.size() < 2 || popularity.equals(leading.name())) {
      return "";
    }
    int height = 300;
    Axis x = range(shown, popularity, 62, WIDTH - 24.0);
    Axis y = range(shown, leading.name(), height - 58.0, 14);
    StringBuilder svg = new StringBuilder();
    verticalGrid(svg, x, 14, height - 58.0);
    for (double tick : y.ticks()) {
      svg.append(line(56, y.at(tick), WIDTH - 12.0, y.at(tick), "grid", 1));
      svg.append(text(48, y.at(tick) + 4, "end", "soft", y.label(tick)));
    }
    svg.append(
        text(
            WIDTH / 2.0 + 20,
            height - 12.0,
            "middle",
            "soft",
            popularity + ": train count of what is recommended"));
    for (ModelResult model : shown) {
      Figure across = model.figure(popularity);
      Figure up = model.figure(leading.name());
      double atX = x.at(across.value());
      double atY = y.at(up.value());
      svg.append(
          tooltip(
              model.name()
                  + ": "
                  + leading.name()
                  + " "
                  + Texts.value(up.value())
                  + ", "
                  + popularity
                  + " "
                  + Texts.value(across.value())));
      svg.append(line(atX, y.at(up.low()), atX, y.at(up.high()), "m" + color(model), 1.5));
      svg.append(line(x.at(across.low()), atY, x.at(across.high()), atY, "m" + color(model), 1.5));
      svg.append(mark(model, atX, atY)).append("</g>\n");
    }
    return plot(
        "Popularity against accuracy",
        "a model to the right recommends what everybody has",
        leading.name()
            + " against "
            + popularity
            + ": "
            + String.join(
                "; ",
                shown.stream()
                    .map(
                        m ->
                            m.name()
                                + " "
                                + Texts.value(m.figure(leading.name()).value())
                                + " at "
                                + Texts.value(m.figure(popularity).value()))
                    .toList()),
        svg,
        height,
        legend(shown));
  }

  /** One line a model over its epochs. */
  private String training(String title, String subtitle, ToDoubleFunction<Learning.Epoch> figure) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    int last = 0;
    List<ModelResult> shown = new ArrayList<>();
    for (ModelResult model : models) {
      boolean any = false;
      for (Learning.Epoch epoch : model.epochs()) {
        double value = figure.applyAsDouble(epoch);
        if (Double.isFinite(value)) {
          low = Math.min(low, value);
          high = Math.max(high, value);
          last = Math.max(last, epoch.number());
          any = true;
        }
      }
      if (any) {
        shown.add(model);
      }
    }
    if (last < 2) {
      return "";
    }
    int height = 300;
    Axis y = Axis.around(low, high, height - 58.0, 14);
    Axis x = Axis.around(0, last, 56, WIDTH - 16.0);
    StringBuilder svg = new StringBuilder();
    for (double tick : y.ticks()) {
      svg.append(line(56, y.at(tick), WIDTH - 12.0, y.at(tick), "grid", 1));
      svg.append(text(48, y.at(tick) + 4, "end", "soft", y.label(tick)));
    }
    for (double tick : x.ticks()) {
      svg.append(text(x.at(tick), height - 38.0, "middle", "soft", x.label(tick)));
    }
    svg.append(text((56 + WIDTH) / 2.0, height - 12.0, "middle", "soft", "epochs"));
    for (ModelResult model : shown) {
      StringBuilder path = new StringBuilder();
      double atX = 0;
      double atY = 0;
      for (Learning.Epoch epoch : model.epochs()) {
        double value = figure.applyAsDouble(epoch);
        if (Double.isFinite(value)) {
          atX = x.at(epoch.number());
          atY = y.at(value);
          path.append(path.length() == 0 ? "M" : "L")
              .append(number(atX))
              .append(' ')
              .append(number(atY));
        }
      }
      svg.append("<path d=\"")
          .append(path)
          .append("\" class=\"m")
          .append(color(model))
          .append("\" style=\"fill:none\" stroke-width=\"1.5\"/>\n")
          .append(tooltip(model.name() + ", " + model.epochs().size() + " epochs"))
          .append(mark(model, atX, atY))
          .append("</g>\n");
    }
    return plot(
        title,
        subtitle,
        title + " of " + shown.size() + " models over at most " + last + " epochs",
        svg,
        height,
        legend(shown));
  }

  private static Axis range(List<ModelResult> shown, String metric, double from, double to) {
    double low = shown.stream().mapToDouble(model -> model.figure(metric).low()).min().orElse(0);
    double high = shown.stream().mapToDouble(model -> model.figure(metric).high()).max().orElse(1);
    return Axis.around(low, high, from, to);
  }

  private static String better(Metric metric) {
    return switch (metric.goal()) {
      case HIGHER -> "; higher is better";
      case LOWER -> "; lower is better";
      case NEITHER -> "";
    };
  }

  private static String plot(
      String title, String subtitle, String summary, StringBuilder svg, int height, String legend) {
    return "<section>\n<h2>"
        + escaped(title)
        + "</h2>\n<p class=\"soft small\">"
        + escaped(subtitle)
        + "</p>\n"
        + legend
        + "<svg viewBox=\"0 0 "
        + WIDTH
        + " "
        + height
        + "\" role=\"img\" aria-label=\""
        + escaped(summary)
        + "\">\n"
        + svg
        + "</svg>\n</section>\n";
  }

  private String legend(List<ModelResult> shown) {
    StringBuilder out = new StringBuilder("<ul class=\"legend\">");
    for (ModelResult model : shown) {
      out.append("<li><svg viewBox=\"-7 -7 14 14\" aria-hidden=\"true\">")
          .append(mark(model, 0, 0))
          .append("</svg>")
          .append(escaped(model.name()))
          .append("</li>");
    }
    return out.append("</ul>\n").toString();
  }

  private static void verticalGrid(StringBuilder svg, Axis x, double top, double bottom) {
    for (double tick : x.ticks()) {
      svg.append(line(x.at(tick), top, x.at(tick), bottom, "grid", 1));
      svg.append(text(x.at(tick), bottom + 20, "middle", "soft", x.label(tick)));
    }
  }

  private int color(ModelResult model) {
    return models.indexOf(model) % 8;
  }

  /** Each model has its color and its shape, so that color alone tells nothing. */
  private String mark(ModelResult model, double x, double y) {
    String shape =
        switch (models.indexOf(model) % 5) {
          case 0 -> "<circle r=\"5\"/>";
          case 1 -> "<rect x=\"-4.5\" y=\"-4.5\" width=\"9\" height=\"9\"/>";
          case 2 -> "<path d=\"M0 -6 L6 0 L0 6 L-6 0 Z\"/>";
          case 3 -> "<path d=\"M0 -5.5 L5.5 4.5 L-5.5 4.5 Z\"/>";
          default -> "<path d=\"M0 5.5 L5.5 -4.5 L-5.5 -4.5 Z\"/>";
        };
    return "<g class=\"m"
        + color(model)
        + "\" transform=\"translate("
        + number(x)
        + " "
        + number(y)
        + ")\">"
        + shape
        + "</g>";
  }

  private static String tooltip(String text) {
    return "<g><title>" + escaped(text) + "</title>";
  }

  private static String line(double x1, double y1, double x2, double y2, String css, double width) {
    return "<line x1=\""
        + number(x1)
        + "\" y1=\""
        + number(y1)
        + "\" x2=\""
        + number(x2)
        + "\" y2=\""
        + number(y2)
        + "\" class=\""
        + css
        + "\" stroke-width=\""
        + number(width)
        + "\"/>\n";
  }

  private static String text(double x, double y, String anchor, String css, String text) {
    return "<text x=\""
        + number(x)
        + "\" y=\""
        + number(y)
        + "\" text-anchor=\""
        + anchor
        + "\""
        + (css.isEmpty() ? "" : " class=\"" + css + "\"")
        + ">"
        + escaped(text)
        + "</text>\n";
  }

  private static String number(double value) {
    double rounded = Math.round(value * 10) / 10.0;
    return rounded == Math.rint(rounded) ? Long.toString((long) rounded) : Double.toString(rounded);
  }

  private static String shortened(String name) {
    return name.codePointCount(0, name.length()) <= 26
        ? name
        : name.substring(0, name.offsetByCodePoints(0, 25)) + "…";
  }

  static String escaped(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
    return out.toString();
  }

  /** From values to places on the page, with ticks at round values. */
  private record Axis(double low, double high, double step, double from, double to) {
    static Axis around(double least, double most, double from, double to) {
      double span = most > least ? most - least : Math.max(Math.abs(most), 1e-6);
      double raw = span / 4;
      double magnitude = Math.pow(10, Math.floor(Math.log10(raw)));
      double step =
          raw / magnitude < 1.5
              ? magnitude
              : raw / magnitude < 3.5
                  ? 2 * magnitude
                  : raw / magnitude < 7.5 ? 5 * magnitude : 10 * magnitude;
      double low = Math.floor(least / step + 1e-9) * step;
      double high = Math.ceil(most / step - 1e-9) * step;
      return new Axis(low, high > low ? high : low + step, step, from, to);
    }

    double at(double value) {
      return from + (value - low) / (high - low) * (to - from);
    }

    List<Double> ticks() {
      List<Double> ticks = new ArrayList<>();
      for (int i = 0; low + i * step <= high + step * 1e-6; i++) {
        ticks.add(low + i * step);
      }
      return ticks;
    }

    String label(double tick) {
      int decimals = (int) Math.max(0, Math.min(6, -Math.floor(Math.log10(step) + 1e-9)));
      return String.format(
          Locale.ROOT, "%,." + decimals + "f", Math.abs(tick) < step * 1e-6 ? 0.0 : tick);
    }
  }
}
