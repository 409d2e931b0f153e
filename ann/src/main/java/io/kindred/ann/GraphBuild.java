package io.kindred.ann;

import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex.NodeAtLevel;
import io.github.jbellis.jvector.graph.NodeArray;
import io.github.jbellis.jvector.graph.NodesIterator;
import io.github.jbellis.jvector.graph.OnHeapGraphIndex;
import io.github.jbellis.jvector.graph.disk.OnDiskGraphIndex;
import io.github.jbellis.jvector.graph.disk.OnDiskGraphIndexWriter;
import io.github.jbellis.jvector.graph.disk.OrdinalMapper;
import io.github.jbellis.jvector.graph.disk.feature.Feature;
import io.github.jbellis.jvector.graph.disk.feature.FeatureId;
import io.github.jbellis.jvector.graph.disk.feature.InlineVectors;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.graph.similarity.ScoreFunction;
import io.github.jbellis.jvector.graph.similarity.SearchScoreProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import io.kindred.ProgressListener;
import io.kindred.linalg.Kernels;
import io.kindred.sparse.Parallel;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;

/**
 * A graph of items in memory, on its way to the disk.
 *
 * <p>An edge leads from an item to items of large inner products with it (Morozov and Babenko 2018,
 * ip-NSW), chosen for diversity as in Vamana (Subramanya et al. 2019, DiskANN, with alpha 1.2), on
 * the layers of HNSW (Malkov and Yashunin 2016), all by JVector. JVector wants similarities from 0
 * on, and weighs one against alpha times another, so an inner product enters as {@code max(0, (1 +
 * <x, y> / scale) / 2)}. The scale decides how many edges survive that weighing: see
 * docs/decisions/0007-ann.md for what was measured.
 */
final class GraphBuild implements Closeable {
  private static final float ALPHA = 1.2f;
  private static final float OVERFLOW = 1.2f;
  private static final int BLOCK = 64;

  /** The scale of similarities, in mean squared lengths of the vectors. */
  private static final double SCALE = 16;

  private final float[][] vectors;
  private final int dimensions;
  private final int threads;
  private final float inverseScale;
  private final ForkJoinPool pool;
  private final GraphIndexBuilder builder;

  /**
   * An empty graph.
   *
   * @param vectors by node; none is all zeros
   */
  GraphBuild(float[][] vectors, int dimensions, AnnOptions options) {
    this.vectors = vectors;
    this.dimensions = dimensions;
    this.threads = options.threads();
    this.inverseScale = (float) (1 / scale(vectors));
    this.pool = new ForkJoinPool(threads);
    this.builder = builder(options);
  }

  // The builder's builder takes layers and refinement from settings of the whole JVM that anybody
  // may change; the constructor says them.
  @SuppressWarnings("deprecation")
  private GraphIndexBuilder builder(AnnOptions options) {
    return new GraphIndexBuilder(
        new Scores(),
        dimensions,
        options.neighbors(),
        options.beamWidth(),
        OVERFLOW,
        ALPHA,
        true,
        true,
        pool,
        pool);
  }

  private static double scale(float[][] vectors) {
    double sum = 0;
    for (float[] vector : vectors) {
      sum += Vectors.square(vector);
    }
    return SCALE * sum / vectors.length;
  }

  /** Inserts the nodes from a given one on. */
  void insert(int from, ProgressListener progress) {
    int count = vectors.length - from;
    Parallel.forBlocks(
        threads,
        count,
        BLOCK,
        () ->
            (first, last) -> {
              for (int node = from + first; node < from + last; node++) {
                builder.addGraphNode(node, provider(node));
              }
            },
        done -> progress.onProgress("index", done, count, ""));
  }

