package io.kindred.neural.train;

import io.kindred.neural.batch.Negatives;
import io.kindred.neural.tensor.Scope;
import io.kindred.neural.tensor.SoftmaxHead;
import io.kindred.neural.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The losses of {@link LossOptions} over items that are scored by an inner product: {@code s = h .
 * w[item] + b[item]}. Keeps scratch memory: one object a thread, made outside any scope.
 */
public final class OutputLoss {
  private static final double EXCLUDED = -1e9;
  private static final double SCORE_REGULARIZATION = 0.01;
  private static final int FEW = 4;
  private static final int PIECE = 1 << 19; // scores that are held at once

  private final LossOptions options;
  private final Negatives negatives;
  private final double positiveWeight; // b of gbce
  private final @Nullable SoftmaxHead head;

  /**
   * A loss over a catalogue.
   *
   * @param itemCount the number of items
   * @param negatives draws for the losses that sample
   */
  public OutputLoss(LossOptions options, int itemCount, Negatives negatives) {
    this.options = options;
    this.negatives = negatives;
    double sampled = Math.min(1, options.negatives() / Math.max(1.0, itemCount - 1.0));
    double t = options.calibration();
    positiveWeight = sampled * (t * (1 - 1 / sampled) + 1 / sampled);
    head = options.sampled() ? null : new SoftmaxHead(itemCount);
  }

  /**
   * Targets of one batch with the negatives that were drawn for them.
   *
   * @param targets the items that came next
   * @param entries where these stand in the interactions, -1 where they do not
   * @param negatives shared: {@code [K]}; else {@code [targets * K]}; empty for cross-entropy
   * @param excluded flat places {@code target * K + negative} of shared negatives that do not
   *     count, by ascending target
   */
  public record Drawn(long[] targets, int[] entries, long[] negatives, long[] excluded) {}

  /**
   * Draws for a batch, cut into parts: shared negatives are the same in all of them.
   *
   * @param targets of each part
   * @param entries where these stand in the interactions that the sampler is of, -1 where they do
   *     not
   */
  public static Drawn[] draw(
      LossOptions options, Negatives sampler, long[][] targets, int[][] entries, long seed) {
    Drawn[] parts = new Drawn[targets.length];
    SplittableRandom random = new SplittableRandom(seed);
    long[] all = Arrays.stream(targets).flatMapToLong(Arrays::stream).toArray();
    long[] shared =
        options.sampled() && options.shared()
            ? sampler.shared(all, options.negatives(), random)
            : new long[0];
    for (int part = 0; part < parts.length; part++) {
      if (!options.sampled()) {
        parts[part] = new Drawn(targets[part], entries[part], shared, new long[0]);
      } else if (options.shared()) {
        parts[part] =
            new Drawn(
                targets[part],
                entries[part],
                shared,
                sampler.excluded(targets[part], entries[part], shared));
      } else {
        parts[part] =
            new Drawn(
                targets[part],
                entries[part],
                sampler.each(targets[part], entries[part], options.negatives(), random),
                new long[0]);
      }
    }
    return parts;
  }

  /**
   * Computes the loss and the gradients of all that it depends on.
   *
   * @param hidden h, [targets, d]
   * @param weight w, a leaf [at least items, d]
   * @param bias b, a leaf [items], or {@code null}
   * @param scale of the sum over targets: 1 / targets of the whole batch
   * @return the loss
   */
  public double backward(
      Tensor hidden, Tensor weight, @Nullable Tensor bias, Drawn drawn, double scale) {
    if (drawn.targets().length == 0) {
      return 0;
    }
    if (head != null) {
      return head.backward(
          hidden,
          weight,
          bias,
          drawn.targets(),
          (from, rows) -> negatives.excluded(drawn.targets(), drawn.entries(), from, rows),
          scale);
    }
    if (!options.shared()) {
      Scores scores = each(hidden, weight, bias, drawn);
      Tensor loss = loss(scores, corrections(drawn), drawn, 0).mul(scale);
      loss.backward();
      return loss.item();
    }
    return shared(hidden, weight, bias, drawn, scale);
  }

  /**
   * Scores, as far as they are looked at.
   *
   * @param positive of the targets, [rows]
   * @param negative of what was drawn for each, [rows, K]
   */
  private record Scores(Tensor positive, Tensor negative) {}

  /** Negatives of its own for each target. */
  private Scores each(Tensor hidden, Tensor weight, @Nullable Tensor bias, Drawn drawn) {
    int rows = drawn.targets().length;
    int k = options.negatives();
    Tensor targets = Tensor.of(drawn.targets(), rows);
    Tensor drawnItems = Tensor.of(drawn.negatives(), drawn.negatives().length);
    Tensor positive = hidden.mul(weight.embedding(targets)).sum(-1); // [rows]
    Tensor items = weight.embedding(drawnItems.reshape(rows, k)); // [rows, K, d]
    Tensor negative = // [rows, K]; a product of matrices is slow for each row by itself
        k < FEW
            ? items.mul(hidden.unsqueeze(1)).sum(-1)
            : items.matmul(hidden.unsqueeze(-1)).squeeze(-1);
    if (bias == null) {
      return new Scores(positive, negative);
    }
    return new Scores(
        positive.add(bias.indexSelect(0, targets)),
        negative.add(bias.indexSelect(0, drawnItems).reshape(rows, k)));
  }

