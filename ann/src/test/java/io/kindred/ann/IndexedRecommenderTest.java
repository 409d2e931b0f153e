package io.kindred.ann;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.CandidateIndex;
import io.kindred.KindredException;
import io.kindred.Query;
import io.kindred.RecommendationList;
import io.kindred.RecommendationList.Item;
import io.kindred.TrainingContext;
import io.kindred.baseline.Popularity;
import io.kindred.data.Dataset;
import io.kindred.factor.Bpr;
import io.kindred.factor.FactorModel;
import io.kindred.factor.ImplicitAls;
import io.kindred.factor.LogisticMf;
import io.kindred.generate.World;
import io.kindred.generate.WorldConfig;
import io.kindred.recommend.CandidateIndexes;
import io.kindred.recommend.ModelRecommender;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recommendations by an index beside those by all scores. */
class IndexedRecommenderTest {
  private static final Dataset DATA =
      new World(WorldConfig.ofInteractions(60_000).withSeed(3)).toDataset(2);
  private static final TrainingContext CONTEXT = TrainingContext.defaults().withThreads(2);

  @TempDir Path folder;

  private CandidateIndex index(FactorModel model) {
    CandidateIndexes.build(model, folder, CONTEXT);
    return CandidateIndexes.open(model, folder);
  }

  private static List<String> ids(RecommendationList list) {
    return list.items().stream().map(Item::item).toList();
  }

  private static void assertSame(ModelRecommender exact, ModelRecommender indexed, Query query) {
    RecommendationList expected = exact.recommend(query, 2);
    RecommendationList found = indexed.recommend(query, 2);
    assertThat(found.servedBy()).isEqualTo(expected.servedBy());
    assertThat(found.items()).hasSameSizeAs(expected.items());
    for (int rank = 0; rank < expected.items().size(); rank++) {
      Item one = expected.items().get(rank);
      Item other = found.items().get(rank);
      assertThat(other.score()).as("%s", query).isCloseTo(one.score(), within(1e-4));
      assertThat(other.filled()).isEqualTo(one.filled());
    }
  }

  @Test
  void recommend_everyFactorModel_findsTheScoresThatTheModelGives() {
    for (FactorModel model :
        List.of(
            ImplicitAls.defaults().train(DATA, CONTEXT),
            Bpr.defaults().train(DATA, CONTEXT),
            LogisticMf.defaults().train(DATA, CONTEXT))) {
      ModelRecommender exact = ModelRecommender.of(model);
      try (CandidateIndex index = index(model)) {
        ModelRecommender indexed = exact.withIndex(index);
        int same = 0;
        for (int user = 0; user < 100; user++) {
          Query query = Query.ofUser(DATA.users().id(user));
          List<String> expected = ids(exact.recommend(query));
          List<String> found = ids(indexed.recommend(query));
          assertThat(found).hasSize(10).doesNotHaveDuplicates();
          same += new TreeSet<>(found).equals(new TreeSet<>(expected)) ? 1 : 0;
        }
        assertThat(same).as(model.info().algorithm()).isGreaterThan(90);
      }
    }
  }

  @Test
  void recommend_filtersBoostsHistories_areAsWithoutAnIndex() {
    FactorModel model = ImplicitAls.defaults().train(DATA, CONTEXT);
    ModelRecommender exact = ModelRecommender.of(model);
    try (CandidateIndex index = index(model)) {
      ModelRecommender indexed = exact.withIndex(index);
      Query known = Query.ofUser(DATA.users().id(4));
      List<String> best = ids(exact.recommend(known.withN(40)));
      assertSame(exact, indexed, known);
      assertSame(exact, indexed, known.withN(0));
      assertSame(exact, indexed, known.withN(DATA.items().size() + 5));
      assertSame(exact, indexed, known.withN(Integer.MAX_VALUE));
      assertSame(exact, indexed, known.withFilter(Query.Filter.ALL));
      assertSame(
          exact,
          indexed,
          known.withFilter(
              new Query.Filter(true, Set.copyOf(best.subList(0, 20)), null, Map.of())));
      assertSame(
          exact,
          indexed,
          known.withFilter(
              new Query.Filter(true, Set.of(), Set.copyOf(best.subList(30, 35)), Map.of())));
      assertSame(exact, indexed, known.withBoosts(Map.of(best.get(39), 50.0, best.get(0), 0.001)));
      assertSame(exact, indexed, Query.ofItems(List.of(best.get(0), best.get(7))));
      assertSame(exact, indexed, Query.ofItems(List.of()));
      assertSame(exact, indexed, Query.ofUser("nobody knows me"));
    }
  }

  @Test
  void withIndex_modelWithoutVectors_isRefused() {
    FactorModel model = ImplicitAls.defaults().train(DATA, CONTEXT);
    ModelRecommender popular =
        ModelRecommender.of(Popularity.ALL_TIME.train(DATA, TrainingContext.defaults()));
    try (CandidateIndex index = index(model)) {
      assertThatThrownBy(() -> popular.withIndex(index))
          .isInstanceOf(KindredException.class)
          .hasMessageContaining("a model of 'popularity' cannot have an index");
    }
    assertThatThrownBy(() -> CandidateIndexes.open(model, folder.resolve("elsewhere")))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("has no index; build it with: kindred index");
  }
}
