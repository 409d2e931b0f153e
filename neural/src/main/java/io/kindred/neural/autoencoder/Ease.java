package io.kindred.neural.autoencoder;

import io.kindred.Algorithm;
import io.kindred.ArrayReader;
import io.kindred.ArrayWriter;
import io.kindred.Checks;
import io.kindred.KindredException;
import io.kindred.ModelCodec;
import io.kindred.ModelInfo;
import io.kindred.Parameters;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.Interactions;
import io.kindred.neural.batch.Encoding;
import io.kindred.neural.batch.HistoryEncoder;
import io.kindred.neural.batch.MultiHot;
import io.kindred.neural.tensor.Cholesky;
import io.kindred.sparse.Parallel;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * A linear autoencoder without a hidden layer, in closed form (Steck, Embarrassingly Shallow
 * Autoencoders for Sparse Data, WWW 2019): the weights B, zero on the diagonal, with which each
 * item of a row is best foretold from its other items.
 *
 * <pre>
 * minimize |X - X B|^2 + regularization |B|^2  with  diag(B) = 0
 * P = (X^T X + regularization I)^-1
 * B[i, j] = -P[i, j] / P[j, j],  B[j, j] = 0                           (equation 8)
 * score(u, j) = sum over i in history(u) of x(u, i) B[i, j]
 * </pre>
 *
 * <p>X are the encoded histories of all people; the paper's are binary. Items that nobody did have
 * zeros for weights: they stay out of the matrix and cannot be scored. Somebody the model never saw
 * is served from the history in the query, exactly as a known user is.
 *
 * <p>Training costs O(sum of squared history lengths + items^3), a query O(history * items). Memory
 * is 4 items^2 bytes for the model, and as much again beside the heap while it is trained: {@value
 * #MOST_ITEMS} items, 1.6 GB, are the limit. From 8,000 items on the last digits of B may depend on
 * the number of threads.
 *
 * @param regularization lambda, above 0: more of it makes the weights smaller and surer
 * @param encoding what an item of a history weighs
 */
public record Ease(double regularization, Encoding encoding) implements Trainer<EaseModel> {
  /** The most items with interactions that are taken on. */
  public static final int MOST_ITEMS = 20_000;

  /** The line of the registry. */
  public static final Algorithm<EaseModel> ALGORITHM =
      new Algorithm<>(
          "ease",
          "Each item foretold from all others by linear weights, in closed form",
          Ease::of,
          new Codec());

  private static final Ease DEFAULTS = new Ease(200, Encoding.BINARY);
  private static final int BLOCK = 64;

  /** From here on the factorization is worth the threads of BLAS, which wait for one another. */
  private static final int MANY_ITEMS = 8_000;

  /** Checks the ranges. */
  public Ease {
    Checks.positive("regularization", regularization);
    Objects.requireNonNull(encoding);
  }

  /** Regularization 200 on binary histories. */
  public static Ease defaults() {
    return DEFAULTS;
  }

  /** The same with another regularization. */
  public Ease withRegularization(double newRegularization) {
    return new Ease(newRegularization, encoding);
  }

  /** The same with another encoding. */
  public Ease withEncoding(Encoding newEncoding) {
    return new Ease(regularization, newEncoding);
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static Ease of(Parameters parameters) {
    Parameters.Reader in = parameters.reader("ease");
    Ease read =
        new Ease(
            in.number("regularization", DEFAULTS.regularization),
            Encoding.of(in, DEFAULTS.encoding));
    in.finish();
    return read;
  }

  @Override
  public String algorithm() {
    return ALGORITHM.name();
  }

  @Override
  public Parameters parameters() {
    return encoding.addTo(Parameters.none().with("regularization", regularization));
  }

  @Override
  public EaseModel train(Dataset data, TrainingContext context) {
    long start = System.nanoTime();
    Interactions interactions = data.interactions();
    int[] counts = interactions.itemCounts();
    int[] items = IntStream.range(0, counts.length).filter(item -> counts[item] > 0).toArray();
    checkSize(items.length, data.name(), Runtime.getRuntime().maxMemory());
    HistoryEncoder encoder = HistoryEncoder.of(encoding, interactions);
    float[] weights = products(encoder, interactions, items, context);
    int n = items.length;
    for (int i = 0; i < n; i++) {
      weights[i * n + i] += (float) regularization;
    }
    Cholesky.invert(weights, n, n < MANY_ITEMS ? 1 : context.threads());
    toWeights(weights, n, context.threads());
    return new EaseModel(ModelInfo.of(this, data, context, start), data, encoder, items, weights);
  }

  /** Refuses what does not fit, before any work. */
  static void checkSize(int items, String name, long heap) {
    long bytes = 4L * items * items;
    boolean tooMany = items > MOST_ITEMS;
    if (tooMany || bytes + (64L << 20) > heap) {
      throw new KindredException(
          String.format(
              Locale.ROOT,
              "ease: '%s' has %,d items with interactions, whose weights need %.1f GB of heap, and"
                  + " as much again beside it while they are trained. %s Rare items can be left out"
                  + " (--k-core); multi-vae and item-knn need no matrix of all pairs.",
              name,
              items,
              1e-9 * bytes,
              tooMany
                  ? String.format(Locale.ROOT, "The limit is %,d items.", MOST_ITEMS)
                  : String.format(
                      Locale.ROOT,
                      "The heap is %.1f GB: give more with KINDRED_JAVA_OPTS=-Xmx%dg.",
                      1e-9 * heap,
                      (long) Math.ceil(1e-9 * bytes) + 2)));
    }
  }

  /**
   * X^T X of the given items, the triangle from the diagonal to the right. Row i is added up over
   * the people who did i, from i on in their rows, in an accumulator that fits the cache.
   */
  private static float[] products(
      HistoryEncoder encoder, Interactions interactions, int[] items, TrainingContext context) {
    int n = items.length;
    int[] place = new int[interactions.itemCount()];
    for (int i = 0; i < n; i++) {
      place[items[i]] = i;
    }
    MultiHot rows =
        encoder.rows(interactions, IntStream.range(0, interactions.userCount()).toArray());
    int[] columns = new int[rows.size()];
    int[] rowEnds = new int[rows.size()]; // of each entry
    int[] starts = new int[n + 1]; // of the entries of each item
    for (int row = 0; row < rows.rows(); row++) {
      for (int p = (int) rows.starts()[row]; p < rows.starts()[row + 1]; p++) {
        columns[p] = place[(int) rows.items()[p]];
        rowEnds[p] = (int) rows.starts()[row + 1];
        starts[columns[p] + 1]++;
      }
    }
    for (int i = 0; i < n; i++) {
      starts[i + 1] += starts[i];
    }
    int[] entries = new int[columns.length];
    int[] next = Arrays.copyOf(starts, n);
    for (int p = 0; p < columns.length; p++) {
      entries[next[columns[p]]++] = p;
    }
    float[] values = rows.weights();
    float[] products = new float[n * n];
    Parallel.forBlocks(
        context.threads(),
        n,
        16,
        () -> {
          double[] sums = new double[n];
          return (from, to) -> {
            for (int i = from; i < to; i++) {
              Arrays.fill(sums, i, n, 0);
              for (int e = starts[i]; e < starts[i + 1]; e++) {
                int p = entries[e];
                float value = values[p];
                for (int q = p; q < rowEnds[p]; q++) {
                  sums[columns[q]] += value * values[q];
                }
              }
              for (int j = i; j < n; j++) {
                products[i * n + j] = (float) sums[j];
              }
            }
          };
        },
        done -> context.progress().onProgress("products of items", done, n, ""));
    return products;
  }

  /** Makes P, of which the right triangle is given, into B. Square by square, for the cache. */
  private static void toWeights(float[] p, int n, int threads) {
    float[] scale = new float[n];
    for (int i = 0; i < n; i++) {
      scale[i] = -1 / p[i * n + i];
    }
    Parallel.forBlocks(
        threads,
        n,
        BLOCK,
        () ->
            (from, to) -> {
              for (int columns = from; columns < n; columns += BLOCK) {
                for (int i = from; i < to; i++) {
                  for (int j = Math.max(i, columns); j < Math.min(n, columns + BLOCK); j++) {
                    float both = p[i * n + j];
                    p[i * n + j] = both * scale[j];
                    p[j * n + i] = both * scale[i];
                  }
                  p[i * n + i] = 0;
                }
              }
            });
  }

  /** Which items are in the matrix, and the matrix. */
  private static final class Codec implements ModelCodec<EaseModel> {
    @Override
    public void write(EaseModel model, ArrayWriter out) {
      out.ints("items", model.scored());
      out.floats("weights", model.weights(), model.scored().length, model.scored().length);
    }

    @Override
    public EaseModel read(ModelInfo info, Dataset data, ArrayReader in) {
      int[] items = in.indexes("items", data.items().size());
      for (int i = 1; i < items.length; i++) {
        if (items[i] <= items[i - 1]) {
          throw in.wrong("items", "index " + items[i] + " at place " + i + " does not ascend");
        }
      }
      float[] weights = in.floats("weights", items.length, items.length);
      return new EaseModel(
          info,
          data,
          HistoryEncoder.of(Ease.of(info.parameters()).encoding(), data.interactions()),
          items,
          weights);
    }
  }
}