  /**
   * Negatives that all targets share, in pieces of rows whose scores fit the cache: what a piece
   * needs is free before the next one. The gradients of the vectors are added up beside the graph
   * and go through it once.
   */
  private double shared(
      Tensor hidden, Tensor weight, @Nullable Tensor bias, Drawn drawn, double scale) {
    int rows = drawn.targets().length;
    int k = options.negatives();
    Tensor targets = Tensor.of(drawn.targets(), rows);
    Tensor drawnItems = Tensor.of(drawn.negatives(), k);
    List<Tensor> read = new ArrayList<>();
    read.add(hidden); // [rows, d]
    read.add(weight.embedding(targets)); // [rows, d]
    read.add(weight.embedding(drawnItems)); // [K, d]
    if (bias != null) {
      read.add(bias.indexSelect(0, targets)); // [rows]
      read.add(bias.indexSelect(0, drawnItems)); // [K]
    }
    Tensor corrections = corrections(drawn);
    List<Tensor> leaves = read.stream().map(Tensor::leaf).toList();
    int pieceRows = Math.max(1, PIECE / k);
    double loss = 0;
    for (int from = 0; from < rows; from += pieceRows) {
      int n = Math.min(pieceRows, rows - from);
      try (Scope piece = Scope.open()) {
        Tensor h = leaves.get(0).narrow(0, from, n);
        Tensor positive = h.mul(leaves.get(1).narrow(0, from, n)).sum(-1); // [n]
        Tensor negative = h.matmul(leaves.get(2).transpose(0, 1)); // [n, K]
        if (bias != null) {
          positive = positive.add(leaves.get(3).narrow(0, from, n));
          negative = negative.add(leaves.get(4));
        }
        Tensor sum = loss(new Scores(positive, negative), corrections, drawn, from).mul(scale);
        sum.backward();
        loss += sum.item();
      }
    }
    Tensor all = read.get(0).mul(leaves.get(0).gradient()).sum();
    for (int i = 1; i < read.size(); i++) {
      all = all.add(read.get(i).mul(leaves.get(i).gradient()).sum());
    }
    all.backward();
    return loss;
  }

  /** The sum over rows from one on, of which these are the scores. */
  private Tensor loss(Scores scores, @Nullable Tensor corrections, Drawn drawn, int from) {
    Tensor negative = scores.negative;
    int rows = (int) negative.size(0);
    int k = options.negatives();
    if (corrections != null) {
      negative = negative.sub(corrections);
    }
    long[] places = ofRows(drawn.excluded(), from, rows, k);
    if (places.length > 0) {
      negative =
          negative.fillAt(
              Tensor.of(places, places.length),
              options.kind() == LossOptions.Kind.SQUARED_ERROR ? 0 : EXCLUDED);
    }
    return sum(scores.positive, negative, k);
  }

  /** log(K q) of each negative, [K] or [rows, K]; {@code null} where the loss has none. */
  private @Nullable Tensor corrections(Drawn drawn) {
    if (options.kind() != LossOptions.Kind.SAMPLED_SOFTMAX) {
      return null;
    }
    float[] logs = new float[drawn.negatives().length];
    for (int i = 0; i < logs.length; i++) {
      double probability = negatives.probability((int) drawn.negatives()[i]);
      logs[i] = (float) Math.log(options.negatives() * probability);
    }
    return options.shared()
        ? Tensor.of(logs, logs.length)
        : Tensor.of(logs, drawn.targets().length, options.negatives());
  }

  private Tensor sum(Tensor positive, Tensor negative, int k) {
    return switch (options.kind()) {
      case CROSS_ENTROPY -> throw new IllegalStateException("not sampled");
      case SAMPLED_SOFTMAX ->
          // -s+ + log(e^s+ + e^z) = log(1 + e^(z - s+)) with z the log-sum-exp of the negatives
          negative.logSumExp(1).sub(positive).softplus().sum();
      case BINARY_CROSS_ENTROPY ->
          positive.neg().softplus().sum().add(negative.softplus().sum().mul(1.0 / k));
      case GBCE ->
          positive.neg().softplus().sum().mul(positiveWeight).add(negative.softplus().sum());
      case BPR -> above(positive, negative).neg().softplus().sum().mul(1.0 / k);
      case BPR_MAX -> {
        Tensor weights = negative.softmax(1);
        yield weights
            .mul(above(positive, negative).sigmoid())
            .sum(1)
            .add(1e-24)
            .log()
            .neg()
            .add(weights.mul(negative.square()).sum(1).mul(SCORE_REGULARIZATION))
            .sum();
      }
      case TOP1_MAX ->
          negative
              .softmax(1)
              .mul(above(positive, negative).neg().sigmoid().add(negative.square().sigmoid()))
              .sum();
      case HINGE -> above(positive, negative).neg().add(1).relu().sum().mul(1.0 / k);
      case SQUARED_ERROR ->
          positive.neg().add(1).square().sum().add(negative.square().sum().mul(1.0 / k));
    };
  }

  /** s+ - s-, [rows, K]. */
  private static Tensor above(Tensor positive, Tensor negative) {
    return positive.unsqueeze(1).sub(negative);
  }

  /**
   * The flat places {@code row * width + column} that lie in a piece of rows, counted from its
   * beginning. Cost O(log(places) + found).
   *
   * @param places by ascending row, in any order within a row
   * @param from first row of the piece
   * @param rows of the piece
   * @param width columns of a row
   */
  private static long[] ofRows(long[] places, long from, int rows, int width) {
    int begin = firstAtLeast(places, from * width);
    int end = firstAtLeast(places, (from + rows) * width);
    long[] found = Arrays.copyOfRange(places, begin, end);
    for (int i = 0; i < found.length; i++) {
      found[i] -= from * width;
    }
    return found;
  }

  /** How many places lie in rows before one; {@code least} is where the row begins. */
  private static int firstAtLeast(long[] places, long least) {
    int from = 0;
    int to = places.length;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (places[middle] < least) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }
}
