package io.kindred.server.http;

import io.kindred.server.answer.Answers;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;

/**
 * What the server counts of itself, for Prometheus. Each server has a registry of its own.
 * Thread-safe.
 */
final class Metrics {
  /** The route of a request that matched none. */
  static final String UNMATCHED = "unmatched";

  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT");

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
  private final Counter requests;
  private final Histogram seconds;
  private final Counter recommendations;
  private final Gauge inFlight;
  private final Info info;
  private List<Answers.ModelLine> known = List.of();

  Metrics(List<Answers.ModelLine> models) {
    JvmMetrics.builder().register(registry);
    requests =
        Counter.builder()
            .name("kindred_http_requests_total")
            .help("Requests answered")
            .labelNames("method", "route", "status")
            .register(registry);
    seconds =
        Histogram.builder()
            .name("kindred_http_request_duration_seconds")
            .help("Time from the request to its answer")
            .classicOnly()
            .classicUpperBounds(
                0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
            .labelNames("route")
            .register(registry);
    recommendations =
        Counter.builder()
            .name("kindred_recommendations_total")
            .help("Lists of recommendations, by how the person was served")
            .labelNames("model", "served_by")
            .register(registry);
    inFlight =
        Gauge.builder()
            .name("kindred_http_requests_in_flight")
            .help("Requests being answered")
            .register(registry);
    info =
        Info.builder()
            .name("kindred_model_info")
            .help("The models of this server")
            .labelNames("model", "algorithm", "dataset")
            .register(registry);
    models(models);
  }

  /** Says which models there are from now on. */
  synchronized void models(List<Answers.ModelLine> models) {
    known.forEach(model -> info.remove(model.name(), model.algorithm(), model.dataset()));
    models.forEach(model -> info.addLabelValues(model.name(), model.algorithm(), model.dataset()));
    known = List.copyOf(models);
  }

  void begin() {
    inFlight.inc();
  }

  /** Counts a request; a method that is none of HTTP counts as {@code OTHER}. */
  void end(String method, String route, int status, long nanos) {
    inFlight.dec();
    String known = METHODS.contains(method) ? method : "OTHER";
    requests.labelValues(known, route, Integer.toString(status)).inc();
    seconds.labelValues(route).observe(nanos / 1e9);
  }

  void recommended(Answers.Recommendations answer) {
    recommendations.labelValues(answer.model(), answer.servedBy()).inc();
  }

  String contentType() {
    return writer.getContentType();
  }

  byte[] write() {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      writer.write(out, registry.scrape());
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
