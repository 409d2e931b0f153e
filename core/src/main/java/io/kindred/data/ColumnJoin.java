package io.kindred.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts two columns of one name behind each other. */
final class ColumnJoin {
  private ColumnJoin() {}

  /**
   * A column of the kind of {@code kind} with {@code size} rows of one column and {@code more} of
   * the other; rows of a column that is absent or of another kind are not known.
   */
  static FeatureColumn join(
      FeatureColumn kind,
      int size,
      @Nullable FeatureColumn first,
      int more,
      Optional<FeatureColumn> second) {
    FeatureColumn other = second.orElse(null);
    if (kind instanceof FeatureColumn.Numeric) {
      float[] numbers = new float[size + more];
      Arrays.fill(numbers, Float.NaN);
      if (first instanceof FeatureColumn.Numeric one) {
        System.arraycopy(one.numbers(), 0, numbers, 0, size);
      }
      if (other instanceof FeatureColumn.Numeric two) {
        System.arraycopy(two.numbers(), 0, numbers, size, more);
      }
      return new FeatureColumn.Numeric(kind.name(), numbers);
    }
    if (kind instanceof FeatureColumn.Vectors vectors) {
      return vectors(vectors, size, first, more, other);
    }
    if (kind instanceof FeatureColumn.Category) {
      Vocabulary.Builder categories = Vocabulary.builder();
      int[] codes = new int[size + more];
      for (int i = 0; i < codes.length; i++) {
        FeatureColumn from = i < size ? first : other;
        String value = from instanceof FeatureColumn.Category ? from.display(at(i, size)) : null;
        codes[i] = value == null ? -1 : categories.add(value);
      }
      return new FeatureColumn.Category(kind.name(), codes, categories.build());
    }
    if (kind instanceof FeatureColumn.Tags) {
      return tags(kind.name(), size, first, more, other);
    }
    List<@Nullable String> texts = new ArrayList<>(size + more);
    for (int i = 0; i < size + more; i++) {
      FeatureColumn from = i < size ? first : other;
      boolean readable =
          from != null
              && (from.getClass() == kind.getClass() || kind instanceof FeatureColumn.Text);
      texts.add(from == null || !readable ? null : from.display(at(i, size)));
    }
    return kind instanceof FeatureColumn.Image images
        ? new FeatureColumn.Image(kind.name(), texts, images.folder())
        : new FeatureColumn.Text(kind.name(), texts);
  }

  private static int at(int index, int size) {
    return index < size ? index : index - size;
  }

  private static FeatureColumn vectors(
      FeatureColumn.Vectors kind,
      int size,
      @Nullable FeatureColumn first,
      int more,
      @Nullable FeatureColumn other) {
    int dimensions = kind.dimensions();
    float[] values = new float[Math.multiplyExact(size + more, dimensions)];
    Arrays.fill(values, Float.NaN);
    if (first instanceof FeatureColumn.Vectors one) {
      System.arraycopy(one.values(), 0, values, 0, one.values().length);
    }
    if (other instanceof FeatureColumn.Vectors two) {
      if (two.dimensions() != dimensions) {
        throw new IllegalArgumentException(
            "vectors of column '"
                + kind.name()
                + "' must have "
                + dimensions
                + " dimensions, got "
                + two.dimensions());
      }
      System.arraycopy(two.values(), 0, values, size * dimensions, two.values().length);
    }
    return new FeatureColumn.Vectors(kind.name(), values, dimensions);
  }

  private static FeatureColumn tags(
      String name,
      int size,
      @Nullable FeatureColumn first,
      int more,
      @Nullable FeatureColumn other) {
    Vocabulary.Builder words = Vocabulary.builder();
    int[] starts = new int[size + more + 1];
    int[] codes = new int[16];
    int used = 0;
    for (int i = 0; i < size + more; i++) {
      if ((i < size ? first : other) instanceof FeatureColumn.Tags from) {
        int row = at(i, size);
        for (int p = from.starts()[row]; p < from.starts()[row + 1]; p++) {
          if (used == codes.length) {
            codes = Arrays.copyOf(codes, used * 2);
          }
          codes[used++] = words.add(from.tags().id(from.codes()[p]));
        }
      }
      starts[i + 1] = used;
    }
    return new FeatureColumn.Tags(name, starts, Arrays.copyOf(codes, used), words.build());
  }
}
