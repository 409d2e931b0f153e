package io.kindred.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.kindred.KindredException;
import io.kindred.Learning;
import io.kindred.metric.Metric;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Models measured side by side. Immutable, thread-safe.
 *
 * @param setup what was measured on
 * @param metrics the names of the metrics, the leading one first
 * @param models one entry a model, in the order in which they were given
 * @param comparisons every pair of models for every metric that single people have a value of;
 *     empty for one model
 * @param views the same models measured among other candidates ("cold", "warm"); without views of
 *     their own
 */
public record EvaluationReport(
    Setup setup,
    List<String> metrics,
    List<ModelResult> models,
    List<Comparison> comparisons,
    @Nullable List<EvaluationReport> views) {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /** Copies; reports of earlier versions have no views. */
  public EvaluationReport {
    metrics = List.copyOf(metrics);
    models = List.copyOf(models);
    comparisons = List.copyOf(comparisons);
    views = views == null ? List.of() : List.copyOf(views);
  }

  /** The same models measured among other candidates. */
  @Override
  public List<EvaluationReport> views() {
    return views == null ? List.of() : views;
  }

  /**
   * The report among some candidates, this one or one of its views.
   *
   * @param candidates as they are written in {@link Setup}: "cold"
   */
  public Optional<EvaluationReport> among(String candidates) {
    return setup.candidates().equals(candidates)
        ? Optional.of(this)
        : views().stream().filter(view -> view.setup().candidates().equals(candidates)).findFirst();
  }

  /** The same with other views. */
  EvaluationReport withViews(List<EvaluationReport> others) {
    return new EvaluationReport(setup, metrics, models, comparisons, others);
  }

  /**
   * What was measured on.
   *
   * @param dataset the name of the data
   * @param fingerprint the fingerprint of the train part of the first run
   * @param users people in the data
   * @param items items in the catalogue
   * @param trainInteractions interactions in the train part of the first run
   * @param splits the names of the splits, one a run and seed
   * @param part "test" or "validation"
   * @param candidates among which items: "all", "cold", "sampled(99,uniform)"
   * @param seed of the bootstrap and of sampled candidates
   * @param threads how many threads trained and measured
   * @param ties share of the people of whom the first held-out interaction has the same second as
   *     the last one before it, in [0, 1]; 0 where the split does not go by time
   * @param asServed whether lists are as the product serves them, filled up by popularity
   */
  public record Setup(
      String dataset,
      String fingerprint,
      int users,
      int items,
      int trainInteractions,
      List<String> splits,
      String part,
      String candidates,
      long seed,
      int threads,
      double ties,
      boolean asServed) {
    /** Copies. */
    public Setup {
      splits = List.copyOf(splits);
    }
  }

  /**
   * One model.
   *
   * @param name what it is called in this report
   * @param algorithm the name of the algorithm, empty where lists came from elsewhere
   * @param parameters its hyperparameters
   * @param figures by metric name; a metric that the model cannot be measured by is absent
   * @param spread standard deviation over runs by metric name; empty for one run
   * @param counts people and targets, summed over runs; {@code people} are different ones
   * @param groups the same metrics for parts of the people
   * @param cost what it took
   * @param epochs how its first training went, where the model tells
   */
  public record ModelResult(
      String name,
      String algorithm,
      Map<String, String> parameters,
      Map<String, Figure> figures,
      Map<String, Double> spread,
      Evaluation.Counts counts,
      List<Group> groups,
      Cost cost,
      @Nullable List<Learning.Epoch> epochs) {
    /** Copies; reports of earlier versions have no epochs. */
    public ModelResult {
      parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
      figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
      spread = Collections.unmodifiableMap(new LinkedHashMap<>(spread));
      groups = List.copyOf(groups);
      epochs = epochs == null ? List.of() : List.copyOf(epochs);
    }

    /** How its first training went; empty where nothing is known. */
    @Override
    public List<Learning.Epoch> epochs() {
      return epochs == null ? List.of() : epochs;
    }

    /** Whether the model was measured by a metric. */
    public boolean has(String metric) {
      return figures.containsKey(metric);
    }

    /**
     * The figure of a metric.
     *
     * @throws NullPointerException if the model was not measured by it
     */
    public Figure figure(String metric) {
      return Objects.requireNonNull(figures.get(metric), metric);
    }
  }

  /**
   * Some of the people.
   *
   * @param kind what divides them: "history length", "acquaintance", "person"
   * @param name which of them: "10-19", "unseen", "new, with history"
   * @param users how many different people, each counted once however many runs there are
   * @param figures by metric name; intervals are from the normal distribution, over people
   */
  public record Group(String kind, String name, int users, Map<String, Figure> figures) {
    /** Copies. */
    public Group {
      figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    }

    /** Whether the group was measured by a metric. */
    public boolean has(String metric) {
      return figures.containsKey(metric);
    }

    /**
     * The figure of a metric.
     *
     * @throws NullPointerException if the group was not measured by it
     */
    public Figure figure(String metric) {
      return Objects.requireNonNull(figures.get(metric), metric);
    }
  }

  /**
   * What a model took, as a mean over runs.
   *
   * @param trainingSeconds wall time of the training
   * @param evaluationSeconds wall time of scoring and measuring, without intervals
   * @param peakHeapBytes the largest heap use while it trained and was measured, garbage included;
   *     0 where it was not watched
   */
  public record Cost(double trainingSeconds, double evaluationSeconds, long peakHeapBytes) {}

  /**
   * What a report is made from: one model in all its runs.
   *
   * @param evaluations one a run; all models have the same runs in the same order
   * @param epochs how the first training went, where the model tells
   */
  public record Measured(
      String name,
      String algorithm,
      Map<String, String> parameters,
      List<Evaluation> evaluations,
      Cost cost,
      List<Learning.Epoch> epochs) {
    /** A model that tells nothing of its training. */
    public Measured(
        String name,
        String algorithm,
        Map<String, String> parameters,
        List<Evaluation> evaluations,
        Cost cost) {
      this(name, algorithm, parameters, evaluations, cost, List.of());
    }
  }

  /**
   * The report of some models.
   *
   * @param models all measured on the same parts with the same metrics; at least one, names
   *     distinct
   */
  public static EvaluationReport of(Setup setup, List<Measured> models) {
    return new Summary(setup, models).report();
  }

  /** The leading metric. */
  public Metric leading() {
    return Metric.parse(metrics.get(0));
  }

  /** The model that is best by a metric with a better end, if one was measured by it. */
  public Optional<ModelResult> best(Metric metric) {
    ModelResult best = null;
    for (ModelResult model : models) {
      Figure figure = model.figures().get(metric.name());
      if (figure == null || Double.isNaN(figure.value()) || metric.goal() == Metric.Goal.NEITHER) {
        continue;
      }
      if (best == null) {
        best = model;
      } else {
        double difference = figure.value() - best.figure(metric.name()).value();
        best = (metric.goal() == Metric.Goal.LOWER ? -difference : difference) > 0 ? model : best;
      }
    }
    return Optional.ofNullable(best);
  }

  /** The comparison of two models, turned so that {@code first} is first. */
  public Optional<Comparison> comparison(String metric, String first, String second) {
    for (Comparison one : comparisons) {
      if (one.metric().equals(metric) && one.first().equals(first) && one.second().equals(second)) {
        return Optional.of(one);
      }
      if (one.metric().equals(metric) && one.first().equals(second) && one.second().equals(first)) {
        return Optional.of(
            new Comparison(
                metric,
                first,
                second,
                -one.difference(),
                -one.high(),
                -one.low(),
                one.p(),
                one.adjusted()));
      }
    }
    return Optional.empty();
  }

  /** The report as an aligned table for a terminal. */
  public String toText() {
    return TextReport.of(this);
  }

  /** The report as JSON; {@link #fromJson} reads it back. */
  public String toJson() {
    try {
      return JSON.writeValueAsString(this) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a report can always be written", e);
    }
  }

  /**
   * Reads a report from JSON.
   *
   * @throws KindredException if it is none
   */
  public static EvaluationReport fromJson(String json) {
    try {
      EvaluationReport report = JSON.readValue(json, EvaluationReport.class);
      if (report == null) {
        throw new KindredException("not an evaluation report: nothing is in it");
      }
      return report;
    } catch (JsonProcessingException e) {
      throw new KindredException("not an evaluation report: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * The figures of this report and its views as CSV with a header, one line a model, group and
   * metric; the group of all people has an empty name.
   */
  public String toCsv() {
    return CsvReport.of(this);
  }

  /** The report as one HTML page that needs nothing else, with plots. */
  public String toHtml() {
    return HtmlReport.of(this);
  }
}
