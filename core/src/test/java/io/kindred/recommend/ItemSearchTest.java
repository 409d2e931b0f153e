package io.kindred.recommend;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.Interaction;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ItemSearchTest {
  private static final List<String> TITLES =
      List.of(
          "Toy Story (1995)",
          "Amélie",
          "Toy Story 2 (1999)",
          "Story of Us, The",
          "Léon",
          "Destroyer",
          "Heat");
  private static final ItemSearch SEARCH = new ItemSearch(data());

  /** Item 10 + t has title t and was done by t + 1 users. */
  private static Dataset data() {
    List<Interaction> all = new ArrayList<>();
    for (int t = 0; t < TITLES.size(); t++) {
      for (int user = 0; user <= t; user++) {
        all.add(new Interaction("u" + user, String.valueOf(10 + t), 1f));
      }
    }
    Dataset data = Dataset.of("films", all);
    Features titles =
        new Features(
            TITLES.size(), List.of(new FeatureColumn.Text("title", new ArrayList<>(TITLES))));
    return data.withFeatures(Features.none(data.users().size()), titles);
  }

  private static List<String> find(String text) {
    return SEARCH.find(text, 10).stream().map(TITLES::get).toList();
  }

  @Test
  void find_beginning_beforeWordBeforeMiddle() {
    assertThat(find("toy story")).containsExactly("Toy Story 2 (1999)", "Toy Story (1995)");
    assertThat(find("story"))
        .containsExactly("Story of Us, The", "Toy Story 2 (1999)", "Toy Story (1995)");
    assertThat(find("stroy")).containsExactly("Destroyer");
  }

  @Test
  void find_accents_doNotMatter() {
    assertThat(find("AMELIE")).containsExactly("Amélie");
    assertThat(find("léon")).containsExactly("Léon");
  }

  @Test
  void find_wordsInAnyOrder_match() {
    assertThat(find("1995 toy")).containsExactly("Toy Story (1995)");
  }

  @Test
  void find_id_matches() {
    assertThat(find("16")).containsExactly("Heat");
    assertThat(find("1")).hasSize(TITLES.size());
  }

  @Test
  void find_misspelled_nearestTitles() {
    assertThat(find("toi story")).containsExactly("Toy Story 2 (1999)", "Toy Story (1995)");
    assertThat(find("haet")).isEmpty();
    assertThat(find("hea4")).containsExactly("Heat");
  }

  @Test
  void find_nothing_isEmpty() {
    assertThat(find(" ")).isEmpty();
    assertThat(find("qqqqqqqqqq")).isEmpty();
    assertThat(SEARCH.find("toy", 0)).isEmpty();
  }
}
