package io.kindred.neural.tensor;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of work whose tensors are freed when it ends: every step of a training and every
 * request is one. Belongs to the thread that opened it; scopes nest.
 *
 * <pre>
 * try (Scope step = Scope.open()) {
 *   ...
 * }
 * </pre>
 */
public final class Scope implements AutoCloseable {
  private final PointerScope pointers;
  private final @Nullable NoGradGuard guard;

  private Scope(PointerScope pointers, @Nullable NoGradGuard guard) {
    this.pointers = pointers;
    this.guard = guard;
  }

  /** A scope in which gradients are recorded. */
  public static Scope open() {
    Torch.load();
    return new Scope(new PointerScope(), null);
  }

  /** A scope in which nothing is recorded for gradients. */
  public static Scope withoutGradients() {
    Torch.load();
    return new Scope(new PointerScope(), new NoGradGuard());
  }

  /** Whether the calling thread is inside a scope. */
  static boolean isOpen() {
    return PointerScope.getInnerScope() != null;
  }

  @Override
  public void close() {
    if (guard != null) {
      guard.close();
    }
    pointers.close();
  }
}
