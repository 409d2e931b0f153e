package io.kindred.neural.train;

/** How the learning rate goes over the epochs, after a linear warm-up. */
public enum Schedule {
  /** Always the same. */
  CONSTANT,
  /** Down to 0 along half a cosine (Loshchilov and Hutter, ICLR 2017), without restarts. */
  COSINE,
  /** A tenth after each third of all steps. */
  STEP,
  /** Half whenever the validation metric has not risen for a third of the patience. */
  PLATEAU;

  /**
   * The factor on the learning rate.
   *
   * @param step from 0 on
   * @param steps of the whole training
   * @param warmup the first steps, over which the factor rises from 0
   * @param drops how often the metric stood still so far
   */
  double factor(long step, long steps, long warmup, int drops) {
    double rise = step < warmup ? (step + 1.0) / warmup : 1;
    double done = Math.min(1, (double) step / Math.max(1, steps));
    return rise
        * switch (this) {
          case CONSTANT -> 1;
          case COSINE -> 0.5 * (1 + Math.cos(Math.PI * done));
          case STEP -> done < 1 / 3.0 ? 1 : done < 2 / 3.0 ? 0.1 : 0.01;
          case PLATEAU -> Math.pow(0.5, drops);
        };
  }
}
