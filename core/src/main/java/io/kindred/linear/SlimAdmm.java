package io.kindred.linear;

import io.kindred.Algorithm;
import io.kindred.Checks;
import io.kindred.KindredException;
import io.kindred.ModelInfo;
import io.kindred.Parameters;
import io.kindred.ProgressListener;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.linalg.Cholesky;
import io.kindred.linalg.Kernels;
import io.kindred.similarity.HistoryValues;
import io.kindred.similarity.ItemWeightModel;
import io.kindred.similarity.ItemWeights;
import io.kindred.sparse.Parallel;
import io.kindred.sparse.SparseMatrix;
import io.kindred.sparse.TopN;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/**
 * The sparse linear method {@link Slim}, solved for all items at once by the alternating directions
 * method of multipliers (Steck, Dimakopoulou, Riabov and Jebara, ADMM SLIM: Sparse Recommendations
 * for Many Users, WSDM 2020).
 *
 * <pre>
 * minimize 1/2 |A - A W|^2 + l2 / 2 |W|^2 + l1 |W|_1  with  diag(W) = 0, and W at least 0 if positive
 *
 * P = (A^T A + (l2 + rho) I)^-1
 * repeat  T = P (A^T A + rho (C - D)) = I - (l2 + rho) P + rho P (C - D)
 *         B = T - P diag(diag(T) / diag(P))            smallest of the smooth part, diag(B) = 0
 *         R = 1.8 B - 0.8 C                            over-relaxation
 *         C = S(R + D, l1 / rho)                       shrunk towards 0, and cut there if positive
 *         D = D + R - C                                multipliers
 * W = C
 * </pre>
 *
 * <p>It ends when no weight differs between B and C, nor moves, by more than {@code tolerance}, or
 * after {@code iterations}. The relaxation is not in the paper; it halves the number of iterations
 * (Boyd, Parikh, Chu, Peleato and Eckstein, Distributed Optimization and Statistical Learning via
 * the Alternating Direction Method of Multipliers, Foundations and Trends in Machine Learning 3(1),
 * 2011, section 3.4.3).
 *
 * <p>The cost does not depend on the number of people, beyond A^T A, nor on how sparse W is:
 * O(items^3) for P and for each iteration; memory 16 items^2 bytes. {@link Slim} is the better
 * choice where items have few neighbors. Of each column the {@code neighbors} strongest weights are
 * kept. Values of 0 and less weigh nothing. Deviations from the paper: one l2 for all items; the
 * number of weights is bounded. The same data and hyperparameters give the same model with any
 * number of threads.
 *
 * @param l1 weight of the sum of absolute weights, at least 0
 * @param l2 weight of the sum of squared weights, above 0
 * @param rho how strongly B and C are drawn together, above 0: changes the way, not the goal; a
 *     hundred times l1 needs few iterations
 * @param iterations at the most, at least 1
 * @param tolerance the largest difference of a weight that counts as none, above 0
 * @param positive whether weights must be at least 0
 * @param neighbors weights that are kept of each item, at least 1
 * @param values what an interaction weighs in A
 */
