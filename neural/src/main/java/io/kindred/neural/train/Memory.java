package io.kindred.neural.train;

import io.kindred.KindredException;
import io.kindred.neural.tensor.Optimizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;

/** Estimates the native memory of a training before it begins, and refuses one that cannot end. */
public final class Memory {
  private static final double GIB = 1 << 30;

  private Memory() {}

  /**
   * What the weights, their gradients in all parts of a batch and the optimizer take, in bytes.
   * Batches come on top of it; they are small beside a catalogue for which this matters.
   */
  public static long training(long weights, Optimizer.Kind optimizer) {
    return 4 * weights * (1 + TrainingLoop.PARTS + Optimizer.slots(optimizer));
  }

  /** The memory that the system can still give, in bytes, where it tells. */
  public static OptionalLong free() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
        if (line.startsWith("MemAvailable")) {
          return OptionalLong.of(1024 * Long.parseLong(line.replaceAll("\\D", "")));
        }
      }
    } catch (IOException e) {
      // not Linux: the system does not tell
    }
    return OptionalLong.empty();
  }

  /**
   * Refuses what does not fit.
   *
   * @throws KindredException naming the estimate, what is free, and what would need less
   */
  public static void require(String algorithm, long bytes, OptionalLong free) {
    if (free.isPresent() && bytes > free.getAsLong()) {
      throw new KindredException(
          String.format(
              Locale.ROOT,
              "%s: this training needs about %.1f GiB of native memory, %.1f GiB are free. Fewer"
                  + " dimensions need less, and so does optimizer=sgd; a smaller catalogue does, too.",
              algorithm,
              bytes / GIB,
              free.getAsLong() / GIB));
    }
  }
}
