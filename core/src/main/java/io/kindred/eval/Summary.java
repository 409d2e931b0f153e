package io.kindred.eval;

import io.kindred.KindredException;
import io.kindred.eval.EvaluationReport.Group;
import io.kindred.eval.EvaluationReport.Measured;
import io.kindred.eval.EvaluationReport.ModelResult;
import io.kindred.eval.EvaluationReport.Setup;
import io.kindred.metric.Metric;
import io.kindred.metric.RatingMetric;
import io.kindred.metric.SystemMetric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Makes a report from what was measured: figures with intervals, groups of people, comparisons. */
final class Summary {
  /** The kind of the groups by what is known of people. */
  static final String PERSON = "person";

  private static final int[] LENGTHS = {0, 1, 5, 10, 20, 50, 100, 200, 500};

  private final Setup setup;
  private final List<Measured> models;
  private final List<Metric> metrics;
  private final int[] people; // who was measured in any run, ascending
  private final Bootstrap bootstrap;

  Summary(Setup setup, List<Measured> models) {
    this.setup = setup;
    this.models = models;
    if (models.isEmpty()
        || models.stream().map(Measured::name).distinct().count() < models.size()) {
      throw new KindredException(
          "a report needs at least one model, and each under its own name, got "
              + models.stream().map(Measured::name).toList());
    }
    metrics = models.get(0).evaluations().get(0).metrics();
    people =
        models.get(0).evaluations().stream()
            .flatMapToInt(run -> Arrays.stream(run.users()))
            .sorted()
            .distinct()
            .toArray();
    bootstrap = new Bootstrap(setup.seed(), setup.threads());
    for (Measured model : models) {
      for (int run = 0; run < model.evaluations().size(); run++) {
        Evaluation here = model.evaluations().get(run);
        Evaluation there = models.get(0).evaluations().get(run);
        if (!here.metrics().equals(metrics) || !Arrays.equals(here.users(), there.users())) {
          throw new IllegalArgumentException(
              "'"
                  + model.name()
                  + "' and '"
                  + models.get(0).name()
                  + "' were not measured on the same people");
        }
      }
    }
  }

  EvaluationReport report() {
    List<ModelResult> results = new ArrayList<>();
    List<Map<Metric, double[]>> draws = new ArrayList<>();
    for (Measured model : models) {
      Map<Metric, double[]> drawn = new LinkedHashMap<>();
      Map<String, Figure> figures = figures(model, drawn);
      draws.add(drawn);
      results.add(
          new ModelResult(
              model.name(),
              model.algorithm(),
              model.parameters(),
              figures,
              spread(model, figures),
              model.evaluations().stream()
                  .map(Evaluation::counts)
                  .reduce(Evaluation.Counts::plus)
                  .orElseThrow()
                  .withPeople(people.length),
              groups(model),
              model.cost(),
              model.epochs()));
    }
    return new EvaluationReport(
        setup,
        metrics.stream().map(Metric::name).toList(),
        results,
        comparisons(results, draws),
        List.of());
  }

  /** All figures of a model; the values of each draw go into {@code drawn}. */
  private Map<String, Figure> figures(Measured model, Map<Metric, double[]> drawn) {
    List<Bootstrap.Column> columns = new ArrayList<>();
    List<Metric> perPerson = new ArrayList<>();
    for (Metric metric : metrics) {
      if (model.evaluations().stream().allMatch(run -> run.hasPerUser(metric))) {
        perPerson.add(metric);
        for (Evaluation run : model.evaluations()) {
          columns.add(column(metric, run));
        }
      }
    }
    double[][] values = bootstrap.draws(columns, people.length);
    int runs = model.evaluations().size();
    Map<Metric, Figure> made = new LinkedHashMap<>();
    for (int m = 0; m < perPerson.size(); m++) {
      double[] mean = Bootstrap.mean(Arrays.asList(values).subList(m * runs, (m + 1) * runs));
      drawn.put(perPerson.get(m), mean);
      made.put(perPerson.get(m), Bootstrap.figure(columns.subList(m * runs, (m + 1) * runs), mean));
    }
    made.putAll(systemFigures(model));
    Map<String, Figure> figures = new LinkedHashMap<>();
    for (Metric metric : metrics) {
      Figure figure = made.get(metric);
      if (figure != null && !Double.isNaN(figure.value())) {
        figures.put(metric.name(), figure);
      }
    }
    return figures;
  }

