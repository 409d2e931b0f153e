package io.kindred.server.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.kindred.NewItems;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.RatingScale;
import io.kindred.data.Vocabulary;
import io.kindred.generate.World;
import io.kindred.generate.WorldConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class DataViewTest {
  @Test
  void withItems_isAsCountedAnew() {
    Dataset data =
        new World(WorldConfig.ofInteractions(1_000).withUsers(50).withItems(80).withSeed(3))
            .toDataset(1);
    Features more =
        new Features(
            2, List.of(new FeatureColumn.Text("title", List.of("Ebb (2026)", "Flow (2026)"))));
    Dataset larger = NewItems.enlarged(data, Vocabulary.of(List.of("ebb", "flow")), more);
    RatingScale scale = RatingScale.of(data);
    DataView before = DataView.of(data, scale);
    assertThat(before.withItems(larger))
        .isEqualTo(DataView.of(larger, RatingScale.of(larger)))
        .isNotEqualTo(before);
  }
}
