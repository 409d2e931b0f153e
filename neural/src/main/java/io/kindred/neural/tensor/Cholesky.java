package io.kindred.neural.tensor;

import io.kindred.KindredException;
import java.util.Locale;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;

/** Inverses of large matrices with LAPACK, in their own memory. */
public final class Cholesky {
  private Cholesky() {}

  /**
   * Replaces a symmetric positive definite matrix by its inverse: A = U^T U, then A^-1 = U^-1 U^-T
   * (LAPACK spotrf and spotri). Beside the array, native memory for one copy is taken. Cost O(n^3),
   * in single precision: the relative error is about 1e-7 times the condition number. Only OpenBLAS
   * is loaded, not libtorch.
   *
   * @param matrix [n, n] row-major; only the triangle from the diagonal to the right is read, and
   *     only that is the inverse afterwards
   * @param threads of BLAS for this one work; more than one may add in another order, so the last
   *     digits may differ
   * @throws KindredException if the matrix is not positive definite, or memory is short
   */
  public static void invert(float[] matrix, int n, int threads) {
    if (n > 0) { // LAPACK needs a large stack
      Torch.callBlas(
          () -> {
            factorAndInvert(matrix, n, threads);
            return true;
          });
    }
  }

  private static void factorAndInvert(float[] matrix, int n, int threads) {
    try (FloatPointer a = allocate(n)) {
      a.put(matrix, 0, n * n);
      // To LAPACK, which counts by columns, the right triangle of rows is the lower one.
      byte lower = 'L';
      int problem;
      synchronized (Cholesky.class) {
        openblas.blas_set_num_threads(threads);
        try {
          problem = openblas.LAPACKE_spotrf(openblas.LAPACK_COL_MAJOR, lower, n, a, n);
          if (problem == 0) {
            problem = openblas.LAPACKE_spotri(openblas.LAPACK_COL_MAJOR, lower, n, a, n);
          }
        } finally {
          openblas.blas_set_num_threads(1); // two pools of threads would fight elsewhere
        }
      }
      if (problem != 0) {
        throw new KindredException(
            "the matrix of "
                + n
                + " rows is not positive definite (at row "
                + problem
                + "); more regularization makes it so");
      }
      a.get(matrix, 0, n * n);
    }
  }

  private static FloatPointer allocate(int n) {
    try {
      return new FloatPointer((long) n * n);
    } catch (OutOfMemoryError e) {
      throw new KindredException(
          String.format(
              Locale.ROOT,
              "out of native memory: a matrix of %,d x %<,d needs %.1f GB beside the heap",
              n,
              4e-9 * n * n),
          e);
    }
  }
}