  /** Means over runs; the interval is that of one run, since the runs share the people. */
  private Map<Metric, Figure> systemFigures(Measured model) {
    Map<Metric, Figure> mean = new LinkedHashMap<>();
    int runs = model.evaluations().size();
    for (Evaluation run : model.evaluations()) {
      bootstrap
          .system(run)
          .forEach(
              (metric, figure) ->
                  mean.merge(
                      metric,
                      new Figure(figure.value() / runs, figure.low() / runs, figure.high() / runs),
                      (a, b) ->
                          new Figure(
                              a.value() + b.value(), a.low() + b.low(), a.high() + b.high())));
    }
    return mean;
  }

  private Bootstrap.Column column(Metric metric, Evaluation run) {
    float[] own = run.sums()[run.metrics().indexOf(metric)];
    float[] sums = new float[people.length];
    float[] weights = new float[people.length];
    for (int place = 0; place < own.length; place++) {
      if (!Float.isNaN(own[place])) {
        int at = Arrays.binarySearch(people, run.users()[place]);
        sums[at] = own[place];
        weights[at] = run.weight(metric, place);
      }
    }
    return new Bootstrap.Column(metric, sums, weights);
  }

  private Map<String, Double> spread(Measured model, Map<String, Figure> figures) {
    Map<String, Double> spread = new LinkedHashMap<>();
    if (model.evaluations().size() > 1) {
      for (Metric metric : metrics) {
        if (figures.containsKey(metric.name())) {
          double[] values =
              model.evaluations().stream().mapToDouble(run -> run.value(metric)).toArray();
          spread.put(metric.name(), Bootstrap.deviation(values));
        }
      }
    }
    return spread;
  }

  private List<Group> groups(Measured model) {
    List<Group> groups = new ArrayList<>();
    for (int bucket = 0; bucket < LENGTHS.length; bucket++) {
      int least = LENGTHS[bucket];
      int below = bucket + 1 < LENGTHS.length ? LENGTHS[bucket + 1] : Integer.MAX_VALUE;
      String name =
          below == least + 1
              ? "" + least
              : below == Integer.MAX_VALUE ? least + "+" : least + "-" + (below - 1);
      addGroup(
          groups,
          "history length",
          name,
          model,
          run ->
              place -> run.historyLengths()[place] >= least && run.historyLengths()[place] < below);
    }
    List<Group> acquaintance = new ArrayList<>();
    addGroup(
        acquaintance, "acquaintance", "seen in train", model, run -> place -> !run.unseen()[place]);
    addGroup(acquaintance, "acquaintance", "unseen", model, run -> place -> run.unseen()[place]);
    if (acquaintance.size() > 1) {
      groups.addAll(acquaintance);
    }
    groups.addAll(persons(model));
    return groups;
  }

  /** What is known of people; nothing where it is the same of all. */
  private List<Group> persons(Measured model) {
    List<Group> persons = new ArrayList<>();
    addGroup(
        persons,
        PERSON,
        "known, with history",
        model,
        run -> place -> !run.unseen()[place] && run.historyLengths()[place] > 0);
    addGroup(
        persons,
        PERSON,
        "new, with history",
        model,
        run -> place -> run.unseen()[place] && run.historyLengths()[place] > 0);
    addGroup(
        persons,
        PERSON,
        "without history",
        model,
        run -> place -> run.historyLengths()[place] == 0);
    return persons.size() > 1 ? persons : List.of();
  }

  private void addGroup(
      List<Group> groups,
      String kind,
      String name,
      Measured model,
      Function<Evaluation, IntPredicate> member) {
    int users =
        (int)
            model.evaluations().stream()
                .flatMapToInt(
                    run ->
                        IntStream.range(0, run.users().length)
                            .filter(member.apply(run))
                            .map(place -> run.users()[place]))
                .distinct()
                .count();
    if (users == 0) {
      return;
    }
    Map<String, Figure> figures = new LinkedHashMap<>();
    for (Metric metric : metrics) {
      if (!(metric instanceof SystemMetric)
          && model.evaluations().stream().allMatch(run -> run.hasPerUser(metric))) {
        Figure figure = groupFigure(metric, model, member);
        if (figure != null) {
          figures.put(metric.name(), figure);
        }
      }
    }
    groups.add(new Group(kind, name, users, figures));
  }

