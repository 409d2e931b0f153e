package io.kindred.neural.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * An array of numbers in native memory that records how it was computed, so that gradients can be
 * taken: libtorch's tensor, with just the operations that the models use. Names and semantics are
 * libtorch's; dimensions may be negative, counted from the last.
 *
 * <p>A tensor that is made inside a {@link Scope} is freed when the scope ends and must not be used
 * after it; one that is made outside lives as long as it is reachable. Floats are 32 bits, indexes
 * 64. Not thread-safe for writing.
 */
public final class Tensor {
  // Retained, for this class may be loaded inside a scope.
  private static final TensorOptions FLOATS = new TensorOptions(ScalarType.Float).retainReference();
  private static final TensorOptions LONGS = new TensorOptions(ScalarType.Long).retainReference();

  private final org.bytedeco.pytorch.Tensor raw;

  Tensor(org.bytedeco.pytorch.Tensor raw) {
    this.raw = raw;
  }

  org.bytedeco.pytorch.Tensor raw() {
    return raw;
  }

  private static Tensor of(org.bytedeco.pytorch.Tensor raw) {
    return new Tensor(raw);
  }

  // ------------------------------------------------------------------------------- in and out

  /** Floats of a shape whose product is at most the length of the array; copied once. */
  public static Tensor of(float[] values, long... shape) {
    Torch.load();
    org.bytedeco.pytorch.Tensor made = torch.empty(shape, FLOATS, new MemoryFormatOptional());
    int count = Math.toIntExact(made.numel());
    if (count > 0) { // else there is no address
      made.data_ptr_float().put(values, 0, count);
    }
    return onDevice(made);
  }

  /** Indexes of a shape whose product is at most the length of the array; copied once. */
  public static Tensor of(long[] values, long... shape) {
    Torch.load();
    org.bytedeco.pytorch.Tensor made = torch.empty(shape, LONGS, new MemoryFormatOptional());
    int count = Math.toIntExact(made.numel());
    if (count > 0) { // else there is no address
      made.data_ptr_long().put(values, 0, count);
    }
    return onDevice(made);
  }

  private static Tensor onDevice(org.bytedeco.pytorch.Tensor made) {
    Device device = Torch.device();
    return of(device == null ? made : made.to(device, made.scalar_type()));
  }

  /** Floats that are all 0. */
  public static Tensor zeros(long... shape) {
    Torch.load();
    return onDevice(torch.zeros(shape, FLOATS));
  }

  /** Floats that are all one value. */
  public static Tensor full(double value, long... shape) {
    Torch.load();
    return onDevice(torch.full(shape, new Scalar(value), FLOATS));
  }

  /** Floats that are not set yet. */
  public static Tensor empty(long... shape) {
    Torch.load();
    return onDevice(torch.empty(shape, FLOATS, new MemoryFormatOptional()));
  }

  /** The indexes 0 to {@code n - 1}. */
  public static Tensor range(long n) {
    Torch.load();
    return onDevice(torch.arange(new Scalar(n), LONGS));
  }

  /**
   * A sparse matrix of compressed rows. Only {@link #sparseMatmul} takes it.
   *
   * @param starts first entry of each row, length rows + 1
   * @param columns column of each entry, ascending inside a row
   * @param values value of each entry
   * @param columnCount the number of columns
   */
  public static Tensor sparse(long[] starts, long[] columns, float[] values, long columnCount) {
    return of(
        torch.sparse_csr_tensor(
            of(starts, starts.length).raw,
            of(columns, columns.length).raw,
            of(values, values.length).raw,
            new long[] {starts.length - 1L, columnCount},
            FLOATS));
  }

  /** All floats, row-major, into an array from an offset on. */
  public void copyTo(float[] target, int offset) {
    org.bytedeco.pytorch.Tensor flat = raw.detach().cpu().contiguous();
    flat.data_ptr_float().get(target, offset, Math.toIntExact(flat.numel()));
  }

