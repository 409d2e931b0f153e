package io.kindred.feature;

import java.util.Map;
import java.util.function.Supplier;

/** Brings analyzers of a further module; found with {@link java.util.ServiceLoader}. */
public interface AnalyzerProvider {
  /** What makes the analyzer of each language, by its English name: "german". */
  Map<String, Supplier<Analyzer>> analyzers();
}