  /**
   * The mean over a group with the interval of a ratio of means: standard error = root of the sum
   * of squared residuals / sum of weights. A person counts once: what the runs say of one person is
   * added up before it is squared.
   */
  private @Nullable Figure groupFigure(
      Metric metric, Measured model, Function<Evaluation, IntPredicate> member) {
    double[] sums = new double[people.length];
    double[] weights = new double[people.length];
    for (Evaluation run : model.evaluations()) {
      IntPredicate in = member.apply(run);
      float[] own = run.sums()[run.metrics().indexOf(metric)];
      for (int place = 0; place < own.length; place++) {
        if (in.test(place) && !Float.isNaN(own[place])) {
          int at = Arrays.binarySearch(people, run.users()[place]);
          sums[at] += own[place];
          weights[at] += run.weight(metric, place);
        }
      }
    }
    double weight = Arrays.stream(weights).sum();
    if (weight == 0) {
      return null;
    }
    double mean = Arrays.stream(sums).sum() / weight;
    double squares = 0;
    int n = 0;
    for (int at = 0; at < sums.length; at++) {
      double residual = sums[at] - mean * weights[at];
      squares += residual * residual;
      n += weights[at] > 0 ? 1 : 0;
    }
    double reach = n < 2 ? 0 : 1.959963984540054 * Math.sqrt(squares * n / (n - 1.0)) / weight;
    return metric instanceof RatingMetric rating
        ? new Figure(
            rating.ofMeanLoss(mean),
            rating.ofMeanLoss(Math.max(0, mean - reach)),
            rating.ofMeanLoss(mean + reach))
        : new Figure(mean, mean - reach, mean + reach);
  }

  private List<Comparison> comparisons(
      List<ModelResult> results, List<Map<Metric, double[]>> draws) {
    List<Comparison> all = new ArrayList<>();
    for (Metric metric : metrics) {
      List<Comparison> family = new ArrayList<>();
      for (int a = 0; a < results.size(); a++) {
        for (int b = a + 1; b < results.size(); b++) {
          double[] first = draws.get(a).get(metric);
          double[] second = draws.get(b).get(metric);
          if (first != null
              && second != null
              && results.get(a).figures().containsKey(metric.name())
              && results.get(b).figures().containsKey(metric.name())) {
            family.add(compare(metric, a, b, first, second));
          }
        }
      }
      double[] adjusted = PairedTest.holm(family.stream().mapToDouble(Comparison::p).toArray());
      for (int i = 0; i < adjusted.length; i++) {
        all.add(family.get(i).withAdjusted(adjusted[i]));
      }
    }
    return all;
  }

  private Comparison compare(Metric metric, int a, int b, double[] first, double[] second) {
    double[] drawn = new double[first.length];
    for (int r = 0; r < drawn.length; r++) {
      drawn[r] = first[r] - second[r];
    }
    Arrays.sort(drawn);
    Measured one = models.get(a);
    Measured other = models.get(b);
    double difference =
        one.evaluations().stream().mapToDouble(run -> run.value(metric)).average().orElseThrow()
            - other.evaluations().stream()
                .mapToDouble(run -> run.value(metric))
                .average()
                .orElseThrow();
    return new Comparison(
        metric.name(),
        one.name(),
        other.name(),
        difference,
        Statistics.quantile(drawn, 0.025),
        Statistics.quantile(drawn, 0.975),
        PairedTest.pValue(differences(metric, one, other)),
        1);
  }

  /**
   * By person: the mean over runs of the difference; for ratings the difference of the summed
   * losses. NaN where one has no value.
   */
  private double[] differences(Metric metric, Measured one, Measured other) {
    double[] sum = new double[people.length];
    int[] runs = new int[people.length];
    for (int run = 0; run < one.evaluations().size(); run++) {
      Evaluation here = one.evaluations().get(run);
      float[] first = here.sums()[metrics.indexOf(metric)];
      float[] second = other.evaluations().get(run).sums()[metrics.indexOf(metric)];
      for (int place = 0; place < first.length; place++) {
        if (!Float.isNaN(first[place]) && !Float.isNaN(second[place])) {
          int at = Arrays.binarySearch(people, here.users()[place]);
          sum[at] += (double) first[place] - second[place];
          runs[at]++;
        }
      }
    }
    for (int at = 0; at < sum.length; at++) {
      sum[at] =
          runs[at] == 0
              ? Double.NaN
              : metric instanceof RatingMetric ? sum[at] : sum[at] / runs[at];
    }
    return sum;
  }
}
