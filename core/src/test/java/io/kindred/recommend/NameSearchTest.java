package io.kindred.recommend;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.Interaction;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NameSearchTest {
  private static final List<String> TITLES =
      List.of(
          "Toy Story (1995)",
          "Amélie",
          "Toy Story 2 (1999)",
          "Story of Us, The",
          "Léon",
          "Destroyer",
          "Heat");
  private static final NameSearch SEARCH = NameSearch.ofItems(data());

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
  void find_lettersTooMany_upToAQuarter() {
    assertThat(find("amelievv")).containsExactly("Amélie");
    assertThat(find("amelievvv")).isEmpty(); // of 9 letters, 2 may be wrong
    assertThat(find("x".repeat(100_000))).isEmpty();
  }

  @Test
  void find_nothing_isEmpty() {
    assertThat(find(" ")).isEmpty();
    assertThat(find("qqqqqqqqqq")).isEmpty();
    assertThat(SEARCH.find("toy", 0)).isEmpty();
  }

  @Test
  void find_punctuation_doesNotMatter() {
    assertThat(find("story of us the")).containsExactly("Story of Us, The");
    assertThat(find("(1995)")).containsExactly("Toy Story (1995)");
    assertThat(find("?!")).isEmpty();
  }

  @Test
  void find_wholeTitle_beforeLongerOnes() {
    List<Interaction> all =
        List.of(
            new Interaction("u", "Alien", 1f),
            new Interaction("u", "Aliens", 1f),
            new Interaction("v", "Aliens", 1f));
    NameSearch search = NameSearch.ofItems(Dataset.of("films", all));
    assertThat(search.find("alien", 5)).containsExactly(0, 1);
    assertThat(search.find("alien", 1)).containsExactly(0);
  }

  @Test
  void find_exactId_first() {
    List<Interaction> all =
        List.of(
            new Interaction("u", "a", 1f),
            new Interaction("u", "A", 1f),
            new Interaction("u", "🎬/?", 1f),
            new Interaction("u", "--", 1f),
            new Interaction("v", "a", 1f));
    NameSearch search = NameSearch.ofItems(Dataset.of("films", all));
    assertThat(search.find("A", 5)).containsExactly(1, 0);
    assertThat(search.find("--", 5)).containsExactly(3);
    assertThat(search.find("🎬", 5)).containsExactly(2);
  }

  @Test
  void ofUsers_idsOfManyChunks_eachFound() {
    List<Interaction> all = new ArrayList<>();
    for (int user = 0; user < 30_000; user++) {
      all.add(new Interaction("somebody-with-a-rather-long-name-" + user, "item", 1f));
    }
    NameSearch search = NameSearch.ofUsers(Dataset.of("people", all));
    assertThat(search.find("name-29999", 5)).containsExactly(29_999);
    assertThat(search.find("name 123", 3)).containsExactly(123, 1230, 1231);
    assertThat(search.frequent(29_998, 5)).containsExactly(29_998, 29_999);
  }
}
