package io.kindred.neural.tensor;

import io.kindred.ArrayReader;
import io.kindred.ArrayWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * The named tensors that a network learns, and the way they begin. Random beginnings come from Java
 * and depend on the seed and the order of the calls alone, not on threads or platform.
 *
 * <p>Made outside any {@link Scope}, so that they outlive every step. Reading is thread-safe.
 */
public final class Weights {
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Source source;

  /** Where the numbers of a new weight come from. */
  private sealed interface Source {}

  private record Beginning(SplittableRandom random) implements Source {}

  private record Stored(ArrayReader in, String prefix) implements Source {}

  private record Shared(Weights owner) implements Source {}

  private record Given(Map<String, float[]> values) implements Source {}

  private record Part(Weights whole, String prefix) implements Source {}

  private Weights(Source source) {
    this.source = source;
  }

  /** No weights yet; they will begin at random. */
  public static Weights beginning(long seed) {
    return new Weights(new Beginning(new SplittableRandom(seed)));
  }

  /**
   * No weights yet; each that is added is read under its name, and must have just the shape that it
   * would begin with.
   */
  public static Weights stored(ArrayReader in, String prefix) {
    return new Weights(new Stored(in, prefix));
  }

  /** No weights yet; each that is added has the numbers that are given for its name. */
  public static Weights of(Map<String, float[]> values) {
    return new Weights(new Given(values));
  }

  /**
   * No weights yet; each that is added has the numbers of this one's weight of the same name, in
   * the same memory, with a gradient of its own.
   */
  public Weights replica() {
    return new Weights(new Shared(this));
  }

  /**
   * No weights yet; each that is added is one of this one's, too, whose name there begins with a
   * prefix: networks of one kind in one.
   */
  public Weights part(String prefix) {
    return new Weights(new Part(this, prefix));
  }

  private Tensor add(String name, Supplier<float[]> beginning, long... shape) {
    if (Scope.isOpen()) {
      throw new IllegalStateException("weight " + name + " would end with the open scope");
    }
    Tensor tensor =
        source instanceof Part part
            ? part.whole.add(part.prefix + name, beginning, shape)
            : source instanceof Shared shared
                ? shared.owner.get(name).leaf()
                : source instanceof Stored stored
                    ? Tensor.of(stored.in.floats(stored.prefix + name, ints(shape)), shape).leaf()
                    : source instanceof Given given
                        ? Tensor.of(Objects.requireNonNull(given.values.get(name), name), shape)
                            .leaf()
                        : Tensor.of(beginning.get(), shape).leaf();
    if (tensors.put(name, tensor) != null) {
      throw new IllegalArgumentException("two weights are called " + name);
    }
    return tensor;
  }

  private SplittableRandom random() {
    return source instanceof Part part ? part.whole.random() : ((Beginning) source).random;
  }

  /** A weight that begins as given. */
  public Tensor given(String name, float[] values, long... shape) {
    return add(name, () -> values, shape);
  }

  /** A weight of one value. */
  public Tensor constant(String name, double value, long... shape) {
    return add(
        name,
        () -> {
          float[] values = new float[product(shape)];
          Arrays.fill(values, (float) value);
          return values;
        },
        shape);
  }

  /** Normally distributed around 0, cut at two standard deviations. */
  public Tensor normal(String name, double deviation, long... shape) {
    return add(name, () -> normal(deviation, product(shape)), shape);
  }

  /**
   * Embeddings of {@code rows} things, normally distributed, and one more row of zeros for padding.
   */
  public Tensor embeddings(String name, double deviation, long rows, long dimensions) {
    return add(
        name,
        () ->
            Arrays.copyOf(
                normal(deviation, product(rows, dimensions)), product(rows + 1, dimensions)),
        rows + 1,
        dimensions);
  }

  private float[] normal(double deviation, int count) {
    SplittableRandom random = random();
    float[] values = new float[count];
    for (int i = 0; i < values.length; i++) {
      double value = random.nextGaussian();
      while (Math.abs(value) > 2) {
        value = random.nextGaussian();
      }
      values[i] = (float) (deviation * value);
    }
    return values;
  }

