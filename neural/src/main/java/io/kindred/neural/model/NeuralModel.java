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
import io.kindred.neural.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A trained network as a model. It goes by the history of a profile alone, so somebody it never saw
 * is served as a known user is; without a history it scores nothing (NaN). Immutable, thread-safe.
 *
 * <p>A scorer uses one thread of libtorch. Scores of a person do not depend on who else is in the
 * batch, nor that of an item on which other items there are, up to the rounding of floats.
 */
public class NeuralModel implements Model, Explainer, Learning {
  private static final int ALONE = 1000;
  private static final int ALONE_OF_BLOCKS = ALONE / 4;
  private static final int ROWS = 64;
  private static final double ROUNDING = 1e-6;

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
   * been there (occlusion; Zeiler and Fergus, ECCV 2014). Below 0 where the score would rise: the
   * item speaks against. What one item does depends on the others, so the parts need not sum to the
   * score by themselves: {@code base} is 0 and {@code rest} holds the difference. Differences
   * within the rounding of floats are none.
   *
   * <p>Looked at is each different item that the network reads: the whole history, or what is in
   * its window. Where these are more than {@value #ALONE}, the history is first cut into at most
   * that many blocks of neighboring items, each is left out as a whole, and the items of those that
   * matter most are then left out one by one, at least {@value #ALONE_OF_BLOCKS} of them.
   *
   * <p>Cost: as many scorings as items are left out, {@code O(items of the history)}, whatever the
   * size of the catalog.
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
    Set<Integer> different = new LinkedHashSet<>(); // the newest first
    int oldest = Math.max(0, history.size() - network.window());
    for (int p = history.size() - 1; p >= oldest; p--) {
      different.add(history.items()[p]);
    }
    float[] whole = scoresWithout(history, List.of(Set.of()), items)[0];
    Set<Integer> left =
        different.size() <= ALONE ? different : ofTheStrongest(history, different, items, whole);
    float[][] without = scoresWithout(history, left.stream().map(Set::of).toList(), items);
    List<Optional<Explanation>> explanations = new ArrayList<>();
    for (int i = 0; i < items.length; i++) {
      List<Explanation.ItemReason> reasons = new ArrayList<>();
      int next = 0;
      for (int item : left) {
        double contribution = (double) whole[i] - without[next++][i];
        if (Math.abs(contribution) > ROUNDING * Math.abs(whole[i])) {
          reasons.add(
              new Explanation.ItemReason(
                  data.items().id(item),
                  valueOf(history, item),
                  similarity(item, items[i]),
                  contribution));
        }
      }
      explanations.add(Optional.of(Explanation.BecauseOfItems.of(whole[i], 0, reasons, limit)));
    }
    return explanations;
  }

  /** The items of the blocks that matter most for any of the items asked for, the newest first. */
  private Set<Integer> ofTheStrongest(
      History history, Set<Integer> different, int[] items, float[] whole) {
    List<Integer> all = List.copyOf(different);
    int size = (all.size() + ALONE - 1) / ALONE;
    List<Set<Integer>> blocks = new ArrayList<>();
    for (int from = 0; from < all.size(); from += size) {
      blocks.add(new LinkedHashSet<>(all.subList(from, Math.min(all.size(), from + size))));
    }
    float[][] without = scoresWithout(history, blocks, items);
    List<List<Set<Integer>>> strongest = new ArrayList<>(); // blocks by item asked for
    for (int i = 0; i < items.length; i++) {
      int asked = i;
      strongest.add(
          IntStream.range(0, blocks.size())
              .boxed()
              .sorted(
                  Comparator.comparingDouble(
                      block -> -Math.abs((double) whole[asked] - without[block][asked])))
              .map(blocks::get)
              .toList());
    }
    Set<Integer> chosen = new HashSet<>();
    for (int rank = 0; rank < blocks.size() && chosen.size() < ALONE_OF_BLOCKS; rank++) {
      for (List<Set<Integer>> ranked : strongest) {
        chosen.addAll(ranked.get(rank));
      }
    }
    Set<Integer> left = new LinkedHashSet<>(all);
    left.retainAll(chosen);
    return left;
  }

  /** How similar two items are to the network, 0 where it has no vectors. */
  double similarity(int first, int second) {
    return 0;
  }

  private static History without(History history, Set<Integer> leftOut) {
    int left = 0;
    int[] places = new int[history.size()];
    for (int p = 0; p < places.length; p++) {
      if (!leftOut.contains(history.items()[p])) {
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

  /** The scores of some items without others, [left out][items]; of an empty history they are 0. */
  private float[][] scoresWithout(History history, List<Set<Integer>> leftOut, int[] items) {
    Torch.setThreads(1);
    Function<List<History>, float[]> scorer = itemScorer(items);
    float[][] scores = new float[leftOut.size()][items.length];
    for (int from = 0; from < scores.length; from += ROWS) {
      Cancellation.check();
      List<History> asked = new ArrayList<>();
      List<float[]> into = new ArrayList<>();
      for (int row = from; row < Math.min(scores.length, from + ROWS); row++) {
        History rest = without(history, leftOut.get(row));
        if (!rest.isEmpty()) {
          asked.add(rest);
          into.add(scores[row]);
        }
      }
      if (!asked.isEmpty()) {
        float[] found = scorer.apply(asked);
        for (int row = 0; row < into.size(); row++) {
          System.arraycopy(found, row * items.length, into.get(row), 0, items.length);
        }
      }
    }
    return scores;
  }

  /** Scores of some items for histories, [histories * items]; they do not depend on one another. */
  Function<List<History>, float[]> itemScorer(int[] items) {
    return histories -> {
      try (Scope scope = Scope.withoutGradients()) {
        return network.scores(histories, items).toFloats();
      }
    };
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
      return Math.max(1, Math.min(ROWS, (1 << 22) / Math.max(1, items)));
    }

    @Override
    public void score(List<Profile> profiles, float[] scores) {
      Torch.setThreads(1);
      int block = blockSize(items);
      for (int from = 0; from < profiles.size(); from += block) {
        score(profiles.subList(from, Math.min(profiles.size(), from + block)), scores, from);
      }
      Scorer.infinityToNaN(scores, 0, profiles.size() * items);
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