  /** All floats, row-major. */
  public float[] toFloats() {
    float[] values = new float[Math.toIntExact(raw.numel())];
    copyTo(values, 0);
    return values;
  }

  /** All indexes, row-major. */
  public long[] toLongs() {
    org.bytedeco.pytorch.Tensor flat = raw.detach().cpu().contiguous();
    long[] values = new long[Math.toIntExact(flat.numel())];
    flat.data_ptr_long().get(values);
    return values;
  }

  /** The one number of this tensor. */
  public double item() {
    return raw.item_double();
  }

  /** Overwrites the floats with those of an array of the same size; records nothing. */
  public void set(float[] values) {
    if (values.length != raw.numel()) {
      throw new IllegalArgumentException(
          values.length + " values for a tensor of shape " + Arrays.toString(shape()));
    }
    try (Scope scope = Scope.withoutGradients()) {
      raw.copy_(of(values, shape()).raw);
    }
  }

  /** The sizes of the dimensions. */
  public long[] shape() {
    long[] shape = new long[(int) raw.dim()];
    for (int d = 0; d < shape.length; d++) {
      shape[d] = raw.size(d);
    }
    return shape;
  }

  /** The size of a dimension. */
  public long size(int dimension) {
    return raw.size(dimension);
  }

  /** The number of elements. */
  public long count() {
    return raw.numel();
  }

  // ------------------------------------------------------------------------------- arithmetic

  /** Sum, with broadcasting. */
  public Tensor add(Tensor other) {
    return of(raw.add(other.raw));
  }

  /** Sum with a number. */
  public Tensor add(double number) {
    return of(raw.add(new Scalar(number)));
  }

  /** Difference, with broadcasting. */
  public Tensor sub(Tensor other) {
    return of(raw.sub(other.raw));
  }

  /** Product by element, with broadcasting. */
  public Tensor mul(Tensor other) {
    return of(raw.mul(other.raw));
  }

  /** Product with a number. */
  public Tensor mul(double number) {
    return of(raw.mul(new Scalar(number)));
  }

  /** Quotient by element, with broadcasting. */
  public Tensor div(Tensor other) {
    return of(raw.div(other.raw));
  }

  /** The negative. */
  public Tensor neg() {
    return of(raw.neg());
  }

  /** The square. */
  public Tensor square() {
    return of(raw.square());
  }

  /** The square root. */
  public Tensor sqrt() {
    return of(raw.sqrt());
  }

  /** e to the power of each element. */
  public Tensor exp() {
    return of(raw.exp());
  }

  /** The natural logarithm. */
  public Tensor log() {
    return of(raw.log());
  }

  /** 1 / (1 + e^-x). */
  public Tensor sigmoid() {
    return of(raw.sigmoid());
  }

  /** log(1 / (1 + e^-x)), without overflow. */
  public Tensor logSigmoid() {
    return of(torch.log_sigmoid(raw));
  }

  /** log(1 + e^x), without overflow. */
  public Tensor softplus() {
    return of(torch.softplus(raw));
  }

  /** The hyperbolic tangent. */
  public Tensor tanh() {
    return of(raw.tanh());
  }

  /** max(x, 0). */
  public Tensor relu() {
    return of(raw.relu());
  }

  /** x * Phi(x). */
  public Tensor gelu() {
    return of(torch.gelu(raw));
  }

  /** At least a number. */
  public Tensor atLeast(double number) {
    return of(
        raw.clamp(
            new org.bytedeco.pytorch.ScalarOptional(new Scalar(number)),
            new org.bytedeco.pytorch.ScalarOptional()));
  }

  /** Matrix product, batched over leading dimensions. */
  public Tensor matmul(Tensor other) {
    return of(raw.matmul(other.raw));
  }

  /** This [.., in] times weight [out, in] transposed, plus bias [out]. */
  public Tensor linear(Tensor weight, @Nullable Tensor bias) {
    return of(
        torch.linear(
            raw, weight.raw, bias == null ? new TensorOptional() : new TensorOptional(bias.raw)));
  }

