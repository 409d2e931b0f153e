package io.kindred.neural.model;

import io.kindred.data.History;
import io.kindred.neural.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** A network whose score is {@code query . item + bias[item]}. */
public interface VectorNetwork extends Network {
  /**
   * The vectors of people. Called inside a scope without gradients.
   *
   * @param histories none is empty
   * @return [histories, d]
   */
  Tensor queries(List<History> histories);

  /** The vectors of all items, [items, d]. */
  Tensor items();

  /** The biases of all items, [items], if there are any. */
  Optional<Tensor> bias();

  @Override
  default Tensor scores(List<History> histories) {
    Tensor queries = queries(histories);
    // A product of matrices first brings all items into another order, which one person does not
    // pay back: a matrix times a vector takes less than half of the time.
    Tensor scores =
        histories.size() == 1
            ? items().matmul(queries.reshape(-1)).reshape(1, -1)
            : queries.matmul(items().transpose(0, 1));
    return bias().map(scores::add).orElse(scores);
  }
}
