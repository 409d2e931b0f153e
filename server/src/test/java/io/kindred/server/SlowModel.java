package io.kindred.server;

import io.kindred.Cancellation;
import io.kindred.Explainer;
import io.kindred.Explanation;
import io.kindred.Model;
import io.kindred.ModelInfo;
import io.kindred.Profile;
import io.kindred.Scorer;
import io.kindred.data.Dataset;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A model whose reasons take long: it computes on one processor for each of them, and says how many
 * computations run.
 */
final class SlowModel implements Model, Explainer {
  private final Model fast;
  private final Duration each;
  final AtomicInteger running = new AtomicInteger();
  final AtomicInteger mostRunning = new AtomicInteger();

  /** The same as another model, with reasons that take so long for each item. */
  SlowModel(Model fast, Duration each) {
    this.fast = fast;
    this.each = each;
  }

  @Override
  public ModelInfo info() {
    return fast.info();
  }

  @Override
  public Dataset data() {
    return fast.data();
  }

  @Override
  public Scorer scorer() {
    return fast.scorer();
  }

  @Override
  public Optional<Explanation> explain(Profile profile, int item, int limit) {
    long end = System.nanoTime() + each.toNanos();
    while (System.nanoTime() < end) {
      Cancellation.check();
    }
    return ((Explainer) fast).explain(profile, item, limit);
  }

  @Override
  public List<Optional<Explanation>> explain(Profile profile, int[] items, int limit) {
    mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
    try {
      return Explainer.super.explain(profile, items, limit);
    } finally {
      running.decrementAndGet();
    }
  }
}