  /** Takes over a graph that was built before: its nodes are the first ones here. */
  void copy(OnDiskGraphIndex before) {
    OnHeapGraphIndex graph = (OnHeapGraphIndex) builder.getGraph();
    int top = before.getMaxLevel();
    int[] levels = new int[before.getIdUpperBound()];
    try (OnDiskGraphIndex.View view = before.getView()) {
      for (int level = 0; level <= top; level++) {
        for (NodesIterator nodes = before.getNodes(level); nodes.hasNext(); ) {
          int node = nodes.nextInt();
          levels[node] = level;
        }
      }
      for (int node = 0; node < levels.length; node++) {
        for (int level = 0; level <= levels[node]; level++) {
          graph.connectNode(level, node, edges(view, level, node));
        }
        graph.markComplete(new NodeAtLevel(levels[node], node));
      }
      graph.updateEntryNode(view.entryNode());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private NodeArray edges(OnDiskGraphIndex.View view, int level, int node) {
    NodesIterator neighbors = view.getNeighborsIterator(level, node);
    NodeArray edges = new NodeArray(neighbors.size());
    while (neighbors.hasNext()) {
      int neighbor = neighbors.nextInt();
      edges.insertSorted(neighbor, similarity(node, neighbor));
    }
    return edges;
  }

  /** Takes a node out; {@link #finish} mends the edges around it. */
  void remove(int node) {
    builder.markNodeDeleted(node);
  }

  /** Brings the edges to their final number. */
  void finish() {
    builder.cleanup();
  }

  /**
   * Writes the graph behind what a file has already.
   *
   * @param nodeOf the node here of each node in the file
   */
  void write(Path file, long start, int[] nodeOf) throws IOException {
    try (OnDiskGraphIndexWriter writer = writer(file, start, nodeOf)) {
      writer.write(
          Feature.singleStateFactory(
              FeatureId.INLINE_VECTORS, node -> new InlineVectors.State(vector(vectors[node]))));
    }
  }

  private OnDiskGraphIndexWriter writer(Path file, long start, int[] nodeOf) throws IOException {
    OnDiskGraphIndexWriter.Builder writer =
        new OnDiskGraphIndexWriter.Builder(builder.getGraph(), file);
    writer.withStartOffset(start);
    return writer.with(new InlineVectors(dimensions)).withMapper(new Renumbering(nodeOf)).build();
  }

  private static VectorFloat<?> vector(float[] row) {
    VectorFloat<?> vector = JVector.vector(row.length);
    for (int k = 0; k < row.length; k++) {
      vector.set(k, row[k]);
    }
    return vector;
  }

  @Override
  public void close() throws IOException {
    pool.shutdown();
    builder.close();
  }

  private float similarity(int a, int b) {
    return Math.max(0, (1 + Kernels.dot(vectors[a], vectors[b], dimensions) * inverseScale) / 2);
  }

  private SearchScoreProvider provider(int node) {
    return new DefaultSearchScoreProvider(
        (ScoreFunction.ExactScoreFunction) other -> similarity(node, other));
  }

  /** Similarities between nodes. */
  private final class Scores implements BuildScoreProvider {
    @Override
    public boolean isExact() {
      return true;
    }

    @Override
    public VectorFloat<?> approximateCentroid() {
      return JVector.vector(dimensions);
    }

    @Override
    public SearchScoreProvider searchProviderFor(VectorFloat<?> vector) {
      float[] row = new float[dimensions];
      for (int k = 0; k < dimensions; k++) {
        row[k] = vector.get(k);
      }
      return new DefaultSearchScoreProvider(
          (ScoreFunction.ExactScoreFunction)
              other ->
                  Math.max(
                      0, (1 + Kernels.dot(row, vectors[other], dimensions) * inverseScale) / 2));
    }

    @Override
    public SearchScoreProvider searchProviderFor(int node) {
      return provider(node);
    }

    @Override
    public SearchScoreProvider diversityProviderFor(int node) {
      return provider(node);
    }
  }

  /** Nodes in the file, without the holes that removed ones leave here. */
  private static final class Renumbering implements OrdinalMapper {
    private final int[] nodeOf;
    private final int[] numberOf;

    Renumbering(int[] nodeOf) {
      this.nodeOf = nodeOf;
      int bound = nodeOf.length == 0 ? 0 : Arrays.stream(nodeOf).max().getAsInt() + 1;
      this.numberOf = new int[bound];
      for (int number = 0; number < nodeOf.length; number++) {
        numberOf[nodeOf[number]] = number;
      }
    }

    @Override
    public int maxOrdinal() {
      return nodeOf.length - 1;
    }

    @Override
    public int oldToNew(int node) {
      return numberOf[node];
    }

    @Override
    public int newToOld(int number) {
      return nodeOf[number];
    }
  }
}
