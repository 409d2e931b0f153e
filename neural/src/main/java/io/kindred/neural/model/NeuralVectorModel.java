package io.kindred.neural.model;

import io.kindred.ModelInfo;
import io.kindred.Neighbor;
import io.kindred.Profile;
import io.kindred.SimilarItems;
import io.kindred.VectorModel;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.neural.tensor.Scope;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Torch;
import io.kindred.sparse.TopN;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A trained network whose scores are inner products. Items are similar by the cosine of their
 * vectors. A bias of the items is one more element of the vectors. Immutable, thread-safe.
 */
public class NeuralVectorModel extends NeuralModel implements SimilarItems, VectorModel {
  private final VectorNetwork network;
  private volatile float @Nullable [] unit; // item vectors of length 1, made when first asked for

  NeuralVectorModel(ModelInfo info, Dataset data, VectorNetwork network, List<Epoch> epochs) {
    super(info, data, network, epochs);
    this.network = network;
  }

  @Override
  public int dimensions() {
    return (int) network.items().size(1) + (network.bias().isPresent() ? 1 : 0);
  }

  @Override
  public float[] queryVector(Profile profile) {
    float[] vector = new float[dimensions()];
    if (profile.history().isEmpty()) {
      Arrays.fill(vector, Float.NaN);
      return vector;
    }
    Torch.setThreads(1);
    try (Scope scope = Scope.withoutGradients()) {
      network.queries(List.of(profile.history())).copyTo(vector, 0);
    }
    if (network.bias().isPresent()) {
      vector[vector.length - 1] = 1;
    }
    return vector;
  }

  @Override
  public float[] itemVectors() {
    try (Scope scope = Scope.withoutGradients()) {
      Tensor items = network.items();
      return network
          .bias()
          .map(bias -> Tensor.concat(List.of(items, bias.reshape(-1, 1)), 1))
          .orElse(items)
          .toFloats();
    }
  }

  @Override
  public List<Neighbor> similarItems(int item, int n) {
    int items = data().items().size();
    int width = unitWidth();
    float[] vectors = unitVectors();
    float[] cosines = new float[items];
    for (int other = 0; other < items; other++) {
      double dot = 0;
      for (int d = 0; d < width; d++) {
        dot += (double) vectors[item * width + d] * vectors[other * width + d];
      }
      cosines[other] = (float) dot;
    }
    TopN top = new TopN(n);
    top.exclude(new int[] {item});
    int size = top.select(cosines);
    List<Neighbor> neighbors = new ArrayList<>();
    for (int rank = 0; rank < size; rank++) {
      int other = top.items()[rank];
      neighbors.add(new Neighbor(data().items().id(other), cosines[other], -1));
    }
    return neighbors;
  }

  @Override
  double similarity(int first, int second) {
    int width = unitWidth();
    float[] vectors = unitVectors();
    double dot = 0;
    for (int d = 0; d < width; d++) {
      dot += (double) vectors[first * width + d] * vectors[second * width + d];
    }
    return dot;
  }

  @Override
  Function<List<History>, float[]> itemScorer(int[] items) {
    long[] chosen = Arrays.stream(items).asLongStream().toArray();
    float[] vectors;
    float[] biases;
    try (Scope scope = Scope.withoutGradients()) {
      Tensor rows = Tensor.of(chosen, chosen.length);
      vectors = network.items().indexSelect(0, rows).toFloats();
      biases = network.bias().map(all -> all.indexSelect(0, rows).toFloats()).orElse(new float[0]);
    }
    return histories -> {
      try (Scope scope = Scope.withoutGradients()) {
        return products(network.queries(histories).toFloats(), vectors, biases, items.length);
      }
    };
  }

  private static float[] products(float[] queries, float[] vectors, float[] biases, int items) {
    int width = vectors.length / items;
    float[] scores = new float[queries.length / width * items];
    for (int at = 0; at < scores.length; at++) {
      int query = at / items * width;
      int item = at % items;
      double score = biases.length == 0 ? 0 : biases[item];
      for (int d = 0; d < width; d++) {
        score += (double) queries[query + d] * vectors[item * width + d];
      }
      scores[at] = (float) score;
    }
    return scores;
  }

  private int unitWidth() {
    return (int) network.items().size(1);
  }

  private float[] unitVectors() {
    float[] known = unit;
    if (known == null) {
      try (Scope scope = Scope.withoutGradients()) {
        known = network.items().toFloats();
      }
      int width = unitWidth();
      for (int row = 0; row < known.length; row += width) {
        double squares = 0;
        for (int d = row; d < row + width; d++) {
          squares += (double) known[d] * known[d];
        }
        float scale = squares == 0 ? 0 : (float) (1 / Math.sqrt(squares));
        for (int d = row; d < row + width; d++) {
          known[d] *= scale;
        }
      }
      unit = known;
    }
    return known;
  }
}
