package io.kindred.similarity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.DatasetUpdate;
import io.kindred.ProgressListener;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.Interaction;
import io.kindred.graph.P3Alpha;
import io.kindred.graph.RP3Beta;
import io.kindred.linear.Slim;
import io.kindred.linear.SlimAdmm;
import io.kindred.sparse.SparseMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Updates of models of item weights beside models that were trained on all data. */
class ItemWeightUpdateTest {
  private static final TrainingContext CONTEXT = new TrainingContext(1, 2, ProgressListener.NONE);
  private static final int GROUP = 8;

  static Stream<Trainer<ItemWeightModel>> trainers() {
    return Stream.of(
        Slim.defaults().withRegularization(0.7, 1.3),
        SlimAdmm.defaults().withRegularization(0.7, 1.3).withIterations(400, 1e-6, 8),
        P3Alpha.defaults().withAlpha(1.3),
        RP3Beta.defaults());
  }

  /** Two groups of people, each with items of its own. */
  private static Dataset events() {
    Random random = new Random(3);
    List<Interaction> all = new ArrayList<>();
    for (int user = 0; user < 60; user++) {
      for (int item = 0; item < GROUP; item++) {
        if (random.nextInt(10) < 5) {
          all.add(new Interaction("u" + user, "i" + (user % 2 * GROUP + item), 1));
        }
      }
    }
    return Dataset.of("events", all);
  }

  /** A new item of the first group, also done by a new person. */
  private static Dataset delta() {
    List<Interaction> all = new ArrayList<>();
    for (int user = 0; user < 40; user += 2) {
      all.add(new Interaction("u" + user, "new", 1));
    }
    all.add(new Interaction("stranger", "new", 1));
    all.add(new Interaction("stranger", "i3", 1));
    return Dataset.of("delta", all);
  }

  @ParameterizedTest
  @MethodSource("trainers")
  void update_newItem_hasTheWeightsOfATrainingOnAllData(Trainer<ItemWeightModel> trainer) {
    ItemWeightModel model = trainer.train(events(), CONTEXT);
    DatasetUpdate update = DatasetUpdate.of(model.data(), delta(), Double.POSITIVE_INFINITY);
    SparseMatrix before = model.weights();
    SparseMatrix updated = model.update(update, CONTEXT).weights();
    SparseMatrix anew = trainer.train(update.after(), CONTEXT).weights();

    Dataset after = update.after();
    int item = after.items().index("new");
    assertThat(update.items()).containsExactly(item);
    int to = 0;
    int from = 0;
    for (int other = 0; other < item; other++) {
      assertThat(updated.get(other, item)).isCloseTo(anew.get(other, item), within(1e-3f));
      assertThat(updated.get(item, other)).isCloseTo(anew.get(item, other), within(1e-3f));
      to += updated.get(other, item) > 0 ? 1 : 0;
      from += updated.get(item, other) > 0 ? 1 : 0;
    }
    assertThat(to).isPositive();
    assertThat(from).isPositive();
    for (int j = 0; j < item; j++) {
      for (int i = 0; i < item; i++) {
        if (isOfTheSecondGroup(after, j) && isOfTheSecondGroup(after, i)) {
          assertThat(updated.get(j, i)).isEqualTo(before.get(j, i));
        }
      }
    }
  }

  private static boolean isOfTheSecondGroup(Dataset data, int item) {
    return Integer.parseInt(data.items().id(item).substring(1)) >= GROUP;
  }

  @ParameterizedTest
  @MethodSource("trainers")
  void update_allItemsOfTheDelta_isTheTrainingAnew(Trainer<ItemWeightModel> trainer) {
    Dataset half = half(0);
    ItemWeightModel model = trainer.train(half, CONTEXT);
    DatasetUpdate update = DatasetUpdate.of(half, half(1), 0);
    SparseMatrix updated = model.update(update, CONTEXT).weights();
    SparseMatrix anew = trainer.train(update.after(), CONTEXT).weights();

    for (int j = 0; j < 2 * GROUP; j++) {
      for (int i = 0; i < 2 * GROUP; i++) {
        assertThat(updated.get(j, i)).isCloseTo(anew.get(j, i), within(1e-3f));
      }
    }
  }

  /** The events of every second person of each group. */
  private static Dataset half(int which) {
    Dataset all = events();
    List<Interaction> some = new ArrayList<>();
    for (int user = 0; user < all.users().size(); user++) {
      for (int item : all.interactions().history(user).items()) {
        if (user / 2 % 2 == which) {
          some.add(new Interaction(all.users().id(user), all.items().id(item), 1));
        }
      }
    }
    return Dataset.of("half", some);
  }

  @Test
  void update_ofOtherData_isRefused() {
    ItemWeightModel model = Slim.defaults().train(events(), CONTEXT);
    DatasetUpdate update = DatasetUpdate.of(half(0), half(1));

    assertThatThrownBy(() -> model.update(update, CONTEXT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the update is one of 'half'");
  }
}
