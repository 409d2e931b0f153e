package io.kindred.neural.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.data.Interactions;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GridLayoutTest {
  /** Four groups of people, each with 25 items of its own, of which everybody did ten. */
  private static Interactions groups() {
    SplittableRandom random = new SplittableRandom(1);
    Interactions.Builder columns = Interactions.builder();
    for (int user = 0; user < 200; user++) {
      boolean[] done = new boolean[25];
      for (int k = 0; k < 10; k++) {
        done[random.nextInt(25)] = true;
      }
      for (int i = 0; i < 25; i++) {
        if (done[i]) {
          columns.add(user, 4 * i + user % 4, 1f);
        }
      }
    }
    return columns.build(200, 100);
  }

  @Test
  void cells_oneForEachItem_areAllDifferent() {
    int[] cells = GridLayout.cells(groups(), GridLayout.sideFor(100));
    assertThat(Arrays.stream(cells).distinct().count()).isEqualTo(100);
    assertThat(Arrays.stream(cells).allMatch(cell -> cell >= 0 && cell < 100)).isTrue();
    assertThat(GridLayout.cells(groups(), 10)).isEqualTo(cells);
  }

  @Test
  void cells_fewerThanItems_holdSeveral() {
    int[] cells = GridLayout.cells(groups(), 5);
    long[] held = new long[25];
    for (int cell : cells) {
      held[cell]++;
    }
    assertThat(Arrays.stream(held).allMatch(n -> n >= 2 && n <= 6)).isTrue();
  }

  @Test
  void cells_itemsOfTheSamePeople_lieTogether() {
    int[] cells = GridLayout.cells(groups(), 10);
    double same = 0;
    double other = 0;
    int sames = 0;
    int others = 0;
    for (int a = 0; a < 100; a++) {
      for (int b = 0; b < a; b++) {
        int distance =
            Math.abs(cells[a] / 10 - cells[b] / 10) + Math.abs(cells[a] % 10 - cells[b] % 10);
        if (a % 4 == b % 4) {
          same += distance;
          sames++;
        } else {
          other += distance;
          others++;
        }
      }
    }
    // A quadrant of 5 x 5 has a mean distance of 3.33; strangers are twice as far.
    assertThat(same / sames).isLessThan(4);
    assertThat(other / others).isGreaterThan(6.5);
  }

  @Test
  void cells_nobodyDidAnything_areStillPlaces() {
    assertThat(GridLayout.cells(Interactions.empty(2, 9), 3))
        .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8);
  }
}
