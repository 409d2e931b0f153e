package io.kindred.neural.train;

import io.kindred.Model;
import io.kindred.ProgressListener;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.Interactions;
import io.kindred.eval.Evaluation;
import io.kindred.eval.Evaluator;
import io.kindred.eval.Protocol;
import io.kindred.metric.Metric;
import io.kindred.metric.Ndcg;
import io.kindred.neural.batch.Seeds;
import io.kindred.split.HeldOut;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What early stopping goes by: ndcg@10 over the whole catalogue on the validation part of the
 * training context. Where that has none, the last interaction of some users is held out of the
 * training: a tenth of those with three or more, at most two thousand.
 */
public final class Validator {
  private static final Metric NDCG = new Ndcg(10);
  private static final int MOST_USERS = 2000;

  private final Dataset data;
  private final Interactions train;
  private final HeldOut part;

  private Validator(Dataset data, Interactions train, HeldOut part) {
    this.data = data;
    this.train = train;
    this.part = part;
  }

  /**
   * A validator of a training.
   *
   * @param stopping whether anything is measured at all; if not, nothing is held out
   */
  public static Validator of(Dataset data, TrainingContext context, boolean stopping) {
    Interactions all = data.interactions();
    if (!stopping) {
      Interactions none = Interactions.empty(all.userCount(), all.itemCount());
      return new Validator(data, all, new HeldOut(none, none));
    }
    return context
        .validation(data)
        .map(given -> new Validator(data, all, new HeldOut(given.history(), given.targets())))
        .orElseGet(() -> heldOut(data, context.seed()));
  }

  private static Validator heldOut(Dataset data, long seed) {
    Interactions all = data.interactions();
    SplittableRandom random = new SplittableRandom(Seeds.of(seed, 3));
    Interactions.Builder train = Interactions.builder();
    Interactions.Builder targets = Interactions.builder();
    Interactions.Builder histories = Interactions.builder();
    int able = 0;
    for (int user = 0; user < all.userCount(); user++) {
      able += all.userSize(user) >= 3 ? 1 : 0;
    }
    double share = Math.min(0.1, (double) MOST_USERS / Math.max(1, able));
    for (int user = 0; user < all.userCount(); user++) {
      int from = all.starts()[user];
      int last = all.starts()[user + 1] - 1;
      boolean held = last - from >= 2 && random.nextDouble() < share && isNew(all, from, last);
      for (int p = from; p <= last; p++) {
        if (held && p == last) {
          add(targets, all, user, p);
          continue;
        }
        add(train, all, user, p);
        if (held) {
          add(histories, all, user, p);
        }
      }
    }
    return new Validator(
        data,
        train.build(all.userCount(), all.itemCount()),
        new HeldOut(
            histories.build(all.userCount(), all.itemCount()),
            targets.build(all.userCount(), all.itemCount())));
  }

  private static boolean isNew(Interactions all, int from, int last) {
    for (int p = from; p < last; p++) {
      if (all.items()[p] == all.items()[last]) {
        return false;
      }
    }
    return true;
  }

  private static void add(Interactions.Builder to, Interactions all, int user, int p) {
    if (all.hasTimes()) {
      to.add(user, all.items()[p], all.values()[p], 1000 * all.time(p));
    } else {
      to.add(user, all.items()[p], all.values()[p]);
    }
  }

  /** What may be trained on. */
  public Interactions train() {
    return train;
  }

  /** ndcg@10 of a model; NaN where nobody is held out. */
  public double ndcg(Model model, int threads) {
    if (part.targets().size() == 0) {
      return Double.NaN;
    }
    Evaluation measured =
        new Evaluator(Protocol.of(List.of(NDCG)), threads)
            .evaluate(model, data, part, ProgressListener.NONE);
    return measured.value(NDCG);
  }
}
