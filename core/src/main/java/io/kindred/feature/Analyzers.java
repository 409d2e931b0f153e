package io.kindred.feature;

import io.kindred.KindredException;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Supplier;

/** All analyzers that are on the class path, by name. */
public final class Analyzers {
  /** The name of the analyzer that is always there. */
  public static final String PLAIN = "plain";

  private Analyzers() {}

  /**
   * The analyzer of a name: {@value #PLAIN}, or a language that a module brings.
   *
   * @throws KindredException if there is none, naming those that there are
   */
  public static Analyzer of(String name) {
    Map<String, Supplier<Analyzer>> all = all();
    Supplier<Analyzer> found = all.get(name);
    if (found == null) {
      throw new KindredException(
          "unknown language '"
              + name
              + "'; known are "
              + String.join(", ", all.keySet())
              + (all.size() == 1 ? "; kindred-text on the class path brings those of Lucene" : ""));
    }
    return found.get();
  }

  /** What makes each analyzer, in order of the names. */
  public static Map<String, Supplier<Analyzer>> all() {
    Map<String, Supplier<Analyzer>> all = new TreeMap<>();
    all.put(PLAIN, PlainAnalyzer::new);
    for (AnalyzerProvider provider : ServiceLoader.load(AnalyzerProvider.class)) {
      all.putAll(provider.analyzers());
    }
    return all;
  }
}
