package io.kindred.ann;

import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.SearchResult;
import io.github.jbellis.jvector.graph.disk.OnDiskGraphIndex;
import io.github.jbellis.jvector.graph.disk.feature.FeatureId;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.graph.similarity.ScoreFunction;
import io.github.jbellis.jvector.util.Bits;
import io.kindred.CandidateIndex;
import io.kindred.KindredException;
import io.kindred.ProgressListener;
import io.kindred.VectorModel;
import io.kindred.linalg.Kernels;
import io.kindred.sparse.TopN;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A graph of item vectors on disk that finds the largest inner products with a query: most of the
 * true best, at a cost that hardly grows with the number of items.
 *
 * <p>The search walks the graph from item to item (see {@code GraphBuild} for the papers), holding
 * the best {@code width} items that it has met; the scores of what it found are exact inner
 * products. Its file is mapped into memory: opening it takes no heap for vectors and edges, and all
 * processes share its pages.
 *
 * <p>A filter works inside the search: items that are left out lead on, but are not found. Where it
 * leaves a quarter of the items or fewer, or so few that the walk would be longer than a look at
 * each of them, each is looked at, and the result is exact.
 *
 * <p>Items can be added, replaced and removed while others search. What was added lies in memory
 * and is looked at one by one, {@code O(added dimensions)} a search, so it is found at once; {@link
 * #save} inserts it into the graph of a new file, without building that anew.
 *
 * <p>A search costs about {@code O(width neighbors dimensions)} and, for filters, O(items / 64).
 * Thread-safe. The same file and the same changes give the same answers.
 */
public final class AnnIndex implements CandidateIndex {
  /** The search holds at least so many items, and so many times n. */
  private static final int LEAST_WIDTH = 200;

  private static final int OVERSAMPLING = 2;

  /**
   * Walking meets about 10 items for each that it holds, and needs {@code nodes / allowed} times as
   * many under a filter; a look at an item in the order of the file costs about a quarter.
   */
  private static final long SCAN = 40;

  /**
   * Where a filter leaves less than one of so many items, a walk misses some of what is left
   * however wide it is: items that few edges lead to are otherwise not among the best. So each is
   * looked at.
   */
  private static final int STRICT = 4;

  static {
    JVector.load();
  }

  private final IndexFile.Header header;
  private final OnDiskGraphIndex graph;
  private final int[] itemOfNode;
  private final int[] nodeOfItem;
  private final double scale;
  private final Queue<Walker> pool = new ConcurrentLinkedQueue<>();
  private volatile Changes changes = new Changes(new BitSet(), new int[0], new float[0][], 0);
  private volatile boolean closed;

  /**
   * What was changed since the file was written. Immutable up to {@code count}.
   *
   * @param gone items whose node in the graph does not count
   * @param items that were added
   * @param vectors as many
   * @param count how many were added; what is behind is free
   */
  private record Changes(BitSet gone, int[] items, float[][] vectors, int count) {
    Changes without(int item) {
      int[] left = new int[items.length];
      float[][] leftVectors = new float[items.length][];
      int size = 0;
      for (int n = 0; n < count; n++) {
        if (items[n] != item) {
          left[size] = items[n];
          leftVectors[size++] = vectors[n];
        }
      }
      return new Changes(gone, left, leftVectors, size);
    }

    Changes with(int item, float[] vector) {
      int room = count < items.length ? items.length : Math.max(16, 2 * count);
      int[] more = room == items.length ? items : Arrays.copyOf(items, room);
      float[][] moreVectors = room == items.length ? vectors : Arrays.copyOf(vectors, room);
      more[count] = item;
      moreVectors[count] = vector;
      return new Changes(gone, more, moreVectors, count + 1);
    }

    Changes goneToo(int item) {
      BitSet more = (BitSet) gone.clone();
      more.set(item);
      return new Changes(more, items, vectors, count);
    }

    boolean has(int item) {
      for (int n = 0; n < count; n++) {
        if (items[n] == item) {
          return true;
        }
      }
      return false;
    }
  }

  private AnnIndex(IndexFile.Header header, OnDiskGraphIndex graph, int[] itemOfNode) {
    this.header = header;
    this.graph = graph;
    this.itemOfNode = itemOfNode;
    this.nodeOfItem = new int[header.items()];
    Arrays.fill(nodeOfItem, -1);
    for (int node = 0; node < itemOfNode.length; node++) {
      nodeOfItem[itemOfNode[node]] = node;
    }
    this.scale = Math.sqrt(header.largestSquare());
  }

  /**
   * Builds an index and writes it: into another file beside the target, which is then renamed.
   *
   * <p>Cost about {@code O(items beamWidth neighbors dimensions)}, on all threads; memory 8 bytes
   * an element of the vectors and about 12 an edge.
   *
   * @param vectors shape {@code float[items x dimensions]}, row-major; items with zeros alone are
   *     not found
   * @param dimensions at least 1
   * @param file what is there is replaced
   * @throws KindredException if an element is not finite, all are 0, the longest vector is out of
   *     the range of lengths from 1e-18 to 1e18, or the file cannot be written
   * @throws IllegalArgumentException if the length of {@code vectors} is no multiple of {@code
   *     dimensions}
   */
  public static void build(
      float[] vectors, int dimensions, AnnOptions options, Path file, ProgressListener progress) {
    if (dimensions < 1 || vectors.length % dimensions != 0) {
      throw new IllegalArgumentException(
          "dimensions must be at least 1 and divide the "
              + vectors.length
              + " elements of the vectors, got "
              + dimensions);
    }
    float[] @Nullable [] rows = Vectors.rows(vectors, dimensions);
    int[] items = new int[rows.length];
    float[][] nodes = new float[rows.length][];
    int count = 0;
    for (int item = 0; item < rows.length; item++) {
      float[] row = rows[item];
      if (row != null) {
        items[count] = item;
        nodes[count++] = row;
      }
    }
    if (count == 0) {
      throw new KindredException(
          "no item has a vector, so that there is nothing to build an index of");
    }
    nodes = Arrays.copyOf(nodes, count);
    IndexFile.Header header =
        new IndexFile.Header(
            count,
            rows.length,
            dimensions,
            options.neighbors(),
            options.beamWidth(),
            Vectors.largestSquare(Arrays.asList(nodes)),
            Vectors.fingerprint(rows.length, dimensions, item -> rows[item]));
    try (GraphBuild graph = new GraphBuild(nodes, dimensions, options)) {
      graph.insert(0, progress);
      graph.finish();
      write(file, header, Arrays.copyOf(items, count), graph, identity(count));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(
      Path file, IndexFile.Header header, int[] itemOfNode, GraphBuild graph, int[] nodeOf) {
    IndexFile.replace(
        file, header, itemOfNode, fresh -> graph.write(fresh, header.graphStart(), nodeOf));
  }

  private static int[] identity(int count) {
    int[] numbers = new int[count];
    Arrays.setAll(numbers, n -> n);
    return numbers;
  }

  /**
   * Opens an index, after its contents have been checked against their sum. Cost O(bytes of the
   * file).
   *
   * @throws KindredException if there is no such file, it is no index, damaged, or of a newer
   *     format
   */
  public static AnnIndex open(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      IndexFile.Header header = IndexFile.check(file, channel);
      int[] itemOfNode = IndexFile.itemOfNode(channel, header);
      MappedFile mapped = new MappedFile(channel);
      OnDiskGraphIndex graph = OnDiskGraphIndex.load(mapped, header.graphStart());
      if (graph.size(0) != header.nodes() || graph.getDimension() != header.dimensions()) {
        throw IndexFile.damaged(file, "its graph does not fit its header");
      }
      return new AnnIndex(header, graph, itemOfNode);
    } catch (NoSuchFileException e) {
      throw new KindredException("there is no index '" + file + "'", e);
    } catch (IOException e) {
      throw new KindredException("cannot read the index '" + file + "': " + IndexFile.reason(e), e);
    }
  }

  /**
   * Opens the index of a model.
   *
   * @throws KindredException as {@link #open(Path)}, and if it was made from other vectors than
   *     those of the items of the model
   */
  public static AnnIndex open(Path file, VectorModel model) {
    AnnIndex index = open(file);
    float[] vectors = model.itemVectors();
    int dimensions = model.dimensions();
    int items = vectors.length / dimensions;
    IndexFile.Header header = index.header;
    String difference = null;
    if (header.dimensions() != dimensions) {
      difference = "vectors of " + header.dimensions() + " dimensions, the model of " + dimensions;
    } else if (header.items() != items) {
      difference = header.items() + " items, the model " + items;
    } else {
      float[] row = new float[dimensions];
      byte[] fingerprint =
          Vectors.fingerprint(
              items,
              dimensions,
              item -> {
                System.arraycopy(vectors, item * dimensions, row, 0, dimensions);
                return row;
              });
      if (!Arrays.equals(fingerprint, header.fingerprint())) {
        difference = "other vectors than the model";
      }
    }
    if (difference != null) {
      index.close();
      throw new KindredException(
          "the index '"
              + file
              + "' is not one of this model: it has "
              + difference
              + ". Build it again");
    }
    return index;
  }

  /** The length of the vectors. */
  public int dimensions() {
    return header.dimensions();
  }

  @Override
  public int size() {
    Changes now = changes;
    return header.nodes() - now.gone.cardinality() + now.count;
  }

  @Override
  public Candidates search(float[] query, int n, BitSet leftOut) {
    return search(
        query,
        n,
        Math.max(LEAST_WIDTH, (int) Math.min(1L << 30, (long) OVERSAMPLING * n)),
        leftOut);
  }

  /**
   * The same, with a given breadth.
   *
   * @param width how many items the search holds, at least n: more find more of the true best, and
   *     take more time
   * @throws IllegalArgumentException if the query has another length, n is below 0, or the width
   *     below n
   */
  public Candidates search(float[] query, int n, int width, BitSet leftOut) {
    check(query);
    if (n < 0 || width < n) {
      throw new IllegalArgumentException(
          "n must be at least 0 and width at least n, got " + n + " and " + width);
    }
    double length = Math.sqrt(Vectors.square(query));
    if (n == 0 || !Double.isFinite(length)) {
      return Candidates.NONE;
    }
    Changes now = changes;
    TopN best = new TopN(n);
    for (int k = 0; k < now.count; k++) {
      if (!leftOut.get(now.items[k])) {
        best.offer(now.items[k], Kernels.dot(query, now.vectors[k], query.length));
      }
    }
    Walker walker = take();
    try {
      Bits accepted = accepted(leftOut, now.gone);
      if (length == 0 || isShorter(leftOut, now.gone, width)) {
        walker.scan(query, leftOut, now.gone, best);
      } else {
        walker.walk(query, (float) (1 / (length * scale)), width, accepted, best);
      }
    } finally {
      pool.add(walker);
    }
    int size = best.sort();
    return new Candidates(Arrays.copyOf(best.items(), size), Arrays.copyOf(best.scores(), size));
  }

  private Bits accepted(BitSet leftOut, BitSet gone) {
    if (leftOut.isEmpty() && gone.isEmpty()) {
      return Bits.ALL;
    }
    return node -> !leftOut.get(itemOfNode[node]) && !gone.get(itemOfNode[node]);
  }

  /** Whether a look at each item that the filter allows is shorter than the walk. */
  private boolean isShorter(BitSet leftOut, BitSet gone, int width) {
    long nodes = header.nodes();
    if ((long) leftOut.cardinality() + gone.cardinality() <= nodes / 2) {
      return nodes <= width;
    }
    long allowed = 0;
    for (int item = next(leftOut, 0); item >= 0; item = next(leftOut, item + 1)) {
      allowed += nodeOfItem[item] < 0 || gone.get(item) ? 0 : 1;
    }
    return allowed <= Math.max(width, nodes / STRICT)
        || (allowed < nodes / 2 && allowed * allowed <= SCAN * width * nodes);
  }

  /** The first item of the catalogue from a place on that is not left out; -1: none. */
  private int next(BitSet leftOut, int from) {
    int item = leftOut.nextClearBit(from);
    return item < nodeOfItem.length ? item : -1;
  }

  @Override
  public float[] scores(float[] query, int[] items) {
    check(query);
    Changes now = changes;
    float[] scores = new float[items.length];
    Walker walker = take();
    try {
      for (int n = 0; n < items.length; n++) {
        int item = items[n];
        int node = item >= 0 && item < nodeOfItem.length ? nodeOfItem[item] : -1;
        scores[n] = node < 0 || now.gone.get(item) ? Float.NaN : walker.score(query, node);
        for (int k = 0; k < now.count; k++) {
          if (now.items[k] == item) {
            scores[n] = Kernels.dot(query, now.vectors[k], query.length);
          }
        }
      }
    } finally {
      pool.add(walker);
    }
    return scores;
  }

  private void check(float[] query) {
    if (closed) {
      throw new IllegalStateException("the index is closed");
    }
    if (query.length != header.dimensions()) {
      throw new IllegalArgumentException(
          "the query must have " + header.dimensions() + " elements, got " + query.length);
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws KindredException also if the vector is out of the range of lengths from 1e-18 to 1e18
   */
  @Override
  public synchronized void add(int item, float[] vector) {
    check(vector);
    if (item < 0) {
      throw new IllegalArgumentException("item must be at least 0, got " + item);
    }
    if (Vectors.isZero(vector)) {
      throw new IllegalArgumentException("the vector of item " + item + " is zeros alone");
    }
    Vectors.check(item, vector);
    Vectors.largestSquare(List.of(vector));
    remove(item);
    changes = changes.with(item, vector.clone());
  }

  /**
   * Takes an item out; no search finds it from now on.
   *
   * @return whether it was there
   */
  public synchronized boolean remove(int item) {
    Changes now = changes;
    boolean added = now.has(item);
    boolean inGraph =
        item >= 0 && item < nodeOfItem.length && nodeOfItem[item] >= 0 && !now.gone.get(item);
    if (added) {
      now = now.without(item);
    }
    if (inGraph) {
      now = now.goneToo(item);
    }
    changes = now;
    return added || inGraph;
  }

  /**
   * Writes the index with its changes: what was added is inserted into the graph, what was removed
   * is taken out and the edges around it mended. This index stays as it is. For {@link #open(Path,
   * VectorModel)}, the items that were removed are ones whose vectors are zeros.
   *
   * <p>Cost O(items neighbors dimensions) to take the graph over, and for each item that was added
   * what it costs in {@link #build}.
   *
   * @param file what is there is replaced; it may be the file of this index
   * @param threads that insert, at least 1
   * @throws KindredException if no item is left, or the file cannot be written
   */
  public void save(Path file, int threads, ProgressListener progress) {
    check(new float[header.dimensions()]);
    AnnOptions options = new AnnOptions(header.neighbors(), header.beamWidth(), threads);
    Changes now = changes;
    int before = header.nodes();
    float[][] vectors = Arrays.copyOf(new float[0][], before + now.count);
    Walker walker = take();
    for (int node = 0; node < before; node++) {
      vectors[node] = walker.vector(node).clone();
    }
    pool.add(walker);
    System.arraycopy(now.vectors, 0, vectors, before, now.count);
    int catalogue = header.items();
    for (int k = 0; k < now.count; k++) {
      catalogue = Math.max(catalogue, now.items[k] + 1);
    }
    float[] @Nullable [] byItem = new float[catalogue][];
    int[] nodes = new int[vectors.length];
    int[] items = new int[vectors.length];
    int count = 0;
    for (int node = 0; node < vectors.length; node++) {
      int item = node < before ? itemOfNode[node] : now.items[node - before];
      if (node >= before || !now.gone.get(item)) {
        nodes[count] = node;
        items[count++] = item;
        byItem[item] = vectors[node];
      }
    }
    if (count == 0) {
      throw new KindredException("no item is left, so that there is nothing to write an index of");
    }
    int[] left = Arrays.copyOf(nodes, count);
    List<float[]> kept = new ArrayList<>(count);
    for (int node : left) {
      kept.add(vectors[node]);
    }
    IndexFile.Header changed =
        new IndexFile.Header(
            count,
            catalogue,
            header.dimensions(),
            header.neighbors(),
            header.beamWidth(),
            Vectors.largestSquare(kept),
            Vectors.fingerprint(catalogue, header.dimensions(), item -> byItem[item]));
    try (GraphBuild build = new GraphBuild(vectors, header.dimensions(), options)) {
      build.copy(graph);
      build.insert(before, progress);
      for (int node = 0; node < before; node++) {
        if (now.gone.get(itemOfNode[node])) {
          build.remove(node);
        }
      }
      build.finish();
      write(file, changed, Arrays.copyOf(items, count), build, left);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    closed = true;
    pool.clear();
  }

  private Walker take() {
    Walker free = pool.poll();
    return free != null ? free : new Walker();
  }

  @Override
  public String toString() {
    return "index of " + size() + " items, " + header.dimensions() + " dimensions";
  }

  /** What one running search works with. */
  private final class Walker {
    private final GraphSearcher searcher = new GraphSearcher(graph);
    private final OnDiskGraphIndex.View view = (OnDiskGraphIndex.View) searcher.getView();
    private final float[] vector = new float[header.dimensions()];

    /** The vector of a node; the next call writes over it. */
    float[] vector(int node) {
      try {
        view.featureReaderForNode(node, FeatureId.INLINE_VECTORS).read(vector, 0, vector.length);
        return vector;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    float score(float[] query, int node) {
      return Kernels.dot(query, vector(node), vector.length);
    }

    void scan(float[] query, BitSet leftOut, BitSet gone, TopN best) {
      for (int item = next(leftOut, 0); item >= 0; item = next(leftOut, item + 1)) {
        if (nodeOfItem[item] >= 0 && !gone.get(item)) {
          best.offer(item, score(query, nodeOfItem[item]));
        }
      }
    }

    /** JVector searches among scores from 0 to 1; they are exact up to rounding. */
    void walk(float[] query, float inverse, int width, Bits accepted, TopN best) {
      ScoreFunction.ExactScoreFunction similarity = node -> (1 + score(query, node) * inverse) / 2;
      SearchResult found =
          searcher.search(
              new DefaultSearchScoreProvider(similarity), width, width, 0f, 0f, accepted);
      for (SearchResult.NodeScore one : found.getNodes()) {
        best.offer(itemOfNode[one.node], score(query, one.node));
      }
    }
  }
}
