package io.kindred.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorldConfigTest {
  @ParameterizedTest
  @CsvSource({
    "1000, 50, 120",
    "10000, 290, 500",
    "100000, 2000, 2500",
    "1000000, 20000, 13000",
    "10000000, 200000, 64000",
    "50000000, 1000000, 200000",
    "100000000, 2000000, 320000"
  })
  void ofInteractions_anySize_scalesUsersAndItems(long interactions, int users, int items) {
    WorldConfig config = WorldConfig.ofInteractions(interactions);

    assertThat(config.interactions()).isEqualTo(interactions);
    assertThat(config.users()).isEqualTo(users);
    assertThat(config.items()).isEqualTo(items);
  }

  @Test
  void ofInteractions_outOfRange_namesValueAndRange() {
    assertThatThrownBy(() -> WorldConfig.ofInteractions(999))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("interactions must be from 1000 to 100000000, but is 999");
    assertThatThrownBy(() -> WorldConfig.ofInteractions(100_000_001))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("100000001");
  }

  @Test
  void with_oneValue_changesThatValueOnly() {
    WorldConfig config = WorldConfig.ofInteractions(1000);

    assertThat(config.withSeed(7).withDrift(0.25).withImageSize(32).seed()).isEqualTo(7);
    assertThat(config.withSeed(7).withSeed(1)).isEqualTo(config);
    assertThat(config.withDrift(0.25)).isNotEqualTo(config);
    assertThat(config.withDrift(0.25).withDrift(config.drift())).isEqualTo(config);
  }

  @Test
  void constructor_valueOutOfRange_namesArgumentValueAndRange() {
    refuses(c -> c.withUsers(0), "users must be from 1 to 20000000, but is 0");
    refuses(c -> c.withItems(19), "items must be from 20 to 5000000, but is 19");
    refuses(c -> c.withDimensions(3), "dimensions must be from 4 to 32, but is 3");
    refuses(c -> c.withTastes(13), "tastes must be from 1 to 12, but is 13");
    refuses(c -> c.withStylesPerTaste(9), "stylesPerTaste must be from 1 to 8, but is 9");
    refuses(c -> c.withPopularitySkew(2.5), "popularitySkew must be from 0 to 2, but is 2.5");
    refuses(c -> c.withTasteStrength(-1), "tasteStrength must be from 0 to 20, but is -1");
    refuses(c -> c.withExploration(1.5), "exploration must be from 0 to 1, but is 1.5");
    refuses(c -> c.withDrift(Double.NaN), "drift must be from 0 to 1, but is NaN");
    refuses(c -> c.withActivitySpread(3), "activitySpread must be from 0 to 2, but is 3");
    refuses(c -> c.withSessionLength(0), "sessionLength must be from 1 to 20, but is 0");
    refuses(c -> c.withFollowProbability(2), "followProbability must be from 0 to 1, but is 2");
    refuses(c -> c.withSuccessors(0), "successors must be from 1 to 8, but is 0");
    refuses(c -> c.withRatingNoise(-0.5), "ratingNoise must be from 0 to 3, but is -0.5");
    refuses(c -> c.withColdShare(0.6), "coldShare must be from 0 to 0.5, but is 0.6");
    refuses(c -> c.withNewShare(1), "newShare must be from 0 to 0.9, but is 1");
    refuses(c -> c.withImageSize(8), "imageSize must be from 16 to 256, but is 8");
  }

  @Test
  void constructor_fewerItemsThanStyles_saysHowManyAreNeeded() {
    refuses(
        c -> c.withItems(40).withTastes(12).withStylesPerTaste(4),
        "interactions must be from 50 (one a user) to 750 (15 a user, for 40 items), but is 1000");
    refuses(
        c -> c.withInteractions(100).withItems(40).withTastes(12).withStylesPerTaste(4),
        "items must be at least tastes * stylesPerTaste = 48, but is 40");
  }

  @Test
  void constructor_moreInteractionsThanPossible_saysHowManyAre() {
    refuses(
        c -> c.withInteractions(5000),
        "interactions must be from 50 (one a user) to 2250 (45 a user, for 120 items), but is 5000");
    refuses(
        c -> c.withInteractions(49),
        "interactions must be from 50 (one a user) to 2250 (45 a user, for 120 items), but is 49");
  }

  private static void refuses(UnaryOperator<WorldConfig> change, String message) {
    WorldConfig config = WorldConfig.ofInteractions(1000);
    assertThatThrownBy(() -> change.apply(config))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