  /** The product of a sparse matrix (this) with a dense one. */
  public Tensor sparseMatmul(Tensor dense) {
    return of(torch.mm(raw, dense.raw));
  }

  // ------------------------------------------------------------------------------- reductions

  /** The sum of all elements. */
  public Tensor sum() {
    return of(raw.sum());
  }

  /** The sum over a dimension, which goes away. */
  public Tensor sum(int dimension) {
    return of(raw.sum(new long[] {dimension}, false, new ScalarTypeOptional()));
  }

  /** The mean of all elements. */
  public Tensor mean() {
    return of(raw.mean());
  }

  /** The mean over a dimension, which goes away. */
  public Tensor mean(int dimension) {
    return of(raw.mean(new long[] {dimension}, false, new ScalarTypeOptional()));
  }

  /** The largest element along a dimension, which goes away. */
  public Tensor max(int dimension) {
    return of(raw.amax(new long[] {dimension}, false));
  }

  /** Where the largest element along a dimension is, which goes away. */
  public Tensor argmax(int dimension) {
    return of(raw.argmax(new LongOptional(dimension), false));
  }

  /** log of the sum of e^x along a dimension, which goes away. */
  public Tensor logSumExp(int dimension) {
    return of(raw.logsumexp(new long[] {dimension}, false));
  }

  /** e^x over its sum along a dimension. */
  public Tensor softmax(int dimension) {
    return of(raw.softmax(dimension));
  }

  /** The logarithm of {@link #softmax}. */
  public Tensor logSoftmax(int dimension) {
    return of(raw.log_softmax(dimension));
  }

  /** The Euclidean norm along a dimension, which stays with size 1. */
  public Tensor norm(int dimension) {
    return of(
        raw.norm(
            new org.bytedeco.pytorch.ScalarOptional(new Scalar(2.0)),
            new long[] {dimension},
            true));
  }

  // ------------------------------------------------------------------------------- shape

  /** The same elements in another shape; -1 for one size that follows from the others. */
  public Tensor reshape(long... shape) {
    return of(raw.reshape(shape));
  }

  /** Two dimensions exchanged. */
  public Tensor transpose(int first, int second) {
    return of(raw.transpose(first, second));
  }

  /** A new dimension of size 1. */
  public Tensor unsqueeze(int dimension) {
    return of(raw.unsqueeze(dimension));
  }

  /** Without a dimension of size 1. */
  public Tensor squeeze(int dimension) {
    return of(raw.squeeze(dimension));
  }

  /** Repeats dimensions of size 1 without copying; -1 keeps a size. */
  public Tensor expand(long... shape) {
    return of(raw.expand(shape));
  }

  /** A part of a dimension. */
  public Tensor narrow(int dimension, long start, long length) {
    return of(raw.narrow(dimension, start, length));
  }

  /**
   * All parts of one size of a dimension, in order. Their gradients are put together at once, where
   * {@link #narrow} fills a whole tensor for each part.
   */
  public List<Tensor> split(int dimension, long size) {
    TensorVector parts = raw.split(size, dimension);
    return LongStream.range(0, parts.size())
        .mapToObj(part -> of(new org.bytedeco.pytorch.Tensor(parts.get(part))))
        .toList();
  }

  /** One place of a dimension, which goes away. */
  public Tensor select(int dimension, long place) {
    return of(raw.select(dimension, place));
  }

  /** Windows along a dimension; their elements become a last dimension. */
  public Tensor unfold(int dimension, long size, long step) {
    return of(raw.unfold(dimension, size, step));
  }

  /** Tensors behind one another along a dimension. */
  public static Tensor concat(List<Tensor> parts, int dimension) {
    return of(torch.cat(vector(parts), dimension));
  }

  private static TensorVector vector(List<Tensor> parts) {
    return new TensorVector(
        parts.stream().map(Tensor::raw).toArray(org.bytedeco.pytorch.Tensor[]::new));
  }

