package io.kindred.feature;

import java.util.Map;
import java.util.function.Supplier;

/** Brings analyzers of a further module; found with {@link java.util.ServiceLoader}. */
public interface AnalyzerProvider {
  /** What makes the analyzer of each name: "en", "ja". */
  Map<String, Supplier<Analyzer>> analyzers();
}
