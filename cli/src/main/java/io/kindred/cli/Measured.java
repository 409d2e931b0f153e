package io.kindred.cli;

import io.kindred.eval.EvaluationReport.ModelResult;
import java.util.LinkedHashMap;
import java.util.Map;

/** Figures of an evaluation in the form in which a bundle keeps them. */
final class Measured {
  private Measured() {}

  /** By metric name, each with the bounds of its interval as "name.low" and "name.high". */
  static Map<String, Double> metrics(ModelResult result) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    result
        .figures()
        .forEach(
            (name, figure) -> {
              metrics.put(name, figure.value());
              if (Double.isFinite(figure.low()) && Double.isFinite(figure.high())) {
                metrics.put(name + ".low", figure.low());
                metrics.put(name + ".high", figure.high());
              }
            });
    return metrics;
  }
}
