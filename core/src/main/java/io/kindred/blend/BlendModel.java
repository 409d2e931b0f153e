package io.kindred.blend;

import io.kindred.Algorithm;
import io.kindred.ArrayWriter;
import io.kindred.Cancellation;
import io.kindred.Explainer;
import io.kindred.Explanation;
import io.kindred.Explanation.BecauseOfItems;
import io.kindred.Explanation.BecauseOfUsers;
import io.kindred.Explanation.FeatureReason;
import io.kindred.Explanation.ItemReason;
import io.kindred.Explanation.Popular;
import io.kindred.Explanation.SharedFeatures;
import io.kindred.Explanation.UserReason;
import io.kindred.Model;
import io.kindred.ModelInfo;
import io.kindred.Neighbor;
import io.kindred.NewItems;
import io.kindred.Profile;
import io.kindred.Scorer;
import io.kindred.SimilarItems;
import io.kindred.data.Dataset;
import io.kindred.data.Features;
import io.kindred.data.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Several models whose scores are added, see {@link Blend}. Immutable, thread-safe.
 *
 * <p>An item is explained in the words of the member that speaks for it most and says why. Of items
 * and of features, the reasons of all members that speak in these words are added up; all else of
 * the score is the base of items and people, and the rest of features. Contributions are in units
 * of the score. Explaining costs what scoring the catalogue once costs, and what the explanations
 * of the members cost.
 *
 * <p>Similar items are those of the first member that finds any; none, where no member can. Where
 * every member takes new items, the blend does, too: it is a {@link Growing} one then.
 */
public class BlendModel implements Model, Explainer, SimilarItems {
  /** How many reasons of a member are in memory at once: all of its reasons are needed. */
  private static final int MOST_REASONS = 200_000;

  private static final int LEAST_BLOCK = 100;

  /**
   * One of the models.
   *
   * @param algorithm what it is
   * @param weight of its scores
   */
  record Part<M extends Model>(Algorithm<M> algorithm, M model, double weight) {
    void write(ArrayWriter out) {
      algorithm.codec().write(model, out);
    }

    @SuppressWarnings("unchecked") // a model with more items is of the same kind
    Part<M> withItems(Vocabulary items, Features features) {
      M larger = (M) ((NewItems) model).withItems(items, features);
      return new Part<>(algorithm, larger, weight);
    }
  }

  private final ModelInfo info;
  private final Dataset data;
  private final Blend blend;
  private final List<Part<?>> parts;

  private BlendModel(ModelInfo info, Dataset data, Blend blend, List<Part<?>> parts) {
    this.info = info;
    this.data = data;
    this.blend = blend;
    this.parts = List.copyOf(parts);
  }

  /** A blend of trained models: one that takes new items, if all of them do. */
  static BlendModel of(ModelInfo info, Dataset data, Blend blend, List<Part<?>> parts) {
    return parts.stream().allMatch(part -> part.model instanceof NewItems)
        ? new Growing(info, data, blend, parts)
        : new BlendModel(info, data, blend, parts);
  }

  /** A blend of models that all take new items. */
  public static final class Growing extends BlendModel implements NewItems {
    private Growing(ModelInfo info, Dataset data, Blend blend, List<Part<?>> parts) {
      super(info, data, blend, parts);
    }