  /** The last two dimensions with zeros around them: left, right, top and bottom. */
  public Tensor pad(long left, long right, long top, long bottom) {
    return of(torch.constant_pad_nd(raw, left, right, top, bottom));
  }

  /** The same elements in row-major order. */
  public Tensor contiguous() {
    return of(raw.contiguous());
  }

  /** The order of elements along a dimension reversed. */
  public Tensor flip(int dimension) {
    return of(raw.flip(dimension));
  }

  // ------------------------------------------------------------------------------- selection

  /** The rows of this matrix at the given indexes: [..] of indexes gives [.., columns]. */
  public Tensor embedding(Tensor indexes) {
    return of(torch.embedding(raw, indexes.raw));
  }

  /** The same; the row {@code padding} gets no gradient. */
  public Tensor embedding(Tensor indexes, long padding) {
    return of(torch.embedding(raw, indexes.raw, padding, false, false));
  }

  /**
   * The sums of rows of this matrix, weighted: bag b holds the indexes from {@code starts[b]} to
   * the next start.
   *
   * @param indexes rows of all bags, [entries]
   * @param starts first entry of each bag, [bags]
   * @param weights of the entries, [entries]
   */
  public Tensor embeddingBag(Tensor indexes, Tensor starts, Tensor weights) {
    return of(
        torch
            .embedding_bag(
                raw,
                indexes.raw,
                starts.raw,
                false,
                0,
                false,
                new TensorOptional(weights.raw),
                false)
            .get0());
  }

  /** The given places of a dimension. */
  public Tensor indexSelect(int dimension, Tensor indexes) {
    return of(raw.index_select(dimension, indexes.raw));
  }

  /** Along a dimension, the elements that an index tensor of the result's shape names. */
  public Tensor gather(int dimension, Tensor indexes) {
    return of(raw.gather(dimension, indexes.raw));
  }

  /** Where two index tensors agree, 1, else 0; a mask for {@link #maskedFill}. */
  public Tensor equalTo(Tensor other) {
    return of(raw.eq(other.raw));
  }

  /** Where this is above a number: a mask. */
  public Tensor above(double number) {
    return of(raw.gt(new Scalar(number)));
  }

  /** A value where a mask says so. */
  public Tensor maskedFill(Tensor mask, double value) {
    return of(raw.masked_fill(mask.raw, new Scalar(value)));
  }

  /** A value at flat places, row-major. */
  public Tensor fillAt(Tensor places, double value) {
    return of(raw.reshape(-1).index_fill(0, places.raw, new Scalar(value)).reshape(shape()));
  }

  /** A mask as floats of 0 and 1, or indexes as floats. */
  public Tensor toFloat() {
    return of(raw.to(ScalarType.Float));
  }

  // ------------------------------------------------------------------------------- layers

  /**
   * Mean 0 and variance 1 along the last dimension, then weight and bias. These are applied apart:
   * the fused form adds up their gradients in an order that depends on the number of threads.
   */
  public Tensor layerNorm(Tensor weight, Tensor bias) {
    long[] last = {raw.size(-1)};
    return of(torch.layer_norm(raw, last, new TensorOptional(), new TensorOptional(), 1e-5, false))
        .mul(weight)
        .add(bias);
  }

  /**
   * softmax(q k^T / sqrt(d)) v of [batch, heads, length, d].
   *
   * @param mask added to the scores, broadcast to [batch, heads, length, length], or {@code null}
   * @param causal whether a place sees only itself and those before it
   */
  public static Tensor attention(
      Tensor query, Tensor key, Tensor value, @Nullable Tensor mask, boolean causal) {
    return of(
        torch.scaled_dot_product_attention(
            query.raw,
            key.raw,
            value.raw,
            mask == null ? new TensorOptional() : new TensorOptional(mask.raw),
            0.0,
            causal,
            new DoubleOptional(),
            false));
  }

  /** The cells of recurrent layers. */
  public enum Cell {
    /** h = tanh(W x + U h). */
    RNN,
    /** Gated recurrent unit. */
    GRU,
    /** Long short-term memory. */
    LSTM;

