package io.kindred.ingest;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Recognizes the format of a file by its name and its first lines. */
final class Sniffer {
  private static final int LINES = 1000;
  private static final Pattern NUMBERS = Pattern.compile("[0-9]+([ \t]+[0-9]+)*");

  private Sniffer() {}

  static Format format(Path path, ReadOptions options) {
    String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    if (DuckDb.isParquet(path)) {
      return Format.PARQUET;
    }
    if (JsonFeatures.isJson(path)) {
      return Format.JSON_LINES;
    }
    if (name.matches(".*\\.(inter|item|user)(\\.gz)?")) {
      return Format.ATOMIC;
    }
    TextFile file = TextFile.of(path, options.encoding());
    if (file.plainName().matches("u\\.data|u[1-5ab]\\.(base|test)")) {
      return Format.ML_100K;
    }
    if (text(file).strip().matches("(?s)(\\{|\\[\\s*\\{).*")) {
      return Format.JSON_LINES;
    }
    if (file.plainName().contains(".sequences.")) {
      return Format.SEQUENCES;
    }
    if (name.matches(".*\\.csv(\\.gz)?") || options.delimiter() != null) {
      return Format.CSV;
    }
    if (!options.columns().isSaid() && options.header() == null && isSequences(file)) {
      return Format.SEQUENCES;
    }
    boolean comments = TableShape.leadingComment(file) != null;
    return switch (Delimiters.likeliest(file, options, comments).dialect().delimiter()) {
      case "\t" -> Format.TSV;
      case "::" -> Format.DOUBLE_COLON;
      case "" -> Format.SPACES;
      default -> Format.CSV;
    };
  }

  private static String text(TextFile file) {
    String text = new String(file.head(), StandardCharsets.UTF_8);
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  /**
   * Whether a file is one line a user. A header, also one in a comment, and separators that give
   * all lines as many fields make it a table (unless a tab only sets each user apart from numbers
   * of items); so do lines that begin with the same word, unless all are long rows of numbers.
   */
  static boolean isSequences(TextFile file) {
    List<String> lines = new ArrayList<>();
    for (String line : (Iterable<String>) text(file).lines().limit(LINES)::iterator) {
      if (line.startsWith("#")) {
        if (isHeader(line.substring(1), "[ \t,;|]+")) {
          return false;
        }
      } else if (!line.isBlank()) {
        lines.add(line.strip());
      }
    }
    if (file.head().length == TextFile.HEAD && lines.size() > 1 && lines.size() < LINES) {
      lines.remove(lines.size() - 1); // may be cut off
    }
    if (lines.isEmpty() || isHeader(lines.get(0), "\t") || isHeader(lines.get(0), "[ \t]+")) {
      return false;
    }
    Set<String> users = new HashSet<>();
    int[] words = new int[lines.size()];
    boolean tabs = false;
    boolean numbers = true;
    for (int i = 0; i < words.length; i++) {
      String line = lines.get(i);
      if (line.matches(".*([,;|\"]|::).*")) {
        return false;
      }
      String[] own = line.split("[ \t]+", -1);
      users.add(own[0]);
      words[i] = own.length;
      tabs |= line.indexOf('\t') >= 0;
      numbers &= NUMBERS.matcher(line).matches();
    }
    int least = min(words);
    int most = max(words);
    boolean distinct = users.size() == words.length;
    int fields = tabs ? tabFields(lines) : 0;
    if (fields > 1) {
      boolean apart = lines.stream().anyMatch(line -> line.indexOf(' ') >= 0);
      return fields == 2 && numbers && apart && distinct;
    }
    if (words.length == 1) {
      return most > 4 && file.head().length == TextFile.HEAD;
    }
    if (!distinct) {
      return numbers && least != most && most > 4 && !tabs;
    }
    return least != most ? most > 4 || !tabs : most > 4;
  }

  private static boolean isHeader(String line, String separator) {
    return ColumnRoles.isRecognized(List.of(line.strip().split(separator)));
  }

  /** How many fields tabs give all lines, or 0 where the lines differ. */
  private static int tabFields(List<String> lines) {
    int fields = lines.get(0).split("\t", -1).length;
    for (String line : lines) {
      if (line.split("\t", -1).length != fields) {
        return 0;
      }
    }
    return fields;
  }

  private static int min(int[] numbers) {
    return java.util.Arrays.stream(numbers).min().orElse(0);
  }

  private static int max(int[] numbers) {
    return java.util.Arrays.stream(numbers).max().orElse(0);
  }

  /** The format of a file in which users and items are recognized, or {@code null}. */
  static @Nullable Format interactions(Path path, ReadOptions options) {
    String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    if (!name.matches(".*\\.(csv|tsv|txt|dat|parquet|pq|jsonl|ndjson)(\\.gz)?")
        || name.startsWith("readme")
        || name.startsWith("license")) {
      return null;
    }
    Format said = options.format();
    Format format = said != null ? said : format(path, options);
    return switch (format) {
      case PARQUET, JSON_LINES, SEQUENCES, LIGHTGCN -> format;
      default -> {
        TextFile file = TextFile.of(path, options.encoding());
        boolean comments = TableShape.leadingComment(file) != null;
        yield Delimiters.likeliest(file, options, comments).recognized() ? format : null;
      }
    };
  }
}
