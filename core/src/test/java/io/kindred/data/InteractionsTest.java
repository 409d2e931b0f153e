package io.kindred.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InteractionsTest {

  private record Row(int user, int item, float value, long millis, String type) {}

  /** The fast build against a stable sort of objects, with many equal times. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void build_anyOrder_isGroupedByUserAndStableByTime(int threads) {
    Random random = new Random(7);
    int users = 9_000;
    List<Row> rows = new ArrayList<>();
    Interactions.Builder builder = Interactions.builder();
    for (int i = 0; i < 60_000; i++) {
      Row row =
          new Row(
              random.nextInt(random.nextBoolean() ? 3 : users),
              random.nextInt(50),
              i,
              1_500_000_000_000L + random.nextInt(2_000) * 500L,
              random.nextBoolean() ? "view" : "buy");
      rows.add(row);
      builder.add(row.user(), row.item(), row.value(), row.millis(), row.type());
    }

    Interactions built = builder.build(users, 50, threads);

    rows.sort(Comparator.comparingInt(Row::user).thenComparingLong(Row::millis));
    for (int p = 0; p < rows.size(); p++) {
      Row row = rows.get(p);
      assertThat(built.values()[p]).isEqualTo(row.value());
      assertThat(built.items()[p]).isEqualTo(row.item());
      assertThat(built.time(p)).isEqualTo(Math.floorDiv(row.millis(), 1000L));
      assertThat(built.type(p)).isEqualTo(row.type());
    }
    assertThat(built.starts()[users]).isEqualTo(rows.size());
  }

  @Test
  void build_withoutTimes_keepsTheOrderOfReading() {
    Interactions.Builder builder = Interactions.builder();
    builder.add(1, 0, 1);
    builder.add(0, 2, 2);
    builder.add(1, 1, 3);
    builder.add(0, 0, 4);

    Interactions built = builder.build(2, 3);

    assertThat(built.items()).containsExactly(2, 0, 0, 1);
    assertThat(built.values()).containsExactly(2, 4, 1, 3);
    assertThat(built.hasTimes()).isFalse();
  }

  @Test
  void build_timesOfMixedUnits_areRefused() {
    Interactions.Builder builder = Interactions.builder();
    builder.add(0, 0, 1, 1_500_000_000_000L);
    builder.add(0, 0, 1, 1_500_000_000_000_000L);

    assertThatThrownBy(() -> builder.build(1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("years");
  }

  @Test
  void memoryBytes_timed_isTwelveAnInteraction() {
    Interactions.Builder builder = Interactions.builder();
    for (int i = 0; i < 1000; i++) {
      builder.add(0, 0, 1, i * 1000L);
    }

    assertThat(builder.build(1, 1).memoryBytes()).isEqualTo(12_000 + 8);
  }
}
