package io.kindred.rating;

import io.kindred.data.History;
import io.kindred.linalg.Cholesky;
import java.util.Arrays;

/**
 * Solves for a person with all items held still.
 *
 * <pre>
 * minimize over b, p: sum over j in history of (r(j) - mean - b(j) - q(j) . z - b - q(j) . p)^2
 *                     + n (biasRegularization b^2 + regularization |p|^2)
 * a(j) = (1, q(j)),  A = sum of a(j) a(j)^T + n diag(biasRegularization, regularization, ...)
 * (b, p) = A^-1 sum of a(j) e(j),  e(j) = r(j) - mean - b(j) - q(j) . z
 * </pre>
 *
 * <p>n is the length of the history, and z the sum of its y(j) over the root of n, 0 where the
 * model has no y. Costs O(n factors^2 + factors^3). One thread at a time.
 *
 * <p>Where p must be at least 0, the same is solved with some p held at 0: those that coordinate
 * descent over the normal equations A x = c leaves there,
 *
 * <pre>x(k) = max(0, (c(k) - sum over l != k of A(k, l) x(l)) / A(k, k))     (no max for the bias)
 * </pre>
 *
 * <p>so that the solution stays linear in the ratings, given which are held.
 */
final class PersonSolver {
  private static final int SWEEPS = 500;
  private static final double REST = 1e-7;

  private final ItemSide items;
  private final int size;
  private final double[][] a;
  private final boolean[] held;
  private final double[] z;
  private History history = History.empty();

  PersonSolver(ItemSide items) {
    this.items = items;
    size = items.factorCount() + 1;
    a = new double[size][size];
    held = new boolean[size];
    z = new double[size - 1];
  }

  /**
   * Takes up a person.
   *
   * @param person the history, distinct
   */
  void enter(History person) {
    history = person;
    if (person.size() > 0) {
      sumImplicit();
      assemble();
      if (items.penalty().nonNegative()) {
        hold();
      } else {
        factor();
      }
    }
  }

  /** The bias of the person and, after it, p + z; zeros for an empty history. */
  float[] solve() {
    double[] x = new double[size];
    float[] person = new float[size];
    if (history.isEmpty()) {
      return person;
    }
    addResiduals(x);
    Cholesky.solve(a, x);
    person[0] = (float) x[0];
    for (int k = 1; k < size; k++) {
      person[k] = (float) (x[k] + z[k - 1]);
    }
    return person;
  }

  private void addResiduals(double[] x) {
    for (int h = 0; h < history.size(); h++) {
      add(x, history.items()[h], residual(h) - times(z, history.items()[h]));
    }
  }

  /** The rating of a place in the history over what it would be without the person. */
  private double residual(int h) {
    return history.values()[h] - items.baseline(history.items()[h]);
  }

  /**
   * The parts of the history, which is not empty, in the prediction for an item, without mean and
   * bias of the item: they sum to {@code b + q . (p + z)}.
   *
   * <pre>
   * s(j) = a(i)^T A^-1 a(j)
   * part(j) = s(j) (r(j) - mean - b(j)) + (q(i) - sum over k of s(k) q(k)) . y(j) / sqrt(n)
   * </pre>
   *
   * @param parts receives them, shape {@code double[history]}
   * @param similarities receives s, same shape
   */
  void explain(int item, double[] parts, double[] similarities) {
    double[] x = new double[size];
    add(x, item, 1);
    Cholesky.solve(a, x);
    double[] left = new double[size - 1]; // q(i) - sum of s(k) q(k)
    for (int k = 0; k < left.length; k++) {
      left[k] = items.factors()[item][k];
    }
    for (int h = 0; h < history.size(); h++) {
      float[] q = items.factors()[history.items()[h]];
      double s = x[0];
      for (int k = 0; k < q.length; k++) {
        s += x[k + 1] * q[k];
      }
      similarities[h] = s;
      parts[h] = s * residual(h);
      for (int k = 0; k < q.length; k++) {
        left[k] -= s * q[k];
      }
    }
    if (items.hasImplicit()) {
      double scale = 1 / Math.sqrt(history.size());
      for (int h = 0; h < history.size(); h++) {
        float[] y = items.implicit()[history.items()[h]];
        for (int k = 0; k < y.length; k++) {
          parts[h] += scale * left[k] * y[k];
        }
      }
    }
  }

