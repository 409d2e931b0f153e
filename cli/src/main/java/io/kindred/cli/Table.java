package io.kindred.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows under a header, aligned for people; a column in which all rows are empty is left out. Not
 * thread-safe.
 */
final class Table {
  private static final int ABSENT = -1;

  private final List<Column> columns = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();

  private record Column(String title, boolean right) {}

  /** Adds a column of texts. */
  Table left(String title) {
    columns.add(new Column(title, false));
    return this;
  }

  /** Adds a column of numbers. */
  Table right(String title) {
    columns.add(new Column(title, true));
    return this;
  }

  /** Adds a row with a text for each column. */
  Table row(Object... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(
          cells.length + " cells for " + columns.size() + " columns");
    }
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(onOneLine(String.valueOf(cell)));
    }
    rows.add(row);
    return this;
  }

  /** A text without what would break a line or steer a terminal: a line break is shown as \\n. */
  static String onOneLine(String text) {
    if (text.chars().noneMatch(Character::isISOControl)) {
      return text;
    }
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> shown.append("\\n");
        case '\r' -> shown.append("\\r");
        case '\t' -> shown.append("\\t");
        default -> {
          if (Character.isISOControl(c)) {
            shown.append(BaseCommand.format("\\x%02x", (int) c));
          } else {
            shown.append(c);
          }
        }
      }
    }
    return shown.toString();
  }

  /** Prints it with an indent; the last column is not filled up. */
  void print(Terminal terminal, String indent) {
    int[] widths = new int[columns.size()];
    for (int c = 0; c < widths.length; c++) {
      widths[c] = width(columns.get(c).title());
      int widest = 0;
      for (List<String> row : rows) {
        widest = Math.max(widest, width(row.get(c)));
      }
      widths[c] = widest == 0 && !rows.isEmpty() ? ABSENT : Math.max(widths[c], widest);
    }
    if (columns.stream().anyMatch(column -> !column.title().isEmpty())) {
      List<String> titles = columns.stream().map(Column::title).toList();
      terminal.out().println(indent + terminal.bold(line(titles, widths)));
    }
    for (List<String> row : rows) {
      terminal.out().println(indent + line(row, widths));
    }
  }

  private String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < widths.length; c++) {
      if (widths[c] == ABSENT) {
        continue;
      }
      String cell = cells.get(c);
      String fill = " ".repeat(widths[c] - width(cell));
      line.append(line.isEmpty() ? "" : "  ");
      line.append(columns.get(c).right() ? fill + cell : cell + fill);
    }
    return line.toString().stripTrailing();
  }

  /** How many cells of a terminal a text takes: wide characters two, combining ones none. */
  static int width(String text) {
    return text.codePoints().map(Table::width).sum();
  }

  private static int width(int codePoint) {
    switch (Character.getType(codePoint)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> {
        return 0;
      }
      default -> {
        // told by the blocks below
      }
    }
    boolean wide =
        (codePoint >= 0x1100 && codePoint <= 0x115F)
            || (codePoint >= 0x2E80 && codePoint <= 0xA4CF)
            || (codePoint >= 0xAC00 && codePoint <= 0xD7A3)
            || (codePoint >= 0xF900 && codePoint <= 0xFAFF)
            || (codePoint >= 0xFE30 && codePoint <= 0xFE6F)
            || (codePoint >= 0xFF00 && codePoint <= 0xFF60)
            || (codePoint >= 0xFFE0 && codePoint <= 0xFFE6)
            || (codePoint >= 0x1F300 && codePoint <= 0x1FAFF)
            || (codePoint >= 0x20000 && codePoint <= 0x3FFFD);
    return wide ? 2 : 1;
  }

  /** A text cut to a width, with an ellipsis where something is missing. */
  static String cut(String text, int most) {
    if (width(text) <= most) {
      return text;
    }
    StringBuilder kept = new StringBuilder();
    int used = 0;
    for (int at = 0; at < text.length(); ) {
      int codePoint = text.codePointAt(at);
      used += width(codePoint);
      if (used > most - 1) {
        break;
      }
      kept.appendCodePoint(codePoint);
      at += Character.charCount(codePoint);
    }
    return kept.append('…').toString();
  }
}
