package io.kindred.neural.tensor;

import io.kindred.ArrayReader;
import io.kindred.ArrayWriter;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch;

/**
 * Changes weights along their gradients: gradient descent in the forms that are in use. With g the
 * gradient, lr the learning rate and t the number of the step:
 *
 * <pre>
 * sgd       w -= lr g
 * momentum  v = 0.9 v + g                w -= lr v
 * nesterov  v = 0.9 v + g                w -= lr (g + 0.9 v)
 * adagrad   s += g^2                     w -= lr g / (sqrt(s) + e)
 * rmsprop   s = 0.99 s + 0.01 g^2        w -= lr g / (sqrt(s) + e)
 * adam      m = 0.9 m + 0.1 g            w -= lr (m / (1 - 0.9^t)) / (sqrt(s / (1 - 0.999^t)) + e)
 *           s = 0.999 s + 0.001 g^2
 * adamw     w -= lr decay w, then as adam
 * </pre>
 *
 * <p>All but adamw add {@code decay * w} to the gradient (L2 regularization); adamw takes decay
 * apart (Loshchilov and Hutter, ICLR 2019). Adam is of Kingma and Ba, ICLR 2015. Weights that begin
 * with {@code bias} or are of one dimension do not decay. Not thread-safe.
 */
public final class Optimizer {
  /** The forms. */
  public enum Kind {
    /** Plain gradient descent. */
    SGD,
    /** With momentum 0.9. */
    MOMENTUM,
    /** With Nesterov's momentum 0.9. */
    NESTEROV,
    /** Duchi, Hazan and Singer, JMLR 12, 2011. */
    ADAGRAD,
    /** Tieleman and Hinton, 2012; decay 0.99. */
    RMSPROP,
    /** Kingma and Ba, ICLR 2015. */
    ADAM,
    /** Adam with decoupled weight decay. */
    ADAMW
  }

  private static final double MOMENTUM = 0.9;
  private static final double MEAN_DECAY = 0.9;
  private static final double SQUARE_DECAY = 0.999;
  private static final double RMS_DECAY = 0.99;
  private static final double EPSILON = 1e-8;

  private final Kind kind;
  private final double decay;
  private final List<State> states = new ArrayList<>();
  private long steps;

  /** What is kept for one weight; memory is made once, so that steps allocate nothing. */
  private record State(
      String name,
      org.bytedeco.pytorch.Tensor weight,
      org.bytedeco.pytorch.Tensor first,
      org.bytedeco.pytorch.Tensor second,
      org.bytedeco.pytorch.Tensor scratch,
      boolean decays) {}

  /**
   * An optimizer of all weights.
   *
   * @param decay weight decay, at least 0
   */
  public Optimizer(Kind kind, double decay, Weights weights) {
    this.kind = kind;
    this.decay = decay;
    for (String name : weights.names()) {
      org.bytedeco.pytorch.Tensor weight = weights.get(name).raw();
      boolean hasFirst =
          kind == Kind.MOMENTUM || kind == Kind.NESTEROV || kind == Kind.ADAM || kind == Kind.ADAMW;
      boolean hasSecond = kind != Kind.SGD && kind != Kind.MOMENTUM && kind != Kind.NESTEROV;
      org.bytedeco.pytorch.Tensor none = torch.empty(0);
      states.add(
          new State(
              name,
              weight,
              hasFirst ? torch.zeros_like(weight) : none,
              hasSecond ? torch.zeros_like(weight) : none,
              hasSecond || kind == Kind.NESTEROV ? torch.zeros_like(weight) : none,
              weight.dim() > 1));
    }
  }

  /** How many numbers an optimizer of a kind keeps for each weight. */
  public static int slots(Kind kind) {
    return switch (kind) {
      case SGD -> 0;
      case MOMENTUM -> 1;
      case NESTEROV, ADAGRAD, RMSPROP -> 2;
      case ADAM, ADAMW -> 3;
    };
  }

  /** How many steps were made. */
  public long steps() {
    return steps;
  }

  /** Sets all gradients to zero; their memory stays. */
  public void zeroGradients() {
    try (Scope scope = Scope.withoutGradients()) {
      for (State state : states) {
        org.bytedeco.pytorch.Tensor gradient = state.weight.grad();
        if (gradient.defined()) {
          gradient.zero_();
        }
      }
    }
  }

