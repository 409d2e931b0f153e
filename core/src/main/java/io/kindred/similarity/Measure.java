package io.kindred.similarity;

/**
 * How alike two rows a and b of a matrix are; larger is more alike. The rows are users or items.
 *
 * <p>Each constant says whether it looks at <em>whole rows</em> (a missing entry counts as 0) or
 * only at <em>co-rated</em> columns, in which both rows have an entry; {@link #corated} answers the
 * same. Notation: |a| entries of row a, ‖a‖ its Euclidean norm, n co-rated columns, N columns of
 * the matrix, sums over co-rated columns. A pair without a co-rated column has no similarity and is
 * never a neighbor. Where a formula divides by 0 (a constant row under Pearson, a row of zeros
 * under cosine) the similarity is 0.
 */
public enum Measure {
  /** Whole rows, in [-1, 1]: a·b / (‖a‖ ‖b‖). */
  COSINE(Transform.NONE, Needs.DOT) {
    @Override
    double of(PairStatistics s) {
      return ratio(s.dot, Math.sqrt(s.normA * s.normB));
    }
  },
  /** Co-rated, in [-1, 1]: Σab / (√Σa² √Σb²). */
  COSINE_CORATED(Transform.NONE, Needs.CORATED) {
    @Override
    double of(PairStatistics s) {
      return ratio(s.dot, Math.sqrt(s.squareA * s.squareB));
    }
  },
  /**
   * Whole rows, in [-1, 1]: cosine after each column's mean is subtracted from its entries. Between
   * items, columns are users, so that each user's own level drops out (Sarwar et al. 2001, section
   * 3.1.3, there over co-rated users; whole rows damp small overlaps).
   */
  ADJUSTED_COSINE(Transform.COLUMN_MEAN, Needs.DOT) {
    @Override
    double of(PairStatistics s) {
      return ratio(s.dot, Math.sqrt(s.normA * s.normB));
    }
  },
  /**
   * Co-rated, in [-1, 1]: as {@link #ADJUSTED_COSINE}, with norms over co-rated columns, as Sarwar
   * et al. 2001 define it.
   */
  ADJUSTED_COSINE_CORATED(Transform.COLUMN_MEAN, Needs.CORATED) {
    @Override
    double of(PairStatistics s) {
      return ratio(s.dot, Math.sqrt(s.squareA * s.squareB));
    }
  },
  /**
   * Co-rated, in [-1, 1]: Pearson's correlation with the means of the co-rated entries, (nΣab -
   * ΣaΣb) / (√(nΣa²-(Σa)²) √(nΣb²-(Σb)²)).
   */
  PEARSON(Transform.NONE, Needs.CORATED) {
    @Override
    double of(PairStatistics s) {
      return correlation(s);
    }
  },
  /**
   * Whole rows, in [-1, 1]: cosine after each row's mean over its entries is subtracted from them.
   */
  PEARSON_WHOLE(Transform.ROW_MEAN, Needs.DOT) {
    @Override
    double of(PairStatistics s) {
      return ratio(s.dot, Math.sqrt(s.normA * s.normB));
    }
  },
  /** Whole rows, in (0, 1]: 1 / (1 + d), d = ‖a - b‖. */
  EUCLIDEAN(Transform.NONE, Needs.DOT_AND_OVERLAP) {
    @Override
    double of(PairStatistics s) {
      return 1 / (1 + Math.sqrt(Math.max(0, s.normA + s.normB - 2 * s.dot)));
    }
  },
  /** Co-rated, in (0, 1]: 1 / (1 + d), d² = Σ(a-b)². */
  EUCLIDEAN_CORATED(Transform.NONE, Needs.CORATED) {
    @Override
    double of(PairStatistics s) {
      return 1 / (1 + Math.sqrt(squaredDistance(s)));
    }
  },
  /** Whole rows, in [0, 1]: exp(-d), d = ‖a - b‖. */
  EUCLIDEAN_EXP(Transform.NONE, Needs.DOT_AND_OVERLAP) {
    @Override
    double of(PairStatistics s) {
      return Math.exp(-Math.sqrt(Math.max(0, s.normA + s.normB - 2 * s.dot)));
    }
  },
  /** Co-rated, in [0, 1]: exp(-d), d² = Σ(a-b)². */
  EUCLIDEAN_EXP_CORATED(Transform.NONE, Needs.CORATED) {
    @Override
    double of(PairStatistics s) {
      return Math.exp(-Math.sqrt(squaredDistance(s)));
    }
  },
  /**
   * Co-rated, in (0, 1]: 1 / (1 + msd), msd = Σ(a-b)² / n, the mean squared difference (Shardanand
   * and Maes 1995).
   */
  MSD(Transform.NONE, Needs.CORATED) {
    @Override
    double of(PairStatistics s) {
      return 1 / (1 + squaredDistance(s) / s.overlap);
    }
  },
  /**
   * Co-rated, in [-1, 1]: Spearman's rank correlation, that is {@link #PEARSON} of ranks. A row's
   * entries are ranked once, among all entries of the row, ties by their mean rank (Herlocker et
   * al. 1999); {@link #SPEARMAN_CORATED} ranks anew for each pair.
   */
  SPEARMAN(Transform.RANKS, Needs.CORATED) {
    @Override
    double of(PairStatistics s) {
      return correlation(s);
    }
  },
  /**
   * Co-rated, in [-1, 1]: Spearman's rank correlation, that is {@link #PEARSON} of ranks, with the
   * co-rated entries of each pair ranked among each other, ties by their mean rank (Spearman 1904).
   * These ranks belong to a pair and are no sums, so each pair that shares a column costs O(|b| + n
   * log n) on top of the pass.
   */
  SPEARMAN_CORATED(Transform.NONE, Needs.CORATED_RANKS) {
    @Override
    double of(PairStatistics s) {
      return correlation(s);
    }
  },
  /** Sets of entries, in [0, 1], values ignored: n / (|a| + |b| - n). */
  JACCARD(Transform.NONE, Needs.OVERLAP) {
    @Override
    double of(PairStatistics s) {
      return ratio(s.overlap, s.sizeA + s.sizeB - s.overlap);
    }
  },
  /**
   * Whole rows, in [-1/3, 1]: a·b / (‖a‖² + ‖b‖² - a·b); {@link #JACCARD} where all values are 1
   * (Tanimoto 1958).
   */
  TANIMOTO(Transform.NONE, Needs.DOT) {
    @Override
    double of(PairStatistics s) {
      return ratio(s.dot, s.normA + s.normB - s.dot);
    }
  },
  /** Sets of entries, in [0, 1], values ignored: 2n / (|a| + |b|) (Dice 1945). */
  DICE(Transform.NONE, Needs.OVERLAP) {
    @Override
    double of(PairStatistics s) {
      return ratio(2 * s.overlap, s.sizeA + s.sizeB);
    }
  },
  /** Sets of entries, in [0, 1], values ignored: n / min(|a|, |b|), the overlap coefficient. */
  OVERLAP(Transform.NONE, Needs.OVERLAP) {
    @Override
    double of(PairStatistics s) {
      return ratio(s.overlap, Math.min(s.sizeA, s.sizeB));
    }
  },
  /**
   * Whole rows, not symmetric: a·b / (‖a‖^(2α) ‖b‖^(2(1-α))); with values 1 it is P(b|a)^α
   * P(a|b)^(1-α) (Aiolli 2013). α = 0.5 is {@link #COSINE}, α = 1 the conditional probability
   * P(b|a) of Deshpande and Karypis 2004; α is {@link SimilarityOptions#alpha}.
   */
  ASYMMETRIC_COSINE(Transform.NONE, Needs.DOT) {
    @Override
    double of(PairStatistics s) {
      return ratio(s.dot, Math.pow(s.normA, s.alpha) * Math.pow(s.normB, 1 - s.alpha));
    }
  },
  /**
   * Sets of entries, in [0, 1), values ignored: 1 - 1 / (1 + G²), G² the log-likelihood ratio of
   * the 2 x 2 table of co-occurrence (Dunning 1993). A pair that occurs together less often than by
   * chance has similarity 0: the ratio alone does not tell avoidance from attraction.
   */
  LOG_LIKELIHOOD(Transform.NONE, Needs.OVERLAP) {
    @Override
    double of(PairStatistics s) {
      if (s.overlap * s.columns <= s.sizeA * s.sizeB) {
        return 0;
      }
      double k12 = s.sizeA - s.overlap;
      double k21 = s.sizeB - s.overlap;
      double k22 = s.columns - s.sizeA - s.sizeB + s.overlap;
      double cells = xLogX(s.overlap) + xLogX(k12) + xLogX(k21) + xLogX(k22);
      double rows = xLogX(s.sizeA) + xLogX(s.columns - s.sizeA);
      double columns = xLogX(s.sizeB) + xLogX(s.columns - s.sizeB);
      double g2 = 2 * Math.max(0, cells - rows - columns + xLogX(s.columns));
      return 1 - 1 / (1 + g2);
    }
  },
  /**
   * Co-rated, in [-1, 1]: Σab / (√Σa² √Σb²) where entries are residuals of the rating baseline μ +
   * b(row) + b(column), times (n-1) / (n-1+shrinkage) (Koren 2010, equation 2; shrinkage 100
   * there). Unlike the other measures, n - 1 and not n is shrunk.
   */
  PEARSON_BASELINE(Transform.BASELINE, Needs.CORATED) {
    @Override
    double of(PairStatistics s) {
      return ratio(s.dot, Math.sqrt(s.squareA * s.squareB));
    }
  };

