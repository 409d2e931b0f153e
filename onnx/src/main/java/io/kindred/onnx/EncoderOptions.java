package io.kindred.onnx;

import io.kindred.Checks;
import java.util.Objects;

/**
 * How encoders run.
 *
 * @param pooling how a text or picture becomes one vector
 * @param maxLength tokens of a text that are read, at least 1; more are cut off
 * @param batchSize texts or pictures that are in memory and computed together, at least 1
 * @param threads that compute, at least 1
 */
public record EncoderOptions(Pooling pooling, int maxLength, int batchSize, int threads) {
  /** How a text or picture becomes one vector. */
  public enum Pooling {
    /** {@link #MEAN} where the model gives a vector for each place, else {@link #MODEL}. */
    ANY,
    /** The mean over the model's vectors of all places; of texts only those that are no padding. */
    MEAN,
    /** What the model itself gives as the one vector. */
    MODEL
  }

  /** Any pooling, 256 tokens, batches of 32, one thread. */
  public static final EncoderOptions DEFAULTS = new EncoderOptions(Pooling.ANY, 256, 32, 1);

  /** Checks the ranges. */
  public EncoderOptions {
    Objects.requireNonNull(pooling);
    Checks.atLeast("maxLength", maxLength, 1);
    Checks.atLeast("batchSize", batchSize, 1);
    Checks.atLeast("threads", threads, 1);
  }

  /** The same with another pooling. */
  public EncoderOptions withPooling(Pooling newPooling) {
    return new EncoderOptions(newPooling, maxLength, batchSize, threads);
  }

  /** The same with another limit of tokens. */
  public EncoderOptions withMaxLength(int newMaxLength) {
    return new EncoderOptions(pooling, newMaxLength, batchSize, threads);
  }

  /** The same with another size of batches. */
  public EncoderOptions withBatchSize(int newBatchSize) {
    return new EncoderOptions(pooling, maxLength, newBatchSize, threads);
  }

  /** The same with another number of threads. */
  public EncoderOptions withThreads(int newThreads) {
    return new EncoderOptions(pooling, maxLength, batchSize, newThreads);
  }
}