public record SlimAdmm(
    double l1,
    double l2,
    double rho,
    int iterations,
    double tolerance,
    boolean positive,
    int neighbors,
    HistoryValues values)
    implements Trainer<ItemWeightModel> {
  private static final String NAME = "slim-admm";
  private static final int ROWS = 64;
  private static final float RELAXATION = 1.8f;

  /** The line of the registry. */
  public static final Algorithm<ItemWeightModel> ALGORITHM =
      new Algorithm<>(
          NAME,
          "SLIM solved for all items at once by alternating directions",
          SlimAdmm::of,
          new ItemWeightModel.Codec(info -> of(info.parameters()).method()));

  private static final SlimAdmm DEFAULTS =
      new SlimAdmm(3, 50, 300, 50, 1e-4, true, 200, HistoryValues.BINARY);

  /** Checks the ranges. */
  public SlimAdmm {
    Checks.notNegative("l1", l1);
    Checks.positive("l2", l2);
    Checks.positive("rho", rho);
    Checks.atLeast("iterations", iterations, 1);
    Checks.positive("tolerance", tolerance);
    Checks.atLeast("neighbors", neighbors, 1);
    Objects.requireNonNull(values);
  }

  /** l1 3 and l2 50 as {@link Slim}, at most 50 iterations. */
  public static SlimAdmm defaults() {
    return DEFAULTS;
  }

  /** The same with another regularization. */
  public SlimAdmm withRegularization(double newL1, double newL2) {
    return new SlimAdmm(newL1, newL2, rho, iterations, tolerance, positive, neighbors, values);
  }

  /** The same with another way to the goal. */
  public SlimAdmm withIterations(int newIterations, double newTolerance, double newRho) {
    return new SlimAdmm(l1, l2, newRho, newIterations, newTolerance, positive, neighbors, values);
  }

  /** The same, with weights below 0 or without. */
  public SlimAdmm withPositive(boolean onlyPositive) {
    return new SlimAdmm(l1, l2, rho, iterations, tolerance, onlyPositive, neighbors, values);
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static SlimAdmm of(Parameters parameters) {
    return parameters.read(
        NAME,
        in ->
            new SlimAdmm(
                in.number("l1", DEFAULTS.l1),
                in.number("l2", DEFAULTS.l2),
                in.number("rho", DEFAULTS.rho),
                in.integer("iterations", DEFAULTS.iterations),
                in.number("tolerance", DEFAULTS.tolerance),
                in.flag("positive", DEFAULTS.positive),
                in.integer("neighbors", DEFAULTS.neighbors),
                in.choice("values", DEFAULTS.values)));
  }

  @Override
  public String algorithm() {
    return NAME;
  }

  @Override
  public Parameters parameters() {
    return Parameters.none()
        .with("l1", l1)
        .with("l2", l2)
        .with("rho", rho)
        .with("iterations", iterations)
        .with("tolerance", tolerance)
        .with("positive", positive)
        .with("neighbors", neighbors)
        .with("values", values);
  }

  /**
   * Trains a model.
   *
   * @throws KindredException if there are no interactions, if a value is not a finite number, if l2
   *     + rho is nothing beside the products of the items, or if 16 items^2 bytes do not fit in the
   *     heap: this is said before the work
   */
  @Override
  public ItemWeightModel train(Dataset data, TrainingContext context) {
    long start = System.nanoTime();
    checkMemory(data.items().size(), Runtime.getRuntime().maxMemory());
    SparseMatrix rows = ItemWeights.positive(NAME, data, values);
    float[][] w = solve(rows, context.threads(), context.progress());
    return new ItemWeightModel(ModelInfo.of(this, data, context, start), data, sparse(w), method());
  }

  /** That of {@link Slim}: after an update, some columns are solved for by coordinate descent. */
  private ItemWeightModel.Method method() {
    return Slim.defaults()
        .withRegularization(l1, l2)
        .withPositive(positive)
        .withNeighbors(neighbors)
        .withValues(values)
        .method();
  }

  void checkMemory(int items, long heap) {
    ItemWeights.checkFits(
        NAME,
        String.format(Locale.ROOT, "the dense matrices of %,d items", items),
        16.0 * items * items,
        heap,
        "slim needs less where items have few neighbors; rare items can be left out (--k-core);"
            + " rp3-beta and item-knn hold no matrix of all pairs; fewer items would be right");
  }

  /** W, shape items x items. */
  float[][] solve(SparseMatrix rows, int threads, ProgressListener progress) {
    int n = rows.columnCount();
    float[][] p = inverse(rows, threads);
    float[][] b = new float[n][n];
    float[][] multipliers = new float[n][n]; // D
    float[][] pulled = new float[n][n]; // C - D, at the end C
    float[] gamma = new float[n];
    float[] moves = new float[n];
    float largest = Float.POSITIVE_INFINITY;
    for (int iteration = 1; iteration <= iterations && largest > tolerance; iteration++) {
      Parallel.forBlocks(
          threads,
          n,
          ROWS,
          () ->
              (from, to) -> {
                for (int i = from; i < to; i++) {
                  Arrays.fill(b[i], 0f);
                }
                Kernels.addProduct(b, p, pulled, from, to);
                for (int i = from; i < to; i++) {
                  Kernels.scale(b[i], (float) rho, 0, n);
                  Kernels.addScaled(b[i], p[i], (float) -(l2 + rho), 0, n);
                  b[i][i] += 1;
                  gamma[i] = b[i][i] / p[i][i];
                }
              });
      Parallel.forBlocks(
          threads,
          n,
          ROWS,
          () ->
              (from, to) -> {
                for (int i = from; i < to; i++) {
                  moves[i] = step(i, b[i], p[i], gamma, multipliers[i], pulled[i]);
                }
              });
      largest = 0;
      for (float move : moves) {
        largest = Math.max(largest, move);
      }
      progress.onProgress("alternating directions", iteration, iterations, "");
    }
    for (int i = 0; i < n; i++) {
      Kernels.addScaled(pulled[i], multipliers[i], 1f, 0, n);
    }
    return pulled;
  }

  /** The rest of an iteration for a row; returns by how much B, C and C before differ at most. */
  private float step(int i, float[] t, float[] p, float[] gamma, float[] d, float[] pulled) {
    float threshold = (float) (l1 / rho);
    float largest = 0;
    for (int j = 0; j < t.length; j++) {
      float before = pulled[j] + d[j]; // C
      float b = i == j ? 0f : t[j] - p[j] * gamma[j];
      float v = RELAXATION * b + (1 - RELAXATION) * before + d[j];
      float c = v > threshold ? v - threshold : v < -threshold && !positive ? v + threshold : 0f;
      d[j] = v - c;
      pulled[j] = c - d[j];
      largest = Math.max(largest, Math.max(Math.abs(c - before), Math.abs(c - b)));
    }
    return largest;
  }

  /** (A^T A + (l2 + rho) I)^-1. */
  private float[][] inverse(SparseMatrix rows, int threads) {
    int n = rows.columnCount();
    SparseMatrix byItem = rows.transpose();
    double[][] g = new double[n][n];
    Parallel.forBlocks(
        threads,
        n,
        ROWS,
        () ->
            (from, to) -> {
              for (int item = from; item < to; item++) {
                for (int e = byItem.starts()[item]; e < byItem.starts()[item + 1]; e++) {
                  int user = byItem.columns()[e];
                  double value = byItem.values()[e];
                  for (int q = rows.starts()[user]; q < rows.starts()[user + 1]; q++) {
                    g[item][rows.columns()[q]] += value * rows.values()[q];
                  }
                }
                g[item][item] += l2 + rho;
              }
            });
    if (!Cholesky.factor(g)) {
      throw new KindredException(
          NAME
              + ": l2 + rho, "
              + (l2 + rho)
              + ", are nothing beside the products of the items; larger ones, or values on a smaller"
              + " scale, would be right");
    }
    return Cholesky.inverse(g, threads);
  }

  /** Of each column the strongest weights. */
  private SparseMatrix sparse(float[][] w) {
    int n = w.length;
    ItemWeights.Row[] columns = new ItemWeights.Row[n];
    int[] all = new int[n];
    double[] column = new double[n];
    TopN top = new TopN(Math.min(neighbors, Math.max(1, n)));
    for (int i = 0; i < n; i++) {
      int count = 0;
      for (int j = 0; j < n; j++) {
        column[j] = w[j][i];
        if (column[j] != 0) {
          all[count++] = j;
        }
      }
      columns[i] = ItemWeights.Row.strongest(all, count, column, top);
    }
    return ItemWeights.matrix(columns).transpose();
  }
}
