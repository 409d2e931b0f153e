package io.kindred.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DatasetDescriptionTest {

  private static Interaction row(String user, String item, float value, long time) {
    return new Interaction(user, item, value, Instant.ofEpochSecond(time), null);
  }

  @Test
  void of_smallData_hasTheCountsByHand() {
    Dataset data =
        Dataset.of(
            "small",
            List.of(
                row("u1", "a", 5, 0),
                row("u1", "b", 3, 60),
                row("u1", "a", 1, 120),
                row("u2", "a", 3, 86_400)));

    DatasetDescription described = DatasetDescription.of(data);

    assertThat(described.users()).isEqualTo(2);
    assertThat(described.items()).isEqualTo(2);
    assertThat(described.interactions()).isEqualTo(4);
    assertThat(described.repeats()).isEqualTo(1);
    assertThat(described.density()).isEqualTo(3 / 4.0);
    assertThat(described.from()).isEqualTo("1970-01-01T00:00:00Z");
    assertThat(described.until()).isEqualTo("1970-01-02T00:00:00Z");
    assertThat(described.historyLengths().min()).isEqualTo(1);
    assertThat(described.historyLengths().max()).isEqualTo(3);
    assertThat(described.historyLengths().mean()).isEqualTo(2);
    assertThat(described.values().mean()).isEqualTo(3);
    assertThat(described.values().standardDeviation()).isCloseTo(Math.sqrt(2), within(1e-12));
    assertThat(described.values().counts().toString()).isEqualTo("{1=1, 3=2, 5=1}");
    assertThat(described.popularity().top1()).isEqualTo(3 / 4.0);
    // counts 1 and 3: ((2*1-3)*1 + (2*2-3)*3) / (2*4)
    assertThat(described.popularity().gini()).isEqualTo(2 / 8.0);
  }

  @Test
  void of_hundredItems_hasSharesOfTheMostPopular() {
    List<Interaction> rows = new ArrayList<>();
    for (int item = 1; item <= 100; item++) {
      for (int n = 0; n < item; n++) {
        rows.add(new Interaction("u" + n, "i" + item, 1));
      }
    }

    DatasetDescription.Popularity popularity =
        DatasetDescription.of(Dataset.of("stairs", rows)).popularity();

    assertThat(popularity.top1()).isCloseTo(100 / 5050.0, within(1e-12));
    assertThat(popularity.top20()).isCloseTo((81 + 100) * 10 / 5050.0, within(1e-12));
    assertThat(popularity.curve()).hasSize(21).startsWith(0.0).endsWith(1.0).isSorted();
    assertThat(popularity.gini()).isCloseTo(0.33, within(1e-9));
  }

  @Test
  void of_noInteractions_isAllZero() {
    DatasetDescription described = DatasetDescription.of(Dataset.of("none", List.of()));

    assertThat(described.density()).isZero();
    assertThat(described.historyLengths().median()).isZero();
    assertThat(described.popularity().gini()).isZero();
    assertThat(described.from()).isNull();
  }

  @Test
  void of_anyData_isJsonAsItIs() {
    Dataset data = Dataset.of("x", List.of(row("u", "i", 4.5f, 1)));

    JsonNode json = new ObjectMapper().valueToTree(DatasetDescription.of(data));

    assertThat(json.at("/historyLengths/median").asInt()).isEqualTo(1);
    assertThat(json.at("/values/counts/4.5").asInt()).isEqualTo(1);
    assertThat(json.at("/popularity/curve").size()).isEqualTo(21);
  }
}
