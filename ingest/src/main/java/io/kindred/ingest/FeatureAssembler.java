package io.kindred.ingest;

import io.kindred.data.Dropped;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.Vocabulary;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Joins tables of properties with a vocabulary and gives every column its kind. */
final class FeatureAssembler {
  private static final Set<String> TITLES =
      Set.of("title", "movietitle", "name", "itemname", "productname", "headline");
  private static final Set<String> IMAGES =
      Set.of("image", "imagepath", "imagefile", "img", "poster", "picture", "photo", "cover");
  private static final Pattern IMAGE_FILE = Pattern.compile("(?i)[^:]*\\.(jpe?g|png|webp|gif|bmp)");
  private static final int CATEGORY_LENGTH = 48;

  /** A whole number that begins with a zero: a code, whose zero counts ("010" is not 10). */
  private static final Pattern CODE = Pattern.compile("0\\d+");

  /** What separates the parts of a list; the ';' that ends an HTML entity ("&amp;") does not. */
  private static final Map<String, Pattern> SEPARATORS = separators();

  private final Vocabulary ids;
  private final String what;
  private final List<Dropped> dropped;
  private final BadRows badRows;
  private final List<FeatureColumn> columns = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  /**
   * Of users or items.
   *
   * @param what "users" or "items"
   * @param dropped takes what is left out
   */
  FeatureAssembler(Vocabulary ids, String what, List<Dropped> dropped, BadRows badRows) {
    this.ids = ids;
    this.what = what;
    this.dropped = dropped;
    this.badRows = badRows;
  }

  /** Adds the columns of a table; returns how many of its rows were used. */
  int add(FeatureTable table) {
    int[] rowOf = new int[ids.size()];
    Arrays.fill(rowOf, -1);
    long unknown = 0;
    long repeated = 0;
    int used = 0;
    for (int r = 0; r < table.rows().size(); r++) {
      int index = ids.index(table.idOf(table.rows().get(r)));
      if (index < 0) {
        unknown++;
      } else if (rowOf[index] >= 0) {
        repeated++;
      } else {
        rowOf[index] = r;
        used++;
      }
    }
    String rows = "rows of " + fileName(table.source());
    if (unknown > 0) {
      dropped.add(new Dropped(rows, unknown, "of " + what + " that the data does not have"));
    }
    if (repeated > 0) {
      dropped.add(
          new Dropped(rows, repeated, "of " + what + " that had a row before; the first counts"));
    }
    for (int c = 0; c < table.columns().size(); c++) {
      FeatureTable.Column column = table.columns().get(c);
      if (c != table.id() && column.kind() != FeatureTable.Kind.IGNORED) {
        addColumn(column, texts(table, c, rowOf), table, rowOf);
      }
    }
    return used;
  }

  private static String fileName(String source) {
    return source.substring(Math.max(source.lastIndexOf('/'), source.lastIndexOf('\\')) + 1);
  }

  private static @Nullable String[] texts(FeatureTable table, int column, int[] rowOf) {
    @Nullable String[] texts = new String[rowOf.length];
    for (int i = 0; i < rowOf.length; i++) {
      String text = rowOf[i] < 0 ? null : table.rows().get(rowOf[i]).cells()[column];
      texts[i] = text == null || text.isBlank() ? null : text.strip();
    }
    return texts;
  }

  private void addColumn(
      FeatureTable.Column column, @Nullable String[] texts, FeatureTable table, int[] rowOf) {
    if (Arrays.stream(texts).allMatch(text -> text == null)) {
      return;
    }
    FeatureTable.Kind kind = kind(column, texts);
    String name = unused(kind == FeatureTable.Kind.TEXT ? titled(column.name()) : column.name());
    switch (kind) {
      case CATEGORY -> columns.add(category(name, texts));
      case TAGS -> columns.add(tags(name, texts, separator(column, texts)));
      case NUMBER ->
          columns.add(new FeatureColumn.Numeric(name, numbers(column, texts, table, rowOf)));
      case NUMBERS -> columns.add(vectors(name, column, texts, table, rowOf));
      case IMAGE -> columns.add(image(name, column, texts, table, rowOf));
      default -> columns.add(new FeatureColumn.Text(name, Arrays.asList(texts)));
    }
  }

  private String titled(String name) {
    return TITLES.contains(Failures.normalized(name)) && !names.contains("title") ? "title" : name;
  }

  private String unused(String name) {
    String candidate = name.isBlank() ? "feature" : name;
    for (int n = 2; !names.add(candidate); n++) {
      candidate = name + " " + n;
    }
    return candidate;
  }

