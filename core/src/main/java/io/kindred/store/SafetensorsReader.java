package io.kindred.store;

import io.kindred.ArrayReader;
import io.kindred.KindredException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a safetensors file as {@link SafetensorsWriter} describes it. The header is believed only
 * after its offsets were found to cover the file without gaps and overlaps, and to fit the shapes,
 * so that no array is larger than the file. Not thread-safe.
 */
final class SafetensorsReader implements ArrayReader, Closeable {
  /** The longest header, about a hundred thousand arrays. */
  private static final long MAX_HEADER = 1 << 24;

  private final Place place;
  private final FileBytes file;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();

  private record Tensor(DType type, int[] shape, long from, long to) {}

  private SafetensorsReader(Place place, FileBytes file) {
    this.place = place;
    this.file = file;
  }

  /** Opens a file and reads its header. */
  static SafetensorsReader open(Path bundle, String name) {
    Place place = new Place(bundle, name);
    FileBytes file = FileBytes.open(place);
    SafetensorsReader reader = new SafetensorsReader(place, file);
    try {
      reader.readHeader();
      return reader;
    } catch (KindredException e) {
      reader.close();
      throw e;
    } catch (IOException e) {
      reader.close();
      throw place.damaged(e);
    }
  }

  private void readHeader() throws IOException {
    long length = file.size() < 8 ? -1 : file.longAt(0);
    if (length < 2 || length > MAX_HEADER || length > file.size() - 8) {
      throw place.damaged(
          file.size() < 8
              ? "is only " + file.size() + " bytes long"
              : "says that its header has " + length + " bytes, but the file has " + file.size());
    }
    long start = 8 + length;
    JsonFields header = JsonFields.parse(place, file.byteArray(8, length));
    for (String name : header.names()) {
      if (!name.equals("__metadata__")) {
        tensors.put(name, tensor(name, header.object(name), start));
      }
    }
    long next = start;
    List<Tensor> order =
        tensors.values().stream()
            .sorted(Comparator.comparingLong(Tensor::from).thenComparingLong(Tensor::to))
            .toList();
    for (Tensor tensor : order) {
      if (tensor.from != next) {
        throw place.damaged(
            "has arrays that "
                + (tensor.from < next ? "overlap" : "leave a gap")
                + " at byte "
                + Math.min(tensor.from, next));
      }
      next = tensor.to;
    }
    if (next != file.size()) {
      throw place.damaged("has " + file.size() + " bytes, but its arrays end at byte " + next);
    }
  }

  private Tensor tensor(String name, JsonFields entry, long start) {
    String typeName = entry.text("dtype");
    DType type =
        Arrays.stream(DType.values())
            .filter(known -> known.name().equals(typeName))
            .findFirst()
            .orElseThrow(
                () ->
                    wrong(
                        name,
                        "has the type '"
                            + typeName
                            + "', not one of "
                            + Arrays.toString(DType.values())));
    int[] shape =
        entry.integers("shape", 0, Integer.MAX_VALUE).stream().mapToInt(Long::intValue).toArray();
    List<Long> offsets = entry.integers("data_offsets", 0, file.size());
    if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
      throw wrong(name, "has the offsets " + offsets);
    }
    long bytes;
    try {
      bytes = Math.multiplyExact(DType.count(shape), (long) type.bytes());
    } catch (ArithmeticException e) {
      throw wrong(name, "has the impossible shape " + Arrays.toString(shape));
    }
    if (offsets.get(1) - offsets.get(0) != bytes) {
      throw wrong(
          name,
          "of shape "
              + Arrays.toString(shape)
              + " needs "
              + bytes
              + " bytes, but has the offsets "
              + offsets);
    }
    return new Tensor(type, shape, start + offsets.get(0), start + offsets.get(1));
  }

  @Override
  public boolean has(String name) {
    return tensors.containsKey(name);
  }

  @Override
  public int[] shape(String name) {
    return tensor(name).shape.clone();
  }

  @Override
  public float[] floats(String name, int... shape) {
    float[] values = anyFloats(name, shape);
    int place = SafetensorsWriter.notFinite(values);
    if (place >= 0) {
      throw wrong(name, "has " + values[place] + " at place " + place + ", not a finite number");
    }
    return values;
  }

  @Override
  public float[] anyFloats(String name, int... shape) {
    Tensor tensor = tensor(name, DType.F32, shape);
    return read(() -> file.floatArray(tensor.from, tensor.to - tensor.from));
  }

  @Override
  public int[] ints(String name, int... shape) {
    Tensor tensor = tensor(name, DType.I32, shape);
    return read(() -> file.intArray(tensor.from, tensor.to - tensor.from));
  }

  @Override
  public long[] longs(String name, int... length) {
    Tensor tensor = tensor(name, DType.I64, length);
    return read(() -> file.longArray(tensor.from, tensor.to - tensor.from));
  }

  @Override
  public byte[] bytes(String name, int... length) {
    Tensor tensor = tensor(name, DType.U8, length);
    return read(() -> file.byteArray(tensor.from, tensor.to - tensor.from));
  }

  private Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw wrong(name, "is missing");
    }
    return tensor;
  }

  private Tensor tensor(String name, DType type, int[] shape) {
    Tensor tensor = tensor(name);
    if (tensor.type != type) {
      throw wrong(name, "has the type " + tensor.type + ", not " + type);
    }
    if (shape.length > 0 && !Arrays.equals(shape, tensor.shape)) {
      throw wrong(
          name,
          "has the shape " + Arrays.toString(tensor.shape) + ", not " + Arrays.toString(shape));
    }
    return tensor;
  }

  /** Something that reads. */
  @FunctionalInterface
  private interface Read<T> {
    T read() throws IOException;
  }

  private <T> T read(Read<T> read) {
    try {
      return read.read();
    } catch (IOException e) {
      throw place.damaged(e);
    }
  }

  @Override
  public KindredException wrong(String name, String problem) {
    return place.damaged("array '" + name + "' " + problem);
  }

  @Override
  public void close() {
    file.close();
  }
}
