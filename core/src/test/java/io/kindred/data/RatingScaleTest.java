package io.kindred.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class RatingScaleTest {
  private static RatingScale of(double... values) {
    List<Interaction> all = new ArrayList<>();
    for (int v = 0; v < values.length; v++) {
      all.add(new Interaction("u" + v, "i" + v, (float) values[v]));
    }
    return RatingScale.of(Dataset.of("values", all));
  }

  /** A thousand values, each a function of a uniform number from 0 to 1. */
  private static RatingScale drawn(DoubleUnaryOperator value) {
    SplittableRandom random = new SplittableRandom(5);
    return of(random.doubles(1_000).map(value).toArray());
  }

  /** About bell-shaped between 0 and 1 with a mean of two thirds, as people rate. */
  private static double bell(double u) {
    return Math.max(0, Math.min(1, 0.66 + 0.12 * Math.log((u + 1e-9) / (1 - u + 1e-9))));
  }

  @Test
  void of_scalesOfAnyStepAndPlace_areRatingsAndTheHighestIsLiked() {
    assertScale(drawn(u -> 1 + Math.rint(4 * bell(u))), 1, 5, 1);
    assertScale(drawn(u -> 0.5 + Math.rint(9 * bell(u)) / 2), 0.5f, 5, 0.5f);
    assertScale(drawn(u -> 0.25 + Math.rint(19 * bell(u)) / 4), 0.25f, 5, 0.25f);
    assertScale(drawn(u -> 1 + Math.rint(90 * bell(u)) / 10), 1, 10, 0.1f);
    assertScale(drawn(u -> Math.rint(100 * bell(u))), 0, 100, 1);
    assertScale(drawn(u -> -10 + Math.rint(20 * bell(u))), -10, 10, 1);
    assertScale(drawn(u -> -50 + Math.rint(100 * bell(u))), -50, 50, 1);
    assertScale(drawn(u -> Math.rint(1000 * bell(u))), 0, 1000, 1);
  }

  private static void assertScale(RatingScale scale, float lowest, float highest, float step) {
    assertThat(scale.ratings()).as(scale.toString()).isTrue();
    assertThat(scale.lowest()).isEqualTo(lowest);
    assertThat(scale.highest()).isEqualTo(highest);
    assertThat(scale.liked()).isEqualTo(highest);
    assertThat(scale.step()).isCloseTo(step, org.assertj.core.data.Offset.offset(1e-4f));
  }

  @Test
  void of_fractionsOnABoundedScale_areRatingsWithoutAStep() {
    RatingScale jokes = drawn(u -> -10 + 20 * bell(u));
    assertThat(jokes.ratings()).isTrue();
    assertThat(jokes.step()).isZero();
    assertThat(jokes.liked()).isEqualTo(jokes.highest());
  }

  @Test
  void of_yesAndNo_areRatingsHoweverRareOneIs() {
    for (double no : new double[] {0, -1}) {
      assertThat(of(1, no, no, no, no, no, no).ratings()).isTrue();
      assertThat(of(1, 1, 1, 1, 1, no).ratings()).isTrue();
      assertThat(of(1, no, no, no, no).liked()).isEqualTo(1f);
    }
  }

  @Test
  void of_countsWithALongTail_areStrengthsAndTheUsualOneIsLiked() {
    RatingScale plays = drawn(u -> Math.ceil(Math.pow(1 - u, -0.8))); // 1, 2, 3, ... hundreds
    assertThat(plays.ratings()).isFalse();
    assertThat(plays.highest()).isGreaterThan(50);
    assertThat(plays.liked()).isEqualTo(2f);
    RatingScale seconds = drawn(u -> -600 * Math.log(1 - u));
    assertThat(seconds.ratings()).isFalse();
    assertThat(seconds.liked()).isBetween(380f, 450f);
    assertThat(of(1, 1, 1, 2, 1, 3, 5).ratings()).isFalse();
    assertThat(of(1, 7, 40).ratings()).isFalse();
    assertThat(of(1, 1, 3, 1, 10, 1).liked()).isEqualTo(1f); // weights of event types
  }

  @Test
  void of_watchRatiosUpToThreePointSeven_areStrengths() {
    RatingScale ratios = drawn(u -> Math.min(3.7, -0.9 * Math.log(1 - u)));
    assertThat(ratios.highest()).isEqualTo(3.7f);
    assertThat(ratios.ratings()).isFalse();
    assertThat(ratios.liked()).isBetween(0.5f, 0.75f);
  }

  @Test
  void of_zerosThatMeanNothing_doNotMakeLikedNothing() {
    RatingScale books = of(0, 0, 0, 0, 0, 0, 8, 7, 10);
    assertThat(books.ratings()).isFalse();
    assertThat(books.liked()).isEqualTo(8f);
  }

  @Test
  void of_oneValueOrNone_isNoScale() {
    assertThat(of(1, 1, 1)).isEqualTo(new RatingScale(false, 1, 1, 0, 1, 1));
    assertThat(of(5, 5).liked()).isEqualTo(5f);
    assertThat(of(0, 0).liked()).isEqualTo(1f);
    assertThat(of(-2).liked()).isEqualTo(1f);
    assertThat(of()).isEqualTo(new RatingScale(false, 0, 0, 0, 0, 1));
  }

  @Test
  void isLiking_fromTheMeanOn() {
    RatingScale stars = of(1, 3, 5, 5);
    assertThat(stars.isLiking(3.5)).isTrue();
    assertThat(stars.isLiking(3)).isFalse();
    assertThat(of(1, 1, 9).isLiking(9)).isFalse();
  }

  @Test
  void clip_staysOnTheScale() {
    RatingScale stars = of(1, 3, 5);
    assertThat(stars.clip(6.56f)).isEqualTo(5f);
    assertThat(stars.clip(0f)).isEqualTo(1f);
    assertThat(stars.clip(2.5f)).isEqualTo(2.5f);
    assertThat(stars.clip(Float.NaN)).isNaN();
  }
}
