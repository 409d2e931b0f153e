package io.kindred.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PulseTest {
  private static Pulse.Sample at(long second, long collectedMillis) {
    return new Pulse.Sample(TimeUnit.SECONDS.toNanos(second), collectedMillis);
  }

  @Test
  void collecting_nearlyAllTheTime_isAFailure() {
    assertThat(Pulse.collecting(at(100, 5000), at(120, 24_000)))
        .hasValueSatisfying(why -> assertThat(why).contains("95 % of the last 20 seconds"));
  }

  @Test
  void collecting_most_isNone() {
    assertThat(Pulse.collecting(at(100, 5000), at(120, 22_000))).isEmpty();
  }

  @Test
  void collecting_shortTime_isNone() {
    assertThat(Pulse.collecting(at(100, 0), at(103, 3000))).isEmpty();
  }

  @Test
  void failure_answers_isNone() {
    try (Pulse pulse = new Pulse(() -> {})) {
      assertThat(pulse.failure()).isEmpty();
    }
  }
}
