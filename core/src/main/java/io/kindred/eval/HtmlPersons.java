package io.kindred.eval;

import io.kindred.eval.EvaluationReport.Group;
import io.kindred.eval.EvaluationReport.ModelResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The leading metric by what is known of people, as a part of the HTML report. */
final class HtmlPersons {
  private HtmlPersons() {}

  /** A section; empty where the same is known of all people. */
  static String of(EvaluationReport report) {
    List<Group> groups = Texts.persons(report.models().get(0));
    if (groups.isEmpty()) {
      return "";
    }
    String leading = report.metrics().get(0);
    StringBuilder out =
        new StringBuilder("<section>\n<h2>")
            .append(HtmlReport.escaped(leading + " by what is known of people"))
            .append(
                "</h2>\n"
                    + "<p class=\"soft small\">With 95&nbsp;% intervals over people.</p>\n"
                    + "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"By what is"
                    + " known of people\"><table>\n"
                    + "<thead><tr><th scope=\"col\">model</th>");
    for (Group group : groups) {
      out.append("<th scope=\"col\">")
          .append(HtmlReport.escaped(group.name() + ": " + Texts.people(group.users())))
          .append("</th>");
    }
    out.append("</tr></thead>\n<tbody>\n");
    for (ModelResult model : report.models()) {
      out.append("<tr><th scope=\"row\">").append(HtmlReport.escaped(model.name())).append("</th>");
      for (Group group : Texts.persons(model)) {
        out.append(cell(group.figures().get(leading)));
      }
      out.append("</tr>\n");
    }
    return out.append("</tbody></table></div>\n</section>\n").toString();
  }

  private static String cell(@Nullable Figure figure) {
    return figure == null
        ? "<td class=\"soft\">not measured</td>"
        : "<td>"
            + Texts.value(figure.value())
            + "<small>"
            + Texts.value(figure.low())
            + " to "
            + Texts.value(figure.high())
            + "</small></td>";
  }
}
