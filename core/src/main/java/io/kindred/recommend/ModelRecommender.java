package io.kindred.recommend;

import io.kindred.Cancellation;
import io.kindred.CandidateIndex;
import io.kindred.CandidateIndex.Candidates;
import io.kindred.Explainer;
import io.kindred.Explanation;
import io.kindred.KindredException;
import io.kindred.Model;
import io.kindred.Neighbor;
import io.kindred.NewItems;
import io.kindred.PictureExplainer;
import io.kindred.Profile;
import io.kindred.Query;
import io.kindred.RatingPredictor;
import io.kindred.RecommendationList;
import io.kindred.RecommendationList.Item;
import io.kindred.RecommendationList.ServedBy;
import io.kindred.Recommender;
import io.kindred.SaliencyMap;
import io.kindred.Scorer;
import io.kindred.SimilarItems;
import io.kindred.SimilarUsers;
import io.kindred.TrainingContext;
import io.kindred.VectorModel;
import io.kindred.baseline.Popularity;
import io.kindred.data.Features;
import io.kindred.data.RatingScale;
import io.kindred.data.Vocabulary;
import io.kindred.sparse.TopN;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Answers queries from a model, in string ids: the one way in for whoever serves.
 *
 * <p>A query becomes a list in these steps: the person is resolved to a {@link Profile}; the model
 * scores the catalogue; what the filter leaves out goes; boosts apply; the best n stay, ties by
 * item index; where the model could score fewer than n, popularity fills up (see {@link
 * #withoutFilling}); reasons are added where they are asked for.
 *
 * <p>A query with a history is served by that history, a known user without one by the stored
 * history; a known user whose given history is the stored one gets the same list either way. Events
 * without a value count as liked (see {@link #scale}). Where neither leaves anything to go by, the
 * model serves as it serves everybody, and popularity where it cannot.
 *
 * <p>With an index ({@link #withIndex}) the model does not score the catalogue: the index finds the
 * items that the filter allows, with their exact scores, and all else is the same. Some of the true
 * best may be missing.
 *
 * <p>Thread-safe: each running query takes a scorer from a pool. A query costs what the model's
 * scorer costs and O(items) more; with an index, what the search costs and O(items / 64), but for
 * features that are filtered by and for places that popularity fills, which cost O(items). A query
 * that runs within {@link Cancellation#run} can be stopped between two steps, and while it
 * explains.
 */
public final class ModelRecommender implements Recommender {
  private static final double LEAST_LIKENESS = 0.5;

  private final Model model;
  private final boolean filling;
  private final @Nullable CandidateIndex index;
  private final Queue<Scratch> pool = new ConcurrentLinkedQueue<>();
  private volatile Popularity.@Nullable Fitted popularity;
  private volatile @Nullable NameSearch search;
  private volatile @Nullable RatingScale scale;

  private ModelRecommender(
      Model model, boolean filling, @Nullable CandidateIndex index, @Nullable RatingScale scale) {
    this.model = model;
    this.filling = filling;
    this.index = index;
    this.scale = scale;
  }

  /** What one running query works with. */
  private record Scratch(Scorer scorer, float[] scores) {}

  /** A recommender that fills up with popular items where the model can score too few. */
  public static ModelRecommender of(Model model) {
    return new ModelRecommender(model, true, null, null);
  }

  /** The same, with lists of what the model can score and no more. */
  public ModelRecommender withoutFilling() {
    return new ModelRecommender(model, false, index, scale);
  }

  /**
   * The same, with candidates from an index of the model's vectors instead of the scores of all
   * items. Whoever opened the index closes it.
   *
   * @throws KindredException if the model's scores are no inner products
   */
  public ModelRecommender withIndex(CandidateIndex newIndex) {
    CandidateIndexes.vectors(model);
    return new ModelRecommender(model, filling, newIndex, scale);
  }

  /**
   * The same with more items, which the model scores by their features. They are added to the
   * index, if there is one: it finds them from now on, without being built anew.
   *
   * @param items ids of the new items
   * @param features their properties
   * @throws KindredException if the model cannot take new items, an item is there already, or the
   *     features do not fit those of the training
   */
  public ModelRecommender withItems(Vocabulary items, Features features) {
    if (!(model instanceof NewItems growing)) {
      throw new KindredException(
          "a model of '" + model.info().algorithm() + "' cannot take new items");
    }
    Model larger = growing.withItems(items, features);
    if (index != null) {
      int from = model.data().items().size();
      VectorModel vectors = CandidateIndexes.vectors(larger);
      float[] all = vectors.itemVectors();
      int d = vectors.dimensions();
      for (int item = from; item < from + items.size(); item++) {
        float[] vector = Arrays.copyOfRange(all, item * d, (item + 1) * d);
        if (!Arrays.equals(vector, new float[d])) { // zeros: the model cannot score it
          index.add(item, vector);
        }
      }
    }
    return new ModelRecommender(larger, filling, index, scale);
  }

  /** The model that answers. */
  public Model model() {
    return model;
  }

  /** The best items for a query, without reasons. */
  @Override
  public RecommendationList recommend(Query query) {
    return recommend(query, 0);
  }

  /**
   * The best items for a query, each with its reasons.
   *
   * @param reasons how many reasons an item at the most; 0: no explanations
   * @throws KindredException if the query names a feature column that does not exist, or a value
   *     that the column cannot be compared with
   */
  public RecommendationList recommend(Query query, int reasons) {
    return recommend(query, reasons, new BitSet());
  }

  /**
   * The same without some items.
   *
   * @param leftOut indexes of items that must not be recommended, whatever the filter says; only
   *     read
   * @throws KindredException if the query names a feature column that does not exist, or a value
   *     that the column cannot be compared with
   */
  public RecommendationList recommend(Query query, int reasons, BitSet leftOut) {
    ResolvedQuery resolved = resolved(query);
    resolved.leftOut().or(leftOut);
    List<Item> items = query.n() == 0 ? List.of() : items(resolved, query.n(), reasons);
    return new RecommendationList(items, resolved.servedBy(), List.copyOf(resolved.unknown()));
  }

  private List<Item> items(ResolvedQuery query, int n, int reasons) {
    List<Item> items = new ArrayList<>();
    TopN best = index == null ? scored(query, n) : found(index, query, n);
    List<Optional<Explanation>> why = explain(model, query.profile(), best, reasons);
    for (int rank = 0; rank < best.size(); rank++) {
      items.add(item(best.items()[rank], best.scores()[rank], false, why.get(rank)));
      query.leftOut().set(best.items()[rank]);
    }
    if (filling && items.size() < n) {
      float[] scores = new float[model.data().items().size()];
      popularity().scorer().score(query.profile(), scores);
      best = select(scores, query, n - items.size());
      why = explain(popularity(), query.profile(), best, reasons);
      double below = items.isEmpty() ? Double.NaN : items.get(items.size() - 1).score();
      for (int rank = 0; rank < best.size(); rank++) {
        double score = Double.isNaN(below) ? best.scores()[rank] : below - 1 - rank;
        items.add(item(best.items()[rank], score, true, why.get(rank)));
      }
    }
    return items;
  }

  /** The best of all items, each scored by the model. */
  private TopN scored(ResolvedQuery query, int n) {
    Cancellation.check();
    Scratch scratch = take();
    scratch.scorer.score(query.profile(), scratch.scores);
    TopN best = select(scratch.scores, query, n);
    pool.add(scratch); // not after an exception: it may be half written
    Cancellation.check();
    return best;
  }

  /**
   * The best of what an index finds. A boost moves one item, so the best n after k boosts are among
   * the best n + k before, and the k items.
   */
  private TopN found(CandidateIndex by, ResolvedQuery query, int n) {
    float[] vector = CandidateIndexes.vectors(model).queryVector(query.profile());
    TopN best = new TopN(n);
    int[] boosted =
        query.boosts().keySet().stream()
            .mapToInt(Integer::intValue)
            .filter(item -> !query.leftOut().get(item))
            .toArray();
    int items = model.data().items().size();
    Candidates candidates = by.search(vector, Math.min(n, items) + boosted.length, query.leftOut());
    for (int k = 0; k < candidates.size(); k++) {
      int item = candidates.items()[k];
      if (item < items
          && Float.isFinite(candidates.scores()[k])
          && !query.boosts().containsKey(item)) {
        best.offer(item, candidates.scores()[k]);
      }
    }
    float[] scores = by.scores(vector, boosted);
    for (int k = 0; k < boosted.length; k++) {
      best.offer(boosted[k], boosted(scores[k], query.boosts().getOrDefault(boosted[k], 1.0)));
    }
    best.sort();
    return best;
  }

  private static TopN select(float[] scores, ResolvedQuery query, int n) {
    query.boosts().forEach((item, boost) -> scores[item] = boosted(scores[item], boost));
    query.leftOut().stream().forEach(item -> scores[item] = Float.NaN);
    TopN best = new TopN(n);
    best.select(scores);
    return best;
  }

  /** The largest float at the most, so that a boost cannot make a score infinite. */
  private static float boosted(float score, double boost) {
    double boosted = score < 0 ? score / boost : score * boost;
    return (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, boosted));
  }

  private Item item(int item, double score, boolean filled, Optional<Explanation> why) {
    return new Item(model.data().items().id(item), score, filled, why);
  }

  /** The reasons for each of the chosen items; 0 reasons: none for any. */
  private static List<Optional<Explanation>> explain(
      Model by, Profile profile, TopN chosen, int reasons) {
    return reasons > 0 && by instanceof Explainer explainer
        ? explainer.explain(profile, Arrays.copyOf(chosen.items(), chosen.size()), reasons)
        : Collections.nCopies(chosen.size(), Optional.empty());
  }

  private static Optional<Explanation> explain(Model by, Profile profile, int item, int reasons) {
    return by instanceof Explainer explainer
        ? explainer.explain(profile, item, reasons)
        : Optional.empty();
  }

  /**
   * What the values of the model's data mean; events that say no value get {@link
   * RatingScale#liked}. Counted once, O(interactions).
   */
  public RatingScale scale() {
    RatingScale made = scale;
    if (made == null) {
      made = RatingScale.of(model.data());
      scale = made;
    }
    return made;
  }

  /**
   * What the person of a query would give to some items, whatever the filter says: on the scale of
   * the data and clipped to it, which scores, that order a list, are not.
   *
   * @param items ids that the model knows
   * @return shape {@code float[items]}; empty where the model predicts no ratings
   * @throws KindredException if the model does not know an item
   */
  public Optional<float[]> predict(Query query, List<String> items) {
    return model instanceof RatingPredictor predictor
        ? Optional.of(
            predictor.predict(profile(query), items.stream().mapToInt(this::item).toArray()))
        : Optional.empty();
  }

  private ResolvedQuery resolved(Query query) {
    return ResolvedQuery.of(query, model.data(), () -> scale().liked());
  }

  /**
   * Why an item is, or would be, recommended to the person of a query, whatever the filter says.
   *
   * @param reasons how many reasons at the most
   * @return the model's reasons; where it has none for the item, its popularity, unless filling is
   *     off; empty where the model does not explain
   * @throws KindredException if the model does not know the item
   */
  public Optional<Explanation> explain(Query query, String item, int reasons) {
    int index = item(item);
    Profile profile = profile(query);
    Optional<Explanation> ofModel = explain(model, profile, index, reasons);
    boolean byPopularity = ofModel.isEmpty() && filling && model instanceof Explainer;
    return byPopularity ? explain(popularity(), profile, index, reasons) : ofModel;
  }

  /**
   * The items most similar to an item.
   *
   * @throws KindredException if the model does not know the item, or does not compare items
   */
  public List<Neighbor> similarItems(String item, int n) {
    int index = item(item);
    if (model instanceof SimilarItems comparing) {
      return comparing.similarItems(index, n);
    }
    throw new KindredException(
        "a model of '" + model.info().algorithm() + "' does not compare items");
  }

  /**
   * For each of some items, what of the person's history looks most like it to the model, and how
   * much, by the cosine; empty where the item has no picture, or nothing has a cosine of at least
   * {@value #LEAST_LIKENESS}.
   *
   * @param items ids that the model knows
   * @throws KindredException if the model does not know an item, or does not look at pictures
   */
  public List<Optional<Neighbor>> looksLike(Query query, List<String> items) {
    PictureExplainer looking = looking();
    Features features = model.data().itemFeatures();
    int[] seen =
        Arrays.stream(profile(query).history().items())
            .distinct()
            .filter(item -> features.picture(item).isPresent())
            .toArray();
    List<Optional<Neighbor>> found = new ArrayList<>();
    for (String id : items) {
      Cancellation.check();
      int item = item(id);
      TopN best = new TopN(1);
      for (int other : seen) {
        double likeness = looking.likeness(item, other);
        if (other != item && likeness >= LEAST_LIKENESS && features.picture(item).isPresent()) {
          best.offer(other, (float) likeness);
        }
      }
      found.add(
          best.sort() == 0
              ? Optional.empty()
              : Optional.of(
                  new Neighbor(model.data().items().id(best.items()[0]), best.scores()[0], -1)));
    }
    return found;
  }

  /**
   * Which pixels of a picture speak for it, to the person of a query.
   *
   * @throws KindredException if the model does not look at pictures, nothing is known of the
   *     person, or the file cannot be read as a picture
   */
  public SaliencyMap saliency(Query query, Path picture) {
    return looking().saliency(profile(query), picture);
  }

  private PictureExplainer looking() {
    if (model instanceof PictureExplainer looking) {
      return looking;
    }
    throw new KindredException(
        "a model of '" + model.info().algorithm() + "' does not look at pictures");
  }

  private Profile profile(Query query) {
    return resolved(query.withFilter(Query.Filter.ALL)).profile();
  }

  /**
   * The users most similar to the person of a query, who is not among them.
   *
   * @throws KindredException if nothing is known of the person, or the model does not compare users
   */
  public List<Neighbor> similarUsers(Query query, int n) {
    if (!(model instanceof SimilarUsers comparing)) {
      throw new KindredException(
          "a model of '" + model.info().algorithm() + "' does not compare users");
    }
    ResolvedQuery resolved = resolved(query.withFilter(Query.Filter.ALL));
    if (resolved.servedBy() == ServedBy.POPULARITY) {
      throw new KindredException(
          query
                  .userId()
                  .map(
                      user ->
                          "user '"
                              + user
                              + "' is not among the "
                              + model.data().users().size()
                              + " of the model")
                  .orElse("nobody is named")
              + ", and there is no history of known items to go by");
    }
    return comparing.similarUsers(resolved.profile(), n);
  }

  /**
   * The index of an item.
   *
   * @throws KindredException if the model does not know it, naming items whose id or title is close
   */
  public int item(String id) {
    int index = model.data().items().index(id);
    if (index >= 0) {
      return index;
    }
    List<String> close = search().find(id, 3).stream().map(this::named).toList();
    throw new KindredException(
        "no item '"
            + id
            + "' among the "
            + model.data().items().size()
            + " of the model"
            + (close.isEmpty() ? "" : "; is it " + String.join(" or ", close) + "?"));
  }

  private String named(int item) {
    return "'"
        + model.data().items().id(item)
        + "'"
        + model.data().itemFeatures().title(item).map(title -> " (" + title + ")").orElse("");
  }

  /** Finds items of the model by a part of their id or title. */
  public NameSearch search() {
    NameSearch made = search;
    if (made == null) {
      made = NameSearch.ofItems(model.data());
      search = made;
    }
    return made;
  }

  private Popularity.Fitted popularity() {
    Popularity.Fitted made = popularity;
    if (made == null) {
      made = Popularity.ALL_TIME.train(model.data(), TrainingContext.defaults());
      popularity = made;
    }
    return made;
  }

  private Scratch take() {
    Scratch free = pool.poll();
    return free != null
        ? free
        : new Scratch(model.scorer(), new float[model.data().items().size()]);
  }
}
