package io.kindred.store;

import io.kindred.ArrayReader;
import io.kindred.ArrayWriter;
import io.kindred.Parameters;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Feature columns as arrays. Column n of the list in {@code model.json} has the arrays {@code n.*}:
 *
 * <pre>
 * text, image    n.known U8[size], 1 where there is a text; n.starts I64[size + 1], n.bytes U8: the texts in UTF-8
 * category       n.codes I32[size], -1 where unknown; n.words.starts, n.words.bytes: the categories
 * tags           n.starts I32[size + 1], n.codes I32; n.words.starts, n.words.bytes: the tags
 * numeric        n.numbers F32[size], NaN where unknown
 * </pre>
 */
final class FeatureArrays {
  private FeatureArrays() {}

  /** The kinds of columns. */
  enum Kind {
    TEXT,
    CATEGORY,
    TAGS,
    NUMERIC,
    IMAGE,
    VECTORS;

    static Kind of(FeatureColumn column) {
      if (column instanceof FeatureColumn.Text) {
        return TEXT;
      } else if (column instanceof FeatureColumn.Category) {
        return CATEGORY;
      } else if (column instanceof FeatureColumn.Tags) {
        return TAGS;
      } else if (column instanceof FeatureColumn.Numeric) {
        return NUMERIC;
      } else if (column instanceof FeatureColumn.Image) {
        return IMAGE;
      } else if (column instanceof FeatureColumn.Vectors) {
        return VECTORS;
      }
      throw new IllegalStateException("a column of a new kind: " + column.name());
    }

    static Kind of(JsonFields feature) {
      String name = feature.text("kind");
      for (Kind kind : values()) {
        if (Parameters.nameOf(kind).equals(name)) {
          return kind;
        }
      }
      throw feature.place().damaged("has a feature of the unknown kind '" + name + "'");
    }
  }

  static void write(int n, FeatureColumn column, ArrayWriter out) {
    String name = n + ".";
    if (column instanceof FeatureColumn.Text text) {
      writeTexts(name, text.texts(), out);
    } else if (column instanceof FeatureColumn.Image image) {
      writeTexts(name, image.paths(), out);
    } else if (column instanceof FeatureColumn.Category category) {
      out.ints(name + "codes", category.codes());
      writeWords(name + "words.", category.categories().ids(), out);
    } else if (column instanceof FeatureColumn.Tags tags) {
      out.ints(name + "starts", tags.starts());
      out.ints(name + "codes", tags.codes());
      writeWords(name + "words.", tags.tags().ids(), out);
    } else if (column instanceof FeatureColumn.Numeric numeric) {
      out.anyFloats(name + "numbers", numeric.numbers());
    } else if (column instanceof FeatureColumn.Vectors vectors) {
      out.anyFloats(name + "vectors", vectors.values(), vectors.size(), vectors.dimensions());
    }
  }

  private static void writeTexts(String name, List<@Nullable String> texts, ArrayWriter out) {
    byte[] known = new byte[texts.size()];
    List<String> filled = new ArrayList<>(texts.size());
    for (int i = 0; i < known.length; i++) {
      String text = texts.get(i);
      known[i] = (byte) (text == null ? 0 : 1);
      filled.add(text == null ? "" : text);
    }
    out.bytes(name + "known", known);
    writeWords(name, filled, out);
  }

  private static void writeWords(String name, List<String> words, ArrayWriter out) {
    long[] starts = new long[words.size() + 1];
    byte[][] utf8 = new byte[words.size()][];
    for (int i = 0; i < utf8.length; i++) {
      utf8[i] = words.get(i).getBytes(StandardCharsets.UTF_8);
      starts[i + 1] = starts[i] + utf8[i].length;
    }
    byte[] bytes = new byte[Math.toIntExact(starts[utf8.length])];
    for (int i = 0; i < utf8.length; i++) {
      System.arraycopy(utf8[i], 0, bytes, (int) starts[i], utf8[i].length);
    }
    out.longs(name + "starts", starts);
    out.bytes(name + "bytes", bytes);
  }

