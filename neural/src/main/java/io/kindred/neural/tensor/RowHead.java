package io.kindred.neural.tensor;

import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Losses of whole rows over a catalogue against sparse targets x, in pieces that fit the cache,
 * with the gradient written out. With s = h W^T + b and n = sum of x of the row:
 *
 * <pre>
 * multinomial   sum over rows of  n log sum e^s - sum of x s            dloss/ds = n softmax(s) - x
 * squared       sum over rows of  sum over items with x of (x - s)^2
 *                               + u sum over the others of s^2          dloss/ds = 2 w (s - x)
 * </pre>
 *
 * <p>u is what an item without a target weighs. As in {@link SoftmaxHead}, scores are never held
 * for all rows. Not thread-safe.
 */
public final class RowHead {
  /** The losses. */
  public enum Loss {
    /** Of counts drawn from softmax(s). */
    MULTINOMIAL,
    /** Squared error. */
    SQUARED
  }

  private static final long PIECE = 1L << 21;

  private final Loss kind;
  private final double others;
  private final long items;
  private final long pieceRows;
  private final org.bytedeco.pytorch.Tensor scores;

  private RowHead(Loss kind, double others, long items) {
    if (Scope.isOpen()) {
      throw new IllegalStateException("the head would end with the open scope");
    }
    this.kind = kind;
    this.others = others;
    this.items = items;
    pieceRows = Math.max(16, PIECE / items);
    scores = Tensor.empty(pieceRows, items).raw();
  }

  /** A head of the multinomial likelihood for so many items; made outside any scope. */
  public static RowHead multinomial(long items) {
    return new RowHead(Loss.MULTINOMIAL, 0, items);
  }

  /**
   * A head of the squared error for so many items; made outside any scope.
   *
   * @param others u, what items without a target weigh, at least 0
   */
  public static RowHead squared(long items, double others) {
    return new RowHead(Loss.SQUARED, others, items);
  }

  /**
   * Computes the loss and adds the gradients to those of the leaves {@code weight} and {@code
   * bias}, and, through the graph, of all that {@code hidden} was computed from.
   *
   * @param hidden h, [rows, d]
   * @param weight W, a leaf [at least items, d]; only the first {@code items} rows count
   * @param bias b, a leaf [items], or {@code null}
   * @param starts first target of each row, [rows + 1]
   * @param targets items, each once in a row
   * @param values x of each target
   * @param scale of the loss: 1 / rows for the mean
   * @param more one number of the same graph that is added to the loss, or {@code null}
   * @return the loss
   */
  public double backward(
      Tensor hidden,
      Tensor weight,
      @Nullable Tensor bias,
      long[] starts,
      long[] targets,
      float[] values,
      double scale,
      @Nullable Tensor more) {
    int rows = Math.toIntExact(hidden.size(0));
    org.bytedeco.pytorch.Tensor gradient;
    double loss = 0;
    try (Scope scope = Scope.withoutGradients()) {
      gradient = torch.empty_like(hidden.raw());
      org.bytedeco.pytorch.Tensor h = hidden.raw().detach();
      org.bytedeco.pytorch.Tensor w = weight.raw().detach().narrow(0, 0, items);
      org.bytedeco.pytorch.Tensor toItems = gradientOf(weight.raw()).narrow(0, 0, items);
      for (int from = 0; from < rows; from += (int) pieceRows) {
        try (Scope piece = Scope.open()) {
          int n = (int) Math.min(pieceRows, rows - from);
          org.bytedeco.pytorch.Tensor part = h.narrow(0, from, n);
          org.bytedeco.pytorch.Tensor s = scores.narrow(0, 0, n);
          torch.mm_out(s, part, w.t());
          if (bias != null) {
            s.add_(bias.raw().detach());
          }
          loss += toGradient(s, n, from, starts, targets, values, scale);
          torch.mm_out(gradient.narrow(0, from, n), s, w);
          toItems.addmm_(s.t(), part);
          if (bias != null) {
            gradientOf(bias.raw()).add_(s.sum(new long[] {0}, false, new ScalarTypeOptional()));
          }
        }
      }
      gradient.retainReference();
    }
    try {
      if (more == null) {
        hidden.backward(new Tensor(gradient));
        return loss;
      }
      hidden.mul(new Tensor(gradient)).sum().add(more).backward();
      return loss + more.item();
    } finally {
      gradient.releaseReference();
    }
  }

  /** Replaces the scores of rows by the gradient of their loss, and returns the loss. */
  private double toGradient(
      org.bytedeco.pytorch.Tensor s,
      int n,
      int from,
      long[] starts,
      long[] targets,
      float[] values,
      double scale) {
    int first = (int) starts[from];
    int count = (int) starts[from + n] - first;
    long[] places = new long[count];
    float[] sums = new float[n];
    for (int row = 0; row < n; row++) {
      for (int p = (int) starts[from + row]; p < starts[from + row + 1]; p++) {
        places[p - first] = row * items + targets[p];
        sums[row] += values[p];
      }
    }
    org.bytedeco.pytorch.Tensor flat = s.view(-1);
    org.bytedeco.pytorch.Tensor at = Tensor.of(places, count).raw();
    org.bytedeco.pytorch.Tensor x =
        Tensor.of(Arrays.copyOfRange(values, first, first + count), count).raw();
    org.bytedeco.pytorch.Tensor chosen = flat.index_select(0, at);
    if (kind == Loss.SQUARED) {
      org.bytedeco.pytorch.Tensor missed = chosen.sub(x);
      double loss = missed.square().sum().item_double();
      if (others > 0) {
        double all = s.square().sum().item_double();
        loss += others * (all - chosen.square().sum().item_double());
      }
      s.mul_(new Scalar(2 * scale * others));
      org.bytedeco.pytorch.Tensor own = missed.mul(new Scalar(2 * scale));
      flat.index_add_(0, at, own.sub(chosen, new Scalar(2 * scale * others)));
      return scale * loss;
    }
    org.bytedeco.pytorch.Tensor largest = s.amax(new long[] {1}, true);
    s.sub_(largest).exp_();
    org.bytedeco.pytorch.Tensor sum = s.sum(new long[] {1}, true, new ScalarTypeOptional());
    org.bytedeco.pytorch.Tensor total = Tensor.of(sums, n, 1).raw();
    double loss =
        sum.log().add(largest).mul(total).sum().item_double() - chosen.mul(x).sum().item_double();
    s.mul_(total.mul(new Scalar(scale)).div(sum));
    flat.index_add_(0, at, x.mul(new Scalar(-scale)));
    return scale * loss;
  }

  private static org.bytedeco.pytorch.Tensor gradientOf(org.bytedeco.pytorch.Tensor leaf) {
    if (!leaf.grad().defined()) {
      leaf.mutable_grad().put(torch.zeros_like(leaf));
    }
    return leaf.grad();
  }
}
