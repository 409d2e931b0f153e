package io.kindred.eval;

import io.kindred.KindredException;
import io.kindred.metric.ListMetric;
import io.kindred.metric.Metric;
import io.kindred.metric.RatingMetric;
import io.kindred.metric.SystemMetric;
import java.util.List;

/**
 * What is measured, and among which candidates.
 *
 * @param metrics what is measured; the first one leads: models are ranked and plotted by it
 * @param candidates among which items
 * @param views among which other items the same models are measured too; an {@link Experiment} does
 *     so, and reports each beside the first
 * @param seed of sampled candidates and of the bootstrap
 * @param asServed whether lists are those that a {@link io.kindred.recommend.ModelRecommender}
 *     gives, filled up by popularity where the model can score too few items; else they are of what
 *     the model itself scores
 */
public record Protocol(
    List<Metric> metrics,
    Candidates candidates,
    List<Candidates> views,
    long seed,
    boolean asServed) {
  /** Checks that there is a metric, that none is there twice, and the candidates. */
  public Protocol {
    metrics = List.copyOf(metrics);
    views = List.copyOf(views);
    if (metrics.isEmpty() || metrics.stream().distinct().count() < metrics.size()) {
      throw new KindredException(
          "metrics must be at least one, and each once, got "
              + metrics.stream().map(Metric::name).toList());
    }
    if (asServed && !(candidates.equals(Candidates.ALL) && views.isEmpty())) {
      throw new KindredException(
          "lists as served are of all items: they cannot be measured among candidates "
              + (candidates.equals(Candidates.ALL) ? views.get(0) : candidates).spec());
    }
  }

  /** The metrics among some candidates and no others. */
  public Protocol(List<Metric> metrics, Candidates candidates, long seed) {
    this(metrics, candidates, List.of(), seed, false);
  }

  /** The metrics among the whole catalogue, seed 42. */
  public static Protocol of(List<Metric> metrics) {
    return new Protocol(metrics, Candidates.ALL, 42);
  }

  /** The same with other candidates. */
  public Protocol withCandidates(Candidates newCandidates) {
    return new Protocol(metrics, newCandidates, views, seed, asServed);
  }

  /** The same with further candidates. */
  public Protocol withViews(List<Candidates> newViews) {
    return new Protocol(metrics, candidates, newViews, seed, asServed);
  }

  /** The same with another seed. */
  public Protocol withSeed(long newSeed) {
    return new Protocol(metrics, candidates, views, newSeed, asServed);
  }

  /** The same with lists as they are served, or not. */
  public Protocol withAsServed(boolean newAsServed) {
    return new Protocol(metrics, candidates, views, seed, newAsServed);
  }

  /** How long lists must be: the largest cut-off; 0 where no metric looks at lists. */
  int listLength() {
    int length = 0;
    for (Metric metric : metrics) {
      int cutoff =
          metric instanceof ListMetric list
              ? list.cutoff()
              : metric instanceof SystemMetric system ? system.cutoff() : 0;
      length = Math.max(length, cutoff);
    }
    return length;
  }

  boolean ofRatings() {
    return metrics.stream().anyMatch(RatingMetric.class::isInstance);
  }
}
