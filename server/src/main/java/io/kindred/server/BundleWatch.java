package io.kindred.server;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every two seconds whether a bundle on disk is another one than before, by the names, sizes
 * and times of its files, and has it loaded then. Thread-safe.
 */
final class BundleWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BundleWatch.class);

  private static final long LOOK_SECONDS = 2;

  private final List<Path> bundles;
  private final Loader loader;
  private final Map<Path, List<String>> known = new HashMap<>(); // of the thread alone
  private final BlockingQueue<Boolean> wishes = new ArrayBlockingQueue<>(1);
  private final Thread thread = new Thread(this::run, "kindred-reload");

  /** Loads a bundle and puts it in the place of the one before. */
  @FunctionalInterface
  interface Loader {
    /**
     * Does it, or throws, and the one before goes on.
     *
     * @return what to say of it
     */
    String load(Path bundle) throws InterruptedException;
  }

  /**
   * Starts to look.
   *
   * @param loaded whether what a bundle is now has been loaded; it may have been replaced since
   */
  BundleWatch(List<Path> bundles, Predicate<Path> loaded, Loader loader) {
    this.bundles = List.copyOf(bundles);
    this.loader = loader;
    for (Path bundle : this.bundles) {
      List<String> now = identity(bundle); // first: a change from here on is seen
      known.put(bundle, loaded.test(bundle) ? now : List.of());
    }
    thread.setDaemon(true);
    thread.start();
  }

  /** Has all bundles loaded soon, changed or not. Returns at once. */
  void loadAll() {
    wishes.offer(true);
  }

  private void run() {
    try {
      while (true) {
        boolean all = wishes.poll(LOOK_SECONDS, TimeUnit.SECONDS) != null;
        for (Path bundle : bundles) {
          look(bundle, all);
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("closed", e);
    }
  }

  private void look(Path bundle, boolean always) throws InterruptedException {
    List<String> now = identity(bundle);
    // Without a file it is being replaced, or gone for good: what is served goes on.
    if (!always && (now.isEmpty() || now.equals(known.get(bundle)))) {
      return;
    }
    known.put(bundle, now);
    long begun = System.nanoTime();
    try {
      String done = loader.load(bundle);
      LOG.info(
          "{} was loaded again in {} ms: {}",
          bundle,
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun),
          done);
    } catch (RuntimeException | OutOfMemoryError e) {
      String why = e instanceof OutOfMemoryError ? "not enough memory" : e.getMessage();
      LOG.error("{} was not loaded, the model before goes on: {}", bundle, why);
      LOG.debug("not loaded", e);
    }
  }

  /** What tells a bundle from one that was written later; empty where there is none. */
  private static List<String> identity(Path bundle) {
    List<String> files = new ArrayList<>();
    try (DirectoryStream<Path> inside = Files.newDirectoryStream(bundle)) {
      for (Path file : inside) {
        BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
        files.add(
            file.getFileName()
                + " "
                + is.size()
                + " "
                + is.lastModifiedTime()
                + " "
                + is.fileKey());
      }
    } catch (IOException e) {
      return List.of();
    }
    files.sort(null);
    return files;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
