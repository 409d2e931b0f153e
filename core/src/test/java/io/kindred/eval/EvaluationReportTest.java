package io.kindred.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.KindredException;
import io.kindred.Parameters;
import io.kindred.ProgressListener;
import io.kindred.baseline.Bias;
import io.kindred.baseline.Popularity;
import io.kindred.baseline.RandomItems;
import io.kindred.data.Dataset;
import io.kindred.eval.Experiment.Entrant;
import io.kindred.metric.Metric;
import io.kindred.split.HeldOut;
import io.kindred.split.LeaveOneOut;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class EvaluationReportTest {
  private static final String HOSTILE = "<script>alert(\"1\")</script> & 'co', \"x\"";

  private static final EvaluationReport REPORT =
      Experiment.of(
              List.of(
                  new Entrant("popular", Popularity.ALL_TIME),
                  new Entrant(HOSTILE, new RandomItems()),
                  new Entrant("bias", Bias.of(Parameters.none()))),
              List.of(new LeaveOneOut().split(ExperimentTest.groups())),
              Protocol.of(
                  Metric.parseAll("ndcg@10 recall@5,10 rmse coverage@10 popularity@10 auc mrr@10")))
          .withThreads(2)
          .run(ProgressListener.NONE);

  @Test
  void toJson_readBack_isEqual() {
    assertThat(EvaluationReport.fromJson(REPORT.toJson())).isEqualTo(REPORT);
  }

  @Test
  void fromJson_somethingElse_isRefused() {
    assertThatThrownBy(() -> EvaluationReport.fromJson("{"))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("not an evaluation report");
    assertThatThrownBy(() -> EvaluationReport.fromJson("[1]")).isInstanceOf(KindredException.class);
    assertThatThrownBy(() -> EvaluationReport.fromJson("null"))
        .isInstanceOf(KindredException.class);
    assertThatThrownBy(() -> EvaluationReport.fromJson("{}")).isInstanceOf(KindredException.class);
  }

  @Test
  void toText_table_isAlignedAndComplete() {
    String[] lines = REPORT.toText().split("\n");

    assertThat(lines[0])
        .contains(
            "generated groups",
            "leave-one-out",
            "test part",
            "120 people",
            "80 items",
            "candidates: all");
    assertThat(lines[2])
        .startsWith("model")
        .contains("ndcg@10", "recall@5", "rmse", "train", "evaluate");
    assertThat(Arrays.asList(lines))
        .anyMatch(line -> line.startsWith("popular ") && line.contains("±"));
    assertThat(Arrays.asList(lines))
        .anyMatch(line -> line.startsWith(HOSTILE) && line.contains("*"));
    assertThat(Arrays.asList(lines))
        .anyMatch(line -> line.startsWith(HOSTILE) && line.contains(" - "));
    int end = lines[2].indexOf("ndcg@10") + "ndcg@10".length();
    for (int row = 4; row < 7; row++) {
      assertThat(lines[row].charAt(end)).as(lines[row]).isEqualTo(' ');
      assertThat(lines[row].charAt(end + 1)).as(lines[row]).isEqualTo(' ');
    }
    assertThat(REPORT.toText()).contains("120 people were measured on 120 held-out interactions");
  }

  @Test
  void toCsv_lines_haveAllColumns() {
    String[] lines = REPORT.toCsv().split("\n");

    assertThat(lines[0])
        .isEqualTo(
            "dataset,split,part,candidates,model,algorithm,group_kind,group,users,metric,value,low,high");
    Pattern cell = Pattern.compile("(?:^|,)(?:\"((?:[^\"]|\"\")*)\"|([^,\"]*))");
    int hostile = 0;
    for (String line : lines) {
      Matcher cells = cell.matcher(line);
      int count = 0;
      while (cells.find()) {
        count++;
        hostile +=
            cells.group(1) != null && cells.group(1).replace("\"\"", "\"").equals(HOSTILE) ? 1 : 0;
      }
      assertThat(count).as(line).isEqualTo(13);
    }
    assertThat(hostile).isGreaterThan(7);
    Figure figure = REPORT.models().get(0).figures().get("ndcg@10");
    assertThat(REPORT.toCsv())
        .contains(
            "popular,popularity,,,120,ndcg@10,"
                + figure.value()
                + ","
                + figure.low()
                + ","
                + figure.high());
  }

  @Test
  void toHtml_page_needsNothingElseAndEscapes() {
    String html = REPORT.toHtml();

    assertThat(html)
        .doesNotContain(
            "<script", "http:", "https:", "src=", "@import", "url(", "NaN", "Infinity", "null");
    assertThat(html)
        .contains(
            "&lt;script&gt;",
            "&amp; &#39;co&#39;",
            "prefers-color-scheme:dark",
            "lang=\"en\"",
            "name=\"viewport\"");
    assertThat(html)
        .contains(
            "ndcg@10 by model",
            "ndcg@10 by length of history",
            "Popularity against accuracy",
            "not measured");
    assertThat(count(html, "<svg viewBox=\"0 0 ")).isEqualTo(4);
    assertThat(count(html, "role=\"img\" aria-label=\"")).isEqualTo(4);
    for (String tag :
        List.of(
            "svg", "g", "table", "tr", "td", "th", "section", "div", "ul", "li", "text", "title",
            "p", "small")) {
      assertThat(count(html, "<" + tag + "[ >]")).as(tag).isEqualTo(count(html, "</" + tag + ">"));
    }
  }

  @Test
  void toHtml_oneModelOfRatings_leavesOutWhatThereIsNot() {
    EvaluationReport report =
        Experiment.of(
                List.of(new Entrant("bias", Bias.of(Parameters.none()))),
                List.of(new LeaveOneOut().split(ExperimentTest.groups())),
                Protocol.of(Metric.ofRatings()))
            .run(ProgressListener.NONE);

    assertThat(report.comparisons()).isEmpty();
    assertThat(report.toHtml())
        .contains("rmse by model", "lower is better")
        .doesNotContain("Against", "Popularity against", "★");
    assertThat(report.toText()).doesNotContain("* best");
  }

  @Test
  void of_modelsOnOtherPeople_isRefused() {
    EvaluatorTest.Case one = new EvaluatorTest.Case(1);
    EvaluatorTest.Case other = new EvaluatorTest.Case(2);
    Protocol protocol = Protocol.of(Metric.ofLists(3));
    Evaluation first =
        new Evaluator(protocol, 1).evaluate(one.model, one.train, one.part, ProgressListener.NONE);
    Evaluation second =
        new Evaluator(protocol, 1)
            .evaluate(other.model, other.train, other.part, ProgressListener.NONE);
    EvaluationReport.Cost cost = new EvaluationReport.Cost(0, 0, 0);
    assertThatThrownBy(
            () ->
                EvaluationReport.of(
                    REPORT.setup(),
                    List.of(
                        new EvaluationReport.Measured("a", "", Map.of(), List.of(first), cost),
                        new EvaluationReport.Measured("b", "", Map.of(), List.of(second), cost))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("same people");
  }

  /**
   * One person and a model that can score nothing: no interval, no list, no difference, and still a
   * report.
   */
  @Test
  void of_onePersonAndAModelWithoutScores_isAReport() {
    Dataset train = EvaluatorTest.data(1, 4, new int[][] {{0, 0}});
    HeldOut part =
        new HeldOut(train.interactions(), EvaluatorTest.pairs(1, 4, new int[][] {{0, 2}}));
    float nan = Float.NaN;
    FixedScores silent =
        new FixedScores(train, new float[][] {{nan, nan, nan, nan}, {nan, nan, nan, nan}});
    FixedScores knowing = new FixedScores(train, new float[][] {{0, 0, 1, 0}, {0, 0, 0, 0}});
    Evaluator evaluator = new Evaluator(Protocol.of(Metric.ofLists(2)), 2);
    List<EvaluationReport.Measured> measured = new ArrayList<>();
    for (FixedScores model : List.of(silent, knowing)) {
      measured.add(
          new EvaluationReport.Measured(
              model == silent ? "silent" : "knowing",
              "",
              Map.of(),
              List.of(evaluator.evaluate(model, train, part, ProgressListener.NONE)),
              new EvaluationReport.Cost(0, 0, 0)));
    }
    EvaluationReport report = EvaluationReport.of(REPORT.setup(), measured);

    assertThat(report.models().get(0).figure("recall@2")).isEqualTo(new Figure(0, 0, 0));
    assertThat(report.models().get(1).figure("recall@2")).isEqualTo(new Figure(1, 1, 1));
    assertThat(report.models().get(0).has("novelty@2")).isFalse();
    assertThat(report.models().get(0).counts().shortLists()).isEqualTo(1);
    assertThat(report.comparison("recall@2", "knowing", "silent").orElseThrow().p()).isEqualTo(1);
    assertThat(report.toText()).contains("silent could not fill the list of 1 person.");
    assertThat(report.toHtml()).doesNotContain("NaN", "Infinity");
    assertThat(EvaluationReport.fromJson(report.toJson())).isEqualTo(report);
  }

  private static int count(String text, String regex) {
    return (int) Pattern.compile(regex).matcher(text).results().count();
  }
}