  /**
   * Scales all gradients so that their norm together is at most {@code limit}.
   *
   * @return the norm before
   */
  public double clipGradients(double limit) {
    try (Scope scope = Scope.withoutGradients()) {
      double squares = 0;
      for (State state : states) {
        org.bytedeco.pytorch.Tensor gradient = state.weight.grad();
        if (gradient.defined()) {
          double norm = gradient.norm().item_double();
          squares += norm * norm;
        }
      }
      double norm = Math.sqrt(squares);
      if (norm > limit) {
        for (State state : states) {
          org.bytedeco.pytorch.Tensor gradient = state.weight.grad();
          if (gradient.defined()) {
            gradient.mul_(new Scalar(limit / norm));
          }
        }
      }
      return norm;
    }
  }

  /** One step; weights without a gradient stay. */
  public void step(double learningRate) {
    steps++;
    try (Scope scope = Scope.withoutGradients()) {
      for (State state : states) {
        org.bytedeco.pytorch.Tensor gradient = state.weight.grad();
        if (gradient.defined()) {
          step(state, gradient, learningRate);
        }
      }
    }
  }

  private void step(State state, org.bytedeco.pytorch.Tensor gradient, double rate) {
    org.bytedeco.pytorch.Tensor weight = state.weight;
    if (decay > 0 && state.decays) {
      if (kind == Kind.ADAMW) {
        weight.mul_(new Scalar(1 - rate * decay));
      } else {
        gradient.add_(weight, new Scalar(decay));
      }
    }
    switch (kind) {
      case SGD -> weight.add_(gradient, new Scalar(-rate));
      case MOMENTUM -> {
        state.first.mul_(new Scalar(MOMENTUM)).add_(gradient);
        weight.add_(state.first, new Scalar(-rate));
      }
      case NESTEROV -> {
        state.first.mul_(new Scalar(MOMENTUM)).add_(gradient);
        state.scratch.copy_(gradient).add_(state.first, new Scalar(MOMENTUM));
        weight.add_(state.scratch, new Scalar(-rate));
      }
      case ADAGRAD -> {
        state.second.addcmul_(gradient, gradient);
        torch.sqrt_out(state.scratch, state.second).add_(new Scalar(EPSILON));
        weight.addcdiv_(gradient, state.scratch, new Scalar(-rate));
      }
      case RMSPROP -> {
        state
            .second
            .mul_(new Scalar(RMS_DECAY))
            .addcmul_(gradient, gradient, new Scalar(1 - RMS_DECAY));
        torch.sqrt_out(state.scratch, state.second).add_(new Scalar(EPSILON));
        weight.addcdiv_(gradient, state.scratch, new Scalar(-rate));
      }
      case ADAM, ADAMW -> {
        double meanScale = 1 - Math.pow(MEAN_DECAY, (double) steps);
        double rootScale = Math.sqrt(1 - Math.pow(SQUARE_DECAY, (double) steps));
        state.first.lerp_(gradient, new Scalar(1 - MEAN_DECAY));
        state
            .second
            .mul_(new Scalar(SQUARE_DECAY))
            .addcmul_(gradient, gradient, new Scalar(1 - SQUARE_DECAY));
        // lr (m / a) / (sqrt(s) / b + e)  =  (lr b / a) m / (sqrt(s) + b e)
        torch.sqrt_out(state.scratch, state.second).add_(new Scalar(EPSILON * rootScale));
        weight.addcdiv_(state.first, state.scratch, new Scalar(-rate * rootScale / meanScale));
      }
    }
  }

  /** Writes the state, so that {@link #read} goes on as if nothing had happened. */
  public void write(ArrayWriter out, String prefix) {
    out.longs(prefix + "steps", new long[] {steps});
    for (State state : states) {
      if (state.first.numel() > 0) {
        out.anyFloats(prefix + "first." + state.name, new Tensor(state.first).toFloats());
      }
      if (state.second.numel() > 0) {
        out.anyFloats(prefix + "second." + state.name, new Tensor(state.second).toFloats());
      }
    }
  }

  /** Reads the state. */
  public void read(ArrayReader in, String prefix) {
    steps = in.longs(prefix + "steps", 1)[0];
    for (State state : states) {
      read(in, prefix + "first." + state.name, state.first);
      read(in, prefix + "second." + state.name, state.second);
    }
  }

  private static void read(ArrayReader in, String name, org.bytedeco.pytorch.Tensor target) {
    if (target.numel() > 0) {
      new Tensor(target).set(in.anyFloats(name, Math.toIntExact(target.numel())));
    }
  }
}
