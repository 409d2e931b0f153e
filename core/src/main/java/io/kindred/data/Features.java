package io.kindred.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The properties of all users or of all items. Thread-safe.
 *
 * @param size the number of users or items
 * @param columns the properties, each of that size, with distinct names
 */
public record Features(int size, List<FeatureColumn> columns) {
  /** Names under which a title is looked for, best first. */
  private static final List<String> TITLES =
      List.of("title", "movie_title", "name", "item_name", "product_name", "headline");

  /** Checks sizes and names. */
  public Features {
    columns = List.copyOf(columns);
    for (FeatureColumn column : columns) {
      if (column.size() != size) {
        throw new IllegalArgumentException(
            "column '" + column.name() + "' has " + column.size() + " rows, not " + size);
      }
    }
    if (columns.stream().map(FeatureColumn::name).distinct().count() != columns.size()) {
      throw new IllegalArgumentException(
          "two feature columns have one name: "
              + columns.stream().map(FeatureColumn::name).toList());
    }
  }

  /** No properties of so many users or items. */
  public static Features none(int size) {
    return new Features(size, List.of());
  }

  /** The column of a name. */
  public Optional<FeatureColumn> column(String name) {
    return columns.stream().filter(column -> column.name().equals(name)).findFirst();
  }

  /** The text column that holds titles, if there is one (title, movie_title, name, ...). */
  public Optional<FeatureColumn> titleColumn() {
    return TITLES.stream()
        .flatMap(name -> columns.stream().filter(column -> column.name().equalsIgnoreCase(name)))
        .findFirst();
  }

  /** The title of an index, if it is known. */
  public Optional<String> title(int index) {
    return titleColumn().map(column -> column.display(index));
  }

  /** The path of the picture of an index, if there is one: that of the first column of pictures. */
  public Optional<String> picture(int index) {
    return columns.stream()
        .filter(FeatureColumn.Image.class::isInstance)
        .findFirst()
        .map(column -> column.display(index));
  }

  /**
   * The properties of some users or items, which get the indexes {@code 0 .. indexes.length - 1} in
   * the given order.
   */
  public Features select(int[] indexes) {
    return new Features(
        indexes.length, columns.stream().map(column -> column.select(indexes)).toList());
  }

  /**
   * These and then the properties of others, whose indexes go on behind these. Columns are joined
   * by name; what one side does not have, or has as another kind, is not known there (of texts,
   * what a person would read is taken).
   */
  public Features followedBy(Features more) {
    List<FeatureColumn> joined = new ArrayList<>();
    for (FeatureColumn column : columns) {
      joined.add(ColumnJoin.join(column, size, column, more.size, more.column(column.name())));
    }
    for (FeatureColumn column : more.columns) {
      if (column(column.name()).isEmpty()) {
        joined.add(ColumnJoin.join(column, size, null, more.size, Optional.of(column)));
      }
    }
    return new Features(Math.addExact(size, more.size), joined);
  }
}
