package io.kindred.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.Query;
import io.kindred.Query.Event;
import io.kindred.data.Vocabulary;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IdsTest {
  private static final Vocabulary GAMES =
      Vocabulary.of(List.of("Elder Scrolls, The", "Portal", "a=b", "\"Quoted\"", "1=2", "x"));

  private static List<String> list(String... texts) {
    return Ids.list(List.of(texts), GAMES);
  }

  private static List<Event> events(String... texts) {
    return Ids.events(List.of(texts), GAMES);
  }

  @Test
  void list_idWithACommaAlone_isThatId() {
    assertThat(list("Elder Scrolls, The")).containsExactly("Elder Scrolls, The");
    assertThat(list("\"Quoted\"")).containsExactly("\"Quoted\"");
  }

  @Test
  void list_commasAndQuotes_separateAndHoldTogether() {
    assertThat(list("\"Elder Scrolls, The\",Portal , x", "a=b"))
        .containsExactly("Elder Scrolls, The", "Portal", "x", "a=b");
    assertThat(list("\"say \"\"hi\"\", you\"")).containsExactly("say \"hi\", you");
    assertThat(list("Portal,,unknown,")).containsExactly("Portal", "unknown");
    assertThat(list("", " , ")).isEmpty();
  }

  @Test
  void list_badQuotes_areRefused() {
    assertThatThrownBy(() -> list("\"open, and")).hasMessageContaining("a quote is not closed");
    assertThatThrownBy(() -> list("\"a\"b")).hasMessageContaining("behind a quoted id");
  }

  @Test
  void events_valuesStandBehindTheLastEqualsSign() {
    assertThat(events("Elder Scrolls, The=3"))
        .containsExactly(new Event("Elder Scrolls, The", 3f, 0));
    assertThat(events("Elder Scrolls, The")).containsExactly(Event.liked("Elder Scrolls, The"));
    assertThat(events("a=b,a=b=2.5,1=2,Portal=-4,new=1=3"))
        .containsExactly(
            Event.liked("a=b"),
            new Event("a=b", 2.5f, 0),
            Event.liked("1=2"),
            new Event("Portal", -4f, 0),
            new Event("new=1", 3f, 0));
    assertThat(events("\"Elder Scrolls, The\"=3,\"x\",Portal=5"))
        .containsExactly(
            new Event("Elder Scrolls, The", 3f, 0), Event.liked("x"), new Event("Portal", 5f, 0));
    assertThat(events("x=much")).containsExactly(Event.liked("x=much"));
    assertThatThrownBy(() -> events("x=1e99"))
        .hasMessage("the value of 'x' must be a number from -1e15 to 1e15, got 1.0E99");
    assertThat(events("")).isEqualTo(Query.ofItems(List.of()).history());
    assertThatThrownBy(() -> events("\"x\"=much")).hasMessageContaining("= and a number");
  }

  @Test
  void numbers_idsWithEqualsSignsAndQuotes_areRead() {
    assertThat(Ids.numbers("--boost", List.of("a=b=2", "\"c, d\"=0.5", "e, f=3")))
        .isEqualTo(Map.of("a=b", 2.0, "c, d", 0.5, "e, f", 3.0));
    assertThatThrownBy(() -> Ids.numbers("--boost", List.of("a", "b")))
        .hasMessage("--boost must be NAME=NUMBER, got 'a'");
    assertThatThrownBy(() -> Ids.numbers("--boost", List.of("a=1", "a=2")))
        .hasMessage("--boost names 'a' twice");
  }

  @Test
  void conditions_longestColumnAndComparisons() {
    List<String> columns = List.of("price", "price=new", "year");
    assertThat(
            Ids.conditions(
                "--require", List.of("price<20", "price=new=5", "year=1990..1999"), columns))
        .isEqualTo(Map.of("price", "<20", "price=new", "5", "year", "1990..1999"));
    assertThat(Ids.conditions("--require", List.of("other=a=b"), columns))
        .isEqualTo(Map.of("other", "a=b"));
    assertThatThrownBy(() -> Ids.conditions("--require", List.of("price"), columns))
        .hasMessage("--require must be COLUMN=VALUE, got 'price'");
    assertThatThrownBy(() -> Ids.conditions("--require", List.of("price>5", "price<9"), columns))
        .hasMessageContaining("names the column 'price' twice");
  }
}
