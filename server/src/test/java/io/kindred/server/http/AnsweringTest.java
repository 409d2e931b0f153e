package io.kindred.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnsweringTest {
  @Test
  void bytes_aboveASixteenthOfTheHeap_areRefusedBeforeTheyAreMade() {
    Answering answering = new Answering(16 * 100_000);

    assertThatThrownBy(
            () -> answering.bytes(Collections.nCopies(Integer.MAX_VALUE, Map.of("item", "x"))))
        .isInstanceOf(Problem.Thrown.class)
        .hasMessageContaining("more than 100000 bytes")
        .hasMessageContaining("fewer items");
  }

  @Test
  void bytes_below_areTheJson() {
    assertThat(new Answering(16 * 100_000).bytes(Map.of("n", 1)))
        .isEqualTo(Json.write(Map.of("n", 1)));
  }

  @Test
  void heap_large_answersHave16MillionBytes() {
    assertThatThrownBy(
            () ->
                new Answering(Long.MAX_VALUE)
                    .bytes(Collections.nCopies(Integer.MAX_VALUE, Map.of("item", "x"))))
        .hasMessageContaining("more than 16000000 bytes");
  }
}
