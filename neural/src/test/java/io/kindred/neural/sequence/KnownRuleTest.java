package io.kindred.neural.sequence;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.Parameters;
import io.kindred.Profile;
import io.kindred.ProgressListener;
import io.kindred.Scorer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.data.Interaction;
import io.kindred.registry.Algorithms;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A corpus whose rules are known: sequences of triples "a then b then c", in any order. Two rules
 * share each b, so what follows it shows only two items back: a model that looks at the last item
 * alone, or at the set of items, finds half of them.
 */
class KnownRuleTest {
  private static final int RULES = 8;
  private static final int USERS = 400;
  private static final int TRIPLES = 5; // of a user

  private static String first(int rule) {
    return "a" + rule;
  }

  private static String second(int rule) {
    return "b" + rule / 2;
  }

  private static String third(int rule) {
    return "c" + rule;
  }

  private static Dataset corpus() {
    SplittableRandom random = new SplittableRandom(3);
    List<Interaction> all = new ArrayList<>();
    for (int user = 0; user < USERS; user++) {
      List<String> items = new ArrayList<>();
      for (int triple = 0; triple < TRIPLES; triple++) {
        int rule = random.nextInt(RULES);
        items.addAll(List.of(first(rule), second(rule), third(rule)));
      }
      // Histories end anywhere.
      for (String item : items.subList(0, items.size() - random.nextInt(3))) {
        Instant time = Instant.ofEpochSecond(1_600_000_000L + all.size());
        all.add(new Interaction("user-" + user, item, 1f, time, null));
      }
    }
    return Dataset.of("triples (generated)", all);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sasrec",
        "sasrec kernel=3",
        "gru4rec cell=rnn",
        "gru4rec cell=gru",
        "gru4rec cell=lstm",
        "caser",
        "nextitnet",
        "narm",
        "bert4rec epochs=80",
      })
  void train_triplesInAnyOrder_nextItemIsFound(String recipe) {
    assertThat(found(recipe)).as(recipe).isGreaterThanOrEqualTo(0.99);
  }

  /**
   * Gradients of session-parallel batches end at the step, so the network is never told to keep
   * what it will need; who reads the last item alone would find three of four.
   */
  @Test
  void train_sessionParallel_stateTellsMoreThanTheLastItem() {
    assertThat(found("gru4rec batches=sessions epochs=40")).isGreaterThan(0.82);
  }

  /** The share of next items that are found. */
  private static double found(String recipe) {
    Dataset data = corpus();
    Parameters parameters =
        Parameters.none()
            .with("dimensions", 32)
            .with("maxLength", 16)
            .with("dropout", 0.1)
            .with("learningRate", 0.005)
            .with("batchSize", 32)
            .with("epochs", 20)
            .with("patience", 0);
    String[] words = recipe.split(" ");
    for (int w = 1; w < words.length; w++) {
      String[] pair = words[w].split("=");
      parameters = parameters.with(pair[0], pair[1]);
    }
    Scorer scorer =
        Algorithms.all()
            .trainer(words[0], parameters)
            .train(data, new TrainingContext(1, 2, ProgressListener.NONE))
            .scorer();

    SplittableRandom random = new SplittableRandom(4);
    int asked = 0;
    int found = 0;
    for (int person = 0; person < 250; person++) {
      List<String> history = new ArrayList<>();
      for (int triple = random.nextInt(TRIPLES - 1); triple > 0; triple--) {
        int rule = random.nextInt(RULES);
        history.addAll(List.of(first(rule), second(rule), third(rule)));
      }
      int rule = random.nextInt(RULES);
      history.add(first(rule));
      found += best(scorer, data, history).equals(second(rule)) ? 1 : 0;
      history.add(second(rule));
      found += best(scorer, data, history).equals(third(rule)) ? 1 : 0;
      asked += 2;
    }
    return (double) found / asked;
  }

  private static String best(Scorer scorer, Dataset data, List<String> history) {
    float[] scores = new float[data.items().size()];
    int[] items = history.stream().mapToInt(data.items()::index).toArray();
    scorer.score(Profile.unseen(History.of(items)), scores);
    int best = 0;
    for (int item = 1; item < scores.length; item++) {
      best = scores[item] > scores[best] ? item : best;
    }
    return data.items().id(best);
  }
}