    @Override
    public BlendModel withItems(Vocabulary items, Features features) {
      List<Part<?>> larger = new ArrayList<>();
      for (Part<?> part : parts()) {
        larger.add(part.withItems(items, features));
      }
      return new Growing(info(), larger.get(0).model.data(), blend(), larger);
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

  /** What it is made of. */
  List<Part<?>> parts() {
    return parts;
  }

  /** Its hyperparameters. */
  Blend blend() {
    return blend;
  }

  /** The models, in the order of the hyperparameters; the runs of one after each other. */
  public List<Model> members() {
    return parts.stream().<Model>map(Part::model).toList();
  }

  @Override
  public Scorer scorer() {
    int items = data.items().size();
    List<Scorer> scorers = parts.stream().map(part -> part.model.scorer()).toList();
    return (profiles, scores) -> {
      float[] member = new float[Math.multiplyExact(profiles.size(), items)];
      double[] sums = new double[member.length];
      boolean[] scored = new boolean[member.length];
      for (int k = 0; k < parts.size(); k++) {
        scorers.get(k).score(profiles, member);
        for (int row = 0; row < profiles.size(); row++) {
          Line line = line(k, member, row * items);
          for (int s = row * items; s < (row + 1) * items; s++) {
            sums[s] += line.of(member[s]);
            scored[s] |= !Float.isNaN(member[s]);
          }
        }
      }
      for (int s = 0; s < member.length; s++) {
        scores[s] = scored[s] ? (float) sums[s] : Float.NaN;
      }
      Scorer.infinityToNaN(scores, 0, member.length);
    };
  }

  /**
   * What the scores of a member count in the blend: {@code factor * score + offset}.
   *
   * @param missing the same of an item that the member cannot score
   */
  private record Line(double factor, double offset, double missing) {
    /** Of a member that says nothing. */
    static final Line SILENT = new Line(0, 0, 0);

    double of(float score) {
      return Float.isNaN(score) ? missing : factor * score + offset;
    }
  }

  /** The line of a part for one person, whose scores begin at an offset. */
  private Line line(int part, float[] scores, int from) {
    double sum = 0;
    int count = 0;
    double lowest = Double.POSITIVE_INFINITY;
    int end = from + data.items().size();
    for (int s = from; s < end; s++) {
      if (!Float.isNaN(scores[s])) {
        sum += scores[s];
        lowest = Math.min(lowest, scores[s]);
        count++;
      }
    }
    if (count == 0) {
      return Line.SILENT;
    }
    double mean = sum / count;
    double factor = parts.get(part).weight;
    double offset = 0;
    if (blend.normalization() == Blend.Normalization.Z_SCORE) {
      double squares = 0;
      for (int s = from; s < end; s++) {
        if (!Float.isNaN(scores[s])) {
          squares += (scores[s] - mean) * (scores[s] - mean);
        }
      }
      double deviation = Math.sqrt(squares / count);
      if (!(deviation > 1e-7 * Math.abs(mean))) { // equal, but for rounding
        return Line.SILENT;
      }
      factor /= deviation;
      offset = -factor * mean;
    }
    double unknown = blend.missing() == Blend.Missing.MEAN ? mean : lowest;
    return new Line(factor, offset, factor * unknown + offset);
  }

  @Override
  public List<Neighbor> similarItems(int item, int n) {
    for (Part<?> part : parts) {
      if (part.model instanceof SimilarItems comparing) {
        List<Neighbor> found = comparing.similarItems(item, n);
        if (!found.isEmpty()) {
          return found;
        }
      }
    }
    return List.of();
  }

  @Override
  public Optional<Explanation> explain(Profile profile, int item, int limit) {
    return explain(profile, new int[] {item}, limit).get(0);
  }

  @Override
  public List<Optional<Explanation>> explain(Profile profile, int[] items, int limit) {
    int block = Math.max(LEAST_BLOCK, MOST_REASONS / Math.max(1, profile.history().size()));
    List<Optional<Explanation>> explanations = new ArrayList<>();
    for (int from = 0; from < items.length; from += block) {
      int[] some = Arrays.copyOfRange(items, from, Math.min(items.length, from + block));
      explanations.addAll(explainBlock(profile, some, limit));
    }
    return explanations;
  }

  private List<Optional<Explanation>> explainBlock(Profile profile, int[] items, int limit) {
    List<Voice> voices = new ArrayList<>();
    double[] totals = new double[items.length];
    int most = Math.max(limit, profile.history().size()); // of items: all reasons
    float[] scores = new float[data.items().size()];
    for (int k = 0; k < parts.size(); k++) {
      Cancellation.check();
      Model model = parts.get(k).model;
      model.scorer().score(profile, scores);
      Line line = line(k, scores, 0);
      double[] says = new double[items.length];
      for (int n = 0; n < items.length; n++) {
        says[n] = line.of(scores[items[n]]);
        totals[n] += says[n];
      }
      if (model instanceof Explainer explainer && line.factor > 0) {
        voices.add(new Voice(line.factor, says, explainer.explain(profile, items, most)));
      }
    }
    List<Optional<Explanation>> explanations = new ArrayList<>();
    for (int n = 0; n < items.length; n++) {
      int at = n;
      explanations.add(
          voices.stream()
              .filter(voice -> voice.why.get(at).isPresent())
              .max(Comparator.comparingDouble(voice -> voice.says[at]))
              .map(
                  first ->
                      explanation(
                          first.why.get(at).orElseThrow(),
                          first.factor,
                          totals[at],
                          limit,
                          voices,
                          at)));
    }
    return explanations;
  }

  /**
   * What a member says of the items that are explained.
   *
   * @param factor of its scores in the blend
   * @param says its part of the scores of the blend
   */
  private record Voice(double factor, double[] says, List<Optional<Explanation>> why) {}

  private static Explanation explanation(
      Explanation first, double factor, double score, int limit, List<Voice> voices, int at) {
    if (first instanceof BecauseOfItems) {
      return ofItems(score, limit, voices, at);
    }
    if (first instanceof SharedFeatures) {
      return ofFeatures(score, limit, voices, at);
    }
    if (first instanceof BecauseOfUsers users) {
      return ofUsers(users, factor, score, limit);
    }
    Popular popular = (Popular) first;
    return new Popular(score, popular.users(), popular.rank());
  }

  private static BecauseOfItems ofItems(double score, int limit, List<Voice> voices, int at) {
    Map<String, ItemReason> byItem = new LinkedHashMap<>();
    for (Voice voice : voices) {
      if (voice.why.get(at).orElse(null) instanceof BecauseOfItems because) {
        for (ItemReason reason : both(because.reasons(), because.against())) {
          byItem.merge(
              reason.item(),
              new ItemReason(
                  reason.item(),
                  reason.value(),
                  reason.similarity(),
                  voice.factor * reason.contribution()),
              BlendModel::sum);
        }
      }
    }
    List<ItemReason> all = List.copyOf(byItem.values());
    double base = score;
    for (ItemReason reason : all) {
      base -= reason.contribution();
    }
    return BecauseOfItems.of(base, all, limit);
  }

  private static <R> List<R> both(List<R> reasons, List<R> against) {
    List<R> all = new ArrayList<>(reasons);
    all.addAll(against);
    return all;
  }

  /** Both contributions, and the similarity of the larger one. */
  private static ItemReason sum(ItemReason one, ItemReason other) {
    ItemReason larger =
        Math.abs(one.contribution()) >= Math.abs(other.contribution()) ? one : other;
    return new ItemReason(
        one.item(), larger.value(), larger.similarity(), one.contribution() + other.contribution());
  }

  private static SharedFeatures ofFeatures(double score, int limit, List<Voice> voices, int at) {
    Map<List<String>, FeatureReason> byFeature = new LinkedHashMap<>();
    for (Voice voice : voices) {
      if (voice.why.get(at).orElse(null) instanceof SharedFeatures shared) {
        for (FeatureReason reason : both(shared.features(), shared.against())) {
          byFeature.merge(
              List.of(reason.column(), reason.value()),
              new FeatureReason(
                  reason.column(), reason.value(), voice.factor * reason.contribution()),
              (one, other) ->
                  new FeatureReason(
                      one.column(), one.value(), one.contribution() + other.contribution()));
        }
      }
    }
    return SharedFeatures.of(score, byFeature.values(), limit);
  }

  private static BecauseOfUsers ofUsers(
      BecauseOfUsers users, double factor, double score, int limit) {
    List<UserReason> reasons = times(factor, users.reasons(), limit);
    double base = score - factor * (users.score() - users.base());
    double rest = score - base;
    for (UserReason reason : reasons) {
      rest -= reason.contribution();
    }
    return new BecauseOfUsers(score, base, reasons, times(factor, users.against(), limit), rest);
  }

  private static List<UserReason> times(double factor, List<UserReason> reasons, int limit) {
    return reasons.stream()
        .limit(limit)
        .map(
            reason ->
                new UserReason(
                    reason.user(),
                    reason.similarity(),
                    reason.value(),
                    factor * reason.contribution(),
                    reason.shared()))
        .toList();
  }
}
