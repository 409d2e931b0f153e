package io.kindred.neural.content;

import io.kindred.Cancellation;
import io.kindred.SaliencyMap;
import io.kindred.data.History;
import io.kindred.neural.model.NeuralModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Which pixels of a picture speak for an item, to a person: how far the score falls when a part of
 * the picture is covered (occlusion; Zeiler and Fergus, ECCV 2014).
 *
 * <pre>
 * value of a pixel = mean over the squares that cover it of
 *                    score(picture) - score(picture, the square in the mean color of the picture)
 * </pre>
 *
 * <p>Squares have a sixth of the shorter side and follow one another by half of their side.
 * Stateless, thread-safe.
 */
public final class PictureSaliency {
  private static final int BLOCK = 64;

  private PictureSaliency() {}

  /**
   * Covers the picture square by square. Cost: about 200 pictures through the network.
   *
   * @param model of {@link ImageCnn}, {@link Vbpr} or {@link TwoTower} that sees pictures
   * @param history of the person, not empty
   * @param picture of the item, of any size: one that the model never saw, too
   * @throws IllegalArgumentException if the model sees no pictures, or the history is empty
   */
  public static SaliencyMap of(NeuralModel model, History history, Picture picture) {
    if (!(model.network() instanceof Ensemble<?, ?> networks) || !networks.seesPictures()) {
      throw new IllegalArgumentException(
          "model must be one that sees pictures, got " + model.info().algorithm());
    }
    if (history.isEmpty()) {
      throw new IllegalArgumentException("history must not be empty");
    }
    return networks.saliency(history, picture);
  }

  /** The same by the scores of pictures of the size of a whole one. */
  static SaliencyMap of(Picture whole, Function<List<Picture>, float[]> scorer) {
    int width = whole.width();
    int height = whole.height();
    byte[] mean = mean(whole);
    int side = Math.max(1, Math.min(width, height) / 6);
    int step = Math.max(1, side / 2);
    List<Picture> covered = new ArrayList<>();
    List<int[]> corners = new ArrayList<>();
    covered.add(whole);
    for (int top = step - side; top < height; top += step) {
      for (int left = step - side; left < width; left += step) {
        boolean[] mask = new boolean[width * height];
        for (int y = Math.max(0, top); y < Math.min(height, top + side); y++) {
          Arrays.fill(
              mask, y * width + Math.max(0, left), y * width + Math.min(width, left + side), true);
        }
        covered.add(masked(whole, mask, mean));
        corners.add(new int[] {top, left});
      }
    }
    float[] scores = new float[covered.size()];
    for (int from = 0; from < scores.length; from += BLOCK) {
      Cancellation.check();
      List<Picture> some = covered.subList(from, Math.min(scores.length, from + BLOCK));
      System.arraycopy(scorer.apply(some), 0, scores, from, some.size());
    }
    double[] sums = new double[width * height];
    int[] counts = new int[sums.length];
    for (int square = 0; square < corners.size(); square++) {
      int top = corners.get(square)[0];
      int left = corners.get(square)[1];
      for (int y = Math.max(0, top); y < Math.min(height, top + side); y++) {
        for (int x = Math.max(0, left); x < Math.min(width, left + side); x++) {
          sums[y * width + x] += scores[0] - scores[square + 1];
          counts[y * width + x]++;
        }
      }
    }
    float[] values = new float[sums.length];
    for (int place = 0; place < values.length; place++) {
      values[place] = (float) (sums[place] / Math.max(1, counts[place]));
    }
    return new SaliencyMap(width, height, scores[0], values);
  }

  /** The mean color. */
  static byte[] mean(Picture picture) {
    long[] sums = new long[3];
    byte[] rgb = picture.rgb();
    for (int i = 0; i < rgb.length; i++) {
      sums[i % 3] += rgb[i] & 0xff;
    }
    int places = rgb.length / 3;
    return new byte[] {
      (byte) (sums[0] / places), (byte) (sums[1] / places), (byte) (sums[2] / places)
    };
  }

  /** A picture with some pixels in one color. */
  static Picture masked(Picture picture, boolean[] mask, byte[] color) {
    byte[] rgb = picture.rgb().clone();
    for (int place = 0; place < mask.length; place++) {
      if (mask[place]) {
        System.arraycopy(color, 0, rgb, 3 * place, 3);
      }
    }
    return new Picture(picture.width(), picture.height(), rgb);
  }
}