  private static FeatureTable.Kind kind(FeatureTable.Column column, @Nullable String[] texts) {
    String name = Failures.normalized(column.name());
    return switch (column.kind()) {
      case WORDS -> TITLES.contains(name) ? FeatureTable.Kind.TEXT : FeatureTable.Kind.TAGS;
      case TOKEN -> isCategory(texts) ? FeatureTable.Kind.CATEGORY : byLook(name, texts);
      case AUTO -> byLook(name, texts);
      default -> column.kind();
    };
  }

  private static FeatureTable.Kind byLook(String name, @Nullable String[] texts) {
    if (TITLES.contains(name)) {
      return FeatureTable.Kind.TEXT;
    }
    if (all(texts, text -> IMAGE_FILE.matcher(text).matches())
        || (IMAGES.contains(name) && all(texts, text -> !text.contains("://")))) {
      return FeatureTable.Kind.IMAGE;
    }
    boolean code =
        name.endsWith("id")
            || name.startsWith("zip")
            || name.startsWith("postal")
            || any(texts, text -> CODE.matcher(text).matches());
    if (!code && all(texts, text -> Double.isFinite(Numbers.parse(text)))) {
      return FeatureTable.Kind.NUMBER;
    }
    if (!separator(texts).isEmpty()) {
      return FeatureTable.Kind.TAGS;
    }
    return isCategory(texts) ? FeatureTable.Kind.CATEGORY : FeatureTable.Kind.TEXT;
  }

  private static boolean all(@Nullable String[] texts, Predicate<String> predicate) {
    return Arrays.stream(texts).allMatch(text -> text == null || predicate.test(text));
  }

  private static boolean any(@Nullable String[] texts, Predicate<String> predicate) {
    return Arrays.stream(texts).anyMatch(text -> text != null && predicate.test(text));
  }

  private static Map<String, Pattern> separators() {
    Map<String, Pattern> separators = new LinkedHashMap<>();
    separators.put("|", Pattern.compile("\\|"));
    separators.put(";", Pattern.compile("(?<!&#?[A-Za-z0-9]{1,31});"));
    return separators;
  }

  /** Few distinct short texts. */
  private static boolean isCategory(@Nullable String[] texts) {
    Set<String> distinct = new HashSet<>();
    int known = 0;
    for (String text : texts) {
      if (text != null) {
        known++;
        distinct.add(text);
        if (text.length() > CATEGORY_LENGTH) {
          return false;
        }
      }
    }
    return distinct.size() <= Math.max(24, Math.min(5000, known / 5));
  }

  /**
   * What the parts of lists are separated by: '|' or ';' where a tenth of the texts has it between
   * short parts.
   */
  private static String separator(@Nullable String[] texts) {
    for (Map.Entry<String, Pattern> separator : SEPARATORS.entrySet()) {
      int known = 0;
      int with = 0;
      long parts = 0;
      long length = 0;
      for (String text : texts) {
        if (text != null) {
          known++;
          length += text.length();
          int found = separator.getValue().split(text, -1).length;
          parts += found;
          with += found > 1 ? 1 : 0;
        }
      }
      if (with * 10L >= known && with > 0 && length <= parts * 32) {
        return separator.getKey();
      }
    }
    return "";
  }

  private static String separator(FeatureTable.Column column, @Nullable String[] texts) {
    if (!column.separator().isEmpty()) {
      return column.separator();
    }
    String found = separator(texts);
    return found.isEmpty() ? "|" : found;
  }

  private static FeatureColumn category(String name, @Nullable String[] texts) {
    Vocabulary.Builder categories = Vocabulary.builder();
    int[] codes = new int[texts.length];
    for (int i = 0; i < codes.length; i++) {
      String text = texts[i];
      codes[i] = text == null ? -1 : categories.add(text);
    }
    return new FeatureColumn.Category(name, codes, categories.build());
  }

  private static FeatureColumn tags(String name, @Nullable String[] texts, String separator) {
    Vocabulary.Builder tags = Vocabulary.builder();
    Pattern said = SEPARATORS.get(separator);
    Pattern split = said != null ? said : Pattern.compile(Pattern.quote(separator));
    int[] starts = new int[texts.length + 1];
    int[] codes = new int[texts.length];
    int size = 0;
    for (int i = 0; i < texts.length; i++) {
      String text = texts[i];
      Set<String> distinct = new LinkedHashSet<>();
      if (text != null && !text.equals("(no genres listed)")) {
        split
            .splitAsStream(text)
            .map(String::strip)
            .filter(tag -> !tag.isEmpty())
            .forEach(distinct::add);
      }
      for (String tag : distinct) {
        if (size == codes.length) {
          codes = Arrays.copyOf(codes, size * 2);
        }
        codes[size++] = tags.add(tag);
      }
      starts[i + 1] = size;
    }
    return new FeatureColumn.Tags(name, starts, Arrays.copyOf(codes, size), tags.build());
  }

