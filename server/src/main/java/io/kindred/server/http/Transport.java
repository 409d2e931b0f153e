package io.kindred.server.http;

import io.javalin.config.JavalinConfig;
import io.javalin.util.JavalinBindException;
import io.kindred.KindredException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.LowResourceMonitor;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands between the network and the routes: connections, threads and bounds, and how they are
 * ended. Thread-safe.
 */
final class Transport {
  private static final Logger LOG = LoggerFactory.getLogger(Transport.class);

  /** How long running requests have when the server stops. */
  static final long DRAIN_MILLIS = 10_000;

  /**
   * Connections that the system keeps until they are accepted: beyond it, a client tries again
   * after a second.
   */
  private static final int MOST_NOT_ACCEPTED = 1024;

  private static final int SPARE_THREADS = 8;
  private static final long SWEEP_MILLIS = 500;
  private static final long STOP_THREADS_MILLIS = 500;
  private static final long LOOK_MILLIS = 20;
  private static final long LEAST_TRANSFER_BYTES = 16_000_000;

  private final String host;
  private final int port;
  private final int most = Math.max(16, 4 * Runtime.getRuntime().availableProcessors() + 8);
  private final QueuedThreadPool threads =
      new QueuedThreadPool(most + SPARE_THREADS, 4 + SPARE_THREADS, 60_000);
  private final Turns turns = new Turns(most, threads);
  private final Transfers arriving = new Transfers(transferBytes());
  private final Transfers leaving = new Transfers(transferBytes());
  private final Intake intake;
  private final Metrics metrics;
  private final ScheduledExecutorService watch;
  private volatile boolean draining;
  private volatile @Nullable Future<?> sweeping;
  private volatile @Nullable HttpConnections connections;
  private volatile @Nullable ServerConnector connector;

  /**
   * A transport.
   *
   * @param allowedHosts names that it may be asked by, beside its own
   * @param counted whether requests count in the metrics yet
   * @param mostBytes of the body of a request to a path
   */
  Transport(
      String host,
      int port,
      Collection<String> allowedHosts,
      Metrics metrics,
      BooleanSupplier counted,
      ToIntFunction<String> mostBytes) {
    this.host = host;
    this.port = port;
    this.metrics = metrics;
    this.intake =
        new Intake(
            new Intake.Limits(turns, arriving, leaving, mostBytes),
            new HostCheck(host, allowedHosts),
            metrics,
            counted,
            () -> draining);
    threads.setName("kindred-http");
    threads.setStopTimeout(STOP_THREADS_MILLIS);
    this.watch =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "kindred-http-watch");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** In each direction an eighth of the heap. */
  private static long transferBytes() {
    return Math.max(LEAST_TRANSFER_BYTES, Runtime.getRuntime().maxMemory() / 8);
  }

  void configure(JavalinConfig config) {
    config.jetty.threadPool = threads;
    config.jetty.modifyServer(
        server -> {
          server.setStopTimeout(0); // all is ended before
          server.setStopAtShutdown(false);
          server.setErrorHandler(new BrokenRequests(metrics));
          server.insertHandler(intake);
          // It would cut every pause of a second where the threads are busy
          server.getBeans(LowResourceMonitor.class).forEach(server::removeBean);
        });
    // Ids may hold slashes, percent signs and dots: the router decodes each segment by itself.
    config.jetty.modifyHttpConfiguration(
        http -> {
          http.setUriCompliance(UriCompliance.UNSAFE);
          http.setSendServerVersion(false);
        });
    config.jetty.modifyServletContextHandler(
        context -> {
          context.getServletHandler().setDecodeAmbiguousURIs(true);
          context.setErrorHandler(new BrokenRequests(metrics));
        });
    config.jetty.addConnector(this::connector);
  }

  private ServerConnector connector(Server server, HttpConfiguration http) {
    HttpConnections all = new HttpConnections(http);
    ServerConnector listening = new ServerConnector(server, all);
    listening.setHost(host);
    listening.setPort(port);
    listening.setAcceptQueueSize(MOST_NOT_ACCEPTED);
    listening.setShutdownIdleTimeout(-1);
    connections = all;
    connector = listening;
    sweeping =
        watch.scheduleWithFixedDelay(
            this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    return listening;
  }

  private void sweep() {
    try {
      arriving.sweep();
      leaving.sweep();
      turns.sweep();
      HttpConnections all = connections;
      if (all != null) {
        all.sweep();
      }
    } catch (RuntimeException | OutOfMemoryError e) { // it goes on: there may be room again
      LOG.warn("slow connections were not looked at", e);
    }
  }

  /**
   * Takes no more connections, and waits until the requests on those that there are have been
   * answered: for 10 seconds at the most. Each answer says that its connection ends, so that a
   * client sends nothing more on it; where nothing has come for a second, the connection is closed.
   * A second time, it does nothing.
   */
  void drain() {
    draining = true;
    ServerConnector listening = connector;
    HttpConnections all = connections;
    if (listening == null || all == null) {
      end();
      return;
    }
    listening.close();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DRAIN_MILLIS);
    try {
      while (!all.drain() && System.nanoTime() - end < 0) {
        Thread.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    end();
  }

  private void end() {
    Future<?> last = sweeping;
    if (last != null) {
      last.cancel(false);
    }
    watch.shutdownNow();
  }

  /** Says why a server does not listen, and what to do. */
  static KindredException cannotListen(String host, int port, JavalinBindException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
      if (message.contains("in use")) {
        return new KindredException(
            "port "
                + port
                + " on "
                + host
                + " is already in use: stop the program that listens there, or take another port (0 is any free one)",
            e);
      }
      if (message.contains("permission denied")) {
        return new KindredException(
            "port "
                + port
                + " on "
                + host
                + " may not be used by this account: take a port from 1024 on",
            e);
      }
      if (message.contains("assign requested address")
          || message.contains("unresolved")
          || cause instanceof UnresolvedAddressException) {
        return new KindredException(
            "'"
                + host
                + "' is not an address of this machine: take 127.0.0.1 (this machine only) or 0.0.0.0 (all)",
            e);
      }
    }
    return new KindredException(
        "cannot listen on " + host + ", port " + port + ": " + e.getMessage(), e);
  }
}
