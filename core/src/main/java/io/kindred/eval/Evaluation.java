package io.kindred.eval;

import io.kindred.metric.Metric;
import io.kindred.metric.RatingMetric;
import io.kindred.metric.SystemMetric;
import java.util.Arrays;
import java.util.List;

/**
 * What one model did on one held-out part, person by person. Immutable as long as nobody changes
 * the shared arrays; thread-safe.
 *
 * @param metrics what was measured
 * @param users the people who were measured, ascending; places in the other arrays follow this
 *     order
 * @param sums per metric and person, shape {@code float[metrics][users]}: the value of a list
 *     metric or of {@code auc}, NaN where it has none; the sum of the losses for a metric of
 *     ratings; empty for a metric of the whole system, or where the model cannot do what is
 *     measured
 * @param ratings the number of predicted ratings of each person; empty where no metric is of
 *     ratings
 * @param lists the lists, shape {@code int[users x listLength]}, -1 behind the end of a short list;
 *     empty where no metric needs them
 * @param listLength the largest cut-off
 * @param historyLengths the number of different items in each person's history
 * @param unseen whether the model never saw the person
 * @param catalogue the items that could be recommended to anybody, ascending: all, or only those of
 *     the {@link Candidates}; coverage and Gini are of these
 * @param itemCount the number of all items
 * @param counts how many people and targets there were
 * @param seconds how long it took
 */
public record Evaluation(
    List<Metric> metrics,
    int[] users,
    float[][] sums,
    int[] ratings,
    int[] lists,
    int listLength,
    int[] historyLengths,
    boolean[] unseen,
    int[] catalogue,
    int itemCount,
    Counts counts,
    double seconds) {
  /**
   * How many people and targets there were.
   *
   * @param evaluated people who were measured
   * @param withoutTargets people of the data of whom nothing is held out, and who are left out
   * @param unseen people among the evaluated whom the model never saw
   * @param shortLists people for whom the model could not fill the list, though there were items
   * @param targets held-out interactions
   * @param coldTargets held-out interactions with items that nobody has in train
   * @param withoutHistory people among the evaluated of whom nothing is known: no history to go by
   * @param filledLists people whose list popularity filled up; 0 where lists are those of the model
   *     alone
   * @param people different people who were measured: {@code evaluated} in one run, less than its
   *     sum over several runs
   */
  public record Counts(
      int evaluated,
      int withoutTargets,
      int unseen,
      int shortLists,
      int targets,
      int coldTargets,
      int withoutHistory,
      int filledLists,
      int people) {
    /** Reports of earlier versions do not say how many are different. */
    public Counts {
      people = people == 0 ? evaluated : people;
    }

    /** Sums, but for {@code people}, which no sum tells. */
    Counts plus(Counts other) {
      return new Counts(
          evaluated + other.evaluated,
          withoutTargets + other.withoutTargets,
          unseen + other.unseen,
          shortLists + other.shortLists,
          targets + other.targets,
          coldTargets + other.coldTargets,
          withoutHistory + other.withoutHistory,
          filledLists + other.filledLists,
          people);
    }

    Counts withPeople(int different) {
      return new Counts(
          evaluated,
          withoutTargets,
          unseen,
          shortLists,
          targets,
          coldTargets,
          withoutHistory,
          filledLists,
          different);
    }
  }

  /**
   * The figure of a metric: the mean over people (over ratings for a metric of ratings); NaN where
   * it was not measured.
   */
  public double value(Metric metric) {
    int at = metrics.indexOf(metric);
    if (at < 0) {
      throw new IllegalArgumentException(
          metric.name() + " was not measured, but " + metrics.stream().map(Metric::name).toList());
    }
    if (metric instanceof SystemMetric system) {
      return lists.length == 0 ? Double.NaN : system.of(inCatalogue(recommended(system.cutoff())));
    }
    double sum = 0;
    double weight = 0;
    for (int place = 0; place < sums[at].length; place++) {
      if (!Float.isNaN(sums[at][place])) {
        sum += sums[at][place];
        weight += weight(metric, place);
      }
    }
    return metric instanceof RatingMetric rating ? rating.ofMeanLoss(sum / weight) : sum / weight;
  }

  /** What a person's sum counts in the mean. */
  int weight(Metric metric, int place) {
    return metric instanceof RatingMetric ? ratings[place] : 1;
  }

  /** How often each item is in the first k places of a list. */
  private int[] recommended(int k) {
    int[] counts = new int[itemCount];
    for (int place = 0; place < users.length; place++) {
      for (int rank = 0; rank < k && lists[place * listLength + rank] >= 0; rank++) {
        counts[lists[place * listLength + rank]]++;
      }
    }
    return counts;
  }

  /** The counts of the items of the catalogue, out of those of all items. */
  int[] inCatalogue(int[] counts) {
    if (catalogue.length == itemCount) {
      return counts;
    }
    int[] own = new int[catalogue.length];
    for (int place = 0; place < own.length; place++) {
      own[place] = counts[catalogue[place]];
    }
    return own;
  }

  /**
   * The value of each person for a list metric, {@code auc}, or a metric of ratings of that person
   * alone, in the order of {@link #users}.
   *
   * @return shape {@code float[users]}, NaN where there is none; empty where the metric was not
   *     measured or is of the whole system
   */
  public float[] perUser(Metric metric) {
    float[] values = sums[metrics.indexOf(metric)].clone();
    if (metric instanceof RatingMetric rating) {
      for (int place = 0; place < values.length; place++) {
        values[place] = (float) rating.ofMeanLoss(values[place] / ratings[place]);
      }
    }
    return values;
  }

  /** Whether a metric was measured for single people. */
  boolean hasPerUser(Metric metric) {
    return sums[metrics.indexOf(metric)].length > 0;
  }

  @Override
  public String toString() {
    return "Evaluation["
        + String.join(
            ", ",
            metrics.stream().map(metric -> metric.name() + " " + (float) value(metric)).toList())
        + ", "
        + counts
        + "]";
  }

  static float[] missing(int users) {
    float[] values = new float[users];
    Arrays.fill(values, Float.NaN);
    return values;
  }
}
