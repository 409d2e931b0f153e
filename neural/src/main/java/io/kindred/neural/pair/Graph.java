package io.kindred.neural.pair;

import io.kindred.data.Interactions;
import java.util.Arrays;

/**
 * The graph of who did what, people first and then items, with the weight 1 / sqrt(n_u n_i) on each
 * edge; n_u and n_i are how many different neighbors they have. Immutable, thread-safe.
 *
 * <pre>
 * spread(X)_i = (X + A X + .. + A^K X)_i / (K + 1)        of items
 * spread(X)_u = (    A X + .. + A^K X)_u / (K + 1)        of people
 * </pre>
 *
 * <p>A is symmetric, and so is the map X -> spread(X): it is its own transpose, so a gradient goes
 * back the way that the numbers came. Cost O(edges * K * d).
 */
final class Graph {
  private final int users;
  private final int nodes;
  private final int[] starts; // [nodes + 1]
  private final int[] neighbors; // nodes
  private final float[] scales; // 1 / sqrt(n) of each node, 0 where it has no neighbor

  Graph(Interactions interactions) {
    users = interactions.userCount();
    nodes = users + interactions.itemCount();
    int[] items = new int[interactions.size()]; // different ones of each person, sorted
    int[] userStarts = new int[users + 1];
    int size = 0;
    int[] counts = new int[nodes];
    for (int user = 0; user < users; user++) {
      int from = interactions.starts()[user];
      int to = interactions.starts()[user + 1];
      int[] own = Arrays.copyOfRange(interactions.items(), from, to);
      Arrays.sort(own);
      for (int i = 0; i < own.length; i++) {
        if (i == 0 || own[i] != own[i - 1]) {
          items[size++] = own[i];
          counts[users + own[i]]++;
        }
      }
      userStarts[user + 1] = size;
      counts[user] = size - userStarts[user];
    }
    starts = new int[nodes + 1];
    for (int node = 0; node < nodes; node++) {
      starts[node + 1] = starts[node] + counts[node];
    }
    neighbors = new int[2 * size];
    int[] next = starts.clone();
    for (int user = 0; user < users; user++) {
      for (int p = userStarts[user]; p < userStarts[user + 1]; p++) {
        int item = users + items[p];
        neighbors[next[user]++] = item;
        neighbors[next[item]++] = user;
      }
    }
    scales = new float[nodes];
    for (int node = 0; node < nodes; node++) {
      scales[node] = counts[node] == 0 ? 0 : (float) (1 / Math.sqrt(counts[node]));
    }
  }

  /** The rows of the items, [items, d], of those of all nodes. */
  float[] items(float[] all, int d) {
    return Arrays.copyOfRange(all, users * d, all.length);
  }

  /** 1 / sqrt(n_i) of an item; 1 where nobody did it, so that it can be read from a query. */
  private float itemScale(int item) {
    float scale = scales[users + item];
    return scale == 0 ? 1 : scale;
  }

  /**
   * The mean over layers.
   *
   * @param x X, [nodes, d]
   * @param layers K, at least 1
   */
  float[] spread(float[] x, int d, int layers) {
    float[] sum = x.clone();
    Arrays.fill(sum, 0, users * d, 0f);
    float[] layer = x;
    for (int k = 1; k <= layers; k++) {
      layer = times(layer, d);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += layer[i];
      }
    }
    scale(sum, 1f / (layers + 1));
    return sum;
  }

  /**
   * What an item adds to the vector of somebody who did it, before the division by sqrt(n_u): the
   * sum over k below K of (A^k X)_i, times 1 / sqrt(n_i) / (K + 1).
   *
   * @return [items, d]
   */
  float[] parts(float[] x, int d, int layers) {
    float[] sum = x.clone();
    float[] layer = x;
    for (int k = 1; k < layers; k++) {
      layer = times(layer, d);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += layer[i];
      }
    }
    float[] parts = items(sum, d);
    for (int item = 0; item < nodes - users; item++) {
      float scale = itemScale(item) / (layers + 1);
      for (int i = item * d; i < (item + 1) * d; i++) {
        parts[i] *= scale;
      }
    }
    return parts;
  }

  /** A X. */
  private float[] times(float[] x, int d) {
    float[] result = new float[x.length];
    float[] row = new float[d];
    for (int node = 0; node < nodes; node++) {
      Arrays.fill(row, 0f);
      for (int p = starts[node]; p < starts[node + 1]; p++) {
        int neighbor = neighbors[p];
        float weight = scales[neighbor];
        int at = neighbor * d;
        for (int i = 0; i < d; i++) {
          row[i] += weight * x[at + i];
        }
      }
      float weight = scales[node];
      int at = node * d;
      for (int i = 0; i < d; i++) {
        result[at + i] = weight * row[i];
      }
    }
    return result;
  }

  private static void scale(float[] values, float factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
  }
}
