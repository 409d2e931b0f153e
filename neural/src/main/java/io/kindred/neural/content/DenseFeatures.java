package io.kindred.neural.content;

import io.kindred.KindredException;
import io.kindred.ProgressListener;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Numbers that describe each item, of one of three kinds: what a pretrained network sees in its
 * picture, an embedding that was computed elsewhere and stands in numeric columns {@code NAME 1},
 * {@code NAME 2} and so on, or, where neither is named, the picture in 6 x 8 pixels.
 *
 * <p>Each number is standardized over the items where it is known (mean 0, variance 1), and all are
 * divided by the root of their count, so that a row has a length of about 1; an item of which
 * nothing is known has zeros: the mean.
 */
final class DenseFeatures {
  private static final int WIDTH = 6;
  private static final int HEIGHT = 8;
  private static final int THUMBNAIL = WIDTH * HEIGHT * 3;

  private DenseFeatures() {}

  /**
   * How many numbers there are; 0 where the data has nothing of the kind.
   *
   * @param encoder path of the weights of a {@link MobileNetV2}, or empty
   * @param embedding name of the columns of an embedding, or empty
   */
  static int dimensions(Features features, String encoder, String embedding) {
    if (!embedding.isEmpty()) {
      return columns(features, embedding).size();
    }
    boolean pictures =
        Pictures.column(features)
            .filter(column -> column.paths().stream().anyMatch(path -> path != null))
            .isPresent();
    return !pictures ? 0 : encoder.isEmpty() ? THUMBNAIL : MobileNetV2.FEATURES;
  }

  private static List<FeatureColumn.Numeric> columns(Features features, String embedding) {
    List<FeatureColumn.Numeric> columns = new ArrayList<>();
    for (int n = 1; ; n++) {
      Optional<FeatureColumn> column = features.column(embedding + " " + n);
      if (column.isEmpty() || !(column.get() instanceof FeatureColumn.Numeric numeric)) {
        break;
      }
      columns.add(numeric);
    }
    if (columns.isEmpty()) {
      throw new KindredException(
          "items have no embedding '"
              + embedding
              + "': numeric columns of items '"
              + embedding
              + " 1', '"
              + embedding
              + " 2', ...");
    }
    return columns;
  }

  /**
   * Numbers of all items, standardized.
   *
   * @param values {@code float[items x dimensions]}, row-major
   * @param known whether anything is known of an item
   * @param scaling how they were standardized
   */
  record Table(int dimensions, float[] values, boolean[] known, Scaling scaling) {}

  /**
   * How numbers are standardized: {@code (x - mean) * scale}.
   *
   * @param means of each number
   * @param scales of each number; 0 for one that does not vary
   */
  record Scaling(float[] means, float[] scales) {}

  /**
   * A scaling that is kept with the weights of a network, so that new items are measured as those
   * of the training were.
   */
  static final class KeptScaling {
    private final Tensor means;
    private final Tensor scales;

    /**
     * Adds to the weights.
     *
     * @param table of the training; null where the weights were stored
     */
    KeptScaling(Weights weights, int dimensions, @Nullable Table table) {
      means =
          table == null
              ? weights.constant("dense.means", 0, dimensions)
              : weights.given("dense.means", table.scaling.means, dimensions);
      scales =
          table == null
              ? weights.constant("dense.scales", 0, dimensions)
              : weights.given("dense.scales", table.scaling.scales, dimensions);
    }

    Scaling get() {
      return new Scaling(means.toFloats(), scales.toFloats());
    }
  }

  /** The numbers of the items of a training. */
  static Table read(
      Features features, String encoder, String embedding, int threads, ProgressListener progress) {
    int dimensions = dimensions(features, encoder, embedding);
    Scaling scaling = new Scaling(new float[dimensions], new float[dimensions]);
    Table table = raw(features, scaling, encoder, embedding, threads, progress);
    measure(table);
    apply(table);
    return table;
  }