  private void sumImplicit() {
    Arrays.fill(z, 0);
    if (!items.hasImplicit()) {
      return;
    }
    double scale = 1 / Math.sqrt(history.size());
    for (int item : history.items()) {
      float[] y = items.implicit()[item];
      for (int k = 0; k < z.length; k++) {
        z[k] += scale * y[k];
      }
    }
  }

  private double times(double[] vector, int item) {
    float[] q = items.factors()[item];
    double sum = 0;
    for (int k = 0; k < q.length; k++) {
      sum += vector[k] * q[k];
    }
    return sum;
  }

  /** {@code x += weight (1, q)}, without what is held at 0. */
  private void add(double[] x, int item, double weight) {
    float[] q = items.factors()[item];
    x[0] += weight;
    for (int k = 0; k < q.length; k++) {
      if (!held[k + 1]) {
        x[k + 1] += weight * q[k];
      }
    }
  }

  /** Makes A, of which the upper triangle counts. */
  private void assemble() {
    for (double[] row : a) {
      Arrays.fill(row, 0);
    }
    for (int item : history.items()) {
      float[] q = items.factors()[item];
      a[0][0] += 1;
      for (int k = 0; k < q.length; k++) {
        a[0][k + 1] += q[k];
        double[] row = a[k + 1];
        double weight = q[k];
        for (int l = k; l < q.length; l++) {
          row[l + 1] += weight * q[l];
        }
      }
    }
    a[0][0] += history.size() * items.penalty().ofBias() + items.ridge();
    for (int k = 1; k < size; k++) {
      a[k][k] += history.size() * items.penalty().ofVector() + items.ridge();
    }
  }

  private void factor() {
    if (!Cholesky.factor(a)) {
      throw new IllegalStateException("a regularized matrix is not positive definite");
    }
  }

  /**
   * Finds what must be held at 0, and factors A with those rows and columns replaced by those of
   * the identity.
   */
  private void hold() {
    Arrays.fill(held, false);
    double[] c = new double[size];
    addResiduals(c);
    double[] x = descend(c);
    for (int k = 1; k < size; k++) {
      held[k] = !(x[k] > 0);
    }
    double[][] whole = new double[size][];
    for (int k = 0; k < size; k++) {
      whole[k] = a[k].clone();
    }
    boolean more = true;
    while (more) { // ends: each round holds one more
      for (int k = 0; k < size; k++) {
        for (int l = k; l < size; l++) {
          boolean out = held[k] || held[l];
          a[k][l] = out ? (k == l ? 1 : 0) : whole[k][l];
        }
        x[k] = held[k] ? 0 : c[k];
      }
      factor();
      Cholesky.solve(a, x);
      more = false;
      for (int k = 1; k < size; k++) {
        if (x[k] < 0) { // the descent had not quite arrived
          held[k] = true;
          more = true;
        }
      }
    }
  }

  /** The x at least 0, but for the bias, that minimizes x^T A x / 2 - c^T x. */
  private double[] descend(double[] c) {
    double[] x = new double[size];
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      double most = 0;
      double largest = 0;
      for (int k = 0; k < size; k++) {
        double slope = c[k];
        for (int l = 0; l < k; l++) {
          slope -= a[l][k] * x[l];
        }
        for (int l = k; l < size; l++) {
          slope -= a[k][l] * x[l];
        }
        double next = x[k] + slope / a[k][k];
        next = k == 0 ? next : Math.max(0, next);
        most = Math.max(most, Math.abs(next - x[k]));
        largest = Math.max(largest, Math.abs(next));
        x[k] = next;
      }
      if (most <= REST * largest) {
        break;
      }
    }
    return x;
  }
}
