package io.kindred.neural.model;

import io.kindred.Cancellation;
import io.kindred.Explainer;
import io.kindred.Explanation;
import io.kindred.Learning;
import io.kindred.Model;
import io.kindred.ModelInfo;
import io.kindred.Profile;
import io.kindred.Scorer;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.neural.tensor.Scope;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A trained network as a model. It goes by the history of a profile alone, so somebody it never saw
 * is served as a known user is; without a history it scores nothing (NaN). Immutable, thread-safe.
 *
 * <p>A scorer uses one thread of libtorch. Scores of a person do not depend on who else is in the
 * batch, nor that of an item on which other items there are, up to the rounding of floats.
 */
public class NeuralModel implements Model, Explainer, Learning {
  private static final int EXPLAINED = 50;

  private final ModelInfo info;
  private final Dataset data;
  private final Network network;
  private final List<Epoch> epochs;

  NeuralModel(ModelInfo info, Dataset data, Network network, List<Epoch> epochs) {
    this.info = info;
    this.data = data;
    this.network = network;
    this.epochs = List.copyOf(epochs);
  }

  /**
   * A model of a network; one of a {@link VectorNetwork} has vectors and similar items, and one of
   * a {@link GrowingNetwork} takes new items.
   */
  public static NeuralModel of(ModelInfo info, Dataset data, Network network, List<Epoch> epochs) {
    if (network instanceof PictureNetwork pictures && pictures.seesPictures()) {
      return new NeuralPictureModel(info, data, pictures, epochs);
    }
    if (network instanceof GrowingNetwork growing) {
      return new NeuralContentModel(info, data, growing, epochs);
    }
    return network instanceof VectorNetwork vectors
        ? new NeuralVectorModel(info, data, vectors, epochs)
        : new NeuralModel(info, data, network, epochs);
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public Dataset data() {
    return data;
  }

  /** The network. */
  public Network network() {
    return network;
  }

  @Override
  public List<Epoch> epochs() {
    return epochs;
  }

  @Override
  public Scorer scorer() {
    return new NetworkScorer(network, data.items().size());
  }

  /**
   * What each item of the history does to the score: how far the score falls when the item had not
   * been there (occlusion; Zeiler and Fergus, ECCV 2014). Looked at are the newest {@value
   * #EXPLAINED} different items. What one item does depends on the others, so the parts need not
   * sum to the score by themselves: {@code base} is 0 and {@code rest} holds the difference.
   *
   * <p>Cost: as many scorings as there are different items.
   */
  @Override
  public Optional<Explanation> explain(Profile profile, int item, int limit) {
    return explain(profile, new int[] {item}, limit).get(0);
  }

  /** The same for several items, at the cost of one: the scorings are shared. */
  @Override
  public List<Optional<Explanation>> explain(Profile profile, int[] items, int limit) {
    History history = profile.history();
    if (history.isEmpty() || items.length == 0) {
      return Collections.nCopies(items.length, Optional.empty());
    }
    Set<Integer> different = new LinkedHashSet<>();
    int oldest = Math.max(0, history.size() - network.window());
    for (int p = history.size() - 1; p >= oldest && different.size() < EXPLAINED; p--) {
      different.add(history.items()[p]);
    }
    List<Integer> left = new ArrayList<>(different);
    List<History> asked = new ArrayList<>();
    asked.add(history);
    for (int without : left) {
      History rest = without(history, without);
      if (!rest.isEmpty()) {
        asked.add(rest);
      }
    }
    float[][] scores = scoresOf(asked, items);
    List<Optional<Explanation>> explanations = new ArrayList<>();
    for (int i = 0; i < items.length; i++) {
      explanations.add(Optional.of(explanation(history, left, scores, items, i, limit)));
    }
    return explanations;
  }

  private Explanation explanation(
      History history, List<Integer> left, float[][] scores, int[] items, int i, int limit) {
    List<Explanation.ItemReason> reasons = new ArrayList<>();
    double score = scores[0][i];
    int next = 1;
    for (int without : left) {
      boolean only = scores.length == 1;
      double contribution = only ? score : score - scores[next++][i];
      if (contribution != 0) {
        reasons.add(
            new Explanation.ItemReason(
                data.items().id(without),
                valueOf(history, without),
                similarity(without, items[i]),
                contribution));
      }
    }
    return Explanation.BecauseOfItems.of(score, 0, reasons, limit);
  }

  /** How similar two items are to the network, 0 where it has no vectors. */
  double similarity(int first, int second) {
    return 0;
  }

  private static History without(History history, int item) {
    int left = 0;
    int[] places = new int[history.size()];
    for (int p = 0; p < places.length; p++) {
      if (history.items()[p] != item) {
        places[left++] = p;
      }
    }
    int[] items = new int[left];
    float[] values = new float[left];
    long[] times = new long[left];
    for (int p = 0; p < left; p++) {
      items[p] = history.items()[places[p]];
      values[p] = history.values()[places[p]];
      times[p] = history.times()[places[p]];
    }
    return new History(items, values, times);
  }

  private static double valueOf(History history, int item) {
    double value = 0;
    for (int p = 0; p < history.size(); p++) {
      value = history.items()[p] == item ? history.values()[p] : value;
    }
    return value;
  }

  /** The scores of some items for several histories, [histories][items]. */
  private float[][] scoresOf(List<History> histories, int[] items) {
    Torch.setThreads(1);
    float[][] scores = new float[histories.size()][];
    int block = NetworkScorer.blockSize(data.items().size());
    for (int from = 0; from < scores.length; from += block) {
      Cancellation.check();
      int to = Math.min(scores.length, from + block);
      try (Scope scope = Scope.withoutGradients()) {
        float[] found = itemScores(histories.subList(from, to), items);
        for (int row = from; row < to; row++) {
          int first = (row - from) * items.length;
          scores[row] = Arrays.copyOfRange(found, first, first + items.length);
        }
      }
    }
    return scores;
  }

  /** The same inside a scope, [histories * items]; a score does not depend on the other items. */
  float[] itemScores(List<History> histories, int[] items) {
    long[] chosen = Arrays.stream(items).asLongStream().toArray();
    return network.scores(histories).indexSelect(1, Tensor.of(chosen, chosen.length)).toFloats();
  }

  @Override
  public String toString() {
    return info.algorithm() + " " + info.parameters();
  }

  /** Fills rows of scores. */
  private static final class NetworkScorer implements Scorer {
    private final Network network;
    private final int items;

    NetworkScorer(Network network, int items) {
      this.network = network;
      this.items = items;
    }

    static int blockSize(int items) {
      return Math.max(1, Math.min(64, (1 << 22) / Math.max(1, items)));
    }

    @Override
    public void score(List<Profile> profiles, float[] scores) {
      Torch.setThreads(1);
      int block = blockSize(items);
      for (int from = 0; from < profiles.size(); from += block) {
        score(profiles.subList(from, Math.min(profiles.size(), from + block)), scores, from);
      }
    }

    private void score(List<Profile> profiles, float[] scores, int first) {
      List<History> histories = new ArrayList<>();
      for (Profile profile : profiles) {
        if (!profile.history().isEmpty()) {
          histories.add(profile.history());
        }
      }
      if (histories.size() == profiles.size()) {
        try (Scope scope = Scope.withoutGradients()) {
          network.scores(histories).copyTo(scores, first * items);
        }
        return;
      }
      float[] found = new float[histories.size() * items];
      if (!histories.isEmpty()) {
        try (Scope scope = Scope.withoutGradients()) {
          network.scores(histories).copyTo(found, 0);
        }
      }
      int next = 0;
      for (int row = 0; row < profiles.size(); row++) {
        int to = (first + row) * items;
        if (profiles.get(row).history().isEmpty()) {
          Arrays.fill(scores, to, to + items, Float.NaN);
        } else {
          System.arraycopy(found, next++ * items, scores, to, items);
        }
      }
    }
  }
}
