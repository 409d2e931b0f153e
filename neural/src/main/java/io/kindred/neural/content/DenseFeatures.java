package io.kindred.neural.content;

import io.kindred.KindredException;
import io.kindred.ProgressListener;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.neural.batch.Seeds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
  static int dimensions(Dataset data, String encoder, String embedding) {
    if (!embedding.isEmpty()) {
      return columns(data, embedding).size();
    }
    boolean pictures =
        Pictures.column(data)
            .filter(column -> column.paths().stream().anyMatch(path -> path != null))
            .isPresent();
    return !pictures ? 0 : encoder.isEmpty() ? THUMBNAIL : MobileNetV2.FEATURES;
  }

  private static List<FeatureColumn.Numeric> columns(Dataset data, String embedding) {
    List<FeatureColumn.Numeric> columns = new ArrayList<>();
    for (int n = 1; ; n++) {
      Optional<FeatureColumn> column = data.itemFeatures().column(embedding + " " + n);
      if (column.isEmpty() || !(column.get() instanceof FeatureColumn.Numeric numeric)) {
        break;
      }
      columns.add(numeric);
    }
    if (columns.isEmpty()) {
      throw new KindredException(
          "'"
              + data.name()
              + "' has no embedding '"
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
   * Numbers of all items.
   *
   * @param values {@code float[items x dimensions]}, row-major
   * @param known whether anything is known of an item
   */
  record Table(int dimensions, float[] values, boolean[] known) {}

  /** The numbers, standardized. */
  static Table read(
      Dataset data, String encoder, String embedding, int threads, ProgressListener progress) {
    int dimensions = dimensions(data, encoder, embedding);
    int items = data.items().size();
    float[] values = new float[Math.multiplyExact(items, dimensions)];
    boolean[] known = new boolean[items];
    if (!embedding.isEmpty()) {
      List<FeatureColumn.Numeric> columns = columns(data, embedding);
      for (int item = 0; item < items; item++) {
        known[item] = true;
        for (int d = 0; d < dimensions; d++) {
          values[item * dimensions + d] = columns.get(d).numbers()[item];
          known[item] &= !Float.isNaN(values[item * dimensions + d]);
        }
      }
    } else if (dimensions > 0 && !encoder.isEmpty()) {
      PictureFeatures features =
          PictureFeatures.of(
              Pictures.column(data).orElseThrow(),
              MobileNetV2.read(Path.of(encoder)),
              threads,
              progress);
      values = features.values();
      known = features.known();
    } else if (dimensions > 0) {
      Pictures pictures = Pictures.read(data, WIDTH, HEIGHT, Long.MAX_VALUE, threads, progress);
      for (int item : pictures.items()) {
        known[item] = true;
        byte[] rgb = pictures.get(item).rgb();
        for (int d = 0; d < dimensions; d++) {
          values[item * dimensions + d] = rgb[d] & 0xff;
        }
      }
    }
    standardize(values, known, dimensions);
    return new Table(dimensions, values, known);
  }

  private static void standardize(float[] values, boolean[] known, int dimensions) {
    for (int d = 0; d < dimensions; d++) {
      double sum = 0;
      double squares = 0;
      int count = 0;
      for (int item = 0; item < known.length; item++) {
        if (known[item]) {
          double value = values[item * dimensions + d];
          sum += value;
          squares += value * value;
          count++;
        }
      }
      double mean = sum / Math.max(1, count);
      double variance = squares / Math.max(1, count) - mean * mean;
      double scale = variance < 1e-10 ? 0 : 1 / Math.sqrt(variance * dimensions);
      for (int item = 0; item < known.length; item++) {
        int at = item * dimensions + d;
        values[at] = known[item] ? (float) ((values[at] - mean) * scale) : 0;
      }
    }
  }

  /** A number that stands for a text: the place of a word among {@code buckets}. */
  static int bucket(String text, int buckets) {
    long hash = 0;
    for (int i = 0; i < text.length(); i++) {
      hash = Seeds.of(hash, text.charAt(i));
    }
    return (int) Long.remainderUnsigned(hash, buckets);
  }
}
