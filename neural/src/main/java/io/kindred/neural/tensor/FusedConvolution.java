package io.kindred.neural.tensor;

import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.IntType;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.jspecify.annotations.Nullable;

/**
 * A convolution of a trained network with its bias and its limits in one: {@code clamp(w * x + b,
 * least, most)}. It has no gradient.
 *
 * <p>The weights are laid out once for XNNPACK, which is part of libtorch and takes pictures with
 * their channels last in memory; results stay so, and go into the next convolution without a copy.
 * (oneDNN, the usual way, is off: see {@link Torch}.) Where libtorch has no XNNPACK, its own
 * convolution stands in, which is slower. Thread-safe; made outside any {@link Scope}.
 */
public final class FusedConvolution {
  private static final String FAMILY = "prepacked::conv2d_clamp_";

  private final org.bytedeco.pytorch.Tensor weight;
  private final org.bytedeco.pytorch.Tensor bias;
  private final int stride;
  private final int padding;
  private final int groups;
  private final double least;
  private final double most;
  private final @Nullable IValue packed;
  private final @Nullable OperatorHandle run;

  /**
   * A convolution.
   *
   * @param weight [out, in / groups, kernel, kernel]
   * @param bias [out]
   * @param stride of both directions
   * @param padding zeros on all sides
   * @param groups 1, or the number of channels: each has a kernel of its own
   * @param least results below become this
   * @param most results above become this
   */
  public FusedConvolution(
      Tensor weight, Tensor bias, int stride, int padding, int groups, double least, double most) {
    if (Scope.isOpen()) {
      throw new IllegalStateException("the convolution would end with the open scope");
    }
    this.weight = weight.raw();
    this.bias = bias.raw();
    this.stride = stride;
    this.padding = padding;
    this.groups = groups;
    this.least = least;
    this.most = most;
    boolean available = Context.isXNNPACKAvailable() && Torch.device() == null;
    packed = available ? pack() : null;
    run = available ? Dispatcher.singleton().findSchemaOrThrow(FAMILY + "run", "") : null;
  }

  private IValue pack() {
    IValueVector stack =
        new IValueVector(
            new IValue(weight),
            new IValue(bias),
            pair(stride),
            pair(padding),
            pair(1),
            new IValue((long) groups),
            limit(least),
            limit(most));
    Dispatcher.singleton().findSchemaOrThrow(FAMILY + "prepack", "").callBoxed(stack);
    return new IValue(stack.get(0));
  }

  private static IValue pair(long value) {
    GenericList list = new GenericList(new Type.TypePtr(IntType.getIntTypePtr().get()));
    list.push_back(new IValue(value));
    list.push_back(new IValue(value));
    return new IValue(list);
  }

  private static IValue limit(double value) {
    return Double.isInfinite(value) ? new IValue() : new IValue(new Scalar(value));
  }

  /** Whether XNNPACK does the work. */
  boolean isPacked() {
    return packed != null;
  }

  /**
   * Applies it; inside a scope without gradients.
   *
   * @param input [batch, in, height, width]
   * @return [batch, out, rows, columns]
   */
  public Tensor apply(Tensor input) {
    if (packed == null || run == null) {
      return plain(input);
    }
    IValueVector stack =
        new IValueVector(
            new IValue(input.raw().contiguous(MemoryFormat.ChannelsLast)), new IValue(packed));
    run.callBoxed(stack);
    return new Tensor(stack.get(0).toTensor());
  }

  /** The same by libtorch's own convolution. */
  Tensor plain(Tensor input) {
    return new Tensor(
        torch
            .conv2d(
                input.raw(),
                weight,
                new TensorOptional(bias),
                new long[] {stride, stride},
                new long[] {padding, padding},
                new long[] {1, 1},
                groups)
            .clamp(
                Double.isInfinite(least)
                    ? new ScalarOptional()
                    : new ScalarOptional(new Scalar(least)),
                Double.isInfinite(most)
                    ? new ScalarOptional()
                    : new ScalarOptional(new Scalar(most))));
  }
}