  private float[] numbers(
      FeatureTable.Column column, @Nullable String[] texts, FeatureTable table, int[] rowOf) {
    float[] numbers = new float[texts.length];
    for (int i = 0; i < numbers.length; i++) {
      String text = texts[i];
      float number = text == null ? Float.NaN : (float) Numbers.parse(text);
      if (text != null && !Float.isFinite(number)) {
        bad(column, text, table, rowOf[i], "a finite number, or nothing where it is unknown");
        number = Float.NaN;
      }
      numbers[i] = number;
    }
    return numbers;
  }

  /** Lists of numbers; the first one says how many dimensions all must have. */
  private FeatureColumn vectors(
      String name,
      FeatureTable.Column column,
      @Nullable String[] texts,
      FeatureTable table,
      int[] rowOf) {
    int dimensions = 0;
    float[] values = new float[0];
    for (int i = 0; i < texts.length; i++) {
      String text = texts[i];
      if (text == null) {
        continue;
      }
      float[] vector = vector(text, column.separator());
      if (dimensions == 0 && vector.length > 0) {
        dimensions = vector.length;
        values = new float[Math.multiplyExact(texts.length, dimensions)];
        Arrays.fill(values, Float.NaN);
      }
      if (vector.length > 0 && vector.length == dimensions) {
        System.arraycopy(vector, 0, values, i * dimensions, dimensions);
      } else {
        String expected =
            (dimensions == 0 ? "" : dimensions + " ") + "finite numbers, or nothing at all";
        bad(column, shortened(text), table, rowOf[i], expected);
      }
    }
    return new FeatureColumn.Vectors(name, values, Math.max(1, dimensions));
  }

  /** The numbers of a list, none where one is not finite. */
  private static float[] vector(String text, String separator) {
    String[] parts = text.strip().split(Pattern.quote(separator) + "+", -1);
    float[] vector = new float[parts.length];
    for (int d = 0; d < vector.length; d++) {
      vector[d] = (float) Numbers.parse(parts[d]);
      if (!Float.isFinite(vector[d])) {
        return new float[0];
      }
    }
    return vector;
  }

  private static String shortened(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }

  /** The folder of a file; {@code null} where the rows come from no file. */
  private static @Nullable Path folderOf(String source) {
    try {
      Path path = Path.of(source).toAbsolutePath();
      return Files.exists(path) ? path.getParent() : null;
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private FeatureColumn image(
      String name,
      FeatureTable.Column column,
      @Nullable String[] texts,
      FeatureTable table,
      int[] rowOf) {
    for (int i = 0; i < texts.length; i++) {
      String path = texts[i];
      if (path != null && !isInside(path)) {
        bad(column, path, table, rowOf[i], "a relative path inside the folder of the data");
        texts[i] = null;
      }
    }
    return new FeatureColumn.Image(name, Arrays.asList(texts), folderOf(table.source()));
  }

  /**
   * Whether a path stays in its folder on every system: relative, no "..", no drive, no backslash.
   */
  static boolean isInside(String path) {
    if (path.isEmpty()
        || path.startsWith("/")
        || path.indexOf('\\') >= 0
        || path.indexOf(':') >= 0) {
      return false;
    }
    return path.indexOf('\0') < 0
        && Arrays.stream(path.split("/")).noneMatch(part -> part.equals(".."));
  }

  private void bad(
      FeatureTable.Column column, String text, FeatureTable table, int row, String expected) {
    badRows.add(
        new BadRow(table.source(), table.rows().get(row).line(), column.name(), text, expected));
  }

  /** All columns that were added. */
  Features features() {
    return new Features(ids.size(), columns);
  }

  /** The kinds of the columns, for a person. */
  static String display(Features features) {
    StringBuilder display = new StringBuilder();
    for (FeatureColumn column : features.columns()) {
      display
          .append(display.isEmpty() ? "" : ", ")
          .append(column.name())
          .append(" (")
          .append(column.getClass().getSimpleName().toLowerCase(Locale.ROOT))
          .append(')');
    }
    return display.toString();
  }
}
