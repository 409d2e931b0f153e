package io.kindred.ann;

import io.kindred.Profile;
import io.kindred.VectorModel;
import io.kindred.sparse.TopN;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;

/** Item vectors in clusters, of very different lengths, and the true best of a query. */
record Catalogue(float[] vectors, int dimensions) implements VectorModel {
  static final int CLUSTERS = 40;

  static Catalogue of(int items, int dimensions, long seed) {
    Random random = new Random(seed);
    float[][] centers = gaussian(CLUSTERS, dimensions, new Random(7));
    float[] vectors = new float[items * dimensions];
    for (int item = 0; item < items; item++) {
      float[] center = centers[random.nextInt(CLUSTERS)];
      double length = Math.exp(0.6 * random.nextGaussian());
      for (int k = 0; k < dimensions; k++) {
        vectors[item * dimensions + k] =
            (float) (length * (center[k] + 0.7 * random.nextGaussian() / Math.sqrt(k + 1)));
      }
    }
    return new Catalogue(vectors, dimensions);
  }

  static float[] query(int dimensions, Random random) {
    float[][] centers = gaussian(CLUSTERS, dimensions, new Random(7));
    float[] first = centers[random.nextInt(CLUSTERS)];
    float[] second = centers[random.nextInt(CLUSTERS)];
    float[] query = new float[dimensions];
    for (int k = 0; k < dimensions; k++) {
      query[k] = (float) (first[k] + 0.5 * second[k] + 0.3 * random.nextGaussian());
    }
    return query;
  }

  private static float[][] gaussian(int rows, int columns, Random random) {
    float[][] matrix = new float[rows][columns];
    for (float[] row : matrix) {
      for (int k = 0; k < columns; k++) {
        row[k] = (float) (random.nextGaussian() / Math.sqrt(k + 1));
      }
    }
    return matrix;
  }

  int items() {
    return vectors.length / dimensions;
  }

  float[] vector(int item) {
    float[] vector = new float[dimensions];
    System.arraycopy(vectors, item * dimensions, vector, 0, dimensions);
    return vector;
  }

  double score(float[] query, int item) {
    double sum = 0;
    for (int k = 0; k < dimensions; k++) {
      sum += (double) query[k] * vectors[item * dimensions + k];
    }
    return sum;
  }

  /** The true best, by a look at each item. */
  int[] best(float[] query, int n, BitSet leftOut) {
    TopN best = new TopN(n);
    for (int item = 0; item < items(); item++) {
      if (!leftOut.get(item)) {
        best.offer(item, (float) score(query, item));
      }
    }
    int size = best.sort();
    return Arrays.copyOf(best.items(), size);
  }

  static double recall(int[] found, int[] truth) {
    BitSet in = new BitSet();
    for (int item : truth) {
      in.set(item);
    }
    int hits = 0;
    for (int item : found) {
      hits += in.get(item) ? 1 : 0;
    }
    return truth.length == 0 ? 1 : (double) hits / truth.length;
  }

  @Override
  public float[] queryVector(Profile profile) {
    throw new AssertionError("not asked for here");
  }

  @Override
  public float[] itemVectors() {
    return vectors.clone();
  }
}