  /** Evenly distributed in {@code [-bound, bound)}. */
  public Tensor uniform(String name, double bound, long... shape) {
    return add(
        name,
        () -> {
          SplittableRandom random = random();
          float[] values = new float[product(shape)];
          for (int i = 0; i < values.length; i++) {
            values[i] = (float) (bound * (2 * random.nextDouble() - 1));
          }
          return values;
        },
        shape);
  }

  /**
   * Evenly distributed with bound sqrt(6 / (in + out)) (Glorot and Bengio, AISTATS 2010); the shape
   * is [out, in].
   */
  public Tensor glorot(String name, long out, long in) {
    return uniform(name, Math.sqrt(6.0 / (in + out)), out, in);
  }

  private static int product(long... shape) {
    long product = 1;
    for (long size : shape) {
      product = Math.multiplyExact(product, size);
    }
    return Math.toIntExact(product);
  }

  /** The weight of a name. */
  public Tensor get(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no weight is called " + name);
    }
    return tensor;
  }

  /** The weights whose names begin so, in the order in which they were added. */
  public List<Tensor> all(String prefix) {
    List<Tensor> found = new ArrayList<>();
    tensors.forEach(
        (name, tensor) -> {
          if (name.startsWith(prefix)) {
            found.add(tensor);
          }
        });
    return found;
  }

  /** All names, in the order in which they were added. */
  public Collection<String> names() {
    return List.copyOf(tensors.keySet());
  }

  /** How many numbers they are. */
  public long count() {
    return tensors.values().stream().mapToLong(Tensor::count).sum();
  }

  /** A copy of all numbers, to come back to. */
  public Map<String, float[]> snapshot() {
    Map<String, float[]> copy = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> copy.put(name, tensor.toFloats()));
    return copy;
  }

  /** Goes back to a {@link #snapshot}. */
  public void restore(Map<String, float[]> snapshot) {
    tensors.forEach(
        (name, tensor) -> {
          float[] values = snapshot.get(name);
          if (values == null) {
            throw new IllegalArgumentException("the snapshot has no weight " + name);
          }
          tensor.set(values);
        });
  }

  /** Puts numbers into a weight of a {@link #snapshot}, before the one at a place. */
  public static void insert(Map<String, float[]> snapshot, String name, int at, float[] more) {
    float[] known = Objects.requireNonNull(snapshot.get(name), name);
    float[] all = Arrays.copyOf(known, Math.addExact(known.length, more.length));
    System.arraycopy(more, 0, all, at, more.length);
    System.arraycopy(known, at, all, at + more.length, known.length - at);
    snapshot.put(name, all);
  }

  /** Writes all weights under their names with a prefix. */
  public void write(ArrayWriter out, String prefix) {
    tensors.forEach(
        (name, tensor) -> out.floats(prefix + name, tensor.toFloats(), ints(tensor.shape())));
  }

  /**
   * Overwrites all weights with those that {@link #write} wrote.
   *
   * @throws io.kindred.KindredException if one is missing, of another shape or not finite
   */
  public void read(ArrayReader in, String prefix) {
    tensors.forEach((name, tensor) -> tensor.set(in.floats(prefix + name, ints(tensor.shape()))));
  }

  /** Adds the gradients of a {@link #replica} to these and sets them to zero there. */
  public void takeGradients(Weights replica) {
    try (Scope scope = Scope.withoutGradients()) {
      tensors.forEach(
          (name, tensor) -> {
            org.bytedeco.pytorch.Tensor other = replica.get(name).raw().grad();
            if (other.defined()) {
              org.bytedeco.pytorch.Tensor own = tensor.raw().grad();
              if (own.defined()) {
                own.add_(other);
              } else {
                tensor.raw().mutable_grad().put(other.clone());
              }
              other.zero_();
            }
          });
    }
  }

  private static int[] ints(long... shape) {
    return Arrays.stream(shape).mapToInt(Math::toIntExact).toArray();
  }
}
