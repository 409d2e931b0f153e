package io.kindred.feature;

import io.kindred.ArrayReader;
import io.kindred.ArrayWriter;
import io.kindred.KindredException;
import io.kindred.Parameters;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes a sparse vector of each item from its properties. Immutable, thread-safe.
 *
 * <p>Each column is a block of the vector:
 *
 * <ul>
 *   <li>text: its words, weighted by {@link FeatureOptions#weighting};
 *   <li>category and tags: one place for each value, weighted likewise;
 *   <li>number and date (a text or category column of dates): up to {@value #BINS} places at
 *       quantiles of the known numbers; a number between two of them is shared out to both in
 *       proportion, so that near numbers are like each other and outliers do not matter;
 *   <li>vectors that were computed elsewhere: one place for each dimension.
 * </ul>
 *
 * <p>Each block is scaled to the length {@code sqrt(weight of the column)}, and the whole to length
 * 1. So the cosine of two items that have all columns is the mean of their cosines by column,
 * weighted; what is not known of an item does not count against it.
 *
 * <p>Words and values that were not there when the encoder was made are passed over. By default all
 * columns are used but pictures, and texts that are addresses ("http://...").
 *
 * <p>Making one costs O(characters of all texts + entries).
 */
public final class FeatureEncoder {
  /** The most places of a number. */
  static final int BINS = 8;

  private final FeatureOptions options;
  private final List<Block> blocks;
  private final int termCount;

  private FeatureEncoder(FeatureOptions options, List<Block> blocks) {
    this.options = options;
    this.blocks = blocks;
    int count = 0;
    for (Block block : blocks) {
      count += block.size();
    }
    termCount = count;
  }

  /** What a block is made from. */
  private enum Kind {
    WORDS,
    VALUES,
    NUMBER,
    DATE,
    VECTOR
  }

  /**
   * One column.
   *
   * @param terms place of each word or value inside the block; empty for numbers and vectors
   * @param numbers IDF of each word or value, or the centers of the bins, ascending
   * @param meanLength of the texts in words
   * @param dimensions of the vectors
   */
  private record Block(
      String column,
      Kind kind,
      float weight,
      int offset,
      Map<String, Integer> terms,
      float[] numbers,
      float meanLength,
      int dimensions) {
    int size() {
      return kind == Kind.VECTOR ? dimensions : numbers.length;
    }
  }

  /**
   * Learns words, values and their frequencies from the properties of a catalogue.
   *
   * @throws KindredException if a named column does not exist or cannot be used, or the language is
   *     not known
   */
  public static FeatureEncoder of(Features features, FeatureOptions options) {
    Analyzer analyzer = Analyzers.of(options.language());
    Map<String, Double> weights = FeatureOptions.weights(options.columns());
    List<FeatureColumn> chosen = new ArrayList<>();
    if (weights.isEmpty()) {
      features.columns().stream().filter(FeatureEncoder::isUsable).forEach(chosen::add);
    }
    for (String name : weights.keySet()) {
      chosen.add(
          features
              .column(name)
              .filter(column -> !(column instanceof FeatureColumn.Image))
              .orElseThrow(() -> unknown(name, features)));
    }
    List<Block> blocks = new ArrayList<>();
    int offset = 0;
    for (FeatureColumn column : chosen) {
      float weight = weights.getOrDefault(column.name(), 1.0).floatValue();
      Block block = block(column, weight, offset, options, analyzer);
      blocks.add(block);
      offset = Math.addExact(offset, block.size());
    }
    return new FeatureEncoder(options, blocks);
  }

  /**
   * The same for the training of an algorithm.
   *
   * @throws KindredException as {@link #of(Features, FeatureOptions)}, naming the algorithm
   */
  public static FeatureEncoder of(String algorithm, Features features, FeatureOptions options) {
    try {
      return of(features, options);
    } catch (KindredException e) {
      throw new KindredException(algorithm + ": " + e.getMessage(), e);
    }
  }

  private static KindredException unknown(String name, Features features) {
    return new KindredException(
        "items have no column '"
            + name
            + "' that can be compared; they have "
            + features.columns().stream()
                .filter(column -> !(column instanceof FeatureColumn.Image))
                .map(FeatureColumn::name)
                .toList());
  }

  private static boolean isUsable(FeatureColumn column) {
    return !(column instanceof FeatureColumn.Image)
        && !(column instanceof FeatureColumn.Text && mostly(column, text -> text.contains("://")));
  }

  private static boolean mostly(FeatureColumn column, java.util.function.Predicate<String> rule) {
    int known = 0;
    int right = 0;
    for (int index = 0; index < column.size(); index++) {
      String text = column.display(index);
      if (text != null) {
        known++;
        right += rule.test(text) ? 1 : 0;
      }
    }
    return known > 0 && right >= 0.9 * known;
  }

  private static Block block(
      FeatureColumn column, float weight, int offset, FeatureOptions options, Analyzer analyzer) {
    if (column instanceof FeatureColumn.Vectors vectors) {
      return new Block(
          column.name(),
          Kind.VECTOR,
          weight,
          offset,
          Map.of(),
          new float[0],
          0,
          vectors.dimensions());
    }
    if (column instanceof FeatureColumn.Numeric numeric) {
      return new Block(
          column.name(), Kind.NUMBER, weight, offset, Map.of(), centers(numeric.numbers()), 0, 0);
    }
    boolean tags = column instanceof FeatureColumn.Tags;
    if (!tags && mostly(column, text -> !Float.isNaN(Dates.days(text)))) {
      float[] days = new float[column.size()];
      for (int index = 0; index < days.length; index++) {
        days[index] = number(Kind.DATE, column, index);
      }
      return new Block(column.name(), Kind.DATE, weight, offset, Map.of(), centers(days), 0, 0);
    }
    Kind kind = column instanceof FeatureColumn.Text ? Kind.WORDS : Kind.VALUES;
    Map<String, Integer> items = new LinkedHashMap<>();
    long length = 0;
    int known = 0;
    for (int index = 0; index < column.size(); index++) {
      Map<String, Integer> counts = counts(kind, column, index, analyzer);
      counts.keySet().forEach(term -> items.merge(term, 1, Integer::sum));
      for (int count : counts.values()) {
        length += count;
      }
      known += counts.isEmpty() ? 0 : 1;
    }
    Map<String, Integer> terms = new HashMap<>();
    float[] idf = new float[items.size()];
    for (Map.Entry<String, Integer> term : items.entrySet()) {
      if (term.getValue() >= options.minItems()) {
        idf[terms.size()] = (float) idf(options.weighting(), known, term.getValue());
        terms.put(term.getKey(), terms.size());
      }
    }
    return new Block(
        column.name(),
        kind,
        weight,
        offset,
        terms,
        Arrays.copyOf(idf, terms.size()),
        known == 0 ? 0 : (float) length / known,
        0);
  }

  private static double idf(FeatureOptions.Weighting weighting, int items, int with) {
    return switch (weighting) {
      case TF_IDF -> 1 + Math.log((1.0 + items) / (1.0 + with));
      case BM25 -> Math.log(1 + (items - with + 0.5) / (with + 0.5));
      case BINARY -> 1;
    };
  }

  /** Distinct quantiles of the known numbers. */
  private static float[] centers(float[] numbers) {
    float[] sorted = new float[numbers.length];
    int known = 0;
    for (float number : numbers) {
      if (Float.isFinite(number)) {
        sorted[known++] = number;
      }
    }
    Arrays.sort(sorted, 0, known);
    float[] centers = new float[BINS];
    int size = 0;
    for (int bin = 0; bin < BINS && known > 0; bin++) {
      float center = sorted[(int) ((long) bin * (known - 1) / (BINS - 1))];
      if (size == 0 || center > centers[size - 1]) {
        centers[size++] = center;
      }
    }
    return Arrays.copyOf(centers, size);
  }

  /** How often an item has each word or value. */
  private static Map<String, Integer> counts(
      Kind kind, FeatureColumn column, int index, Analyzer analyzer) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    if (column instanceof FeatureColumn.Tags tags) {
      for (int p = tags.starts()[index]; p < tags.starts()[index + 1]; p++) {
        counts.put(tags.tags().id(tags.codes()[p]), 1);
      }
      return counts;
    }
    String text = column.display(index);
    if (text != null && kind == Kind.VALUES) {
      counts.put(text, 1);
    } else if (text != null) {
      analyzer.words(text).forEach(word -> counts.merge(word, 1, Integer::sum));
    }
    return counts;
  }

  private static float number(Kind kind, FeatureColumn column, int index) {
    if (column instanceof FeatureColumn.Numeric numeric && kind == Kind.NUMBER) {
      return numeric.numbers()[index];
    }
    String text = column.display(index);
    return text == null || kind == Kind.NUMBER ? Float.NaN : Dates.days(text);
  }

  /** The number of places of a vector. */
  public int termCount() {
    return termCount;
  }

  /** The names of the columns that are used. */
  public List<String> columns() {
    return blocks.stream().map(Block::column).toList();
  }

  /** How the encoder was asked to be. */
  public FeatureOptions options() {
    return options;
  }

  /**
   * The vectors of items, which need not be those that the encoder was made from. Columns are found
   * by name; one that is not there, or of another kind, is not known of any item.
   *
   * @throws KindredException if vectors have another number of dimensions than before
   */
  public ItemRows encode(Features features) {
    Analyzer analyzer =
        blocks.stream().anyMatch(block -> block.kind == Kind.WORDS)
            ? Analyzers.of(options.language())
            : text -> List.of();
    List<Optional<FeatureColumn>> columns =
        blocks.stream().map(block -> features.column(block.column)).toList();
    int[] starts = new int[features.size() + 1];
    int[] terms = new int[Math.max(16, features.size())];
    float[] weights = new float[terms.length];
    int size = 0;
    for (int item = 0; item < features.size(); item++) {
      Map<Integer, Float> row = row(columns, item, analyzer);
      if (size + row.size() > terms.length) {
        int larger = Math.max(size + row.size(), Math.multiplyExact(terms.length, 2));
        terms = Arrays.copyOf(terms, larger);
        weights = Arrays.copyOf(weights, larger);
      }
      for (Map.Entry<Integer, Float> entry : row.entrySet()) {
        terms[size] = entry.getKey();
        weights[size++] = entry.getValue();
      }
      starts[item + 1] = size;
    }
    return new ItemRows(
        starts, Arrays.copyOf(terms, size), Arrays.copyOf(weights, size), termCount);
  }

  private Map<Integer, Float> row(
      List<Optional<FeatureColumn>> columns, int item, Analyzer analyzer) {
    Map<Integer, Float> row = new TreeMap<>();
    double known = 0;
    for (int n = 0; n < blocks.size(); n++) {
      Block block = blocks.get(n);
      Map<Integer, Double> places =
          columns.get(n).map(column -> places(block, column, item, analyzer)).orElse(Map.of());
      double squares = 0;
      for (double value : places.values()) {
        squares += value * value;
      }
      if (squares > 0) {
        known += block.weight;
        double scale = Math.sqrt(block.weight / squares);
        places.forEach((place, value) -> row.put(block.offset + place, (float) (value * scale)));
      }
    }
    float length = (float) Math.sqrt(known);
    row.replaceAll((place, value) -> value / length);
    row.values().removeIf(value -> value == 0);
    return row;
  }

  private Map<Integer, Double> places(
      Block block, FeatureColumn column, int item, Analyzer analyzer) {
    Map<Integer, Double> places = new HashMap<>();
    switch (block.kind) {
      case WORDS, VALUES -> {
        Map<String, Integer> counts = counts(block.kind, column, item, analyzer);
        int length = 0;
        for (int count : counts.values()) {
          length += count;
        }
        for (Map.Entry<String, Integer> term : counts.entrySet()) {
          Integer place = block.terms.get(term.getKey());
          if (place != null) {
            places.put(place, block.numbers[place] * frequency(block, term.getValue(), length));
          }
        }
      }
      case NUMBER, DATE -> shareOut(number(block.kind, column, item), block.numbers, places);
      case VECTOR -> {
        if (column instanceof FeatureColumn.Vectors vectors) {
          if (vectors.dimensions() != block.dimensions) {
            throw new KindredException(
                "vectors of column '"
                    + block.column
                    + "' must have "
                    + block.dimensions
                    + " dimensions as before, got "
                    + vectors.dimensions());
          }
          for (int d = 0; d < block.dimensions && vectors.isKnown(item); d++) {
            places.put(d, (double) vectors.values()[item * block.dimensions + d]);
          }
        }
      }
    }
    return places;
  }

  private double frequency(Block block, int count, int length) {
    return switch (options.weighting()) {
      case TF_IDF -> 1 + Math.log(count);
      case BM25 -> {
        double b = block.kind == Kind.WORDS ? options.b() : 0;
        double relative = block.meanLength == 0 ? 1 : length / block.meanLength;
        yield count * (options.k1() + 1) / (count + options.k1() * (1 - b + b * relative));
      }
      case BINARY -> 1;
    };
  }

  private static void shareOut(float number, float[] centers, Map<Integer, Double> places) {
    if (!Float.isFinite(number) || centers.length == 0) {
      return;
    }
    int at = Arrays.binarySearch(centers, number);
    int above = at >= 0 ? at : -at - 1;
    if (at >= 0 || above == 0 || above == centers.length) {
      places.put(Math.min(above, centers.length - 1), 1.0);
      return;
    }
    double share =
        ((double) number - centers[above - 1]) / ((double) centers[above] - centers[above - 1]);
    places.put(above - 1, 1 - share);
    places.put(above, share);
  }

  /** The number of the column of a place, in the order of {@link #columns}. */
  public int column(int term) {
    int column = blocks.size() - 1;
    while (blocks.get(column).offset > term) {
      column--;
    }
    return column;
  }

  /**
   * What stands for each place, as a person reads it: the word or value, "about 1995" for a number
   * or date; {@code null} for a dimension of a vector, which says nothing by itself.
   *
   * @return one text for each place
   */
  public @Nullable String[] names() {
    @Nullable String[] names = new String[termCount];
    for (Block block : blocks) {
      block.terms.forEach((term, place) -> names[block.offset + place] = term);
      for (int bin = 0; bin < block.numbers.length && block.terms.isEmpty(); bin++) {
        float center = block.numbers[bin];
        names[block.offset + bin] =
            "about "
                + (block.kind == Kind.DATE
                    ? Dates.text(center)
                    : center == Math.rint(center)
                        ? String.format(Locale.ROOT, "%.0f", center)
                        : Float.toString(center));
      }
    }
    return names;
  }

  /** Writes the encoder as arrays whose names begin with "encoder.". */
  public void write(ArrayWriter out) {
    List<String> words = new ArrayList<>();
    int[] sizes = new int[blocks.size()];
    float[] weights = new float[blocks.size()];
    float[] lengths = new float[blocks.size()];
    float[] numbers = new float[termCount];
    for (int n = 0; n < sizes.length; n++) {
      Block block = blocks.get(n);
      sizes[n] = block.size();
      weights[n] = block.weight;
      lengths[n] = block.meanLength;
      System.arraycopy(block.numbers, 0, numbers, block.offset, block.numbers.length);
      words.add(Parameters.nameOf(block.kind));
      words.add(block.column);
      String[] inOrder = new String[block.terms.size()];
      block.terms.forEach((term, place) -> inOrder[place] = term);
      words.addAll(Arrays.asList(inOrder));
    }
    out.ints("encoder.sizes", sizes);
    out.floats("encoder.weights", weights);
    out.floats("encoder.lengths", lengths);
    out.floats("encoder.numbers", numbers);
    int[] lengthsOfWords = new int[words.size()];
    StringBuilder all = new StringBuilder();
    for (int w = 0; w < lengthsOfWords.length; w++) {
      lengthsOfWords[w] = words.get(w).length();
      all.append(words.get(w));
    }
    out.ints("encoder.word-lengths", lengthsOfWords);
    out.bytes("encoder.words", all.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param options those of the written encoder
   * @throws KindredException if an array is missing or does not fit, or if nothing on the class
   *     path knows the language
   */
  public static FeatureEncoder read(FeatureOptions options, ArrayReader in) {
    try {
      Analyzers.of(options.language()); // say now that it is missing, not when the first item comes
    } catch (KindredException e) {
      throw in.wrong("encoder.words", "cannot be read: " + e.getMessage());
    }
    int[] sizes = in.ints("encoder.sizes");
    float[] weights = in.floats("encoder.weights", sizes.length);
    float[] lengths = in.floats("encoder.lengths", sizes.length);
    float[] numbers = in.floats("encoder.numbers");
    List<String> words = words(in);
    List<Block> blocks = new ArrayList<>();
    int offset = 0;
    int word = 0;
    for (int n = 0; n < sizes.length; n++) {
      Kind kind = kind(word < words.size() ? words.get(word++) : "", in);
      int named = kind == Kind.WORDS || kind == Kind.VALUES ? sizes[n] : 0;
      if (sizes[n] < 0
          || sizes[n] > numbers.length - offset
          || named + 1 > words.size() - word
          || !(weights[n] > 0)) {
        throw in.wrong("encoder.sizes", "does not fit the other arrays at " + n);
      }
      String column = words.get(word++);
      Map<String, Integer> terms = new HashMap<>();
      for (int place = 0; place < named; place++) {
        if (terms.put(words.get(word++), place) != null) {
          throw in.wrong("encoder.words", "has a word twice: " + words.get(word - 1));
        }
      }
      boolean vector = kind == Kind.VECTOR;
      blocks.add(
          new Block(
              column,
              kind,
              weights[n],
              offset,
              terms,
              vector ? new float[0] : Arrays.copyOfRange(numbers, offset, offset + sizes[n]),
              lengths[n],
              vector ? sizes[n] : 0));
      offset += sizes[n];
    }
    if (offset != numbers.length || word != words.size()) {
      throw in.wrong("encoder.sizes", "does not add up to " + numbers.length + " places");
    }
    return new FeatureEncoder(options, blocks);
  }

  private static Kind kind(String name, ArrayReader in) {
    for (Kind kind : Kind.values()) {
      if (Parameters.nameOf(kind).equals(name)) {
        return kind;
      }
    }
    throw in.wrong("encoder.words", "has a column of the unknown kind '" + name + "'");
  }

  private static List<String> words(ArrayReader in) {
    int[] lengths = in.ints("encoder.word-lengths");
    String all = new String(in.bytes("encoder.words"), StandardCharsets.UTF_8);
    List<String> words = new ArrayList<>();
    int at = 0;
    for (int length : lengths) {
      if (length < 0 || length > all.length() - at) {
        throw in.wrong(
            "encoder.word-lengths", "does not lead through " + all.length() + " letters");
      }
      words.add(all.substring(at, at + length));
      at += length;
    }
    return words;
  }
}
