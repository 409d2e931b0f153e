package io.kindred.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kindred.KindredException;
import io.kindred.ProgressListener;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextEncoderTest {
  /** Of each token: [UNK], space, war, soup. */
  private static final float[] TOKENS = {0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5};

  private static final String TOKENIZER =
      """
      {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
       "normalizer": {"type": "Lowercase"}, "pre_tokenizer": {"type": "Whitespace"},
       "post_processor": null, "decoder": null,
       "model": {"type": "WordLevel", "unk_token": "[UNK]",
                 "vocab": {"[UNK]": 0, "space": 1, "war": 2, "soup": 3}}}
      """;

  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    model(tokens().output("last_hidden_state", -1, -1, 3));
    Files.writeString(folder.resolve("tokenizer.json"), TOKENIZER, StandardCharsets.UTF_8);
  }

  private static OnnxFile tokens() {
    return new OnnxFile()
        .ids("input_ids")
        .ids("attention_mask")
        .constant("table", TOKENS, 4, 3)
        .node("Gather", "last_hidden_state", new long[0], "table", "input_ids");
  }

  private void model(OnnxFile file) throws IOException {
    Files.write(folder.resolve("model.onnx"), file.bytes());
  }

  @Test
  void encode_tokenVectors_areTheirMeanOfLengthOne() {
    List<String> texts = Arrays.asList("Space war", "war", "space", "soup war war", "", null, " ");
    for (int batch : new int[] {1, 2, 100}) {
      try (TextEncoder encoder =
          TextEncoder.read(folder, EncoderOptions.DEFAULTS.withBatchSize(batch).withThreads(2))) {
        List<float[]> vectors = encoder.encode(texts, ProgressListener.NONE);
        assertThat(vectors).hasSize(7);
        assertVector(vectors.get(0), 0.6, 0.8, 0); // (3 + 4) / 2 each, whatever the padding is
        assertVector(vectors.get(1), 0, 1, 0);
        assertVector(vectors.get(2), 1, 0, 0);
        assertVector(vectors.get(3), 0, 8 / Math.sqrt(89), 5 / Math.sqrt(89));
        assertThat(vectors.subList(4, 7)).containsOnlyNulls();
      }
    }
  }

  @Test
  void encode_pooledOutput_isTaken() throws IOException {
    OnnxFile pooled =
        tokens()
            .node("ReduceMax", "pooled", new long[] {1}, "last_hidden_state")
            .output("pooled", -1, 3)
            .output("last_hidden_state", -1, -1, 3);
    model(pooled);
    EncoderOptions own = EncoderOptions.DEFAULTS.withPooling(EncoderOptions.Pooling.MODEL);
    try (TextEncoder encoder = TextEncoder.read(folder, own)) {
      assertVector(encode(encoder, "soup war war"), 0, 4 / Math.sqrt(41), 5 / Math.sqrt(41));
    }
    try (TextEncoder encoder = TextEncoder.read(folder, EncoderOptions.DEFAULTS)) {
      assertVector(encode(encoder, "soup war war"), 0, 8 / Math.sqrt(89), 5 / Math.sqrt(89));
    }
  }

  @Test
  void encode_unknownWords_areWhatTheTokenizerMakesOfThem() {
    try (TextEncoder encoder = TextEncoder.read(folder, EncoderOptions.DEFAULTS)) {
      assertVector(encode(encoder, "電影 😀"), 0, 0, 0);
      assertVector(encode(encoder, "電影 war"), 0, 1, 0);
    }
  }

  @Test
  void encode_longText_isCutOff() {
    String text = "space ".repeat(200_000) + "soup";
    try (TextEncoder encoder = TextEncoder.read(folder, EncoderOptions.DEFAULTS.withMaxLength(8))) {
      assertVector(encode(encoder, text), 1, 0, 0);
      assertVector(encode(encoder, "space ".repeat(8) + "soup"), 1, 0, 0);
      assertThat(encode(encoder, "space ".repeat(7) + "soup")[2]).isPositive();
    }
  }

  @Test
  void column_fields_areReadOneAfterTheOther() {
    Features items =
        new Features(
            3,
            List.of(
                new FeatureColumn.Text("title", Arrays.asList("space", null, null)),
                new FeatureColumn.Text("description", Arrays.asList("war", "soup", null))));
    try (TextEncoder encoder = TextEncoder.read(folder, EncoderOptions.DEFAULTS)) {
      FeatureColumn.Vectors all = encoder.column("v", items, List.of(), ProgressListener.NONE);
      assertThat(all.dimensions()).isEqualTo(3);
      assertVector(Arrays.copyOf(all.values(), 3), 0.6, 0.8, 0);
      assertThat(all.isKnown(1)).isTrue();
      assertThat(all.isKnown(2)).isFalse();
      FeatureColumn.Vectors titles =
          encoder.column("v", items, List.of("title"), ProgressListener.NONE);
      assertVector(Arrays.copyOf(titles.values(), 3), 1, 0, 0);
      assertThat(titles.isKnown(1)).isFalse();

      assertThatThrownBy(() -> encoder.column("v", items, List.of("plot"), ProgressListener.NONE))
          .isInstanceOf(KindredException.class)
          .hasMessage("items have no column 'plot'; they have [title, description]");
      assertThatThrownBy(
              () -> encoder.column("v", Features.none(3), List.of(), ProgressListener.NONE))
          .isInstanceOf(KindredException.class)
          .hasMessage("no item has a text to encode");
    }
  }

  @Test
  void read_whatIsNoEncoder_isRefused() throws IOException {
    refused("there is no model " + folder.resolve("none"), folder.resolve("none"));

    Files.delete(folder.resolve("tokenizer.json"));
    refused("the encoder of texts has no " + folder.resolve("tokenizer.json"), folder);
    Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": 3}");
    refused("tokenizer.json is not a tokenizer: ", folder);
    write();

    model(tokens().ids("position_ids").output("last_hidden_state", -1, -1, 3));
    refused("position_ids INT64 [-1, -1]", folder);
    model(
        new OnnxFile()
            .floats("input_ids", -1, 3)
            .node("Identity", "out", new long[0], "input_ids")
            .output("out", -1, 3));
    refused("an encoder of texts takes input_ids", folder);
    model(
        tokens()
            .node("ReduceMean", "score", new long[] {1, 2}, "last_hidden_state")
            .output("score", -1));
    refused("needs an output of floats [batch, dimensions] or [batch, places", folder);

    Files.writeString(folder.resolve("model.onnx"), "this is no model");
    refused("model.onnx is not an ONNX model that can be used", folder);
    Files.delete(folder.resolve("model.onnx"));
    refused("the folder " + folder + " has no model.onnx", folder);
  }

  @Test
  void read_poolingThatTheModelHasNot_isRefused() {
    EncoderOptions own = EncoderOptions.DEFAULTS.withPooling(EncoderOptions.Pooling.MODEL);
    assertThatThrownBy(() -> TextEncoder.read(folder, own))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("pooling MODEL needs an output of floats [batch, dimensions]")
        .hasMessageEndingWith("last_hidden_state FLOAT [-1, -1, 3]");
    assertThatThrownBy(() -> EncoderOptions.DEFAULTS.withBatchSize(0))
        .hasMessage("batchSize must be at least 1, got 0");
  }

  private static void refused(String message, Path path) {
    assertThatThrownBy(() -> TextEncoder.read(path, EncoderOptions.DEFAULTS))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining(message);
  }

  private static float[] encode(TextEncoder encoder, String text) {
    return encoder.encode(List.of(text), ProgressListener.NONE).get(0);
  }

  private static void assertVector(float[] vector, double... expected) {
    assertThat(vector).hasSize(expected.length);
    for (int d = 0; d < expected.length; d++) {
      assertThat((double) vector[d]).isEqualTo(expected[d], within(1e-6));
    }
  }
}
