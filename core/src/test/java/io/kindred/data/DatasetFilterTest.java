package io.kindred.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.data.DatasetFilter.Duplicates;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DatasetFilterTest {
  private static final Dataset DATA =
      Dataset.of(
          "small",
          List.of(
              row("u1", "a", 5, 10, "view"),
              row("u1", "b", 3, 20, "buy"),
              row("u1", "a", 2, 30, "view"),
              row("u2", "a", 4, 40, "buy"),
              row("u2", "c", 1, 50, "view"),
              row("u3", "c", 5, 60, "view")));

  private static Interaction row(String user, String item, float value, long time, String type) {
    return new Interaction(user, item, value, Instant.ofEpochSecond(time), type);
  }

  /** The interactions as text, in their order. */
  private static List<String> rows(Dataset data) {
    List<String> rows = new ArrayList<>();
    Interactions all = data.interactions();
    for (int user = 0; user < all.userCount(); user++) {
      for (int p = all.starts()[user]; p < all.starts()[user + 1]; p++) {
        rows.add(
            data.users().id(user)
                + " "
                + data.items().id(all.items()[p])
                + " "
                + all.values()[p]
                + " "
                + all.time(p)
                + " "
                + all.type(p));
      }
    }
    return rows;
  }

  @Test
  void apply_threshold_looksAtWhatStandsForAPair() {
    Dataset mind =
        Dataset.of(
            "mind",
            List.of(
                row("u1", "a", 5, 10, "rate"),
                row("u1", "a", 1, 20, "rate"),
                row("u1", "b", 2, 30, "rate"),
                row("u1", "b", 2, 40, "rate")));
    assertThat(kept(mind, Duplicates.LAST)).isEmpty();
    assertThat(kept(mind, Duplicates.STRONGEST)).containsExactly("u1 a 1.0 20 rate");
    assertThat(kept(mind, Duplicates.SUM)).containsExactly("u1 a 1.0 20 rate", "u1 b 1.0 40 rate");
    assertThat(kept(mind, Duplicates.COUNT)).isEmpty();
    DatasetFilter.Result each = DatasetFilter.none().withMinValue(4f).apply(mind);
    assertThat(rows(each.dataset())).containsExactly("u1 a 1.0 10 rate");
    assertThat(each.dropped().stream().map(Dropped::toString))
        .anyMatch(text -> text.contains("after a higher one of the same user and item"));
  }

  private static List<String> kept(Dataset data, Duplicates how) {
    return rows(DatasetFilter.none().withMinValue(4f).withDuplicates(how).apply(data).dataset());
  }

  @Test
  void apply_typeWeights_theStrongestOfAPairStands() {
    Dataset events =
        Dataset.of(
            "events",
            List.of(
                row("u1", "a", 1, 10, "buy"),
                row("u1", "a", 1, 20, "view"),
                row("u2", "a", 1, 10, "like"),
                row("u2", "a", 1, 20, "hate")));
    DatasetFilter weights =
        DatasetFilter.none()
            .withTypeWeights(Map.of("buy", 10f, "view", 1f, "like", 2f, "hate", -2f));
    assertThat(rows(weights.apply(events).dataset()))
        .containsExactly("u1 a 10.0 20 view", "u2 a -2.0 20 hate");
    assertThat(rows(weights.withDuplicates(Duplicates.SUM).apply(events).dataset()))
        .containsExactly("u1 a 11.0 20 view", "u2 a 0.0 20 hate");
    assertThat(rows(weights.withDuplicates(Duplicates.KEEP).apply(events).dataset())).hasSize(4);
  }

  @ParameterizedTest
  @EnumSource(Duplicates.class)
  void follow_laterData_isAsFilteredTogether(Duplicates how) {
    Random random = new Random(11);
    for (int round = 0; round < 50; round++) {
      List<Interaction> all = new ArrayList<>();
      for (int at = 0; at < 60; at++) {
        String user = "u" + random.nextInt(5);
        String item = "i" + random.nextInt(5);
        all.add(row(user, item, 1 + random.nextInt(5), at, random.nextBoolean() ? "a" : "b"));
      }
      int cut = 1 + random.nextInt(58);
      boolean adds = how == Duplicates.SUM || how == Duplicates.COUNT;
      DatasetFilter filter =
          DatasetFilter.none()
              .withDuplicates(how)
              .withTypeWeights(Map.of("a", 1f, "b", 2f))
              .withMinValue(adds ? null : (Float) 4f);
      Dataset first = filter.apply(Dataset.of("first", all.subList(0, cut))).dataset();
      Dataset later = Dataset.of("later", all.subList(cut, all.size()));
      List<String> together = new ArrayList<>(rows(filter.apply(Dataset.of("all", all)).dataset()));
      List<String> followed = new ArrayList<>(rows(filter.follow(first, later)));
      together.sort(null);
      followed.sort(null);
      assertThat(followed).isEqualTo(together);
    }
  }

  @Test
  void follow_sumsWithAThreshold_areRefused() {
    DatasetFilter filter = DatasetFilter.none().withDuplicates(Duplicates.SUM).withMinValue(4f);
    Dataset before = filter.apply(DATA).dataset();
    assertThatThrownBy(() -> filter.follow(before, DATA))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("what was below 4.0 is not in the data any more");
  }

  @Test
  void apply_none_isTheSameData() {
    assertThat(DatasetFilter.none().apply(DATA).dataset()).isSameAs(DATA);
  }

  @Test
  void apply_threshold_keepsHighValuesAsOne() {
    DatasetFilter.Result result = DatasetFilter.none().withMinValue(3f).apply(DATA);

    assertThat(rows(result.dataset()))
        .containsExactly(
            "u1 a 1.0 10 view", "u1 b 1.0 20 buy", "u2 a 1.0 40 buy", "u3 c 1.0 60 view");
    assertThat(result.dropped())
        .extracting(Dropped::toString)
        .containsExactly(
            "1 interactions: value below 3.0",
            "1 interactions: value below 3.0, after a higher one of the same user and item, which"
                + " stays (of repeats, 'last' would take it out)");
  }

  @Test
  void apply_last_keepsTheLastOfAPair() {
    DatasetFilter.Result result = DatasetFilter.none().withDuplicates(Duplicates.LAST).apply(DATA);

    assertThat(rows(result.dataset())).startsWith("u1 b 3.0 20 buy", "u1 a 2.0 30 view");
    assertThat(result.dropped())
        .containsExactly(
            new Dropped("interactions", 1, "repeats of a pair of user and item (last)"));
  }

  @Test
  void apply_sumAndCount_gatherThePair() {
    assertThat(
            rows(DatasetFilter.none().withDuplicates(Duplicates.SUM).apply(DATA).dataset()).get(1))
        .isEqualTo("u1 a 7.0 30 view");
    assertThat(
            rows(DatasetFilter.none().withDuplicates(Duplicates.COUNT).apply(DATA).dataset())
                .subList(0, 2))
        .containsExactly("u1 b 1.0 20 buy", "u1 a 2.0 30 view");
  }

  @Test
  void apply_window_isInclusiveThenExclusive() {
    DatasetFilter.Result result = DatasetFilter.none().withFrom(20L).withUntil(50L).apply(DATA);

    assertThat(rows(result.dataset()))
        .containsExactly("u1 b 3.0 20 buy", "u1 a 2.0 30 view", "u2 a 4.0 40 buy");
    assertThat(result.dataset().users().ids()).containsExactly("u1", "u2");
    assertThat(result.dropped())
        .containsExactly(
            new Dropped("interactions", 1, "before the time window"),
            new Dropped("interactions", 2, "after the time window"),
            new Dropped("users", 1, "without interactions"));
  }

  @Test
  void apply_types_areWeighted() {
    DatasetFilter.Result result =
        DatasetFilter.none().withTypeWeights(Map.of("buy", 10f)).apply(DATA);

    assertThat(rows(result.dataset())).containsExactly("u1 b 30.0 20 buy", "u2 a 40.0 40 buy");
    assertThat(result.dropped())
        .contains(new Dropped("interactions", 4, "event type 'view' is not kept"));
    assertThat(result.dataset().items().ids()).containsExactly("a", "b", "c");
    assertThat(
            DatasetFilter.none()
                .withTypeWeights(Map.of("buy", 10f))
                .withDropUnusedItems(true)
                .apply(DATA)
                .dataset()
                .items()
                .ids())
        .containsExactly("a", "b");
  }

  @Test
  void apply_maxHistory_keepsTheNewest() {
    assertThat(rows(DatasetFilter.none().withMaxHistory(1).apply(DATA).dataset()))
        .containsExactly("u1 a 2.0 30 view", "u2 c 1.0 50 view", "u3 c 5.0 60 view");
  }

  @Test
  void apply_features_followTheirItems() {
    Features titles =
        new Features(
            3,
            List.of(
                new FeatureColumn.Text("title", Arrays.asList("A", null, "C")),
                new FeatureColumn.Tags(
                    "tags",
                    new int[] {0, 1, 3, 3},
                    new int[] {0, 0, 1},
                    Vocabulary.of(List.of("x", "y"))),
                new FeatureColumn.Numeric("year", new float[] {1, 2, 3}),
                new FeatureColumn.Category(
                    "kind", new int[] {-1, 0, 0}, Vocabulary.of(List.of("k")))));
    Dataset data = DATA.withFeatures(Features.none(3), titles);

    Features kept =
        DatasetFilter.none()
            .withFrom(20L)
            .withUntil(30L)
            .withDropUnusedItems(true)
            .apply(data)
            .dataset()
            .itemFeatures();

    assertThat(kept.size()).isEqualTo(1);
    assertThat(kept.columns().stream().map(column -> column.display(0)).toList())
        .containsExactly(null, "x, y", "2", "k");
  }

  /**
   * The k-core is the same, whatever the order of removal; here everything is removed at once, over
   * maps.
   */
  @Test
  void apply_core_agreesWithRemovalOverMaps() {
    Random random = new Random(5);
    List<Interaction> rows = new ArrayList<>();
    for (int i = 0; i < 900; i++) {
      rows.add(
          new Interaction(
              "u" + (int) (150 * Math.pow(random.nextDouble(), 2)),
              "i" + (int) (120 * Math.pow(random.nextDouble(), 2)),
              1));
    }
    List<Interaction> kept = new ArrayList<>(rows);
    int before;
    do {
      before = kept.size();
      Map<String, Integer> users = new HashMap<>();
      Map<String, Integer> items = new HashMap<>();
      kept.forEach(row -> users.merge(row.user(), 1, Integer::sum));
      kept.forEach(row -> items.merge(row.item(), 1, Integer::sum));
      kept.removeIf(row -> users.get(row.user()) < 5 || items.get(row.item()) < 5);
    } while (kept.size() < before);

    DatasetFilter.Result result = DatasetFilter.none().withCore(5).apply(Dataset.of("x", rows));

    assertThat(kept).isNotEmpty().hasSizeLessThan(rows.size() - 100);
    assertThat(result.dataset().interactions().size()).isEqualTo(kept.size());
    assertThat(result.dataset().users().ids())
        .containsExactlyInAnyOrderElementsOf(
            kept.stream().map(Interaction::user).distinct().toList());
    assertThat(result.dataset().items().ids())
        .containsExactlyInAnyOrderElementsOf(
            kept.stream().map(Interaction::item).distinct().toList());
  }

  @Test
  void apply_nothingKept_isEmptyAndSaysWhy() {
    DatasetFilter.Result result = DatasetFilter.none().withMinValue(100f).withCore(2).apply(DATA);

    assertThat(result.dataset().interactions().size()).isZero();
    assertThat(result.dataset().users().size()).isZero();
    assertThat(result.dropped().get(0))
        .isEqualTo(new Dropped("interactions", 6, "value below 100.0"));
  }

  @ParameterizedTest
  @EnumSource(Duplicates.class)
  void apply_always_countsAddUp(Duplicates duplicates) {
    DatasetFilter.Result result =
        DatasetFilter.none()
            .withDuplicates(duplicates)
            .withMinValue(2f)
            .withMinHistory(2)
            .apply(DATA);

    long lost =
        result.dropped().stream()
            .filter(dropped -> dropped.what().equals("interactions"))
            .mapToLong(Dropped::count)
            .sum();
    assertThat(result.dataset().interactions().size() + lost).isEqualTo(6);
  }

  @Test
  void apply_dataWithoutTypesOrTimes_saysSo() {
    Dataset plain = Dataset.of("plain", List.of(new Interaction("u", "i", 1)));

    assertThatThrownBy(() -> DatasetFilter.none().withFrom(1L).apply(plain))
        .hasMessage("a time window is asked for, but the data has no times");
    assertThatThrownBy(() -> DatasetFilter.none().withTypeWeights(Map.of("buy", 1f)).apply(plain))
        .hasMessageContaining("event types [buy] are asked for");
  }

  @Test
  void of_wrongValues_areRefused() {
    assertThatThrownBy(() -> DatasetFilter.none().withMinValue(Float.NaN))
        .hasMessageContaining("minValue must be a finite number, got NaN");
    assertThatThrownBy(() -> DatasetFilter.none().withFrom(5L).withUntil(5L))
        .hasMessageContaining("from must be before until");
    assertThatThrownBy(() -> DatasetFilter.none().withMinHistory(-1))
        .hasMessageContaining("at least 0");
    assertThatThrownBy(() -> DatasetFilter.none().withMaxHistory(2).withMinHistory(3))
        .hasMessageContaining("at most maxHistory");
  }
}
