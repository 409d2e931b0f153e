package io.kindred.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TransfersTest {
  private final List<String> aborted = new ArrayList<>();

  private Transfers.Transfer begin(Transfers transfers, String name) {
    return transfers.begin(() -> aborted.add(name + " is slow"), () -> aborted.add(name));
  }

  @Test
  void hold_moreThanAllMay_endsTheOldest() {
    Transfers transfers = new Transfers(100);
    Transfers.Transfer first = begin(transfers, "first");
    first.hold(50);
    Transfers.Transfer second = begin(transfers, "second");
    second.hold(50);
    assertThat(aborted).isEmpty();
    Transfers.Transfer third = begin(transfers, "third");
    third.hold(30);
    assertThat(aborted).containsExactly("first");
    assertThat(first.end()).isFalse();
    assertThat(second.end()).isTrue();
    second.free();
    third.hold(70);
    assertThat(aborted).containsExactly("first");
    assertThat(transfers.count()).isEqualTo(1);
  }

  @Test
  void end_memoryCountsUntilItIsFreed() {
    Transfers transfers = new Transfers(100);
    Transfers.Transfer whole = begin(transfers, "whole");
    whole.hold(60);
    whole.end();
    begin(transfers, "next").hold(50);
    assertThat(aborted).containsExactly("next");
    whole.free();
    whole.free();
    begin(transfers, "last").hold(100);
    assertThat(aborted).containsExactly("next");
  }

  @Test
  void begin_moreThanMayBe_endsTheOldest() {
    Transfers transfers = new Transfers(100);
    for (int i = 0; i <= Transfers.MOST; i++) {
      begin(transfers, String.valueOf(i));
    }
    assertThat(aborted).containsExactly("0");
    assertThat(transfers.count()).isEqualTo(Transfers.MOST);
  }

  @Test
  void hold_oneThatIsLargerThanAllMay_endsItself() {
    Transfers transfers = new Transfers(100);
    begin(transfers, "only").hold(101);
    assertThat(aborted).containsExactly("only");
    assertThat(transfers.count()).isZero();
  }

  @Test
  void least_growsWithTheTime() {
    assertThat(Transfers.least(1)).isEqualTo(1);
    assertThat(Transfers.least(TimeUnit.SECONDS.toNanos(10)))
        .isEqualTo(10L * Transfers.LEAST_BYTES_PER_SECOND + 1);
  }
}
