package io.kindred.onnx;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxJavaType;
import io.kindred.KindredException;
import io.kindred.ProgressListener;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A pretrained encoder of texts: a folder with {@code model.onnx} and {@code tokenizer.json}, as
 * sentence encoders are given out. The model takes {@code input_ids} and, if it wants, {@code
 * attention_mask} and {@code token_type_ids}, whole numbers of 64 bits [batch, tokens]. A text's
 * vector is the mean of the vectors of its tokens, or what the model itself gives as the one vector
 * ({@link EncoderOptions.Pooling}), scaled to length 1.
 *
 * <p>Everything is computed in this process and nothing is fetched. Thread-safe until it is closed.
 * Memory is that of the model and of one batch.
 */
public final class TextEncoder implements AutoCloseable {
  private static final String IDS = "input_ids";
  private static final String MASK = "attention_mask";
  private static final String TYPES = "token_type_ids";

  static {
    // The tokenizers' library may otherwise fetch what it lacks, and report that it is used.
    if (System.getProperty("ai.djl.offline") == null) {
      System.setProperty("ai.djl.offline", "true");
    }
  }

  private final OnnxModel model;
  private final HuggingFaceTokenizer tokenizer;
  private final EncoderOptions options;

  private TextEncoder(OnnxModel model, HuggingFaceTokenizer tokenizer, EncoderOptions options) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.options = options;
  }

  /**
   * Loads an encoder.
   *
   * @param folder with {@code model.onnx} (or {@code onnx/model.onnx}) and {@code tokenizer.json}
   * @throws KindredException if one of them is missing, damaged, or of another kind
   */
  public static TextEncoder read(Path folder, EncoderOptions options) {
    OnnxModel model = OnnxModel.read(folder, options);
    boolean done = false;
    try {
      for (String name : model.inputNames()) {
        if (!Set.of(IDS, MASK, TYPES).contains(name)
            || model.input(name).type != OnnxJavaType.INT64
            || model.input(name).getShape().length != 2) {
          throw wrongInputs(model);
        }
      }
      if (!model.inputNames().contains(IDS)) {
        throw wrongInputs(model);
      }
      TextEncoder encoder = new TextEncoder(model, tokenizer(folder, options), options);
      done = true;
      return encoder;
    } finally {
      if (!done) {
        model.close();
      }
    }
  }

  private static KindredException wrongInputs(OnnxModel model) {
    return model.wrongInputs(
        "an encoder of texts takes input_ids and at most attention_mask and token_type_ids, all"
            + " INT64 [batch, tokens]");
  }

  private static HuggingFaceTokenizer tokenizer(Path folder, EncoderOptions options) {
    Path file =
        (Files.isDirectory(folder) ? folder : folder.resolveSibling("")).resolve("tokenizer.json");
    if (!Files.isRegularFile(file)) {
      throw new KindredException("the encoder of texts has no " + file);
    }
    try {
      return HuggingFaceTokenizer.builder()
          .optTokenizerPath(file)
          .optTruncation(true)
          .optMaxLength(options.maxLength())
          .optPadding(false)
          .build();
    } catch (IOException | RuntimeException e) {
      throw new KindredException(file + " is not a tokenizer: " + e.getMessage(), e);
    } catch (UnsatisfiedLinkError | ExceptionInInitializerError | NoClassDefFoundError e) {
      throw new KindredException("the tokenizers do not run on this machine: " + e, e);
    }
  }

  /**
   * The vectors of texts.
   *
   * @param texts any, however long; of blank ones, and of those without a token, nothing is known
   * @param progress hears how far it is
   * @return one vector a text, all of one length; {@code null} where nothing is known
   */
  public List<float @Nullable []> encode(
      List<? extends @Nullable String> texts, ProgressListener progress) {
    List<float @Nullable []> vectors = new ArrayList<>(texts.size());
    for (int from = 0; from < texts.size(); from += options.batchSize()) {
      int to = Math.min(texts.size(), from + options.batchSize());
      List<long[]> ids = new ArrayList<>();
      List<Integer> places = new ArrayList<>();
      for (int text = from; text < to; text++) {
        vectors.add(null);
        String is = texts.get(text);
        Encoding encoding = is == null || is.isBlank() ? null : tokenizer.encode(is);
        if (encoding != null && encoding.getIds().length > 0) {
          ids.add(encoding.getIds());
          places.add(text);
        }
      }
      if (!ids.isEmpty()) {
        float[][] found = batch(ids);
        for (int n = 0; n < found.length; n++) {
          vectors.set(places.get(n), found[n]);
        }
      }
      progress.onProgress("vectors of texts", to, texts.size(), "");
    }
    return vectors;
  }

  private float[][] batch(List<long[]> ids) {
    int length = ids.stream().mapToInt(one -> one.length).max().orElse(0);
    long[] padded = new long[ids.size() * length];
    long[] mask = new long[padded.length];
    for (int row = 0; row < ids.size(); row++) {
      long[] one = ids.get(row);
      System.arraycopy(one, 0, padded, row * length, one.length);
      java.util.Arrays.fill(mask, row * length, row * length + one.length, 1);
    }
    Map<String, long[]> inputs = new LinkedHashMap<>();
    for (String name : model.inputNames()) {
      inputs.put(
          name,
          switch (name) {
            case IDS -> padded;
            case MASK -> mask;
            default -> new long[padded.length];
          });
    }
    return model.vectors(inputs, Map.of(), new long[] {ids.size(), length}, mask);
  }

  /**
   * The vectors of items, from what is written in some of their columns, one after the other.
   *
   * @param name of the new column
   * @param fields names of the columns; none: all texts
   * @throws KindredException if there is no such column, or no text in any of them
   */
  public FeatureColumn.Vectors column(
      String name, Features features, List<String> fields, ProgressListener progress) {
    List<FeatureColumn> columns = new ArrayList<>();
    for (String field : fields) {
      columns.add(
          features
              .column(field)
              .orElseThrow(
                  () ->
                      new KindredException(
                          "items have no column '"
                              + field
                              + "'; they have "
                              + features.columns().stream().map(FeatureColumn::name).toList())));
    }
    if (fields.isEmpty()) {
      features.columns().stream()
          .filter(FeatureColumn.Text.class::isInstance)
          .forEach(columns::add);
    }
    List<String> texts = new ArrayList<>();
    for (int item = 0; item < features.size(); item++) {
      StringBuilder text = new StringBuilder();
      for (FeatureColumn column : columns) {
        String part = column.display(item);
        text.append(part == null ? "" : (text.length() == 0 ? "" : ". ") + part);
      }
      texts.add(text.toString());
    }
    return Vectors.column(name, encode(texts, progress), "no item has a text to encode");
  }

  @Override
  public void close() {
    tokenizer.close();
    model.close();
  }
}
