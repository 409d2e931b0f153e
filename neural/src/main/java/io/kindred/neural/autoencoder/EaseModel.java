package io.kindred.neural.autoencoder;

import io.kindred.Explainer;
import io.kindred.Explanation;
import io.kindred.Model;
import io.kindred.ModelInfo;
import io.kindred.Neighbor;
import io.kindred.Profile;
import io.kindred.Scorer;
import io.kindred.SimilarItems;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.neural.batch.HistoryEncoder;
import io.kindred.neural.batch.MultiHot;
import io.kindred.sparse.TopN;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The model of {@link Ease}: a weight for each ordered pair of items. Immutable, thread-safe.
 *
 * <p>The similarity of two items is their partial correlation, what they have to do with one
 * another when all other items are held still: {@code -P[i, j] / sqrt(P[i, i] P[j, j])}, the same
 * both ways, in [-1, 1]. It is taken from the weights: its square is {@code B[i, j] B[j, i]}.
 */
public final class EaseModel implements Model, Explainer, SimilarItems {
  private final ModelInfo info;
  private final Dataset data;
  private final HistoryEncoder encoder;
  private final int[] scored;
  private final float[] weights;
  private final int[] place; // of each item among the scored ones, or -1

  EaseModel(ModelInfo info, Dataset data, HistoryEncoder encoder, int[] scored, float[] weights) {
    this.info = info;
    this.data = data;
    this.encoder = encoder;
    this.scored = scored;
    this.weights = weights;
    place = new int[data.items().size()];
    Arrays.fill(place, -1);
    for (int i = 0; i < scored.length; i++) {
      place[scored[i]] = i;
    }
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public Dataset data() {
    return data;
  }

  /** The items that have weights, ascending; shared, not to be changed. */
  public int[] scored() {
    return scored;
  }

  /**
   * B over the scored items, {@code float[scored x scored]}, row-major: how much the item of the
   * row speaks for that of the column; shared, not to be changed.
   */
  public float[] weights() {
    return weights;
  }

  @Override
  public Scorer scorer() {
    return new EaseScorer();
  }

  /** The items with the largest partial correlations, those above 0 only. */
  @Override
  public List<Neighbor> similarItems(int item, int n) {
    int own = place[item];
    if (own < 0) {
      return List.of();
    }
    TopN top = new TopN(n);
    for (int other = 0; other < scored.length; other++) {
      float similarity = (float) similarity(own, other);
      if (other != own && similarity > 0) {
        top.offer(scored[other], similarity);
      }
    }
    int size = top.sort();
    List<Neighbor> neighbors = new ArrayList<>();
    for (int rank = 0; rank < size; rank++) {
      neighbors.add(new Neighbor(data.items().id(top.items()[rank]), top.scores()[rank], -1));
    }
    return neighbors;
  }

  /** The partial correlation of two scored items. */
  private double similarity(int first, int second) {
    double there = weights[first * scored.length + second];
    double back = weights[second * scored.length + first];
    return Math.signum(there) * Math.sqrt(Math.max(0, there * back));
  }

  /**
   * Each item of the history with its part of the score, {@code x(u, i) B[i, j]}; they sum to the
   * score.
   */
  @Override
  public Optional<Explanation> explain(Profile profile, int item, int limit) {
    int column = place[item];
    if (column < 0) {
      return Optional.empty();
    }
    History history = profile.history().distinct();
    MultiHot row = encoder.rows(List.of(profile.history()));
    List<Explanation.ItemReason> reasons = new ArrayList<>();
    for (int p = 0; p < row.size(); p++) {
      int from = place[(int) row.items()[p]];
      double part =
          from < 0 ? 0 : (double) row.weights()[p] * weights[from * scored.length + column];
      if (part != 0) {
        reasons.add(
            new Explanation.ItemReason(
                data.items().id((int) row.items()[p]),
                history.values()[p],
                similarity(from, column),
                part));
      }
    }
    if (reasons.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(Explanation.BecauseOfItems.of(0, reasons, limit));
  }

  @Override
  public String toString() {
    return info.algorithm() + " " + info.parameters();
  }

  /** A sparse row times B. */
  private final class EaseScorer implements Scorer {
    private final int items = data.items().size();
    private final float[] sums = new float[scored.length];

    @Override
    public void score(List<Profile> profiles, float[] scores) {
      for (int row = 0; row < profiles.size(); row++) {
        score(profiles.get(row).history(), scores, row * items);
      }
    }

    private void score(History history, float[] scores, int offset) {
      Arrays.fill(scores, offset, offset + items, Float.NaN);
      MultiHot row = encoder.rows(List.of(history));
      Arrays.fill(sums, 0f);
      boolean any = false;
      int n = sums.length;
      for (int p = 0; p < row.size(); p++) {
        int from = place[(int) row.items()[p]];
        if (from < 0) {
          continue;
        }
        any = true;
        float value = row.weights()[p];
        int at = from * n;
        for (int j = 0; j < n; j++) {
          sums[j] += value * weights[at + j];
        }
      }
      for (int j = 0; any && j < n; j++) {
        scores[offset + scored[j]] = sums[j];
      }
      Scorer.infinityToNaN(scores, offset, offset + items);
    }
  }
}
