package io.kindred.ingest;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Recognizes the format of a file by its name and its first lines. */
final class Sniffer {
  private static final int LINES = 50;

  private Sniffer() {}

  static Format format(Path path, ReadOptions options) {
    String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    if (name.matches(".*\\.(parquet|pq)")) {
      return Format.PARQUET;
    }
    if (name.matches(".*\\.(jsonl|ndjson|json)(\\.gz)?")) {
      return Format.JSON_LINES;
    }
    if (name.matches(".*\\.(inter|item|user)(\\.gz)?")) {
      return Format.ATOMIC;
    }
    TextFile file = TextFile.of(path);
    if (file.plainName().matches("u\\.data|u[1-5ab]\\.(base|test)")) {
      return Format.ML_100K;
    }
    String head = new String(file.head(), StandardCharsets.UTF_8);
    if (head.startsWith("{")) {
      return Format.JSON_LINES;
    }
    String firstLine = head.lines().findFirst().orElse("");
    if (firstLine.contains("::")) {
      return Format.DOUBLE_COLON;
    }
    if (file.plainName().contains(".sequences.")) {
      return Format.SEQUENCES;
    }
    if (name.matches(".*\\.csv(\\.gz)?") || options.delimiter() != null) {
      return Format.CSV;
    }
    if (isSequences(file)) {
      return Format.SEQUENCES;
    }
    return firstLine.contains("\t") ? Format.TSV : Format.CSV;
  }

  /**
   * Whether a file is one line a user: a comment first, or numbers of words that differ from line
   * to line.
   */
  static boolean isSequences(TextFile file) {
    String head = new String(file.head(), StandardCharsets.UTF_8);
    if (head.startsWith("#")) {
      return true;
    }
    String[] lines = head.lines().limit(LINES).toArray(String[]::new);
    int first = -1;
    boolean differ = false;
    for (String line : lines) {
      if (line.indexOf(',') >= 0 || line.indexOf(';') >= 0 || line.indexOf('"') >= 0) {
        return false;
      }
      if (!line.isBlank()) {
        int words = line.strip().split("[ \t]+").length;
        differ |= first >= 0 && words != first;
        first = first < 0 ? words : first;
      }
    }
    return differ || (lines.length == 1 && first > 4 && file.head().length == TextFile.HEAD);
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
        TextFile file = TextFile.of(path);
        Dialect dialect = new Dialect(format == Format.TSV ? "\t" : ",", true, false);
        yield ColumnRoles.isRecognized(TableShape.firstRecord(file, dialect)) ? format : null;
      }
    };
  }
}
