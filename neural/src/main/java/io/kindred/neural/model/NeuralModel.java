package io.kindred.neural.model;

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
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A trained network as a model. It goes by the history of a profile alone, so somebody it never saw
 * is served as a known user is; without a history it scores nothing (NaN). Immutable, thread-safe.
 *
 * <p>A scorer uses one thread of libtorch. Scores of a person do not depend on who else is in the
 * batch, up to the rounding of floats.
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

  /** A model of a network; one of a {@link VectorNetwork} has vectors and similar items. */
  public static NeuralModel of(ModelInfo info, Dataset data, Network network, List<Epoch> epochs) {
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
    History history = profile.history();
    if (history.isEmpty()) {
      return Optional.empty();
    }
    Set<Integer> different = new LinkedHashSet<>();
    int oldest = Math.max(0, history.size() - network.window());
    for (int p = history.size() - 1; p >= oldest && different.size() < EXPLAINED; p--) {
      different.add(history.items()[p]);
    }
    List<Integer> items = new ArrayList<>(different);
    List<History> asked = new ArrayList<>();
    asked.add(history);
    for (int without : items) {
      History left = without(history, without);
      if (!left.isEmpty()) {
        asked.add(left);
      }
    }
    float[] scores = scoresOf(asked, item);
    List<Explanation.ItemReason> reasons = new ArrayList<>();
    double rest = scores[0];
    int next = 1;
    for (int without : items) {
      boolean only = asked.size() == 1;
      double contribution = only ? scores[0] : scores[0] - scores[next++];
      if (contribution != 0) {
        reasons.add(
            new Explanation.ItemReason(
                data.items().id(without),
                valueOf(history, without),
                similarity(without, item),
                contribution));
      }
    }
    reasons.sort(Comparator.comparingDouble(reason -> -Math.abs(reason.contribution())));
    List<Explanation.ItemReason> shown = reasons.subList(0, Math.min(limit, reasons.size()));
    for (Explanation.ItemReason reason : shown) {
      rest -= reason.contribution();
    }
    return Optional.of(new Explanation.BecauseOfItems(scores[0], 0, shown, rest));
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

  /** The score of one item for several histories. */
  private float[] scoresOf(List<History> histories, int item) {
    Torch.setThreads(1);
    float[] scores = new float[histories.size()];
    int block = NetworkScorer.blockSize(data.items().size());
    for (int from = 0; from < scores.length; from += block) {
      int to = Math.min(scores.length, from + block);
      try (Scope scope = Scope.withoutGradients()) {
        itemScores(histories.subList(from, to), item).copyTo(scores, from);
      }
    }
    return scores;
  }

  /** The same as a tensor, [histories]. */
  Tensor itemScores(List<History> histories, int item) {
    return network.scores(histories).select(1, item);
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
