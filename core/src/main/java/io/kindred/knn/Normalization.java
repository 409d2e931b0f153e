package io.kindred.knn;

/**
 * What is taken away from ratings before they are averaged over neighbors, and given back to the
 * prediction. "Row" is the user in user-based and the item in item-based models.
 */
public enum Normalization {
  /** Nothing: the weighted mean of the neighbors' ratings. */
  NONE,
  /** The row's mean (Resnick et al., CSCW 1994). */
  MEAN,
  /**
   * The row's mean, then division by its standard deviation (Herlocker et al., SIGIR 1999); a row
   * without spread takes that of all ratings.
   */
  Z_SCORE,
  /** The baseline of the pair, mean + user bias + item bias (Koren, TKDD 2010, equation 3). */
  BASELINE
}
