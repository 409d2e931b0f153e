package io.kindred.onnx;

import io.kindred.KindredException;
import io.kindred.data.FeatureColumn;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes columns of vectors. */
final class Vectors {
  private Vectors() {}

  /** A column of vectors of one length; {@code none} is said where there is not one. */
  static FeatureColumn.Vectors column(String name, List<float @Nullable []> vectors, String none) {
    float[] first =
        vectors.stream()
            .filter(Objects::nonNull)
            .findFirst()
            .orElseThrow(() -> new KindredException(none));
    int d = first.length;
    float[] values = new float[Math.multiplyExact(vectors.size(), d)];
    for (int item = 0; item < vectors.size(); item++) {
      float[] vector = vectors.get(item);
      if (vector == null) {
        Arrays.fill(values, item * d, (item + 1) * d, Float.NaN);
      } else {
        System.arraycopy(vector, 0, values, item * d, d);
      }
    }
    return new FeatureColumn.Vectors(name, values, d);
  }
}