  /**
   * The numbers of items that came later, by the scaling of the training; where they have no
   * pictures or no embedding, nothing is known of them.
   *
   * @throws KindredException if they have an embedding of another length
   */
  static Table later(Features features, String encoder, String embedding, Scaling scaling) {
    int dimensions = scaling.means.length;
    boolean there =
        embedding.isEmpty()
            ? dimensions(features, encoder, "") > 0
            : features.column(embedding + " 1").isPresent();
    if (!there) {
      float[] nothing = new float[Math.multiplyExact(features.size(), dimensions)];
      return new Table(dimensions, nothing, new boolean[features.size()], scaling);
    }
    int given = dimensions(features, encoder, embedding);
    if (given != dimensions) {
      throw new KindredException(
          "the embedding '"
              + embedding
              + "' of the new items must have "
              + dimensions
              + " numbers as before, got "
              + given);
    }
    Table table = raw(features, scaling, encoder, embedding, 1, ProgressListener.NONE);
    apply(table);
    return table;
  }

  /** The numbers as they are. */
  private static Table raw(
      Features features,
      Scaling scaling,
      String encoder,
      String embedding,
      int threads,
      ProgressListener progress) {
    int dimensions = scaling.means.length;
    int items = features.size();
    float[] values = new float[Math.multiplyExact(items, dimensions)];
    boolean[] known = new boolean[items];
    if (!embedding.isEmpty()) {
      List<FeatureColumn.Numeric> columns = columns(features, embedding);
      for (int item = 0; item < items; item++) {
        known[item] = true;
        for (int d = 0; d < dimensions; d++) {
          values[item * dimensions + d] = columns.get(d).numbers()[item];
          known[item] &= !Float.isNaN(values[item * dimensions + d]);
        }
      }
    } else if (dimensions > 0 && !encoder.isEmpty()) {
      PictureFeatures seen =
          PictureFeatures.of(
              Pictures.column(features).orElseThrow(),
              MobileNetV2.ofModel(Path.of(encoder)),
              threads,
              progress);
      values = seen.values();
      known = seen.known();
    } else if (dimensions > 0) {
      Pictures pictures = Pictures.read(features, WIDTH, HEIGHT, Long.MAX_VALUE, threads, progress);
      for (int item : pictures.items()) {
        known[item] = true;
        byte[] rgb = pictures.get(item).rgb();
        for (int d = 0; d < dimensions; d++) {
          values[item * dimensions + d] = rgb[d] & 0xff;
        }
      }
    }
    return new Table(dimensions, values, known, scaling);
  }

  /** Width and height of the pictures that are measured. */
  static int[] pictureSize(String encoder) {
    return encoder.isEmpty()
        ? new int[] {WIDTH, HEIGHT}
        : new int[] {MobileNetV2.SIZE, MobileNetV2.SIZE};
  }

  /** The numbers of pictures of that size, standardized, {@code float[pictures x dimensions]}. */
  static float[] seen(List<Picture> pictures, String encoder, Scaling scaling) {
    int dimensions = scaling.means.length;
    float[] values = new float[pictures.size() * dimensions];
    if (!encoder.isEmpty()) {
      values = MobileNetV2.ofModel(Path.of(encoder)).features(pictures);
    } else {
      for (int n = 0; n < pictures.size(); n++) {
        byte[] rgb = pictures.get(n).rgb();
        for (int d = 0; d < dimensions; d++) {
          values[n * dimensions + d] = rgb[d] & 0xff;
        }
      }
    }
    boolean[] known = new boolean[pictures.size()];
    Arrays.fill(known, true);
    apply(new Table(dimensions, values, known, scaling));
    return values;
  }

  /** Fills in the scaling of a table. */
  static void measure(Table table) {
    int dimensions = table.dimensions;
    for (int d = 0; d < dimensions; d++) {
      double sum = 0;
      double squares = 0;
      int count = 0;
      for (int item = 0; item < table.known.length; item++) {
        if (table.known[item]) {
          double value = table.values[item * dimensions + d];
          sum += value;
          squares += value * value;
          count++;
        }
      }
      double mean = sum / Math.max(1, count);
      double variance = squares / Math.max(1, count) - mean * mean;
      table.scaling.means[d] = (float) mean;
      table.scaling.scales[d] =
          (float) (variance < 1e-10 ? 0 : 1 / Math.sqrt(variance * dimensions));
    }
  }

  private static void apply(Table table) {
    float[] values = table.values;
    for (int item = 0; item < table.known.length; item++) {
      for (int d = 0; d < table.dimensions; d++) {
        int at = item * table.dimensions + d;
        values[at] =
            table.known[item] ? (values[at] - table.scaling.means[d]) * table.scaling.scales[d] : 0;
      }
    }
  }
}