  /** What is done to the entries of the matrix before the pass. */
  enum Transform {
    NONE,
    ROW_MEAN,
    COLUMN_MEAN,
    RANKS,
    BASELINE
  }

  /** Which sums the pass must collect. */
  enum Needs {
    OVERLAP,
    DOT,
    DOT_AND_OVERLAP,
    CORATED,
    CORATED_RANKS
  }

  final Transform transform;
  final Needs needs;

  Measure(Transform transform, Needs needs) {
    this.transform = transform;
    this.needs = needs;
  }

  /** The similarity from the statistics of a pair that has at least one co-rated column. */
  abstract double of(PairStatistics s);

  /** Whether only co-rated columns count; else whole rows do. */
  public boolean corated() {
    return needs == Needs.CORATED || needs == Needs.CORATED_RANKS;
  }

  /**
   * Whether entries may be weighted first: not where values are ignored, ranked, or taken as
   * ratings above a mean or a baseline.
   */
  public boolean takesWeights() {
    return transform == Transform.NONE && needs != Needs.OVERLAP && needs != Needs.CORATED_RANKS;
  }

  private static double ratio(double above, double below) {
    return below > 0 ? above / below : 0;
  }

  private static double squaredDistance(PairStatistics s) {
    return Math.max(0, s.squareA + s.squareB - 2 * s.dot);
  }

  private static double correlation(PairStatistics s) {
    double varianceA = s.overlap * s.squareA - s.sumA * s.sumA;
    double varianceB = s.overlap * s.squareB - s.sumB * s.sumB;
    // rounding leaves a little of a variance that is 0
    if (varianceA <= 1e-10 * s.overlap * s.squareA || varianceB <= 1e-10 * s.overlap * s.squareB) {
      return 0;
    }
    return (s.overlap * s.dot - s.sumA * s.sumB) / Math.sqrt(varianceA * varianceB);
  }

  private static double xLogX(double x) {
    return x > 0 ? x * Math.log(x) : 0;
  }
}
