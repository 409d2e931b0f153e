package io.kindred.neural.content;

import io.kindred.Algorithm;
import io.kindred.Checks;
import io.kindred.KindredException;
import io.kindred.Parameters;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.Features;
import io.kindred.data.History;
import io.kindred.neural.batch.Encoding;
import io.kindred.neural.batch.HistoryEncoder;
import io.kindred.neural.batch.Negatives;
import io.kindred.neural.batch.WarmItems;
import io.kindred.neural.model.Bags;
import io.kindred.neural.model.NeuralCodec;
import io.kindred.neural.model.NeuralModel;
import io.kindred.neural.tensor.Noise;
import io.kindred.neural.tensor.Scope;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Torch;
import io.kindred.neural.tensor.Weights;
import io.kindred.neural.train.LossOptions;
import io.kindred.neural.train.NetworkTraining;
import io.kindred.neural.train.TrainingOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Visual features beside collaborative factors (He and McAuley, VBPR, AAAI 2016).
 *
 * <pre>
 * (p_u, t_u) = sum over j in the history of (P[j], T[j]) / sqrt(n)
 * score(i)   = p_u . Q[i] + t_u . (E f_i) + c[i] + b . f_i          f_i: features of the picture
 * </pre>
 *
 * <p>Deviations from the paper: a person is not a row of a table but the sum of rows of the items
 * of the history (as in FISM; Kabbur et al., KDD 2013), so that somebody the model never saw is
 * served; in training, the item that is learned is left out of that sum. An item without
 * interactions has Q[i] = 0 and c[i] = 0: its features alone speak for it. The loss is bpr over
 * shared negatives, or sampled softmax.
 *
 * <p>The features are those of a pretrained {@link MobileNetV2} ({@code encoder}: path of its
 * weights), an embedding in numeric columns ({@code embedding}), or, where neither is named, the
 * picture in 6 x 8 pixels. An item of which nothing is known has the mean of all.
 *
 * <p>With {@code networks} above 1, the mean of that many counts, see {@link Ensemble}.
 *
 * <p>An example is an interaction. A step costs O(items of the batch * features * visual), as often
 * as there are networks.
 *
 * @param dimensions of P and Q, at least 0
 * @param visual dimensions of T and E f, at least 1
 * @param encoder path of the weights of a pretrained network, or empty
 * @param embedding name of the columns of an embedding, or empty
 * @param networks how many networks are trained, whose mean counts; at least 1
 * @param loss sampled-softmax or bpr, with shared negatives
 * @param training how
 */
