package io.kindred.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.KindredException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelSpecTest {
  @Test
  void parse_noName_isCalledByItsText() {
    assertThat(ModelSpec.parse(" item-knn   neighbors=50 "))
        .isEqualTo(new ModelSpec("item-knn neighbors=50", "item-knn", Map.of("neighbors", "50")));
  }

  @Test
  void parse_name_endsAtTheColon() {
    assertThat(ModelSpec.parse("mine: item-knn").name()).isEqualTo("mine");
    assertThat(ModelSpec.parse("mine:item-knn neighbors=5").name()).isEqualTo("mine");
    assertThat(ModelSpec.parse("d=64: als factors=64"))
        .isEqualTo(new ModelSpec("d=64", "als", Map.of("factors", "64")));
  }

  @Test
  void parse_colonInAValue_staysInTheValue() {
    assertThat(ModelSpec.parse("content-knn columns=title:2,genres"))
        .isEqualTo(
            new ModelSpec(
                "content-knn columns=title:2,genres",
                "content-knn",
                Map.of("columns", "title:2,genres")));
    assertThat(ModelSpec.parse("both: content-knn columns=title:2").parameters())
        .containsEntry("columns", "title:2");
    assertThat(ModelSpec.parse("both:content-knn columns=title:2").name()).isEqualTo("both");
  }

  @Test
  void parse_noAlgorithmOrNoValue_isRefused() {
    assertThatThrownBy(() -> ModelSpec.parse("mine: "))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("names no algorithm");
    assertThatThrownBy(() -> ModelSpec.parse("item-knn neighbors"))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("'neighbors' must have the form parameter=value");
  }
}
