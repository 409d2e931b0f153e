package io.kindred.neural.content;

import io.kindred.Algorithm;
import io.kindred.ArrayReader;
import io.kindred.ArrayWriter;
import io.kindred.Checks;
import io.kindred.Parameters;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.Features;
import io.kindred.data.History;
import io.kindred.feature.FeatureEncoder;
import io.kindred.feature.FeatureOptions;
import io.kindred.feature.ItemRows;
import io.kindred.neural.batch.Encoding;
import io.kindred.neural.batch.HistoryEncoder;
import io.kindred.neural.batch.MultiHot;
import io.kindred.neural.batch.Negatives;
import io.kindred.neural.batch.SequenceBatch;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A tower for people and a tower for items, whose inner product is the score (Covington et al.,
 * RecSys 2016; Yi et al., RecSys 2019). An item is its id and all that is said of it; the id is
 * often left out in training, so that the network learns to do without (DropoutNet; Volkovs et al.,
 * NIPS 2017): then an item that nobody has rated yet has a vector from its features alone.
 *
 * <pre>
 * h_i      = dropout(relu(sum over the entries of x_i: x_it M[t] + D f_i + b))
 * (v_i, c_i) = k_i Q[i] + W_o h_i + b_o          k_i = 0 for new items, and by chance in training
 * g_j      = k_j R[j] + W_r h_j                  what the history reads of an item
 * mean       u = sum of g_j / sqrt(n)                                   over the whole history
 * gru        u = W_u gru(g of the newest items, oldest first)
 * attention  u = W_u sum of a_j g_j,  a = softmax(q . tanh(A g_j))      over the newest items
 * score(i) = u . v_i + c_i
 * </pre>
 *
 * <p>x_i is the sparse vector of its words, categories, tags, numbers and vectors ({@link
 * FeatureEncoder}); M begins at 0, so what no item of the training has says nothing. f is an
 * embedding or what a pretrained network sees in the picture (see {@link Vbpr}); without any
 * feature, h is the same for all items and only ids tell them apart. An item that lacks some of its
 * features goes by the others; of f it has the mean of f. In training, each item of a history is
 * left out with probability {@code historyDropout}, so that short histories are learned, too; mean
 * reads what is left of the whole history without the item that is learned, gru and attention what
 * was before it.
 *
 * <p>The loss is sampled softmax with log-q correction over negatives that the batch shares, half
 * of them drawn evenly and half as often as they are chosen (Yang et al., WWW 2020), or bpr. An
 * example is an interaction. With {@code networks} above 1, the mean of that many counts, see
 * {@link Ensemble}. A step costs O(networks * (entries of x * hidden + batch * negatives *
 * dimensions)); a query O(networks * history * dimensions).
 *
 * @param dimensions of the vectors, at least 1
 * @param hidden size of h, at least 1
 * @param history how histories are read
 * @param maxLength how many of the newest items gru and attention read, at least 1
 * @param ids whether items have ids: without, only features speak
 * @param idDropout chance that a batch does without the id of an item, in [0, 1)
 * @param historyDropout chance that an item of a history is left out, in [0, 1)
 * @param dropout of h, in [0, 1)
 * @param features which columns are read, and how
 * @param encoder path of the weights of a pretrained network for pictures, or empty
 * @param embedding name of the columns of an embedding, or empty
 * @param pictures whether pictures are read at all
 * @param networks how many networks are trained, whose mean counts; at least 1
 * @param loss sampled-softmax or bpr, with shared negatives
 * @param training how
 */
