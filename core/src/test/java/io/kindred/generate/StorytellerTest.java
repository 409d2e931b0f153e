package io.kindred.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StorytellerTest {
  private static final World WORLD =
      new World(WorldConfig.ofInteractions(100_000).withStylesPerTaste(8));
  private static final List<WorldItem> ITEMS = items();

  @Test
  void tastes_all_haveTheWordsTheyNeed() {
    assertThat(Taste.ALL).hasSize(12);
    Set<String> names = new HashSet<>();
    for (Taste taste : Taste.ALL) {
      assertThat(names.add(taste.name())).isTrue();
      assertThat(taste.styles()).hasSize(Taste.STYLES);
      assertThat(taste.heroes()).hasSizeGreaterThan(5).doesNotHaveDuplicates();
      assertThat(taste.places()).hasSizeGreaterThan(5).doesNotHaveDuplicates();
      assertThat(taste.goals()).hasSizeGreaterThan(5).doesNotHaveDuplicates();
      assertThat(taste.troubles()).hasSizeGreaterThan(5).doesNotHaveDuplicates();
      for (Taste.Style style : taste.styles()) {
        assertThat(names.add(style.name())).as(style.name()).isTrue();
        assertThat(style.nouns()).hasSize(4).doesNotHaveDuplicates();
        assertThat(style.adjectives()).hasSize(3).doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void texts_ofAllItems_areCleanEnglish() {
    for (WorldItem item : ITEMS) {
      for (String text : List.of(item.title(), item.description())) {
        assertThat(text)
            .doesNotContain("  ", " ,", " .", "null", "..")
            .doesNotContainPattern("(?iU)\\ba [aeiouéâ]")
            .doesNotContainPattern("(?iU)\\ban [^aeiouéâ]")
            .doesNotContainPattern("(?U)\\b(\\p{L}+) \\1\\b");
        assertThat(Character.isUpperCase(text.codePointAt(0))).as(text).isTrue();
        assertThat(Normalizer.isNormalized(text, Normalizer.Form.NFC)).isTrue();
      }
      assertThat(item.description()).endsWith(".").hasSizeBetween(80, 450);
      assertThat(item.description()).doesNotContainPattern("\\. \\p{Ll}");
    }
  }

  @Test
  void items_all_haveReasonableFields() {
    Set<String> ids = new HashSet<>();
    for (WorldItem item : ITEMS) {
      assertThat(ids.add(item.id())).isTrue();
      assertThat(item.id()).matches("[\\p{Ll}\\d]+(-[\\p{Ll}\\d]+)*-\\d+");
      assertThat(item.price()).isBetween(1.99, 199.99);
      assertThat(item.tags()).hasSizeBetween(1, 4).doesNotHaveDuplicates();
      assertThat(item.released()).isBetween("2012-12-01", "2024-12-31");
    }
    assertThat(ids).anyMatch(id -> !id.chars().allMatch(c -> c < 128));
    assertThat(ITEMS.stream().map(WorldItem::category).distinct().count()).isEqualTo(12);
    assertThat(ITEMS.stream().map(item -> item.tags().get(0)).distinct().count()).isEqualTo(96);
    assertThat(ITEMS.stream().map(WorldItem::description).distinct().count())
        .isGreaterThan(ITEMS.size() * 99L / 100);
  }

  @Test
  void title_ofASuccessorInTheSeries_isTheNextPart() {
    int checked = 0;
    for (int i = 0; i < WORLD.items(); i++) {
      String title = WORLD.title(i);
      int[] next = WORLD.successors(i);
      if (next.length > 0 && title.endsWith(", Part 1")) {
        assertThat(WORLD.title(next[0])).isEqualTo(title.replace("Part 1", "Part 2"));
        assertThat(WORLD.released(next[0])).isGreaterThanOrEqualTo(WORLD.released(i));
        checked++;
      }
    }
    assertThat(checked).isGreaterThan(100);
  }

  @Test
  void moods_inTags_followTheFactors() {
    Painter painter = new Painter(WORLD.config(), new Catalog(WORLD.config()));
    for (int i = 0; i < WORLD.items(); i++) {
      double brightness = painter.coordinates(i)[3];
      if (ITEMS.get(i).tags().contains("dark")) {
        assertThat(brightness).isPositive();
      } else if (ITEMS.get(i).tags().contains("bright")) {
        assertThat(brightness).isNegative();
      }
    }
    assertThat(ITEMS).anyMatch(item -> item.tags().contains("dark"));
  }

  @Test
  void users_all_haveReasonableFields() {
    Set<String> ids = new HashSet<>();
    int named = 0;
    for (int u = 0; u < WORLD.users(); u++) {
      WorldUser user = WORLD.user(u);
      assertThat(ids.add(user.id())).isTrue();
      assertThat(user.id()).matches("\\p{Ll}+-\\d+").isEqualTo(WORLD.userId(u));
      assertThat(user.age()).isBetween(12, 90);
      assertThat(user.joined()).isBetween("2023-01-01", "2024-12-31");
      assertThat(Storyteller.REGIONS).contains(user.region());
      int best = mostLikedTaste(u);
      named += user.favorite().equals(Taste.ALL.get(best).name()) ? 1 : 0;
    }
    assertThat(ids).anyMatch(id -> !id.chars().allMatch(c -> c < 128));
    assertThat((double) named / WORLD.users()).isGreaterThan(0.6);
  }

  private static int mostLikedTaste(int user) {
    int[] counts = new int[12];
    WORLD.forEachInteractionOf(user, (u, i, r, t) -> counts[WORLD.styleOf(i) / 8]++);
    int best = 0;
    for (int t = 1; t < counts.length; t++) {
      best = counts[t] > counts[best] ? t : best;
    }
    return best;
  }

  private static List<WorldItem> items() {
    List<WorldItem> items = new ArrayList<>();
    for (int i = 0; i < WORLD.items(); i++) {
      items.add(WORLD.item(i));
    }
    return items;
  }
}
