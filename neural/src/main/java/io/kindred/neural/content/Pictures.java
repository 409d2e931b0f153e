package io.kindred.neural.content;

import io.kindred.KindredException;
import io.kindred.ProgressListener;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.sparse.Parallel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The pictures of the items of a data set in one size. All are read once, so that it is known which
 * can be; decoded ones are kept as far as a limit of memory goes, the least recently used leave
 * first and are read again when they are needed. Thread-safe.
 *
 * <p>An item whose picture is missing, damaged, too large or no picture is an item without picture:
 * {@link #problems} says which and why.
 */
public final class Pictures {
  static final String NO_FOLDER =
      "the data names pictures, but it is not known in which folder they are";

  private static final int EXAMPLES = 5;
  private static final int BLOCK = 16;

  private final int width;
  private final int height;
  private final @Nullable Path folder;
  private final List<@Nullable String> paths;
  private final boolean[] known;
  private final List<String> problems;
  private final Map<Integer, Picture> cache;

  private Pictures(
      int width,
      int height,
      @Nullable Path folder,
      List<@Nullable String> paths,
      List<String> problems,
      long cacheBytes) {
    this.width = width;
    this.height = height;
    this.folder = folder;
    this.paths = paths;
    this.problems = problems;
    known = new boolean[paths.size()];
    long most = Math.max(1, cacheBytes / (3L * width * height));
    cache =
        new LinkedHashMap<>(64, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Integer, Picture> eldest) {
            return size() > most;
          }
        };
  }

  /** The column of pictures: the first that there is. */
  public static Optional<FeatureColumn.Image> column(Features features) {
    return features.columns().stream()
        .filter(FeatureColumn.Image.class::isInstance)
        .map(FeatureColumn.Image.class::cast)
        .findFirst();
  }

  /**
   * Reads the pictures of all items once.
   *
   * @param features of the items
   * @param width of each afterwards
   * @param height of each afterwards
   * @param cacheBytes how much memory decoded pictures may take; at least one is kept
   * @param progress hears how far it is, and of what could not be read a warning
   */
  public static Pictures read(
      Features features,
      int width,
      int height,
      long cacheBytes,
      int threads,
      ProgressListener progress) {
    Optional<FeatureColumn.Image> column = column(features);
    List<@Nullable String> paths =
        column
            .map(FeatureColumn.Image::paths)
            .orElseGet(() -> Collections.nCopies(features.size(), null));
    List<String> problems = new ArrayList<>();
    Pictures pictures =
        new Pictures(
            width,
            height,
            column.map(FeatureColumn.Image::folder).orElse(null),
            paths,
            problems,
            cacheBytes);
    int named = (int) paths.stream().filter(path -> path != null).count();
    if (named > 0 && pictures.folder == null) {
      problems.add(NO_FOLDER);
    } else if (named > 0) {
      pictures.readAll(named, threads, progress);
    }
    tell(problems, named - pictures.count(), named, progress);
    return pictures;
  }

  private void readAll(int named, int threads, ProgressListener progress) {
    @Nullable String[] wrong = new @Nullable String[paths.size()];
    AtomicInteger done = new AtomicInteger();
    Object telling = new Object();
    Parallel.forBlocks(
        threads,
        paths.size(),
        BLOCK,
        () ->
            (from, to) -> {
              for (int item = from; item < to; item++) {
                if (paths.get(item) == null) {
                  continue;
                }
                try {
                  keep(item, decode(item));
                  known[item] = true;
                } catch (KindredException e) {
                  wrong[item] = e.getMessage();
                }
                int count = done.incrementAndGet();
                synchronized (telling) {
                  progress.onProgress("pictures", count, named, "");
                }
              }
            });
    for (String problem : wrong) {
      if (problem != null) {
        problems.add(problem);
      }
    }
  }

  /** Warns of pictures that could not be read. */
  static void tell(List<String> problems, int bad, int named, ProgressListener progress) {
    if (problems.isEmpty()) {
      return;
    }
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%,d of %,d pictures cannot be used; their items count as items without picture",
            bad,
            named));
    for (String problem : problems.subList(0, Math.min(EXAMPLES, problems.size()))) {
      text.append("\n  ").append(problem);
    }
    if (problems.size() > EXAMPLES) {
      text.append(String.format(Locale.ROOT, "%n  and %,d more", problems.size() - EXAMPLES));
    }
    progress.onWarning(text.toString());
  }

  private Picture decode(int item) {
    String path = paths.get(item);
    if (folder == null || path == null) {
      throw new IllegalArgumentException("item " + item + " has no picture");
    }
    return PictureFile.read(folder, path).resized(width, height);
  }

  private void keep(int item, Picture picture) {
    synchronized (cache) {
      cache.put(item, picture);
    }
  }

  /** How many items there are. */
  int size() {
    return known.length;
  }

  /** Whether an item has a picture that can be read. */
  public boolean has(int item) {
    return known[item];
  }

  /** The items that have a picture, ascending. */
  public int[] items() {
    int[] items = new int[count()];
    int at = 0;
    for (int item = 0; item < known.length; item++) {
      if (known[item]) {
        items[at++] = item;
      }
    }
    return items;
  }

  /** How many items have a picture. */
  public int count() {
    int count = 0;
    for (boolean one : known) {
      count += one ? 1 : 0;
    }
    return count;
  }

  /** How many decoded pictures are in memory. */
  int cached() {
    synchronized (cache) {
      return cache.size();
    }
  }

  /** What could not be read and why, a line each. */
  public List<String> problems() {
    return Collections.unmodifiableList(problems);
  }

  /**
   * The picture of an item, of {@link #has}.
   *
   * @throws KindredException if it was there once and is no longer
   */
  public Picture get(int item) {
    synchronized (cache) {
      Picture kept = cache.get(item);
      if (kept != null) {
        return kept;
      }
    }
    Picture picture = decode(item);
    keep(item, picture);
    return picture;
  }

  /** Width of all pictures. */
  public int width() {
    return width;
  }

  /** Height of all pictures. */
  public int height() {
    return height;
  }
}
