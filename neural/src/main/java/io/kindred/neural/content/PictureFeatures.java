package io.kindred.neural.content;

import io.kindred.KindredException;
import io.kindred.ProgressListener;
import io.kindred.data.FeatureColumn;
import io.kindred.neural.tensor.Torch;
import io.kindred.sparse.Parallel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a pretrained network sees in the pictures of items.
 *
 * @param dimensions numbers an item
 * @param known whether the item has a picture that could be read
 * @param values {@code float[items x dimensions]}, row-major, 0 where nothing is known
 * @param problems what could not be read and why, a line each
 */
public record PictureFeatures(
    int dimensions, boolean[] known, float[] values, List<String> problems) {
  private static final int BATCH = 32;

  /**
   * Reads all pictures of a column, in batches, and keeps none of them.
   *
   * @param threads that decode, and of libtorch
   * @param progress hears how far it is, and of what could not be read a warning
   */
  public static PictureFeatures of(
      FeatureColumn.Image column, MobileNetV2 network, int threads, ProgressListener progress) {
    return of(column, MobileNetV2.FEATURES, network::features, threads, progress);
  }

  /** The same of anything that makes so many numbers of a picture of 224 x 224. */
  static PictureFeatures of(
      FeatureColumn.Image column,
      int dimensions,
      Function<List<Picture>, float[]> network,
      int threads,
      ProgressListener progress) {
    int[] named =
        java.util.stream.IntStream.range(0, column.size())
            .filter(item -> column.paths().get(item) != null)
            .toArray();
    boolean[] known = new boolean[column.size()];
    float[] values = new float[Math.multiplyExact(column.size(), dimensions)];
    List<String> problems = new ArrayList<>();
    Path folder = column.folder();
    if (folder == null && named.length > 0) {
      problems.add(Pictures.NO_FOLDER);
    }
    int bad = folder == null ? named.length : 0;
    for (int from = 0; folder != null && from < named.length; from += BATCH) {
      int to = Math.min(named.length, from + BATCH);
      @Nullable Picture[] pictures = new @Nullable Picture[to - from];
      @Nullable String[] wrong = new @Nullable String[to - from];
      int first = from;
      Parallel.forBlocks(
          threads,
          to - from,
          4,
          () ->
              (begin, end) -> {
                for (int i = begin; i < end; i++) {
                  try {
                    pictures[i] =
                        PictureFile.read(
                                folder, String.valueOf(column.paths().get(named[first + i])))
                            .resized(MobileNetV2.SIZE, MobileNetV2.SIZE);
                  } catch (KindredException e) {
                    wrong[i] = e.getMessage();
                  }
                }
              });
      List<Picture> batch = new ArrayList<>();
      List<Integer> items = new ArrayList<>();
      for (int i = 0; i < pictures.length; i++) {
        Picture picture = pictures[i];
        if (picture != null) {
          batch.add(picture);
          items.add(named[from + i]);
          known[named[from + i]] = true;
        } else {
          problems.add(String.valueOf(wrong[i]));
          bad++;
        }
      }
      Torch.setThreads(threads);
      float[] features = network.apply(batch);
      for (int i = 0; i < items.size(); i++) {
        System.arraycopy(features, i * dimensions, values, items.get(i) * dimensions, dimensions);
      }
      progress.onProgress("features of pictures", to, named.length, "");
    }
    Pictures.tell(problems, bad, named.length, progress);
    return new PictureFeatures(dimensions, known, values, List.copyOf(problems));
  }
}
