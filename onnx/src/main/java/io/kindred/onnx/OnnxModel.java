package io.kindred.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.kindred.KindredException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model file that ONNX Runtime computes, and the one of its outputs that is used: vectors [batch,
 * d], or [batch, places, d] of which the mean is taken. Thread-safe until it is closed.
 */
final class OnnxModel implements AutoCloseable {
  private final Path file;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Map<String, TensorInfo> inputs = new LinkedHashMap<>();
  private final String output;
  private final int rank; // of the output

  private OnnxModel(Path file, OrtEnvironment environment, OrtSession session, EncoderOptions how)
      throws OrtException {
    this.file = file;
    this.environment = environment;
    this.session = session;
    for (NodeInfo input : session.getInputInfo().values()) {
      if (!(input.getInfo() instanceof TensorInfo tensor)) {
        throw new KindredException(file + ": the input '" + input.getName() + "' is no tensor");
      }
      inputs.put(input.getName(), tensor);
    }
    String places = null;
    String whole = null;
    for (NodeInfo node : session.getOutputInfo().values()) {
      boolean vectors =
          node.getInfo() instanceof TensorInfo tensor && tensor.type == OnnxJavaType.FLOAT;
      int ofNode = vectors ? ((TensorInfo) node.getInfo()).getShape().length : 0;
      places = places == null && ofNode == 3 ? node.getName() : places;
      whole = whole == null && ofNode == 2 ? node.getName() : whole;
    }
    String chosen =
        switch (how.pooling()) {
          case MEAN -> places;
          case MODEL -> whole;
          case ANY -> places == null ? whole : places;
        };
    if (chosen == null) {
      throw new KindredException(
          file
              + ": pooling "
              + how.pooling()
              + " needs an output of floats "
              + switch (how.pooling()) {
                case MEAN -> "[batch, places, dimensions]";
                case MODEL -> "[batch, dimensions]";
                case ANY -> "[batch, dimensions] or [batch, places, dimensions]";
              }
              + ", the model has "
              + described(session.getOutputInfo()));
    }
    output = chosen;
    rank = chosen.equals(places) ? 3 : 2;
  }

  /**
   * Loads a model.
   *
   * @param path a file, or a folder with {@code model.onnx} or {@code onnx/model.onnx}
   * @throws KindredException if it is not there, no model, or gives no vectors
   */
  static OnnxModel read(Path path, EncoderOptions how) {
    Path file = file(path);
    OrtSession session = null;
    boolean done = false;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(how.threads());
      options.setInterOpNumThreads(1);
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      session = environment.createSession(file.toString(), options);
      OnnxModel model = new OnnxModel(file, environment, session, how);
      done = true;
      return model;
    } catch (OrtException e) {
      throw new KindredException(
          file + " is not an ONNX model that can be used: " + e.getMessage(), e);
    } catch (UnsatisfiedLinkError | ExceptionInInitializerError | NoClassDefFoundError e) {
      throw new KindredException("ONNX Runtime does not run on this machine: " + e, e);
    } finally {
      if (!done && session != null) {
        close(session);
      }
    }
  }

  private static Path file(Path path) {
    for (Path file : List.of(path, path.resolve("model.onnx"), path.resolve("onnx/model.onnx"))) {
      if (Files.isRegularFile(file)) {
        return file;
      }
    }
    throw new KindredException(
        Files.isDirectory(path)
            ? "the folder " + path + " has no model.onnx"
            : "there is no model " + path);
  }

  private static String described(Map<String, NodeInfo> nodes) {
    return String.join(
        ", ",
        nodes.values().stream()
            .map(
                node ->
                    node.getInfo() instanceof TensorInfo tensor
                        ? node.getName()
                            + " "
                            + tensor.type
                            + " "
                            + Arrays.toString(tensor.getShape())
                        : node.getName())
            .toList());
  }

  Set<String> inputNames() {
    return inputs.keySet();
  }

  /** What an input takes. */
  TensorInfo input(String name) {
    return Objects.requireNonNull(inputs.get(name), name);
  }

  /** A fault of the model. */
  KindredException wrong(String problem) {
    return new KindredException(file + ": " + problem);
  }

  /** A fault of its inputs, which are named. */
  KindredException wrongInputs(String expected) {
    try {
      return wrong(expected + ", the model has " + described(session.getInputInfo()));
    } catch (OrtException e) {
      return wrong(expected);
    }
  }

  /**
   * Vectors of length 1, [batch][d]; zeros stay zeros.
   *
   * @param longs inputs of whole numbers by name
   * @param pixels the input of floats, or {@code null}
   * @param shape of the inputs, the batch first
   * @param mask [batch x places], 1 where a place counts in the mean; {@code null}: all count
   */
  float[][] vectors(
      Map<String, long[]> longs,
      Map<String, float[]> pixels,
      long[] shape,
      long @Nullable [] mask) {
    Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, long[]> one : longs.entrySet()) {
        LongBuffer buffer = LongBuffer.wrap(one.getValue());
        tensors.put(one.getKey(), OnnxTensor.createTensor(environment, buffer, shape));
      }
      for (Map.Entry<String, float[]> one : pixels.entrySet()) {
        FloatBuffer buffer = FloatBuffer.wrap(one.getValue());
        tensors.put(one.getKey(), OnnxTensor.createTensor(environment, buffer, shape));
      }
      try (OrtSession.Result result = session.run(tensors, Set.of(output))) {
        OnnxValue value = result.get(0);
        long[] is = ((TensorInfo) value.getInfo()).getShape();
        if (is.length != rank || is[0] != shape[0] || is[rank - 1] < 1) {
          throw wrong(
              "the output '" + output + "' of " + shape[0] + " inputs is " + Arrays.toString(is));
        }
        return pooled(((OnnxTensor) value).getFloatBuffer(), is, mask);
      }
    } catch (OrtException e) {
      throw new KindredException(file + " failed: " + e.getMessage(), e);
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  /** The mean over places that count, scaled to length 1. */
  private float[][] pooled(FloatBuffer values, long[] shape, long @Nullable [] mask) {
    int batch = (int) shape[0];
    int places = rank == 3 ? (int) shape[1] : 1;
    int d = (int) shape[rank - 1];
    if (rank == 3 && mask != null && mask.length != batch * places) {
      throw wrong("the output '" + output + "' has not one vector for each token");
    }
    float[][] vectors = new float[batch][d];
    for (int b = 0; b < batch; b++) {
      double[] sum = new double[d];
      for (int place = 0; place < places; place++) {
        int at = b * places + place;
        for (int k = 0; k < d && (rank == 2 || mask == null || mask[at] != 0); k++) {
          sum[k] += values.get(at * d + k);
        }
      }
      double length = Math.sqrt(Arrays.stream(sum).map(x -> x * x).sum());
      if (!Double.isFinite(length)) {
        throw wrong("the output '" + output + "' has numbers that are not finite");
      }
      for (int k = 0; k < d && length > 0; k++) {
        vectors[b][k] = (float) (sum[k] / length);
      }
    }
    return vectors;
  }

  private static void close(OrtSession session) {
    try {
      session.close();
    } catch (OrtException e) {
      throw new KindredException("a model could not be closed: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    close(session);
  }
}