    /** How many gates a cell has: its weights have gates * hidden rows. */
    public int gates() {
      return this == RNN ? 1 : this == GRU ? 3 : 4;
    }
  }

  /**
   * One recurrent layer over this [batch, length, in], from a state of zeros.
   *
   * @param cell the kind
   * @param weights input weights [gates * hidden, in], state weights [gates * hidden, hidden],
   *     input bias, state bias
   * @return the states at all steps, [batch, length, hidden]
   */
  public Tensor recurrent(Cell cell, List<Tensor> weights) {
    Tensor zeros = zeros(raw.size(0), weights.get(1).raw.size(1));
    return recurrent(cell, weights, new State(zeros, zeros)).states;
  }

  /**
   * Where a recurrent layer is.
   *
   * @param output what the layer gives, [batch, hidden]
   * @param memory the cell of {@link Cell#LSTM}, [batch, hidden]; the others do not read it
   */
  public record State(Tensor output, Tensor memory) {}

  /**
   * What a recurrent layer did.
   *
   * @param states its outputs at all steps, [batch, length, hidden]
   * @param last where it is after the last step
   */
  public record Run(Tensor states, State last) {}

  /** One recurrent layer over this [batch, length, in], from a given state on. */
  public Run recurrent(Cell cell, List<Tensor> weights, State from) {
    if (size(0) == 1 && !raw.is_cuda() && !GradMode.is_enabled()) {
      return ofOne(cell, weights, from);
    }
    TensorVector parameters = vector(weights);
    org.bytedeco.pytorch.Tensor output = from.output.raw.unsqueeze(0);
    if (cell == Cell.LSTM) {
      TensorVector state = new TensorVector(output, from.memory.raw.unsqueeze(0));
      T_TensorTensorTensor_T run =
          torch.lstm(raw, state, parameters, true, 1, 0, false, false, true);
      return new Run(
          of(run.get0()), new State(of(run.get1().squeeze(0)), of(run.get2().squeeze(0))));
    }
    T_TensorTensor_T run =
        cell == Cell.RNN
            ? torch.rnn_tanh(raw, output, parameters, true, 1, 0, false, false, true)
            : torch.gru(raw, output, parameters, true, 1, 0, false, false, true);
    return new Run(of(run.get0()), new State(of(run.get1().squeeze(0)), from.memory));
  }

  /** The same of a single sequence, [1, length, in], see {@link Recurrence}. */
  private Run ofOne(Cell cell, List<Tensor> weights, State from) {
    Tensor inputs = linear(weights.get(0), weights.get(2)); // [1, length, gates * hidden]
    float[] output = from.output.toFloats();
    float[] memory = from.memory.toFloats();
    float[] outputs =
        new Recurrence(
                cell,
                weights.get(1).transpose(0, 1).toFloats(),
                weights.get(3).toFloats(),
                output,
                memory)
            .run(inputs.toFloats());
    int hidden = output.length;
    return new Run(
        of(outputs, 1, outputs.length / hidden, hidden),
        new State(of(output, 1, hidden), of(memory, 1, hidden)));
  }

  /**
   * A convolution of this [batch, channels, height, width], written as a matrix product over
   * windows (libtorch's own convolutions are slow without oneDNN, which is off).
   *
   * @param weight [out, channels * height * width of the kernel]
   * @param bias [out]
   * @param kernelHeight rows of a window
   * @param kernelWidth columns of a window
   * @param padding zeros on all sides
   * @return [batch, out, rows, columns]
   */
  public Tensor conv2d(Tensor weight, Tensor bias, int kernelHeight, int kernelWidth, int padding) {
    long batch = size(0);
    long rows = size(2) + 2L * padding - kernelHeight + 1;
    long columns = size(3) + 2L * padding - kernelWidth + 1;
    Tensor windows =
        of(
            torch.im2col(
                raw,
                new long[] {kernelHeight, kernelWidth},
                new long[] {1, 1},
                new long[] {padding, padding},
                1,
                1)); // [batch, channels * kernel, rows * columns]
    return weight
        .matmul(windows) // [batch, out, rows * columns]
        .add(bias.reshape(-1, 1))
        .reshape(batch, -1, rows, columns);
  }

