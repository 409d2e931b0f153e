package io.kindred.neural.model;

import io.kindred.neural.batch.MultiHot;
import io.kindred.neural.tensor.Tensor;

/** Sums of rows of a table, as sparse rows say which and how much of each. */
public final class Bags {
  private Bags() {}

  /**
   * The product of sparse rows and a table, which learns from it: {@code sum over entries of weight
   * * table[item]} for each row.
   *
   * @param table [items, d]
   * @return [rows, d]
   */
  public static Tensor sums(Tensor table, MultiHot rows) {
    return table.embeddingBag(
        Tensor.of(rows.items(), rows.size()),
        Tensor.of(rows.starts(), rows.rows()),
        Tensor.of(rows.weights(), rows.size()));
  }
}
