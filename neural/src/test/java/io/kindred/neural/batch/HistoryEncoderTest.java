package io.kindred.neural.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.data.Interactions;
import io.kindred.testkit.SmallData;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HistoryEncoderTest {
  private static final long DAY = 86_400;

  /** User 0: item 2, item 0, item 2 again ten days later. User 1: item 0. User 2: nothing. */
  private static Interactions small() {
    Interactions.Builder all = Interactions.builder();
    all.add(0, 2, 5f, 1000 * (100 * DAY));
    all.add(0, 0, 3f, 1000 * (105 * DAY));
    all.add(0, 2, 4f, 1000 * (110 * DAY));
    all.add(1, 0, -1f, 1000 * (90 * DAY));
    return all.build(3, 4);
  }

  private static float[] dense(Encoding.Kind kind) {
    Interactions all = small();
    return HistoryEncoder.of(new Encoding(kind, 5), all).rows(all, new int[] {1, 0, 2}).dense();
  }

  @Test
  void rows_smallExample_areTheFormulas() {
    float rare =
        (float) ((1 + Math.log(2)) * Math.log(1 + 2.0)); // item 2: twice, one of two people
    float common = (float) Math.log(1 + 1.0);
    assertThat(dense(Encoding.Kind.BINARY)).containsExactly(1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0);
    assertThat(dense(Encoding.Kind.COUNT)).containsExactly(1, 0, 0, 0, 1, 0, 2, 0, 0, 0, 0, 0);
    assertThat(dense(Encoding.Kind.VALUE)).containsExactly(-1, 0, 0, 0, 3, 0, 4, 0, 0, 0, 0, 0);
    assertThat(dense(Encoding.Kind.TF_IDF))
        .containsExactly(common, 0, 0, 0, common, 0, rare, 0, 0, 0, 0, 0);
    assertThat(dense(Encoding.Kind.TIME_DECAYED))
        .containsExactly(1, 0, 0, 0, 0.5f, 0, 1, 0, 0, 0, 0, 0);
  }

  @ParameterizedTest
  @EnumSource(Encoding.Kind.class)
  void rows_columnsAndHistories_giveTheSame(Encoding.Kind kind) {
    Random random = new Random(3);
    Interactions.Builder columns = Interactions.builder();
    for (int p = 0; p < 500; p++) {
      columns.add(
          random.nextInt(20),
          random.nextInt(15),
          random.nextInt(5),
          1000 * (random.nextInt(200) * DAY));
    }
    Interactions all = columns.build(20, 15);
    HistoryEncoder encoder = HistoryEncoder.of(new Encoding(kind, 30), all);
    int[] users = {7, 0, 19, 7};
    List<History> histories = new ArrayList<>();
    for (int user : users) {
      histories.add(all.history(user));
    }
    MultiHot cut = encoder.rows(all, users);
    MultiHot asked = encoder.rows(histories);
    assertThat(cut.dense()).containsExactly(asked.dense());
    assertThat(cut.starts()).containsExactly(asked.starts());
    for (int row = 0; row < cut.rows(); row++) {
      for (int p = (int) cut.starts()[row] + 1; p < cut.starts()[row + 1]; p++) {
        assertThat(cut.items()[p]).isGreaterThan(cut.items()[p - 1]);
      }
    }
  }

  @Test
  void rows_unknownTimes_weighOne() {
    Dataset data = SmallData.checkerboard(6);
    HistoryEncoder encoder =
        HistoryEncoder.of(new Encoding(Encoding.Kind.TIME_DECAYED, 1), data.interactions());
    assertThat(encoder.rows(List.of(History.of(3, 1))).dense()).containsExactly(0, 1, 0, 1, 0, 0);
  }

  @Test
  void rows_nobodyAndNothing_areEmpty() {
    Interactions none = Interactions.empty(2, 0);
    HistoryEncoder encoder = HistoryEncoder.of(Encoding.BINARY, none);
    assertThat(encoder.rows(List.of()).dense()).isEmpty();
    MultiHot empty = encoder.rows(none, new int[] {0, 1});
    assertThat(empty.size()).isZero();
    assertThat(empty.starts()).containsExactly(0, 0, 0);
    assertThat(empty.normalized().dense()).isEmpty();
  }

  @Test
  void normalized_rows_haveLengthOne() {
    MultiHot rows =
        HistoryEncoder.of(new Encoding(Encoding.Kind.VALUE, 1), small())
            .rows(small(), new int[] {0, 2});
    assertThat(rows.normalized().dense()).containsExactly(0.6f, 0, 0.8f, 0, 0, 0, 0, 0);
  }

  @Test
  void encoding_halfLifeOfNothing_isRefused() {
    assertThatThrownBy(() -> new Encoding(Encoding.Kind.BINARY, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("halfLifeDays");
    assertThat(new Encoding(Encoding.Kind.BINARY, 1).halfLifeDays()).isCloseTo(1, within(0.0));
  }
}
