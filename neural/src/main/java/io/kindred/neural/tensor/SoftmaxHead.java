package io.kindred.neural.tensor;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Cross-entropy over a whole catalogue, in pieces that fit the cache, with the gradient written
 * out:
 *
 * <pre>
 * loss = scale * sum over rows of  -s[target] + log sum e^s,      s = h W^T + b
 * dloss/ds = scale * (softmax(s) - onehot(target))
 * dloss/dh = dloss/ds W        dloss/dW = dloss/ds^T h     dloss/db = sum of dloss/ds
 * </pre>
 *
 * <p>Places that are excluded have s = -infinity: neither the sum nor a gradient knows them.
 *
 * <p>Scores are never held for all rows: a piece has as many rows as fit {@code PIECE} floats, and
 * its memory is used again. So a million items train in the memory of the weights, and no time goes
 * into mapping fresh pages. Not thread-safe.
 */
public final class SoftmaxHead {
  private static final long PIECE = 1L << 21;

  private final long items;
  private final long pieceRows;
  private final org.bytedeco.pytorch.Tensor scores;

  /** What does not count, asked for a piece at a time. */
  @FunctionalInterface
  public interface Excluded {
    /** Everything counts. */
    Excluded NONE = (from, rows) -> new long[0];

    /**
     * Flat places {@code (row - from) * items + item} that do not count.
     *
     * @param from the first row of the piece
     * @param rows of the piece
     */
    long[] ofRows(int from, int rows);
  }

  /** A head for so many items; made outside any scope. */
  public SoftmaxHead(long items) {
    if (Scope.isOpen()) {
      throw new IllegalStateException("the head would end with the open scope");
    }
    this.items = items;
    pieceRows = Math.max(16, PIECE / items);
    scores = Tensor.empty(pieceRows, items).raw();
  }

  /**
   * Computes the loss and adds the gradients to those of the leaves {@code weight} and {@code
   * bias}, and, through the graph, of all that {@code hidden} was computed from.
   *
   * @param hidden [rows, d]
   * @param weight [at least items, d], a leaf; only the first {@code items} rows count
   * @param bias [items], a leaf, or {@code null}
   * @param targets [rows] of items
   * @param excluded what does not count; no target is among it
   * @param scale of the loss: 1 / rows for the mean
   * @return the loss
   */
  public double backward(
      Tensor hidden,
      Tensor weight,
      @Nullable Tensor bias,
      long[] targets,
      Excluded excluded,
      double scale) {
    long rows = hidden.size(0);
    org.bytedeco.pytorch.Tensor gradient;
    double loss = 0;
    try (Scope scope = Scope.withoutGradients()) {
      gradient = torch.empty_like(hidden.raw());
      org.bytedeco.pytorch.Tensor h = hidden.raw().detach();
      org.bytedeco.pytorch.Tensor w = weight.raw().detach().narrow(0, 0, items);
      org.bytedeco.pytorch.Tensor toItems = gradientOf(weight.raw()).narrow(0, 0, items);
      org.bytedeco.pytorch.Tensor all = Tensor.of(targets, targets.length, 1).raw();
      org.bytedeco.pytorch.Tensor ones = Tensor.full(-scale, pieceRows, 1).raw();
      for (long from = 0; from < rows; from += pieceRows) {
        try (Scope piece = Scope.open()) {
          long n = Math.min(pieceRows, rows - from);
          org.bytedeco.pytorch.Tensor part = h.narrow(0, from, n);
          org.bytedeco.pytorch.Tensor target = all.narrow(0, from, n);
          org.bytedeco.pytorch.Tensor s = scores.narrow(0, 0, n);
          torch.mm_out(s, part, w.t());
          if (bias != null) {
            s.add_(bias.raw().detach());
          }
          long[] places = excluded.ofRows((int) from, (int) n);
          if (places.length > 0) {
            s.view(-1)
                .index_fill_(
                    0, Tensor.of(places, places.length).raw(), new Scalar(Float.NEGATIVE_INFINITY));
          }
          org.bytedeco.pytorch.Tensor positive = s.gather(1, target);
          org.bytedeco.pytorch.Tensor largest = s.amax(new long[] {1}, true);
          s.sub_(largest).exp_();
          org.bytedeco.pytorch.Tensor sum =
              s.sum(new long[] {1}, true, new org.bytedeco.pytorch.ScalarTypeOptional());
          loss += sum.log().add(largest).sub(positive).sum().item_double();
          s.mul_(sum.mul(new Scalar(1 / scale)).reciprocal());
          s.scatter_add_(1, target, ones.narrow(0, 0, n));
          torch.mm_out(gradient.narrow(0, from, n), s, w);
          toItems.addmm_(s.t(), part);
          if (bias != null) {
            gradientOf(bias.raw())
                .add_(s.sum(new long[] {0}, false, new org.bytedeco.pytorch.ScalarTypeOptional()));
          }
        }
      }
      gradient.retainReference();
    }
    try {
      hidden.backward(new Tensor(gradient));
    } finally {
      gradient.releaseReference();
    }
    return loss * scale;
  }

  private static org.bytedeco.pytorch.Tensor gradientOf(org.bytedeco.pytorch.Tensor leaf) {
    if (!leaf.grad().defined()) {
      leaf.mutable_grad().put(torch.zeros_like(leaf));
    }
    return leaf.grad();
  }
}
