package io.kindred.neural.tensor;

import java.util.SplittableRandom;

/**
 * The random numbers inside a network, drawn in Java from a seed: what a step draws depends on its
 * seed alone, not on threads or on what other trainings do. For one thread at a time.
 */
public final class Noise {
  /** No noise: how a trained network is asked. */
  public static final Noise NONE = new Noise(false);

  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  private final boolean active;
  private long state;
  private float[] buffer = {};

  private Noise(boolean active) {
    this.active = active;
  }

  /** A source of noise, to be {@linkplain #seed seeded} before each step. */
  public static Noise source() {
    return new Noise(true);
  }

  /** Begins anew. */
  public void seed(long seed) {
    state = seed;
  }

  /** Whether there is noise: whether the network is being trained. */
  public boolean active() {
    return active;
  }

  /**
   * Dropout (Srivastava et al., JMLR 15, 2014): zeroes each element with a probability, in steps of
   * 1/65536, and scales the rest so that the expectation stays.
   */
  public Tensor dropout(Tensor input, double probability) {
    if (!active || probability == 0) {
      return input;
    }
    int count = Math.toIntExact(input.count());
    if (buffer.length < count) {
      buffer = new float[count];
    }
    int threshold = (int) Math.round(probability * 65536);
    int kept = Float.floatToRawIntBits((float) (65536.0 / (65536 - threshold)));
    float[] mask = buffer;
    long seed = state;
    int i = 0;
    for (; i + 3 < count; i += 4) {
      seed += GAMMA;
      long bits = mix(seed);
      mask[i] = keptFrom((int) (bits & 0xffff), threshold, kept);
      mask[i + 1] = keptFrom((int) (bits >>> 16 & 0xffff), threshold, kept);
      mask[i + 2] = keptFrom((int) (bits >>> 32 & 0xffff), threshold, kept);
      mask[i + 3] = keptFrom((int) (bits >>> 48), threshold, kept);
    }
    for (; i < count; i++) {
      seed += GAMMA;
      mask[i] = keptFrom((int) (mix(seed) & 0xffff), threshold, kept);
    }
    state = seed;
    return input.mul(Tensor.of(mask, input.shape()));
  }

  /** A float from a threshold on, else 0, without a branch, which no processor could foretell. */
  private static float keptFrom(int random, int threshold, int floatBits) {
    return Float.intBitsToFloat(floatBits & ~((random - threshold) >> 31));
  }

  /** Standard normal numbers; zeros where there is no noise. */
  public Tensor normal(long... shape) {
    if (!active) {
      return Tensor.zeros(shape);
    }
    int count = 1;
    for (long size : shape) {
      count = Math.toIntExact(count * size);
    }
    state += GAMMA;
    SplittableRandom random = new SplittableRandom(mix(state));
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.of(values, shape);
  }

  private static long mix(long value) { // the finalizer of SplitMix64
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
