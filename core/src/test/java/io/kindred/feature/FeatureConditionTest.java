package io.kindred.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.KindredException;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Vocabulary;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FeatureConditionTest {
  private static final FeatureColumn PRICE =
      new FeatureColumn.Numeric("price", new float[] {5, 20, 19.99f, Float.NaN, -3});
  private static final FeatureColumn RELEASED =
      new FeatureColumn.Text(
          "released",
          Arrays.asList("1995-01-31", "31-Dec-1999", "2001-07-04 10:00:00", null, "soon"));
  private static final FeatureColumn AGE =
      new FeatureColumn.Category(
          "age", new int[] {0, 1, 1, -1, 0}, Vocabulary.of(List.of("<20", "20..30")));
  private static final FeatureColumn DATES =
      new FeatureColumn.Tags(
          "dates",
          new int[] {0, 2, 3, 3, 4, 4},
          new int[] {0, 1, 1, 2},
          Vocabulary.of(List.of("1990-01-01", "2000-01-01", "live")));

  private static List<Integer> fitting(FeatureColumn column, String text) {
    FeatureCondition condition = FeatureCondition.of(column, text);
    return IntStream.range(0, column.size()).filter(condition::holds).boxed().toList();
  }

  @Test
  void of_numbers_compares() {
    assertThat(fitting(PRICE, "<20")).containsExactly(0, 2, 4);
    assertThat(fitting(PRICE, "<=20")).containsExactly(0, 1, 2, 4);
    assertThat(fitting(PRICE, "> 5")).containsExactly(1, 2);
    assertThat(fitting(PRICE, ">=5")).containsExactly(0, 1, 2);
    assertThat(fitting(PRICE, "20")).containsExactly(1);
    assertThat(fitting(PRICE, "20.0")).containsExactly(1);
    assertThat(fitting(PRICE, "=19.99")).containsExactly(2);
    assertThat(fitting(PRICE, "-3..5")).containsExactly(0, 4);
    assertThat(fitting(PRICE, "19.99..")).containsExactly(1, 2);
    assertThat(fitting(PRICE, "..0")).containsExactly(4);
    assertThat(fitting(PRICE, "1e1..2e1")).containsExactly(1, 2);
  }

  @Test
  void of_dates_compares() {
    assertThat(fitting(RELEASED, "<2000-01-01")).containsExactly(0, 1);
    assertThat(fitting(RELEASED, ">=1999-12-31")).containsExactly(1, 2);
    assertThat(fitting(RELEASED, "1990-01-01..1999-12-31")).containsExactly(0, 1);
    assertThat(fitting(RELEASED, "1995-01-31")).containsExactly(0);
    assertThat(fitting(DATES, ">1995-01-01")).containsExactly(0, 1);
    assertThat(fitting(DATES, "live")).containsExactly(3);
  }

  @Test
  void of_textThatStandsInTheColumn_meansItself() {
    assertThat(fitting(AGE, "<20")).containsExactly(0, 4);
    assertThat(fitting(AGE, "20..30")).containsExactly(1, 2);
    assertThat(fitting(AGE, "50")).isEmpty();
  }

  @Test
  void of_whatCannotBeCompared_isRefusedWithTheKindOfTheColumn() {
    assertThatThrownBy(() -> FeatureCondition.of(AGE, ">=50"))
        .isInstanceOf(KindredException.class)
        .hasMessage(
            "item feature 'age' must be one of its values (the column holds categories; only"
                + " numbers and dates are compared), got '>=50'");
    for (String text : List.of("cheap", "<", "5..", "<NaN", "20..10", "..", "0x10", "5f", "")) {
      boolean right = text.equals("5..");
      assertThat(FeatureCondition.problem(PRICE, text).isEmpty()).as(text).isEqualTo(right);
    }
    assertThat(FeatureCondition.problem(RELEASED, ">=20").orElseThrow())
        .contains("a comparison of dates", "the column holds texts");
    assertThat(FeatureCondition.problem(new FeatureColumn.Vectors("v", new float[4], 2), "1"))
        .hasValueSatisfying(text -> assertThat(text).contains("vectors"));
  }
}
