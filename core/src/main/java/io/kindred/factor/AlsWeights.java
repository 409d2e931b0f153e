package io.kindred.factor;

import io.kindred.ProgressListener;
import io.kindred.data.Dataset;
import io.kindred.data.Interactions;
import io.kindred.linalg.Kernels;
import java.util.Locale;

/*
 * What als makes of a data set depends on two ratios, not on the numbers themselves.
 *
 * The first is how much all pairs that were not observed weigh beside those that were:
 *
 *   UNOBSERVED_SHARE = unobservedWeight users items / sum over observed (u, i) of alpha weighting(value)
 *
 * The second is how strongly lambda holds back. Near zero vectors the loss is, but for what does not
 * depend on them,
 *
 *   - 2 sum over observed (u, i) of w(u, i) x(u) . y(i) + sum of lambda(u) |x(u)|^2 + sum of lambda(i) |y(i)|^2
 *
 * so a component of the weights w of the observed pairs, with the singular value s, can grow if
 * s > sqrt(lambda(u) lambda(i)), and vanishes if not. Where n people per item and m items per person
 * were drawn by chance, the singular values of the matrix go up to about sqrt(n) + sqrt(m), times the mean
 * weight: what is above that is pattern, what is far below it is noise.
 *
 *   NOISE_SHARE = sqrt(lambda(u) lambda(i)) / (mean weight (sqrt(n) + sqrt(m)))
 *
 * with lambda(u) = regularization (m + unobservedWeight items)^frequencyExponent and lambda(i) alike.
 *
 * With numbers instead of ratios, 0.1 and 0.02, sqrt(lambda(u) lambda(i)) is 2.8 for 601 people with 56
 * items each of 1,955 (0.25 of noise), and 33 for 22,363 people with 7 items each of 12,101: six times
 * the noise, and nothing is left.
 */
/** Finds the unobserved weight and the regularization of {@link ImplicitAls} from the data. */
record AlsWeights(ImplicitAls trainer, ObservedCounts counts) {
  private static final double UNOBSERVED_SHARE = 5;
  private static final double NOISE_SHARE = 0.25;

  /** Below this mean score of what was observed, where 1 is meant, a model says nothing. */
  private static final double VANISHED = 0.01;

  static AlsWeights of(ImplicitAls trainer, Dataset data) {
    SquaredLoss observed = new SquaredLoss(trainer.weighting(), trainer.alpha(), 1, 1, 0, 0);
    observed.check(trainer.algorithm(), data);
    return new AlsWeights(trainer, ObservedCounts.of(data, observed));
  }

  /** The trainer with the numbers of this data; what was given stays as it is. */
  ImplicitAls resolved() {
    double unobserved = trainer.unobservedWeight();
    if (Double.isNaN(unobserved)) {
      unobserved =
          ObservedCounts.rounded(
              UNOBSERVED_SHARE * counts.weight() / (counts.users() * counts.items()));
    }
    double regularization = trainer.regularization();
    if (Double.isNaN(regularization)) {
      double one = // sqrt(lambda(u) lambda(i)) at regularization 1
          Math.pow(
              (counts.ofUser() + unobserved * counts.columns())
                  * (counts.ofItem() + unobserved * counts.rows()),
              trainer.frequencyExponent() / 2);
      regularization = ObservedCounts.rounded(NOISE_SHARE * counts.noise() / one);
    }
    return trainer
        .withWeights(trainer.alpha(), trainer.weighting(), unobserved)
        .withRegularization(regularization, trainer.frequencyExponent());
  }

  /** Says it where the vectors are so short that what people did scores as nothing. */
  static void warnOfVanished(
      ImplicitAls trainer,
      Dataset data,
      float[][] users,
      float[][] items,
      ProgressListener progress) {
    Interactions interactions = data.interactions();
    double sum = 0;
    long count = 0;
    for (int user = 0; user < users.length; user++) {
      for (int p = interactions.starts()[user]; p < interactions.starts()[user + 1]; p++) {
        if (interactions.values()[p] > 0) {
          sum += Kernels.dot(users[user], items[interactions.items()[p]], trainer.factors());
          count++;
        }
      }
    }
    if (count > 0 && !(sum / count > VANISHED)) {
      ImplicitAls auto =
          trainer
              .withWeights(trainer.alpha(), trainer.weighting(), Double.NaN)
              .withRegularization(Double.NaN, trainer.frequencyExponent())
              .resolved(data);
      progress.onWarning(
          String.format(
              Locale.ROOT,
              "als: the vectors vanish: what people did scores %.2g on average, where 1 is meant,"
                  + " so that everybody gets the same items. unobservedWeight=%s and"
                  + " regularization=%s are too much for this data; %s and %s, which 'auto' takes,"
                  + " would be right.",
              sum / count,
              trainer.unobservedWeight(),
              trainer.regularization(),
              auto.unobservedWeight(),
              auto.regularization()));
    }
  }
}
