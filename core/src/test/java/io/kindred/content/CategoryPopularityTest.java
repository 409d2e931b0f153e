package io.kindred.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.KindredException;
import io.kindred.Parameters;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.Interactions;
import io.kindred.data.Vocabulary;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class CategoryPopularityTest {
  private static final Offset<Float> NEARLY = within(0.01f);

  @Test
  void train_itemsWithAndWithoutUsers_scoreByTheMeansOfTheirCategories() {
    float[] scores = new CategoryPopularity(List.of()).train(data(), context(1)).scores();

    // Popularity: a 3, b 1, c 2. Mean of war (a, b): 2; of love (c): 2; of sea (b): 1.
    assertThat(scores[0]).isEqualTo(2f, NEARLY); // a: war
    assertThat(scores[1]).isEqualTo(1.5f, NEARLY); // b: war and sea
    assertThat(scores[2]).isEqualTo(2f, NEARLY); // c: love
    assertThat(scores[3]).isEqualTo(1f, NEARLY); // d, nobody's: sea
    assertThat(scores[4]).isEqualTo(2f, NEARLY); // e, nobody's, without a category: overall mean
    assertThat(scores[5]).isEqualTo(2f, NEARLY); // f, nobody's, alone in its category
  }

  @Test
  void train_ties_areInARandomOrderThatFollowsTheSeed() {
    CategoryPopularity trainer = new CategoryPopularity(List.of("genres"));
    float[] one = trainer.train(data(), context(1)).scores();
    assertThat(trainer.train(data(), context(1)).scores()).isEqualTo(one);
    assertThat(one[0]).isNotEqualTo(one[2]);
    assertThat(trainer.train(data(), context(2)).scores()).isNotEqualTo(one);
  }

  @Test
  void train_unknownColumn_namesThoseThatThereAre() {
    assertThatThrownBy(
            () ->
                CategoryPopularity.of(Parameters.none().with("columns", "colour"))
                    .train(data(), context(1)))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("'colour'")
        .hasMessageContaining("[title, genres]");
  }

  private static TrainingContext context(long seed) {
    return TrainingContext.defaults().withSeed(seed);
  }

  private static Dataset data() {
    Vocabulary users = Vocabulary.of(List.of("u", "v", "w"));
    Vocabulary items = Vocabulary.of(List.of("a", "b", "c", "d", "e", "f"));
    Interactions.Builder columns = Interactions.builder();
    for (int[] pair : new int[][] {{0, 0}, {1, 0}, {2, 0}, {0, 1}, {0, 2}, {1, 2}}) {
      columns.add(pair[0], pair[1], 1f);
    }
    FeatureColumn genres =
        new FeatureColumn.Tags(
            "genres",
            new int[] {0, 1, 3, 4, 5, 5, 6},
            new int[] {0, 0, 2, 1, 2, 3},
            Vocabulary.of(List.of("war", "love", "sea", "lone")));
    FeatureColumn title = new FeatureColumn.Text("title", List.of("A", "B", "C", "D", "E", "F"));
    return Dataset.of("small", users, items, columns.build(3, 6))
        .withFeatures(Features.none(3), new Features(6, List.of(title, genres)));
  }
}
