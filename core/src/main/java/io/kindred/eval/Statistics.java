package io.kindred.eval;

/** The distributions behind intervals and tests. */
final class Statistics {
  private static final double[] LANCZOS = {
    0.9999999999998099,
    676.5203681218851,
    -1259.1392167224028,
    771.3234287776531,
    -176.6150291621406,
    12.507343278686905,
    -0.13857109526572012,
    9.984369578019572e-6,
    1.5056327351493116e-7
  };

  private Statistics() {}

  /**
   * The standard normal distribution function, by the series of Marsaglia, "Evaluating the Normal
   * Distribution", 2004.
   */
  static double normalCdf(double z) {
    if (z < -8) {
      return 0;
    }
    if (z > 8) {
      return 1;
    }
    double term = z;
    double sum = z;
    for (double i = 3; Math.abs(term) > 1e-17 * Math.abs(sum) && i < 1000; i += 2) {
      term *= z * z / i;
      sum += term;
    }
    return 0.5 + sum * Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
  }

  /** The z below which a standard normal value is with the given probability, within [-8, 8]. */
  static double normalQuantile(double probability) {
    double low = -8;
    double high = 8;
    for (int i = 0; i < 60; i++) {
      double middle = 0.5 * (low + high);
      if (normalCdf(middle) < probability) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return 0.5 * (low + high);
  }

  /**
   * The probability that Student's t with so many degrees of freedom is at least as far from 0:
   * I(x; df/2, 1/2) at x = df / (df + t<sup>2</sup>).
   */
  static double studentTwoSided(double t, double degrees) {
    return Double.isInfinite(t)
        ? 0
        : regularizedBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
  }

  /**
   * The regularized incomplete beta function, by its continued fraction (Abramowitz and Stegun
   * 26.5.8), evaluated from the front.
   */
  private static double regularizedBeta(double x, double a, double b) {
    if (x <= 0 || x >= 1) {
      return x <= 0 ? 0 : 1;
    }
    if (x > (a + 1) / (a + b + 2)) {
      return 1 - regularizedBeta(1 - x, b, a);
    }
    double front =
        Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b))
            / a;
    double tiny = 1e-300;
    double c = 1;
    double d = 1 / away(1 - (a + b) * x / (a + 1), tiny);
    double fraction = d;
    for (int m = 1; m < 500; m++) {
      double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      d = 1 / away(1 + even * d, tiny);
      c = away(1 + even / c, tiny);
      fraction *= c * d;
      double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      d = 1 / away(1 + odd * d, tiny);
      c = away(1 + odd / c, tiny);
      fraction *= c * d;
      if (Math.abs(c * d - 1) < 1e-15) {
        break;
      }
    }
    return front * fraction;
  }

  private static double away(double value, double tiny) {
    return Math.abs(value) < tiny ? tiny : value;
  }

  /** The logarithm of the gamma function for x above 0, by Lanczos' approximation. */
  private static double logGamma(double x) {
    double sum = LANCZOS[0];
    for (int i = 1; i < LANCZOS.length; i++) {
      sum += LANCZOS[i] / (x - 1 + i);
    }
    double base = x + 6.5;
    return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(sum);
  }

  /** The value at a share of an ascending array, between two places by straight line. */
  static double quantile(double[] sorted, double share) {
    double at = Math.max(0, Math.min(1, share)) * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(sorted.length - 1, below + 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
