package io.kindred.neural;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kindred.ArrayReader;
import io.kindred.KindredException;
import io.kindred.data.Dataset;
import io.kindred.data.Interactions;
import io.kindred.neural.tensor.Weights;
import io.kindred.testkit.SmallData;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Arrays that the same network in python3-torch gave: weights, outputs, gradients. Made once by the
 * scripts in bench/python; a line an array: name, shape, values.
 */
public final class Golden implements ArrayReader {
  private static final double TOLERANCE = 1e-4;

  private final String name;
  private final Map<String, float[]> arrays = new LinkedHashMap<>();

  private Golden(String name) {
    this.name = name;
  }

  /** The golden file of a name. */
  public static Golden of(String name) {
    Golden golden = new Golden(name);
    try (InputStream in = Golden.class.getResourceAsStream("/golden/" + name + ".txt")) {
      byte[] bytes = Objects.requireNonNull(in, "no golden file " + name).readAllBytes();
      for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n")) {
        String[] words = line.split(" ");
        float[] values = new float[words.length - 2];
        for (int i = 0; i < values.length; i++) {
          values[i] = Float.parseFloat(words[i + 2]);
        }
        golden.arrays.put(words[0], values);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return golden;
  }

  /** The interactions that the scripts know: who did what follows from the indexes. */
  public static Dataset data(int users, int items) {
    Interactions.Builder columns = Interactions.builder();
    for (int u = 0; u < users; u++) {
      for (int i = 0; i < items; i++) {
        if ((3 * u + 5 * i + u * i) % 4 == 0) {
          columns.add(u, i, 1 + (u + i) % 5);
        }
      }
    }
    return Dataset.of(
        "golden",
        SmallData.ids("u", users),
        SmallData.ids("i", items),
        columns.build(users, items));
  }

  /** Checks an array to 1e-4, relative for numbers above 1. */
  public void check(String array, float[] actual) {
    float[] expected = floats(array);
    assertThat(actual).as(name + " " + array).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i])
          .as("%s %s[%d]", name, array, i)
          .isCloseTo(expected[i], within(TOLERANCE * Math.max(1, Math.abs(expected[i]))));
    }
  }

  /** Checks the gradients of all weights. */
  public void checkGradients(Weights weights) {
    for (String weight : weights.names()) {
      check("gradient." + weight, weights.get(weight).gradient().toFloats());
    }
  }

  @Override
  public boolean has(String array) {
    return arrays.containsKey(array);
  }

  @Override
  public int[] shape(String array) {
    return new int[] {floats(array).length};
  }

  @Override
  public float[] floats(String array, int... shape) {
    float[] values = arrays.get(array);
    int size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    if (values == null || (shape.length > 0 && values.length != size)) {
      throw wrong(array, "is missing or not of shape " + Arrays.toString(shape));
    }
    return values;
  }

  @Override
  public float[] anyFloats(String array, int... shape) {
    return floats(array, shape);
  }

  @Override
  public int[] ints(String array, int... shape) {
    throw wrong(array, "holds floats");
  }

  @Override
  public long[] longs(String array, int... length) {
    throw wrong(array, "holds floats");
  }

  @Override
  public byte[] bytes(String array, int... length) {
    throw wrong(array, "holds floats");
  }

  @Override
  public KindredException wrong(String array, String problem) {
    return new KindredException("golden " + name + ": " + array + " " + problem);
  }
}
