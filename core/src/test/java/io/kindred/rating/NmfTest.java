package io.kindred.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.Explanation;
import io.kindred.KindredException;
import io.kindred.Parameters;
import io.kindred.Profile;
import io.kindred.ProgressListener;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.data.Interaction;
import io.kindred.sparse.SparseMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NmfTest {
  private static final TrainingContext CONTEXT = new TrainingContext(1, 2, ProgressListener.NONE);
  private static final Nmf TRAINER = new Nmf(4, 1, 0.05, 0.04);
  private static final int FACTORS = 5;

  /**
   * The reference: of all choices of numbers that are 0, each solved by elimination, the one
   * without numbers below 0 whose sum is least.
   */
  @Test
  void solve_anyHistory_isTheBestOfAllChoicesOfZeros() {
    Random random = new Random(4);
    int held = 0;
    for (int turn = 0; turn < 50; turn++) {
      ItemSide items =
          new ItemSide(
              3f,
              randoms(random, 1, 12)[0],
              randoms(random, 12, FACTORS),
              new float[0][],
              new PersonPenalty(0.3, 0.1, true, 0));
      int n = 1 + turn % 12;
      float[] values = randoms(random, 1, n)[0];
      History history = new History(IntStream.range(0, n).toArray(), values, new long[n]);
      PersonSolver solver = new PersonSolver(items);
      solver.enter(history);
      float[] found = solver.solve();
      double[] best = new double[0];
      for (int zeros = 0; zeros < 1 << FACTORS; zeros++) {
        double[] candidate = solve(items, history, zeros);
        boolean allowed = IntStream.rangeClosed(1, FACTORS).allMatch(k -> candidate[k] >= 0);
        if (allowed
            && (best.length == 0 || sum(items, history, candidate) < sum(items, history, best))) {
          best = candidate;
        }
      }
      for (int k = 0; k <= FACTORS; k++) {
        assertThat((double) found[k]).isCloseTo(best[k], within(1e-4));
        held += k > 0 && found[k] == 0 ? 1 : 0;
      }
    }
    assertThat(held).isBetween(50, 200); // of 250: the bound matters, and not everywhere
  }

  /** Gauss elimination on the normal equations, the factors of the bits held at 0. */
  private static double[] solve(ItemSide items, History history, int zeros) {
    int size = FACTORS + 1;
    double[][] a = new double[size][size + 1];
    for (int h = 0; h < history.size(); h++) {
      double[] row = row(items, h, zeros);
      for (int k = 0; k < size; k++) {
        for (int l = 0; l < size; l++) {
          a[k][l] += row[k] * row[l];
        }
        a[k][size] += row[k] * (history.values()[h] - items.baseline(h));
      }
    }
    for (int k = 0; k < size; k++) {
      a[k][k] += history.size() * (k == 0 ? 0.3 : 0.1);
    }
    for (int k = 0; k < size; k++) {
      for (int other = 0; other < size; other++) {
        double factor = a[other][k] / a[k][k];
        for (int l = k; l <= size && other != k; l++) {
          a[other][l] -= factor * a[k][l];
        }
      }
    }
    return IntStream.range(0, size).mapToDouble(k -> a[k][size] / a[k][k]).toArray();
  }

  private static double[] row(ItemSide items, int item, int zeros) {
    double[] row = new double[FACTORS + 1];
    row[0] = 1;
    for (int k = 0; k < FACTORS; k++) {
      row[k + 1] = (zeros >> k & 1) == 1 ? 0 : items.factors()[item][k];
    }
    return row;
  }

  private static double sum(ItemSide items, History history, double[] person) {
    double sum = history.size() * 0.3 * person[0] * person[0];
    for (int k = 1; k <= FACTORS; k++) {
      sum += history.size() * 0.1 * person[k] * person[k];
    }
    for (int h = 0; h < history.size(); h++) {
      double error = history.values()[h] - items.baseline(h);
      double[] row = row(items, h, 0);
      for (int k = 0; k <= FACTORS; k++) {
        error -= row[k] * person[k];
      }
      sum += error * error;
    }
    return sum;
  }

  @Test
  void epoch_everyOne_lowersTheSumAndStaysAbove0() {
    SparseMatrix ratings = tastes(30, 20).interactions().matrix();
    AlternatingSquares training = TRAINER.training(ratings, 1, 1);
    double before = Double.POSITIVE_INFINITY;
    for (int epoch = 0; epoch < 15; epoch++) {
      training.epoch();
      double sum = 0;
      for (int user = 0; user < ratings.rowCount(); user++) {
        for (int at = ratings.starts()[user]; at < ratings.starts()[user + 1]; at++) {
          int item = ratings.columns()[at];
          double e =
              ratings.values()[at] - training.items.baseline(item) - training.people.biases()[user];
          double squares = 0;
          for (int k = 0; k < 4; k++) {
            double p = training.people.factors()[user][k];
            double q = training.items.factors()[item][k];
            assertThat(Math.min(p, q)).isNotNegative();
            e -= p * q;
            squares += p * p + q * q;
          }
          double ofUser = training.people.biases()[user];
          double ofItem = training.items.biases()[item];
          sum += e * e + 0.05 * squares + 0.04 * (ofUser * ofUser + ofItem * ofItem);
        }
      }
      assertThat(sum).isLessThan(before + 1e-6 * sum);
      before = sum;
    }
  }

  /** Everybody gives 5 to the items of the own color and 1 to the others; pairs (u, u) are open. */
  @Test
  void predict_checkerboard_foretellsTheOpenSquares() {
    List<Interaction> board = new ArrayList<>();
    for (int u = 0; u < 12; u++) {
      for (int i = 0; i < 12; i++) {
        if (u != i && i != u + 1) {
          board.add(new Interaction("u" + u, "i" + i, (u + i) % 2 == 0 ? 5 : 1));
        }
      }
    }
    Dataset data = Dataset.of("checkerboard", board);
    RatingFactorModel model = TRAINER.withEpochs(30).train(data, CONTEXT);
    for (int u = 0; u < 11; u++) {
      Profile profile = Profile.unseen(data.interactions().history(data.users().index("u" + u)));
      int[] open = {data.items().index("i" + u), data.items().index("i" + (u + 1))};
      float[] ratings = model.predict(profile, open);
      assertThat(ratings[0]).isGreaterThan(4.2f);
      assertThat(ratings[1]).isLessThan(1.8f);
    }
  }

  /** Somebody unknown with the history of somebody known has the same vector: none below 0. */
  @Test
  void explain_anyItem_partsSumToTheScoreOfKnownAndUnknownPeople() {
    Dataset data = tastes(30, 20);
    RatingFactorModel model = TRAINER.withEpochs(5).train(data, CONTEXT);
    float[] scores = new float[20];
    float[] folded = new float[20];
    for (int u = 0; u < 30; u++) {
      Profile known = new Profile(u, data.interactions().history(u));
      Profile unseen = Profile.unseen(data.interactions().history(u));
      model.scorer().score(known, scores);
      model.scorer().score(unseen, folded);
      assertThat(folded).isEqualTo(scores);
      for (int item = 0; item < scores.length; item++) {
        var why = (Explanation.BecauseOfItems) model.explain(unseen, item, 2).orElseThrow();
        double parts =
            why.reasons().stream().mapToDouble(Explanation.ItemReason::contribution).sum();
        assertThat(why.base() + parts + why.rest()).isCloseTo(scores[item], within(1e-4));
      }
    }
  }

  @Test
  void of_wrongHyperparameter_saysWhatWouldBeRight() {
    assertThatThrownBy(() -> Nmf.of(Parameters.of(Map.of("factors", "0"))))
        .isInstanceOf(KindredException.class)
        .hasMessage("nmf: factors must be at least 1, got 0");
    assertThatThrownBy(() -> Nmf.of(Parameters.of(Map.of("regularization", "NaN"))))
        .isInstanceOf(KindredException.class);
    assertThatThrownBy(() -> TRAINER.train(Dataset.of("empty", List.of()), CONTEXT))
        .isInstanceOf(KindredException.class)
        .hasMessage("nmf: 'empty' has no ratings to learn from");
  }

  /** Ratings 1 to 5 from two tastes, biases and noise; a third of the pairs. */
  private static Dataset tastes(int users, int items) {
    Random random = new Random(5);
    List<Interaction> all = new ArrayList<>();
    for (int u = 0; u < users; u++) {
      for (int i = 0; i < items; i++) {
        if (random.nextInt(3) == 0 || i == u % items) {
          double taste = u % 2 == i % 2 ? 0.8 : -0.8;
          double rating = 3 + 0.3 * (u % 3 - 1) + 0.3 * (i % 5 - 2) + taste;
          rating += 0.2 * random.nextGaussian();
          all.add(new Interaction("u" + u, "i" + i, (float) Math.max(1, Math.min(5, rating))));
        }
      }
    }
    return Dataset.of("tastes", all);
  }

  private static float[][] randoms(Random random, int rows, int columns) {
    float[][] values = new float[rows][columns];
    for (float[] row : values) {
      for (int k = 0; k < columns; k++) {
        row[k] = (float) random.nextGaussian();
      }
    }
    return values;
  }
}
