package io.kindred.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Data and what came later. */
class DatasetJoinTest {
  private static Interaction at(String user, String item, float value, long second) {
    return new Interaction(user, item, value, Instant.ofEpochSecond(second), null);
  }

  @Test
  void followedBy_knownAndNewUsersAndItems_keepsIndexesAndTimeOrder() {
    Dataset before =
        Dataset.of("d", List.of(at("u", "i", 1, 100), at("u", "j", 2, 300), at("v", "j", 3, 50)));
    Dataset later =
        Dataset.of(
            "later", List.of(at("w", "k", 4, 10), at("u", "k", 5, 200), at("u", "i", 6, 400)));

    Dataset all = before.followedBy(later);

    assertThat(all.name()).isEqualTo("d");
    assertThat(all.users().ids()).containsExactly("u", "v", "w");
    assertThat(all.items().ids()).containsExactly("i", "j", "k");
    History u = all.interactions().history(0);
    assertThat(u.items()).containsExactly(0, 2, 1, 0);
    assertThat(u.values()).containsExactly(1f, 5f, 2f, 6f);
    assertThat(u.times()).containsExactly(100, 200, 300, 400);
    assertThat(all.interactions().history(1).times()).containsExactly(50);
    assertThat(all.interactions().history(2).times()).containsExactly(10);
    assertThat(all.fingerprint()).isNotEqualTo(before.fingerprint());
    assertThat(before.interactions().size()).isEqualTo(3);
  }

  @Test
  void followedBy_whatIsThereAlready_isNotAddedAgain() {
    Dataset before = Dataset.of("d", List.of(at("u", "i", 1, 100), at("u", "j", 2, 100)));
    Dataset later =
        Dataset.of(
            "later",
            List.of(
                at("u", "j", 2, 100), // the same
                at("u", "j", 3, 100), // another value
                at("u", "j", 2, 101), // another time
                at("v", "j", 2, 100))); // another user

    Dataset once = before.followedBy(later);

    assertThat(once.interactions().size()).isEqualTo(5);
    assertThat(once.followedBy(later).fingerprint()).isEqualTo(once.fingerprint());
    assertThat(before.followedBy(before).fingerprint()).isEqualTo(before.fingerprint());
  }

  /** Any cut of any data, put together again, has the histories of the whole. */
  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void followedBy_anyCut_isTheWhole(boolean times, boolean types) {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      List<Interaction> all = new ArrayList<>();
      for (int n = 0; n < 200; n++) {
        all.add(
            new Interaction(
                "u" + random.nextInt(15),
                "i" + random.nextInt(20),
                n, // no two are the same
                times ? Instant.ofEpochSecond(1_000_000 + 1000L * n) : null,
                types ? "t" + random.nextInt(4) : null));
      }
      int cut = random.nextInt(201);
      Dataset whole = Dataset.of("d", all);
      Dataset joined =
          Dataset.of("d", all.subList(0, cut)).followedBy(Dataset.of("e", all.subList(cut, 200)));

      assertThat(joined.users().ids()).isEqualTo(whole.users().ids());
      assertThat(joined.items().ids()).isEqualTo(whole.items().ids());
      Interactions a = joined.interactions();
      Interactions b = whole.interactions();
      assertThat(a.starts()).isEqualTo(b.starts());
      assertThat(a.items()).isEqualTo(b.items());
      assertThat(a.values()).isEqualTo(b.values());
      assertThat(a.hasTimes()).isEqualTo(times);
      for (int p = 0; p < 200; p++) {
        assertThat(a.time(p)).isEqualTo(b.time(p));
        assertThat(a.type(p)).isEqualTo(b.type(p));
      }
    }
  }

  @Test
  void followedBy_earlierTimes_areMovedToTheNewBase() {
    Dataset before = Dataset.of("d", List.of(at("u", "i", 1, 5_000)));
    Dataset all = before.followedBy(Dataset.of("e", List.of(at("u", "j", 1, -7))));
    assertThat(all.interactions().history(0).times()).containsExactly(-7, 5_000);
    assertThatThrownBy(
            () -> before.followedBy(Dataset.of("e", List.of(at("u", "j", 1, 5_000_000_000L)))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("136 years");
  }

  @Test
  void followedBy_missingTimesOrTypes_areRefusedAndThoseTooManyDropped() {
    Interaction plain = new Interaction("u", "i", 1, null, null);
    Interaction timed = at("u", "j", 1, 5);
    Interaction typed = new Interaction("u", "k", 1, null, "view");

    assertThatThrownBy(
            () -> Dataset.of("d", List.of(timed)).followedBy(Dataset.of("e", List.of(plain))))
        .hasMessageContaining("have times, those that came later have none");
    assertThatThrownBy(
            () -> Dataset.of("d", List.of(typed)).followedBy(Dataset.of("e", List.of(plain))))
        .hasMessageContaining("have types, those that came later have none");
    Interactions dropped =
        Dataset.of("d", List.of(plain)).followedBy(Dataset.of("e", List.of(timed))).interactions();
    assertThat(dropped.hasTimes()).isFalse();
    assertThat(dropped.size()).isEqualTo(2);
    assertThat(
            Dataset.of("d", List.of(plain))
                .followedBy(Dataset.of("e", List.of(typed)))
                .interactions()
                .types())
        .isNull();
  }

  @Test
  void followedBy_features_areThoseOfNewItemsBehindThoseOfKnown() {
    Dataset before = titled(Dataset.of("d", List.of(at("u", "i", 1, 1))), "old i");
    Dataset later =
        titled(Dataset.of("e", List.of(at("u", "j", 1, 2), at("u", "i", 1, 3))), "new j", "new i");
    Dataset all = before.followedBy(later);
    assertThat(all.itemFeatures().title(0)).contains("old i");
    assertThat(all.itemFeatures().title(1)).contains("new j");
  }

  private static Dataset titled(Dataset data, @Nullable String... titles) {
    return data.withFeatures(
        Features.none(data.users().size()),
        new Features(titles.length, List.of(new FeatureColumn.Text("title", List.of(titles)))));
  }
}
