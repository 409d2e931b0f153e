package io.kindred.ingest;

import java.util.List;

/**
 * From where to where the values and times of a source go.
 *
 * @param minMillis the first time; above {@code maxMillis} where there is none
 */
record Ranges(float minValue, float maxValue, long minMillis, long maxMillis) {
  static Ranges of(List<InteractionSink.Block> blocks) {
    float minValue = Float.POSITIVE_INFINITY;
    float maxValue = Float.NEGATIVE_INFINITY;
    long minMillis = Long.MAX_VALUE;
    long maxMillis = Long.MIN_VALUE;
    for (InteractionSink.Block block : blocks) {
      for (int row = 0; row < block.size(); row++) {
        minValue = Math.min(minValue, block.value(row));
        maxValue = Math.max(maxValue, block.value(row));
        if (block.isTimed()) {
          minMillis = Math.min(minMillis, block.millis(row));
          maxMillis = Math.max(maxMillis, block.millis(row));
        }
      }
    }
    return new Ranges(minValue, maxValue, minMillis, maxMillis);
  }
}
