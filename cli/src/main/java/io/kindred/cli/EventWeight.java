package io.kindred.cli;

import io.kindred.KindredException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What an event of a type counts, as in {@code purchase=10}. */
record EventWeight(String type, float weight) {
  /**
   * The weights by type.
   *
   * @throws KindredException if a type is there twice
   */
  static @Nullable Map<String, Float> byType(@Nullable List<EventWeight> weights) {
    if (weights == null) {
      return null;
    }
    Map<String, Float> byType = new LinkedHashMap<>();
    for (EventWeight one : weights) {
      if (byType.put(one.type, one.weight) != null) {
        throw new KindredException("--event-weight names '" + one.type + "' twice");
      }
    }
    return byType;
  }

  /** Reads one from the command line; of several equals signs the last one counts. */
  static final class Converter implements ITypeConverter<EventWeight> {
    @Override
    public EventWeight convert(String text) {
      try {
        Map<String, Double> one = Ids.numbers("it", List.of(text));
        Map.Entry<String, Double> entry = one.entrySet().iterator().next();
        return new EventWeight(entry.getKey(), entry.getValue().floatValue());
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }
}