  /**
   * A causal convolution of this [batch, length, channels] along its length, written as a matrix
   * product: each place sees itself and {@code kernel - 1} places before it, {@code dilation}
   * apart. Places before the beginning are zeros; where all are, they are left out of the product.
   *
   * @param weight [out, kernel * channels], the oldest place first
   * @param bias [out], or {@code null}
   * @param dilation distance of the places, at least 1
   * @return [batch, length, out]
   */
  public Tensor causalConv1d(Tensor weight, @Nullable Tensor bias, int dilation) {
    long channels = size(2);
    long kernel = weight.size(1) / channels;
    long reached = Math.min(kernel, (size(1) - 1) / dilation + 1);
    List<Tensor> shifted = new ArrayList<>();
    for (long back = (reached - 1) * dilation; back >= 0; back -= dilation) {
      shifted.add(back == 0 ? this : pad(0, 0, back, -back));
    }
    return concat(shifted, 2) // [batch, length, reached * channels]
        .linear(weight.narrow(1, (kernel - reached) * channels, reached * channels), bias);
  }

  /** The largest of each square of {@code size} x {@code size}; sizes round down. */
  public Tensor maxPool2d(int size) {
    return of(torch.max_pool2d(raw, size, size));
  }

  /**
   * The largest of each {@code size} places that follow one another, by channel: of this [batch,
   * length, channels], [batch, length - size + 1, channels].
   */
  public Tensor slidingMax(int size) {
    return size == 1
        ? this
        : of(
            torch
                .max_pool2d(
                    raw.unsqueeze(2).transpose(2, 3).transpose(1, 2), // channels last in memory
                    new long[] {size, 1},
                    new long[] {1, 1},
                    new long[] {0, 0},
                    new long[] {1, 1},
                    false)
                .transpose(1, 2)
                .squeeze(3));
  }

  // ------------------------------------------------------------------------------- gradients

  /** The same numbers, cut off from how they were computed. */
  public Tensor detach() {
    return of(raw.detach());
  }

  /** The same numbers as a leaf whose gradient {@link #backward} computes. */
  public Tensor leaf() {
    return of(raw.detach().set_requires_grad(true));
  }

  /** Computes the gradients of this one number with respect to all leaves, added to theirs. */
  public void backward() {
    raw.backward();
  }

  /** The same for a tensor, given the gradient of it. */
  public void backward(Tensor gradient) {
    raw.backward(gradient.raw, new BoolOptional(), false, new TensorArrayRefOptional());
  }

  /** The gradient of this leaf, or zeros where none was computed. */
  public Tensor gradient() {
    org.bytedeco.pytorch.Tensor gradient = raw.grad();
    return gradient.defined() ? of(gradient) : of(torch.zeros_like(raw));
  }

  // ------------------------------------------------------------------------------- others

  /** A copy of its own memory, cut off from how it was computed. */
  public Tensor copy() {
    return of(raw.detach().clone());
  }

  /** The inverse of a symmetric positive definite matrix, by Cholesky. */
  public Tensor choleskyInverse() {
    return of(torch.cholesky_inverse(torch.linalg_cholesky(raw)));
  }

  /** The largest k of each row and where they are. */
  public Top top(long k) {
    T_TensorTensor_T found = torch.topk(raw, k, -1, true, true);
    return new Top(of(found.get0()), of(found.get1()));
  }

  /**
   * The largest elements of rows.
   *
   * @param values [rows, k], the largest first
   * @param indexes [rows, k]
   */
  public record Top(Tensor values, Tensor indexes) {}

  @Override
  public String toString() {
    return "Tensor" + Arrays.toString(shape());
  }
}
