package io.kindred.neural.content;

import io.kindred.ArrayWriter;
import io.kindred.SaliencyMap;
import io.kindred.data.Dataset;
import io.kindred.data.Features;
import io.kindred.data.History;
import io.kindred.neural.model.PictureNetwork;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Torch;
import io.kindred.neural.tensor.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Networks of one kind that begin differently and are trained side by side, each by its own loss on
 * the same batches; their mean score counts (Lakshminarayanan et al., NIPS 2017, without their
 * adversarial examples). What one network learned by chance, the others did not.
 *
 * <pre>
 * score(i) = 1/n sum over k of (q_k . v_ki + b_ki)
 *          = (q_1, ..., q_n) . (v_1i, ..., v_ni) / n + (b_1i + ... + b_ni) / n
 * </pre>
 *
 * <p>So it is a network with vectors, too, of n times the dimensions. Training costs n times as
 * much.
 *
 * @param <N> the kind of network
 * @param <F> what it reads of items that come later
 */
final class Ensemble<N extends ItemVectors<F>, F> implements PictureNetwork {
  private final Weights weights;
  private final List<N> members = new ArrayList<>();
  private final BiFunction<Dataset, Weights, N> stored;

  /**
   * Networks whose weights are parts of the given ones; the weights of a single one are these.
   *
   * @param size how many, at least 1
   * @param member makes a network with the given weights
   * @param stored makes one for other data from weights that are there
   */
  Ensemble(
      Weights weights,
      int size,
      Function<Weights, N> member,
      BiFunction<Dataset, Weights, N> stored) {
    this.weights = weights;
    this.stored = stored;
    for (int k = 0; k < size; k++) {
      members.add(member.apply(size == 1 ? weights : weights.part(prefix(k))));
    }
  }

  private static String prefix(int member) {
    return "network" + (member + 1) + ".";
  }

  /** The networks. */
  List<N> members() {
    return members;
  }

  /** Computes and keeps what queries need, see {@link ItemVectors#spread}. */
  void spread() {
    members.forEach(ItemVectors::spread);
  }

  @Override
  public Weights weights() {
    return weights;
  }

  @Override
  public void write(ArrayWriter out) {
    members.get(0).write(out);
  }

  @Override
  public int window() {
    return members.get(0).window();
  }

  private Tensor beside(Function<N, Tensor> of) {
    return members.size() == 1
        ? of.apply(members.get(0))
        : Tensor.concat(members.stream().map(of).toList(), 1);
  }

  @Override
  public Tensor queries(List<History> histories) {
    return beside(member -> member.queries(histories));
  }

  @Override
  public Tensor items() {
    Tensor items = beside(ItemVectors::items);
    return members.size() == 1 ? items : items.mul(1.0 / members.size());
  }

  @Override
  public Optional<Tensor> bias() {
    Tensor sum = members.get(0).bias();
    for (N member : members.subList(1, members.size())) {
      sum = sum.add(member.bias());
    }
    return Optional.of(members.size() == 1 ? sum : sum.mul(1.0 / members.size()));
  }

  @Override
  public Ensemble<N, F> withItems(Dataset larger, Features more) {
    F read = members.get(0).read(more);
    Map<String, float[]> values = new LinkedHashMap<>();
    for (int k = 0; k < members.size(); k++) {
      String prefix = members.size() == 1 ? "" : prefix(k);
      members.get(k).grown(read).forEach((name, numbers) -> values.put(prefix + name, numbers));
    }
    return new Ensemble<>(
        Weights.of(values), members.size(), part -> stored.apply(larger, part), stored);
  }

  private double mean(ToDoubleFunction<N> of) {
    return members.stream().mapToDouble(of).average().orElseThrow();
  }

  @Override
  public boolean seesPictures() {
    return members.get(0).seesPictures();
  }

  @Override
  public double likeness(int item, int other) {
    return mean(member -> member.likeness(item, other));
  }

  @Override
  public SaliencyMap saliency(History history, Path picture) {
    return saliency(history, PictureFile.read(picture));
  }

  /** The same of a picture of any size. */
  SaliencyMap saliency(History history, Picture picture) {
    int[] size = members.get(0).pictureSize();
    return PictureSaliency.of(
        picture.resized(size[0], size[1]), shown -> pictureScores(history, shown));
  }

  /**
   * What a person gives pictures of the size that the networks see, by these alone; not inside a
   * scope.
   */
  float[] pictureScores(History history, List<Picture> shown) {
    Torch.setThreads(1);
    float[] seen = members.get(0).seen(shown);
    float[] means = new float[shown.size()];
    for (N member : members) {
      float[] scores = member.pictureScores(history, seen, shown.size());
      for (int n = 0; n < means.length; n++) {
        means[n] += scores[n] / members.size();
      }
    }
    return means;
  }
}
