package io.kindred.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import io.kindred.KindredException;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.neural.content.Pictures;
import io.kindred.onnx.EncoderOptions;
import io.kindred.onnx.PictureEncoder;
import io.kindred.onnx.TextEncoder;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Turns texts and pictures of items into vectors by pretrained encoders. */
@Command(
    name = "encode",
    description = {
      "Turn texts and pictures of items into vectors, by pretrained encoders in ONNX.",
      "The output has all that is known of the items and the vectors, a line of JSON each:",
      "a file for --items-file. Pictures are not in it; name their folder again."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  kindred encode ml-latest-small --text-model minilm -o items.jsonl",
      "  kindred encode ratings.csv --images DIR --picture-model clip -o items.jsonl",
      "  kindred train ratings.csv --items-file items.jsonl -a content-knn"
    })
final class Encode extends BaseCommand {
  @Mixin private DataOptions data;

  @Option(
      names = "--text-model",
      paramLabel = "FOLDER",
      description = "A folder with model.onnx and tokenizer.json.")
  private @Nullable Path textModel;

  @Option(
      names = "--fields",
      paramLabel = "COLUMNS",
      split = ",",
      description = "The columns that are encoded, with commas between (default: all texts).")
  private List<String> fields = List.of();

  @Option(
      names = "--picture-model",
      paramLabel = "PATH",
      description = "A model in ONNX, or a folder with model.onnx, for pictures.")
  private @Nullable Path pictureModel;

  @Option(
      names = "--pooling",
      paramLabel = "HOW",
      defaultValue = "any",
      description = {
        "mean of the vectors of all tokens or places, the model's own one, or any",
        "(default: ${DEFAULT-VALUE})."
      })
  private EncoderOptions.Pooling pooling;

  @Option(
      names = "--max-length",
      paramLabel = "TOKENS",
      defaultValue = "256",
      description = "How much of a text is read (default: ${DEFAULT-VALUE}).")
  private int maxLength;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "32",
      description = "How many are computed at a time (default: ${DEFAULT-VALUE}).")
  private int batchSize;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FILE",
      description = "The file (.jsonl); one that is there is replaced.")
  private Path output;

  @Mixin private WorkOptions work;

  Encode(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    if (textModel == null && pictureModel == null) {
      throw usage("name a --text-model or a --picture-model");
    }
    if (!output.toString().endsWith(".jsonl")) {
      throw usage("--output must end with .jsonl, got " + output);
    }
    EncoderOptions options = options();
    try (ProgressBar progress = progress()) {
      Dataset read = data.read(this, work.threads(), progress);
      List<FeatureColumn> columns = new ArrayList<>();
      if (textModel != null) {
        try (TextEncoder encoder = TextEncoder.read(textModel, options)) {
          columns.add(encoder.column("text_vector", read.itemFeatures(), fields, progress));
        }
      }
      if (pictureModel != null) {
        FeatureColumn.Image pictures =
            Pictures.column(read.itemFeatures())
                .orElseThrow(() -> new KindredException("items have no pictures; see --images"));
        try (PictureEncoder encoder = PictureEncoder.read(pictureModel, options)) {
          columns.add(encoder.column("picture_vector", pictures, progress));
        }
      }
      List<FeatureColumn> all = new ArrayList<>();
      for (FeatureColumn column : read.itemFeatures().columns()) {
        if (columns.stream().noneMatch(vectors -> vectors.name().equals(column.name()))) {
          all.add(column); // else encoded before, and now again
        }
      }
      all.addAll(columns);
      Features features = new Features(read.items().size(), all);
      Outputs.file(output, out -> write(read, features, out));
    }
    note("Wrote %s", output);
    return ExitCode.OK;
  }

  private EncoderOptions options() {
    try {
      return new EncoderOptions(pooling, maxLength, batchSize, work.threads());
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
  }

  private static void write(Dataset data, Features features, Writer out) throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.setRootValueSeparator(new SerializedString("\n"));
      for (int item = 0; item < features.size(); item++) {
        json.writeStartObject();
        json.writeStringField("item_id", data.items().id(item));
        for (FeatureColumn column : features.columns()) {
          write(column, item, json);
        }
        json.writeEndObject();
      }
    }
    out.write('\n');
  }

  /** A property of an item: all of them in all rows, so that a reader sees the same columns. */
  private static void write(FeatureColumn column, int item, JsonGenerator json) throws IOException {
    if (column instanceof FeatureColumn.Image) {
      return;
    }
    json.writeFieldName(column.name());
    if (column instanceof FeatureColumn.Tags tags) {
      json.writeStartArray();
      for (int p = tags.starts()[item]; p < tags.starts()[item + 1]; p++) {
        json.writeString(tags.tags().id(tags.codes()[p]));
      }
      json.writeEndArray();
    } else if (column instanceof FeatureColumn.Numeric numeric) {
      float number = numeric.numbers()[item];
      if (Float.isNaN(number)) {
        json.writeNull();
      } else {
        json.writeNumber(number);
      }
    } else if (column instanceof FeatureColumn.Vectors vectors) {
      if (!vectors.isKnown(item)) {
        json.writeNull();
        return;
      }
      json.writeStartArray();
      for (int d = 0; d < vectors.dimensions(); d++) {
        json.writeNumber(vectors.values()[item * vectors.dimensions() + d]);
      }
      json.writeEndArray();
    } else {
      json.writeString(column.display(item));
    }
  }
}