public record Vbpr(
    int dimensions,
    int visual,
    String encoder,
    String embedding,
    int networks,
    LossOptions loss,
    TrainingOptions training)
    implements Trainer<NeuralModel> {
  private static final int BLOCK = 2048;

  /** The line of the registry. */
  public static final Algorithm<NeuralModel> ALGORITHM =
      new Algorithm<>(
          "vbpr",
          "Factors beside visual features of the items",
          Vbpr::of,
          new NeuralCodec(
              (parameters, data, weights) -> {
                Vbpr options = Vbpr.of(parameters);
                return options.ensemble(weights, part -> new Net(options, data, part, null));
              }));

  private static final Vbpr DEFAULTS =
      new Vbpr(
          32,
          32,
          "",
          "",
          1,
          LossOptions.CROSS_ENTROPY
              .withKind(LossOptions.Kind.BPR)
              .withNegatives(256)
              .withSampling(Negatives.Sampling.UNIFORM)
              .withAvoidPositives(true),
          TrainingOptions.DEFAULTS
              .withEpochs(30)
              .withBatchSize(1024)
              .withLearningRate(0.005)
              .withOptimizer(io.kindred.neural.tensor.Optimizer.Kind.ADAM, 1e-5));

  /** Checks the ranges. */
  public Vbpr {
    Checks.atLeast("dimensions", dimensions, 0);
    Checks.atLeast("visual", visual, 1);
    Objects.requireNonNull(encoder);
    Objects.requireNonNull(embedding);
    Checks.atLeast("networks", networks, 1);
    checkLoss(loss);
    Objects.requireNonNull(training);
  }

  /** Only losses whose negatives a batch shares. */
  static void checkLoss(LossOptions loss) {
    boolean known =
        loss.kind() == LossOptions.Kind.BPR || loss.kind() == LossOptions.Kind.SAMPLED_SOFTMAX;
    if (!known || !loss.shared()) {
      throw new IllegalArgumentException(
          "loss must be sampled-softmax or bpr with sharedNegatives=true, got "
              + Parameters.nameOf(loss.kind())
              + " with sharedNegatives="
              + loss.shared());
    }
  }

  /** 32 factors beside 32 visual ones, bpr with 256 negatives. */
  public static Vbpr defaults() {
    return DEFAULTS;
  }

  /** The same with another way of training. */
  public Vbpr withTraining(TrainingOptions newTraining) {
    return new Vbpr(dimensions, visual, encoder, embedding, networks, loss, newTraining);
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static Vbpr of(Parameters parameters) {
    Parameters.Reader in = parameters.reader("vbpr");
    Vbpr read =
        new Vbpr(
            in.integer("dimensions", DEFAULTS.dimensions),
            in.integer("visual", DEFAULTS.visual),
            in.string("encoder", DEFAULTS.encoder),
            in.string("embedding", DEFAULTS.embedding),
            in.integer("networks", DEFAULTS.networks),
            LossOptions.of(in, DEFAULTS.loss),
            TrainingOptions.of(in, DEFAULTS.training));
    in.finish();
    return read;
  }

  @Override
  public String algorithm() {
    return ALGORITHM.name();
  }

  @Override
  public Parameters parameters() {
    return training.addTo(
        loss.addTo(
            Parameters.none()
                .with("dimensions", dimensions)
                .with("visual", visual)
                .with("encoder", encoder)
                .with("embedding", embedding)
                .with("networks", networks)));
  }

  /**
   * {@inheritDoc}
   *
   * @throws KindredException if the data has neither pictures nor the named embedding
   */
  @Override
  public NeuralModel train(Dataset data, TrainingContext context) {
    DenseFeatures.Table features =
        DenseFeatures.read(
            data.itemFeatures(), encoder, embedding, context.threads(), context.progress());
    if (features.dimensions() == 0) {
      throw new KindredException(
          "vbpr: '"
              + data.name()
              + "' has no pictures; a folder of pictures named by item id comes in by --images"
              + " DIR, and an embedding by embedding=NAME");
    }
    NeuralModel model =
        NetworkTraining.train(
            this,
            training,
            data,
            context,
            weights -> ensemble(weights, part -> new Net(this, data, part, features)),
            (networks, train, metric) ->
                new PairTask<>(loss, training, networks, train, 0, 0, metric));
    ((Ensemble<?, ?>) model.network()).spread();
    return model;
  }

  private Ensemble<Net, DenseFeatures.Table> ensemble(Weights weights, Function<Weights, Net> net) {
    return new Ensemble<>(
        weights, networks, net, (larger, part) -> new Net(this, larger, part, null));
  }

  /** The network. */
  static final class Net extends ItemVectors<DenseFeatures.Table> implements PairTask.Net {
    private final HistoryEncoder histories;
    private final int itemCount;
    private final int factors;
    private final float[] warm; // 1 for items with interactions
    private final Tensor read; // P and T side by side, [items, factors + visual]
    private final Tensor item; // Q and c side by side, [items, factors + 1]
    private final Tensor project; // E, and b as one more row: [visual + 1, features]
    private final Vbpr options;
    private final DenseFeatures.KeptScaling scaling;
    private final DenseFeatures.@Nullable Table features;

    Net(Vbpr options, Dataset data, Weights weights, DenseFeatures.@Nullable Table features) {
      super(weights, data.items().size(), options.dimensions + options.visual);
      this.options = options;
      this.features = features;
      itemCount = data.items().size();
      factors = options.dimensions;
      histories = HistoryEncoder.of(Encoding.BINARY, data.interactions());
      warm = WarmItems.of(data.interactions());
      int known =
          features != null
              ? features.dimensions()
              : DenseFeatures.dimensions(data.itemFeatures(), options.encoder, options.embedding);
      read = weights.normal("read", 0.1, itemCount, (long) factors + options.visual);
      item = weights.normal("item", 0.1, itemCount, factors + 1L);
      project = weights.glorot("project", options.visual + 1L, known);
      scaling = new DenseFeatures.KeptScaling(weights, known, features);
    }

    @Override
    public Tensor people(PairTask.Part part, Noise noise) {
      return sumsWithout(read, part);
    }

    /** Sums of rows over histories without the item of each pair, over the root of their count. */
    static Tensor sumsWithout(Tensor table, PairTask.Part part) {
      int pairs = part.items().length;
      float[] shares = new float[pairs];
      for (int pair = 0; pair < pairs; pair++) {
        int row = (int) part.people()[pair];
        long size = part.histories().starts()[row + 1] - part.histories().starts()[row];
        shares[pair] = (float) (1 / Math.sqrt(Math.max(1, size - part.inside()[pair])));
      }
      return Bags.sums(table, part.histories())
          .indexSelect(0, Tensor.of(part.people(), pairs))
          .sub(
              table
                  .embedding(Tensor.of(part.items(), pairs))
                  .mul(Tensor.of(part.inside(), pairs, 1)))
          .mul(Tensor.of(shares, pairs, 1));
    }

    @Override
    public Tensor candidates(long[] items, Noise noise) {
      DenseFeatures.Table table = Objects.requireNonNull(features, "no features");
      int known = table.dimensions();
      float[] rows = new float[items.length * known];
      float[] ids = new float[items.length];
      for (int i = 0; i < items.length; i++) {
        System.arraycopy(table.values(), (int) items[i] * known, rows, i * known, known);
        ids[i] = warm[(int) items[i]];
      }
      return beside(
          item.embedding(Tensor.of(items, items.length)).mul(Tensor.of(ids, items.length, 1)),
          rows,
          items.length);
    }

    /** Vectors of items from their own factors and from what is seen of them, [n, d + 1]. */
    private Tensor beside(Tensor own, float[] rows, int n) {
      Tensor seen = Tensor.of(rows, n, project.size(1)).linear(project, null); // [n, visual + 1]
      int visual = options.visual;
      return Tensor.concat(
          List.of(
              own.narrow(1, 0, factors),
              seen.narrow(1, 0, visual),
              own.narrow(1, factors, 1).add(seen.narrow(1, visual, 1))),
          1);
    }

    @Override
    void spread() {
      keep(allCandidates(this, itemCount));
    }

    /** The vectors of all items, block by block. */
    static float[] allCandidates(PairTask.Net net, int itemCount) {
      float[] all = new float[0];
      for (int from = 0; from < itemCount; from += BLOCK) {
        long[] block = new long[Math.min(BLOCK, itemCount - from)];
        int first = from;
        Arrays.setAll(block, i -> first + i);
        try (Scope scope = Scope.withoutGradients()) {
          Tensor found = net.candidates(block, Noise.NONE);
          int wide = (int) found.size(1);
          if (all.length == 0) {
            all = new float[Math.multiplyExact(itemCount, wide)];
          }
          found.copyTo(all, from * wide);
        }
      }
      return all;
    }

    @Override
    boolean seesPictures() {
      return options.embedding.isEmpty();
    }

    @Override
    double likeness(int item, int other) {
      return cosine(item, other, factors, options.visual);
    }

    @Override
    int[] pictureSize() {
      return DenseFeatures.pictureSize(options.encoder);
    }

    @Override
    float[] seen(List<Picture> pictures) {
      return DenseFeatures.seen(pictures, options.encoder, scaling.get());
    }

    /** t_u . (E f) + b . f. */
    @Override
    float[] pictureScores(History history, float[] seen, int pictures) {
      try (Scope scope = Scope.withoutGradients()) {
        Tensor person = queries(List.of(history)).narrow(1, factors, options.visual);
        Tensor all = Tensor.of(seen, pictures, project.size(1)).linear(project, null);
        return all.narrow(1, 0, options.visual)
            .matmul(person.transpose(0, 1))
            .add(all.narrow(1, options.visual, 1))
            .toFloats();
      }
    }

    @Override
    DenseFeatures.Table read(Features more) {
      return DenseFeatures.later(more, options.encoder, options.embedding, scaling.get());
    }

    @Override
    Map<String, float[]> grown(DenseFeatures.Table read) {
      int n = read.known().length;
      int wide = (int) item.size(1);
      Map<String, float[]> values = weights().snapshot();
      append(values, "read", new float[n * (int) this.read.size(1)]);
      append(values, "item", new float[n * wide]);
      Torch.setThreads(1);
      try (Scope scope = Scope.withoutGradients()) {
        append(values, "vectors", beside(Tensor.zeros(n, wide), read.values(), n).toFloats());
      }
      return values;
    }

    @Override
    Tensor queries(List<History> asked) {
      return Bags.sums(read, histories.rows(asked).normalized());
    }
  }
}