  static FeatureColumn read(int n, Manifest.Feature feature, int size, ArrayReader in) {
    String name = n + ".";
    return switch (feature.kind()) {
      case TEXT -> new FeatureColumn.Text(feature.name(), readTexts(name, size, in));
      case IMAGE -> new FeatureColumn.Image(feature.name(), readPaths(name, size, in));
      case NUMERIC ->
          new FeatureColumn.Numeric(feature.name(), in.anyFloats(name + "numbers", size));
      case VECTORS -> {
        int[] shape = in.shape(name + "vectors");
        if (shape.length != 2 || shape[0] != size || shape[1] < 1) {
          throw in.wrong(name + "vectors", "must have the shape " + size + " x dimensions");
        }
        yield new FeatureColumn.Vectors(
            feature.name(), in.anyFloats(name + "vectors", shape), shape[1]);
      }
      case CATEGORY -> {
        Vocabulary words = readVocabulary(name + "words.", in);
        int[] codes = in.ints(name + "codes", size);
        checkCodes(codes, -1, words, name, in);
        yield new FeatureColumn.Category(feature.name(), codes, words);
      }
      case TAGS -> {
        Vocabulary words = readVocabulary(name + "words.", in);
        int[] starts = in.ints(name + "starts", size + 1);
        int[] codes = in.ints(name + "codes");
        checkCodes(codes, 0, words, name, in);
        for (int i = 0; i < size; i++) {
          if (starts[i] > starts[i + 1]) {
            throw in.wrong(name + "starts", "decreases at " + i);
          }
        }
        if (starts[0] != 0 || starts[size] != codes.length) {
          throw in.wrong(name + "starts", "does not go from 0 to " + codes.length);
        }
        yield new FeatureColumn.Tags(feature.name(), starts, codes, words);
      }
    };
  }

  private static void checkCodes(
      int[] codes, int least, Vocabulary words, String name, ArrayReader in) {
    for (int code : codes) {
      if (code < least || code >= words.size()) {
        throw in.wrong(
            name + "codes", "has the code " + code + ", but there are " + words.size() + " words");
      }
    }
  }

  private static List<@Nullable String> readTexts(String name, int size, ArrayReader in) {
    byte[] known = in.bytes(name + "known", size);
    List<String> texts = readWords(name, size, in);
    @Nullable String[] all = new @Nullable String[size];
    for (int i = 0; i < size; i++) {
      all[i] = known[i] == 0 ? null : texts.get(i);
    }
    return Collections.unmodifiableList(Arrays.asList(all));
  }

  /** Relative paths that stay inside their folder. */
  private static List<@Nullable String> readPaths(String name, int size, ArrayReader in) {
    List<@Nullable String> paths = readTexts(name, size, in);
    for (String path : paths) {
      if (path != null
          && (path.startsWith("/")
              || path.indexOf('\\') >= 0
              || path.indexOf(':') >= 0
              || path.indexOf('\0') >= 0
              || Arrays.asList(path.split("/")).contains(".."))) {
        throw in.wrong(
            name + "bytes",
            "has the path '" + path + "', which leads out of the folder of the data");
      }
    }
    return paths;
  }

  private static Vocabulary readVocabulary(String name, ArrayReader in) {
    long[] starts = in.longs(name + "starts");
    try {
      return Vocabulary.of(readWords(name, starts.length - 1, in));
    } catch (IllegalArgumentException e) {
      throw in.wrong(name + "bytes", "has a word twice: " + e.getMessage());
    }
  }

  private static List<String> readWords(String name, int size, ArrayReader in) {
    long[] starts = in.longs(name + "starts", size + 1);
    byte[] bytes = in.bytes(name + "bytes");
    List<String> words = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      if (starts[i] < 0 || starts[i] > starts[i + 1] || starts[i + 1] > bytes.length) {
        throw in.wrong(
            name + "starts", "does not lead through the " + bytes.length + " bytes at " + i);
      }
      words.add(
          new String(
              bytes, (int) starts[i], (int) (starts[i + 1] - starts[i]), StandardCharsets.UTF_8));
    }
    return words;
  }
}