public record TwoTower(
    int dimensions,
    int hidden,
    Reading history,
    int maxLength,
    boolean ids,
    double idDropout,
    double historyDropout,
    double dropout,
    FeatureOptions features,
    String encoder,
    String embedding,
    boolean pictures,
    int networks,
    LossOptions loss,
    TrainingOptions training)
    implements Trainer<NeuralModel> {
  /** How histories are read. */
  public enum Reading {
    /** A sum over all items. */
    MEAN,
    /** A recurrent network over the newest. */
    GRU,
    /** A weighted sum of the newest. */
    ATTENTION
  }

  private static final double EXCLUDED = -1e9;

  /** The line of the registry. */
  public static final Algorithm<NeuralModel> ALGORITHM =
      new Algorithm<>(
          "two-tower",
          "Towers of people and items: ids, words, categories, numbers and pictures",
          TwoTower::of,
          new NeuralCodec(TwoTower::stored));

  private static final TwoTower DEFAULTS =
      new TwoTower(
          32,
          64,
          Reading.MEAN,
          30,
          true,
          0.5,
          0.1,
          0.2,
          FeatureOptions.DEFAULTS,
          "",
          "",
          true,
          1,
          LossOptions.CROSS_ENTROPY
              .withKind(LossOptions.Kind.SAMPLED_SOFTMAX)
              .withNegatives(512)
              .withSampling(Negatives.Sampling.MIXED)
              .withAvoidPositives(true),
          TrainingOptions.DEFAULTS.withEpochs(20).withBatchSize(1024).withLearningRate(0.003));

  private static Ensemble<Net, Described> stored(
      Parameters parameters, Dataset data, Weights weights, ArrayReader in) {
    TwoTower options = TwoTower.of(parameters);
    FeatureEncoder words = FeatureEncoder.read(options.features, in);
    return options.ensemble(weights, words, part -> new Net(options, data, part, words, null));
  }

  private Ensemble<Net, Described> ensemble(
      Weights weights, FeatureEncoder words, Function<Weights, Net> net) {
    return new Ensemble<>(
        weights, networks, net, (larger, part) -> new Net(this, larger, part, words, null));
  }

  /** Checks the ranges. */
  public TwoTower {
    Checks.atLeast("dimensions", dimensions, 1);
    Checks.atLeast("hidden", hidden, 1);
    Objects.requireNonNull(history);
    Checks.atLeast("maxLength", maxLength, 1);
    Checks.dropout("idDropout", idDropout);
    Checks.dropout("historyDropout", historyDropout);
    Checks.dropout("dropout", dropout);
    Objects.requireNonNull(features);
    Objects.requireNonNull(encoder);
    Objects.requireNonNull(embedding);
    Checks.atLeast("networks", networks, 1);
    Vbpr.checkLoss(loss);
    Objects.requireNonNull(training);
  }

  /** 32 dimensions, the mean of the history, sampled softmax over 512 negatives. */
  public static TwoTower defaults() {
    return DEFAULTS;
  }

  /** The same with another way of training. */
  public TwoTower withTraining(TrainingOptions newTraining) {
    return new TwoTower(
        dimensions,
        hidden,
        history,
        maxLength,
        ids,
        idDropout,
        historyDropout,
        dropout,
        features,
        encoder,
        embedding,
        pictures,
        networks,
        loss,
        newTraining);
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static TwoTower of(Parameters parameters) {
    Parameters.Reader in = parameters.reader("two-tower");
    TwoTower read =
        new TwoTower(
            in.integer("dimensions", DEFAULTS.dimensions),
            in.integer("hidden", DEFAULTS.hidden),
            in.choice("history", DEFAULTS.history),
            in.integer("maxLength", DEFAULTS.maxLength),
            in.flag("ids", DEFAULTS.ids),
            in.number("idDropout", DEFAULTS.idDropout),
            in.number("historyDropout", DEFAULTS.historyDropout),
            in.number("dropout", DEFAULTS.dropout),
            FeatureOptions.of(in, DEFAULTS.features),
            in.string("encoder", DEFAULTS.encoder),
            in.string("embedding", DEFAULTS.embedding),
            in.flag("pictures", DEFAULTS.pictures),
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
    Parameters own =
        Parameters.none()
            .with("dimensions", dimensions)
            .with("hidden", hidden)
            .with("history", history)
            .with("maxLength", maxLength)
            .with("ids", ids)
            .with("idDropout", idDropout)
            .with("historyDropout", historyDropout)
            .with("dropout", dropout)
            .with("encoder", encoder)
            .with("embedding", embedding)
            .with("pictures", pictures)
            .with("networks", networks);
    return training.addTo(loss.addTo(features.addTo(own)));
  }

  @Override
  public NeuralModel train(Dataset data, TrainingContext context) {
    Features described = described(data.itemFeatures());
    FeatureEncoder words = FeatureEncoder.of(algorithm(), described, features);
    Described items =
        new Described(
            words.encode(described),
            dense(data) == 0
                ? null
                : DenseFeatures.read(
                    data.itemFeatures(),
                    encoder,
                    embedding,
                    context.threads(),
                    context.progress()));
    NeuralModel model =
        NetworkTraining.train(
            this,
            training,
            data,
            context,
            weights -> ensemble(weights, words, part -> new Net(this, data, part, words, items)),
            (networks, train, metric) ->
                new PairTask<>(
                    loss,
                    training,
                    networks,
                    train,
                    history == Reading.MEAN ? 0 : maxLength,
                    historyDropout,
                    metric));
    ((Ensemble<?, ?>) model.network()).spread();
    return model;
  }

  private int dense(Dataset data) {
    return !pictures && embedding.isEmpty()
        ? 0
        : DenseFeatures.dimensions(data.itemFeatures(), encoder, embedding);
  }

  /** What is encoded: all but the columns of the embedding. */
  private Features described(Features all) {
    return embedding.isEmpty()
        ? all
        : new Features(
            all.size(),
            all.columns().stream()
                .filter(column -> !column.name().startsWith(embedding + " "))
                .toList());
  }

  /**
   * What is said of items, the same for all networks.
   *
   * @param rows x
   * @param seen f, where there is one
   * @param dense the same as a tensor, [items, features]
   */
  record Described(ItemRows rows, DenseFeatures.@Nullable Table seen, @Nullable Tensor dense) {
    Described(ItemRows rows, DenseFeatures.@Nullable Table seen) {
      this(
          rows,
          seen,
          seen == null ? null : Tensor.of(seen.values(), rows.size(), seen.dimensions()));
    }
  }

  /** The network. */
  static final class Net extends ItemVectors<Described> implements PairTask.Net {
    private final TwoTower options;
    private final HistoryEncoder histories;
    private final int itemCount;
    private final float[] warm; // 1 for items with interactions and ids
    private final FeatureEncoder words;
    private final @Nullable Described described; // null after training
    private final Tensor marks; // M [terms, hidden]
    private final @Nullable Tensor project; // D [hidden, features]
    private final DenseFeatures.@Nullable KeptScaling scaling; // of f
    private final @Nullable Tensor looks; // D f, [items, hidden], where pictures are seen
    private final Tensor hiddenBias;
    private final Tensor item; // Q and its bias, [items, d + 1]
    private final Tensor out; // W_o [d + 1, hidden]
    private final Tensor outBias;
    private final Tensor read; // R [items, d]
    private final Tensor readOut; // W_r [d, hidden]
    private final List<Tensor> reader = new ArrayList<>(); // of the history
    private final Tensor readers; // g of all items and zeros for padding, [items + 1, d]

    Net(
        TwoTower options,
        Dataset data,
        Weights weights,
        FeatureEncoder words,
        @Nullable Described described) {
      super(weights, data.items().size(), options.dimensions);
      this.options = options;
      this.words = words;
      this.described = described;
      itemCount = data.items().size();
      histories = HistoryEncoder.of(Encoding.BINARY, data.interactions());
      warm = options.ids ? WarmItems.of(data.interactions()) : new float[itemCount];
      int d = options.dimensions;
      DenseFeatures.Table seen = described == null ? null : described.seen;
      int known = seen != null ? seen.dimensions() : options.dense(data);
      marks = weights.constant("marks", 0, Math.max(1, words.termCount()), options.hidden);
      project = known == 0 ? null : weights.glorot("project", options.hidden, known);
      scaling = known == 0 ? null : new DenseFeatures.KeptScaling(weights, known, seen);
      looks = seesPictures() ? weights.constant("looks", 0, itemCount, options.hidden) : null;
      hiddenBias = weights.constant("hidden.bias", 0.1, options.hidden);
      item = weights.normal("item", 0.1, itemCount, d + 1L);
      out = weights.glorot("out", d + 1L, options.hidden);
      outBias = weights.constant("out.bias", 0, d + 1L);
      read = weights.normal("read", 0.1, itemCount, d);
      readOut = weights.glorot("read.out", d, options.hidden);
      switch (options.history) {
        case MEAN -> {}
        case GRU -> {
          double bound = 1 / Math.sqrt(d);
          reader.add(weights.uniform("gru.in", bound, 3L * d, d));
          reader.add(weights.uniform("gru.state", bound, 3L * d, d));
          reader.add(weights.uniform("gru.in.bias", bound, 3L * d));
          reader.add(weights.uniform("gru.state.bias", bound, 3L * d));
          reader.add(weights.glorot("person", d, d));
        }
        case ATTENTION -> {
          reader.add(weights.glorot("attention", d, d));
          reader.add(weights.normal("attention.query", 0.1, 1, d));
          reader.add(weights.glorot("person", d, d));
        }
      }
      readers = weights.constant("readers", 0, itemCount + 1L, d);
    }

    /** h of items, [n, hidden]. */
    private Tensor hidden(long[] items, Noise noise) {
      return hidden(Objects.requireNonNull(described, "no features"), items, noise);
    }

    /** h from some of the given rows and f, [n, hidden]. */
    private Tensor hidden(Described from, long[] items, Noise noise) {
      MultiHot entries = MultiHot.of(from.rows, items);
      Tensor x =
          entries.size() == 0
              ? Tensor.zeros(items.length, options.hidden)
              : Bags.sums(marks, entries);
      if (from.dense != null) {
        x = x.add(look(from.dense.indexSelect(0, Tensor.of(items, items.length))));
      }
      return noise.dropout(x.add(hiddenBias).relu(), options.dropout);
    }

    /** D f. */
    private Tensor look(Tensor seen) {
      return seen.linear(Objects.requireNonNull(project, "no pictures"), null);
    }

    /** 1 for items that are known by their id, 0 for new ones and, in training, by chance. */
    private Tensor kept(long[] items, Noise noise) {
      float[] known = new float[items.length];
      for (int i = 0; i < known.length; i++) {
        known[i] = warm[(int) items[i]];
      }
      Tensor kept = Tensor.of(known, items.length, 1);
      return noise.active()
          ? noise.dropout(kept, options.idDropout).mul(1 - options.idDropout)
          : kept;
    }

    @Override
    public Tensor candidates(long[] items, Noise noise) {
      Tensor own = item.embedding(Tensor.of(items, items.length)).mul(kept(items, noise));
      return own.add(hidden(items, noise).linear(out, outBias));
    }

    /** g of all items, [items, d]. */
    private Tensor table(Noise noise) {
      long[] all = new long[itemCount];
      Arrays.setAll(all, i -> i);
      return read.mul(kept(all, noise)).add(hidden(all, noise).linear(readOut, null));
    }

    @Override
    public Tensor people(PairTask.Part part, Noise noise) {
      Tensor table = table(noise);
      if (options.history == Reading.MEAN) {
        return Vbpr.Net.sumsWithout(table, part);
      }
      Tensor padded = Tensor.concat(List.of(table, Tensor.zeros(1, options.dimensions)), 0);
      return read(padded, SequenceBatch.of(part.before(), options.maxLength, itemCount));
    }

    /** The vectors of sequences, [rows, d]. */
    private Tensor read(Tensor table, SequenceBatch batch) {
      int d = options.dimensions;
      Tensor x = table.embedding(Tensor.of(batch.items(), batch.rows(), batch.length()));
      if (options.history == Reading.GRU) {
        long[] last = batch.lastPlaces();
        return x.recurrent(Tensor.Cell.GRU, reader.subList(0, 4))
            .reshape(-1, d)
            .indexSelect(0, Tensor.of(last, last.length))
            .linear(reader.get(4), null);
      }
      float[] padding = new float[batch.rows() * batch.length()];
      for (int i = 0; i < padding.length; i++) {
        padding[i] = batch.items()[i] == itemCount ? (float) EXCLUDED : 0;
      }
      Tensor weights =
          x.linear(reader.get(0), null)
              .tanh()
              .linear(reader.get(1), null)
              .squeeze(-1)
              .add(Tensor.of(padding, batch.rows(), batch.length()))
              .softmax(1); // [rows, length]
      return x.mul(weights.unsqueeze(-1)).sum(1).linear(reader.get(2), null);
    }

    @Override
    void spread() {
      Torch.setThreads(1);
      keep(Vbpr.Net.allCandidates(this, itemCount));
      float[] all = new float[(itemCount + 1) * options.dimensions];
      try (Scope scope = Scope.withoutGradients()) {
        table(Noise.NONE).copyTo(all, 0);
      }
      readers.set(all);
      if (looks != null) {
        looks.set(lookAt(Objects.requireNonNull(described, "no features")));
      }
    }

    @Override
    void write(ArrayWriter to) {
      words.write(to);
    }

    @Override
    Described read(Features more) {
      return new Described(
          words.encode(options.described(more)),
          scaling == null
              ? null
              : DenseFeatures.later(more, options.encoder, options.embedding, scaling.get()));
    }

    @Override
    Map<String, float[]> grown(Described more) {
      int n = more.rows.size();
      int d = options.dimensions;
      long[] all = new long[n];
      Arrays.setAll(all, i -> i);
      Map<String, float[]> values = weights().snapshot();
      append(values, "item", new float[n * (d + 1)]);
      append(values, "read", new float[n * d]);
      Torch.setThreads(1);
      try (Scope scope = Scope.withoutGradients()) {
        Tensor h = hidden(more, all, Noise.NONE);
        append(values, "vectors", h.linear(out, outBias).toFloats());
        // The row of padding stays the last one.
        Weights.insert(values, "readers", itemCount * d, h.linear(readOut, null).toFloats());
      }
      if (looks != null) {
        append(values, "looks", lookAt(more));
      }
      return values;
    }

    @Override
    boolean seesPictures() {
      return project != null && options.embedding.isEmpty();
    }

    private float[] lookAt(Described items) {
      try (Scope scope = Scope.withoutGradients()) {
        return look(Objects.requireNonNull(items.dense, "no pictures")).toFloats();
      }
    }

    /** That of D f. */
    @Override
    double likeness(int item, int other) {
      float[] all = Objects.requireNonNull(looks, "no pictures").toFloats();
      return cosine(all, item * options.hidden, other * options.hidden, options.hidden);
    }

    @Override
    int[] pictureSize() {
      return DenseFeatures.pictureSize(options.encoder);
    }

    @Override
    float[] seen(List<Picture> shown) {
      return DenseFeatures.seen(
          shown, options.encoder, Objects.requireNonNull(scaling, "no pictures").get());
    }

    /** Scores of items of which nothing is known but the picture. */
    @Override
    float[] pictureScores(History history, float[] seen, int count) {
      int d = options.dimensions;
      try (Scope scope = Scope.withoutGradients()) {
        Tensor all =
            look(Tensor.of(seen, count, seen.length / count))
                .add(hiddenBias)
                .relu()
                .linear(out, outBias);
        return all.narrow(1, 0, d)
            .matmul(queries(List.of(history)).transpose(0, 1))
            .add(all.narrow(1, d, 1))
            .toFloats();
      }
    }

    @Override
    int window() {
      return options.history == Reading.MEAN ? Integer.MAX_VALUE : options.maxLength;
    }

    @Override
    Tensor queries(List<History> asked) {
      return options.history == Reading.MEAN
          ? Bags.sums(readers, histories.rows(asked).normalized())
          : read(readers, SequenceBatch.of(asked, options.maxLength, itemCount));
    }
  }
}
