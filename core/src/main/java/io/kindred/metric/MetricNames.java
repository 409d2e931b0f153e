package io.kindred.metric;

import io.kindred.KindredException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

/** Reads metrics from text. */
final class MetricNames {
  private static final Map<String, IntFunction<Metric>> WITH_CUTOFF = new LinkedHashMap<>();

  static {
    WITH_CUTOFF.put("ndcg", Ndcg::new);
    WITH_CUTOFF.put("recall", Recall::new);
    WITH_CUTOFF.put("recall_capped", CappedRecall::new);
    WITH_CUTOFF.put("precision", Precision::new);
    WITH_CUTOFF.put("hr", HitRate::new);
    WITH_CUTOFF.put("mrr", ReciprocalRank::new);
    WITH_CUTOFF.put("map", AveragePrecision::new);
    WITH_CUTOFF.put("coverage", Coverage::new);
    WITH_CUTOFF.put("gini", Gini::new);
    WITH_CUTOFF.put("novelty", Novelty::new);
    WITH_CUTOFF.put("diversity", Diversity::new);
    WITH_CUTOFF.put("popularity", MeanPopularity::new);
  }

  private static final Map<String, Metric> WITHOUT_CUTOFF =
      Map.of("auc", new Auc(), "rmse", new Rmse(), "mae", new Mae());

  private MetricNames() {}

  static void checkCutoff(int cutoff) {
    if (cutoff < 1) {
      throw new KindredException("the cut-off of a metric must be at least 1, got " + cutoff);
    }
  }

  static Metric parse(String text) {
    String name = text.strip().toLowerCase(Locale.ROOT).replace('-', '_');
    int at = name.indexOf('@');
    String kind = at < 0 ? name : name.substring(0, at);
    Metric plain = WITHOUT_CUTOFF.get(kind);
    if (plain != null && at < 0) {
      return plain;
    }
    IntFunction<Metric> made = WITH_CUTOFF.get(kind);
    if (made == null || at < 0) {
      throw new KindredException(
          (made != null
                  ? "metric '" + text.strip() + "' needs a cut-off, as in " + kind + "@10"
                  : "unknown metric '" + text.strip() + "'")
              + "; known are "
              + String.join("@10, ", WITH_CUTOFF.keySet())
              + "@10, auc, rmse, mae");
    }
    return made.apply(cutoff(text, name.substring(at + 1)));
  }

  static List<Metric> parseAll(String texts) {
    Set<Metric> metrics = new LinkedHashSet<>();
    String kind = null;
    for (String text : texts.strip().split("[\\s,]+", -1)) {
      if (text.isEmpty()) {
        continue;
      }
      if (kind != null && Character.isDigit(text.charAt(0))) {
        metrics.add(parse(kind + "@" + text));
      } else {
        metrics.add(parse(text));
        kind = text.contains("@") ? text.substring(0, text.indexOf('@')) : null;
      }
    }
    if (metrics.isEmpty()) {
      throw new KindredException("no metric was named; for example ndcg@10,recall@10");
    }
    return List.copyOf(metrics);
  }

  private static int cutoff(String text, String digits) {
    try {
      int cutoff = Integer.parseInt(digits);
      checkCutoff(cutoff);
      return cutoff;
    } catch (NumberFormatException e) {
      throw new KindredException(
          "the cut-off of '" + text.strip() + "' must be a whole number of at least 1", e);
    }
  }
}
