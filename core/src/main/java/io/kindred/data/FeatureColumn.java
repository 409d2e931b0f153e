package io.kindred.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One named property of all users or of all items, by dense index. Immutable as long as nobody
 * changes shared arrays; thread-safe.
 */
public sealed interface FeatureColumn {
  /** The name of the column as it stands in the data. */
  String name();

  /** The number of users or items. */
  int size();

  /**
   * The property of one user or item as a person reads it, or {@code null} where it is not known.
   */
  @Nullable String display(int index);

  /**
   * The property of some users or items, in the given order; categories and tags keep their codes.
   */
  FeatureColumn select(int[] indexes);

  private static List<@Nullable String> selected(List<@Nullable String> texts, int[] indexes) {
    List<@Nullable String> selected = new ArrayList<>(indexes.length);
    for (int index : indexes) {
      selected.add(texts.get(index));
    }
    return selected;
  }

  /**
   * Free text, such as a title or a description.
   *
   * @param texts by index; {@code null} where unknown
   */
  record Text(String name, List<@Nullable String> texts) implements FeatureColumn {
    @Override
    public FeatureColumn select(int[] indexes) {
      return new Text(name, selected(texts, indexes));
    }

    @Override
    public int size() {
      return texts.size();
    }

    @Override
    public @Nullable String display(int index) {
      return texts.get(index);
    }
  }

  /**
   * One of a set of categories.
   *
   * @param codes index into {@code categories}, shape {@code int[size]}; -1 where unknown
   */
  record Category(String name, int[] codes, Vocabulary categories) implements FeatureColumn {
    @Override
    public FeatureColumn select(int[] indexes) {
      int[] selected = new int[indexes.length];
      for (int i = 0; i < selected.length; i++) {
        selected[i] = codes[indexes[i]];
      }
      return new Category(name, selected, categories);
    }

    @Override
    public int size() {
      return codes.length;
    }

    @Override
    public @Nullable String display(int index) {
      return codes[index] < 0 ? null : categories.id(codes[index]);
    }
  }

  /**
   * Any number of tags.
   *
   * @param starts first tag of each index in {@code codes}, shape {@code int[size + 1]}
   * @param codes indexes into {@code tags}
   */
  record Tags(String name, int[] starts, int[] codes, Vocabulary tags) implements FeatureColumn {
    @Override
    public FeatureColumn select(int[] indexes) {
      int[] newStarts = new int[indexes.length + 1];
      for (int i = 0; i < indexes.length; i++) {
        newStarts[i + 1] = newStarts[i] + starts[indexes[i] + 1] - starts[indexes[i]];
      }
      int[] selected = new int[newStarts[indexes.length]];
      for (int i = 0; i < indexes.length; i++) {
        System.arraycopy(
            codes, starts[indexes[i]], selected, newStarts[i], newStarts[i + 1] - newStarts[i]);
      }
      return new Tags(name, newStarts, selected, tags);
    }

    @Override
    public int size() {
      return starts.length - 1;
    }

    @Override
    public @Nullable String display(int index) {
      if (starts[index] == starts[index + 1]) {
        return null;
      }
      StringBuilder joined = new StringBuilder();
      for (int p = starts[index]; p < starts[index + 1]; p++) {
        joined.append(p == starts[index] ? "" : ", ").append(tags.id(codes[p]));
      }
      return joined.toString();
    }
  }

  /**
   * A number.
   *
   * @param numbers shape {@code float[size]}; NaN where unknown
   */
  record Numeric(String name, float[] numbers) implements FeatureColumn {
    @Override
    public FeatureColumn select(int[] indexes) {
      float[] selected = new float[indexes.length];
      for (int i = 0; i < selected.length; i++) {
        selected[i] = numbers[indexes[i]];
      }
      return new Numeric(name, selected);
    }

    @Override
    public int size() {
      return numbers.length;
    }

    @Override
    public @Nullable String display(int index) {
      float number = numbers[index];
      if (Float.isNaN(number)) {
        return null;
      }
      return number == Math.rint(number) && Math.abs(number) < 1e9
          ? Long.toString((long) number)
          : Float.toString(number);
    }
  }

  /**
   * The path of a picture, relative to the folder of the data; never outside it.
   *
   * @param paths by index; {@code null} where there is no picture
   * @param folder where the data lies, or {@code null} where that is not known: bundles do not keep
   *     it
   */
  record Image(String name, List<@Nullable String> paths, @Nullable Path folder)
      implements FeatureColumn {
    /** Pictures of which it is not known where they lie. */
    public Image(String name, List<@Nullable String> paths) {
      this(name, paths, null);
    }

    /** The same pictures in a folder. */
    public Image in(@Nullable Path newFolder) {
      return new Image(name, paths, newFolder);
    }

    @Override
    public FeatureColumn select(int[] indexes) {
      return new Image(name, selected(paths, indexes), folder);
    }

    @Override
    public int size() {
      return paths.size();
    }

    @Override
    public @Nullable String display(int index) {
      return paths.get(index);
    }
  }

  /**
   * A vector that was computed elsewhere, such as the embedding of a text.
   *
   * @param values shape {@code float[size x dimensions]}, row-major; the whole vector is NaN where
   *     it is not known
   * @param dimensions at least 1
   */
  record Vectors(String name, float[] values, int dimensions) implements FeatureColumn {
    /** Checks the shape. */
    public Vectors {
      if (dimensions < 1 || values.length % dimensions != 0) {
        throw new IllegalArgumentException(
            "vectors '" + name + "': " + values.length + " values are no rows of " + dimensions);
      }
    }

    /** Whether the vector of an index is known. */
    public boolean isKnown(int index) {
      return !Float.isNaN(values[index * dimensions]);
    }

    @Override
    public FeatureColumn select(int[] indexes) {
      float[] selected = new float[indexes.length * dimensions];
      for (int i = 0; i < indexes.length; i++) {
        System.arraycopy(values, indexes[i] * dimensions, selected, i * dimensions, dimensions);
      }
      return new Vectors(name, selected, dimensions);
    }

    @Override
    public int size() {
      return values.length / dimensions;
    }

    @Override
    public @Nullable String display(int index) {
      return isKnown(index) ? "vector of " + dimensions : null;
    }
  }
}
