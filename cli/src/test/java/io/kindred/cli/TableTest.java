package io.kindred.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void onOneLine_controlCharacters_areShownAndNotSent() {
    assertThat(Table.onOneLine("a\nb\r\tc\u001b[31m\u0085"))
        .isEqualTo("a\\nb\\r\\tc\\x1b[31m\\x85");
  }

  @Test
  void onOneLine_plainText_stays() {
    assertThat(Table.onOneLine("Die Z\u00fcge, \\n \ud83d\ude80"))
        .isEqualTo("Die Z\u00fcge, \\n \ud83d\ude80");
  }
}
