package io.kindred.neural.content;

import io.kindred.Algorithm;
import io.kindred.Checks;
import io.kindred.KindredException;
import io.kindred.Parameters;
import io.kindred.ProgressListener;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.History;
import io.kindred.data.Interactions;
import io.kindred.neural.batch.Batches;
import io.kindred.neural.batch.Encoding;
import io.kindred.neural.batch.HistoryEncoder;
import io.kindred.neural.batch.MultiHot;
import io.kindred.neural.batch.Seeds;
import io.kindred.neural.model.Bags;
import io.kindred.neural.model.NeuralCodec;
import io.kindred.neural.model.NeuralModel;
import io.kindred.neural.tensor.Noise;
import io.kindred.neural.tensor.Scope;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Torch;
import io.kindred.neural.tensor.Weights;
import io.kindred.neural.train.NetworkTraining;
import io.kindred.neural.train.TrainingLoop;
import io.kindred.neural.train.TrainingOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A convolutional network that learns what people see in pictures, end to end from what they did:
 * the vector of an item is computed from its pixels alone, so that one that nobody has rated yet
 * has one, too.
 *
 * <pre>
 * (v_i, b_i) = convnet(pixels of i)              see {@link ConvNet}
 * p_u        = sum over j in the history of E[j] / sqrt(n)
 * score(i)   = p_u . v_i + b_i
 * softmax    mean over pairs (u, i) of -log(e^s(i) / sum over the batch of e^s)
 * bpr        mean over pairs (u, i) and items k of the batch of -log sigmoid(s(i) - s(k))
 * </pre>
 *
 * <p>A batch is made of items, drawn evenly without replacement, and of their interactions, at most
 * {@value #MOST} an item: a picture is computed once an epoch, whatever the number of people. So
 * the items of the batch are an even sample of the catalogue, and softmax over them needs no
 * correction (log q is the same for all). An item of the batch that the person did, too, is no
 * negative; from the history, the item that is learned is left out. Items without interactions take
 * no part in training: they would be learned as what nobody wants. In training, pictures are
 * mirrored with probability 1/2 ({@code flip}) and shifted by up to {@code shift} pixels.
 *
 * <p>With {@code encoder}, the path of the weights of a {@link MobileNetV2}, the network is that
 * one instead, of which the last block goes on learning: see {@link LastBlock}. What comes before
 * is computed once for each picture, in 224 x 224 pixels, and kept in memory for the training (31
 * kB a picture); width, height, channels, layers, flip and shift say nothing then.
 *
 * <p>An item without a picture has the mean of all vectors. With {@code networks} above 1, the mean
 * of that many counts, see {@link Ensemble}. Cost: an epoch O(networks * pictures * pixels *
 * channels^2), a query O(items * networks * dimensions).
 *
 * @param dimensions of the vectors, at least 1
 * @param width to which pictures are resized, at least 2^layers
 * @param height to which pictures are resized, at least 2^layers
 * @param channels of the first layer, at least 1
 * @param layers each halves the picture, at least 1
 * @param dropout before the last layer, in [0, 1)
 * @param flip whether pictures are mirrored at random
 * @param shift pixels by which pictures are shifted at random, at least 0
 * @param encoder path of the weights of a pretrained network, or empty
 * @param tuning learning rate of the last block of that as a share of {@code learningRate}, in [0,
 *     1]; 0 keeps it as it is
 * @param networks how many networks are trained, whose mean counts; at least 1
 * @param loss what is made small
 * @param training how; an example is an item
 */
public record ImageCnn(
    int dimensions,
    int width,
    int height,
    int channels,
    int layers,
    double dropout,
    boolean flip,
    int shift,
    String encoder,
    double tuning,
    int networks,
    Loss loss,
    TrainingOptions training)
    implements Trainer<NeuralModel> {
  /** The losses. */
  public enum Loss {
    /** Cross-entropy over the items of the batch. */
    SOFTMAX,
    /** Pairs of an item and another of the batch (Rendle et al., UAI 2009). */
    BPR
  }

  /** Interactions of an item that are drawn in an epoch at the most. */
  static final int MOST = 128;

  private static final double EXCLUDED = -1e9;
  private static final long CACHE = 512L << 20;
  private static final int BLOCK = 128;

  /** The line of the registry. */
  public static final Algorithm<NeuralModel> ALGORITHM =
      new Algorithm<>(
          "image-cnn",
          "Convolutional network over the pictures of items, serves items nobody rated",
          ImageCnn::of,
          new NeuralCodec(
              (parameters, data, weights) -> {
                ImageCnn options = ImageCnn.of(parameters);
                return options.ensemble(weights, part -> new Net(options, data, part, null));
              }));

  private static final ImageCnn DEFAULTS =
      new ImageCnn(
          32,
          48,
          64,
          16,
          4,
          0.2,
          true,
          2,
          "",
          0.1,
          1,
          Loss.SOFTMAX,
          TrainingOptions.DEFAULTS.withEpochs(40).withBatchSize(256).withLearningRate(0.002));

  /** Checks the ranges. */
  public ImageCnn {
    Checks.atLeast("dimensions", dimensions, 1);
    Checks.between("layers", layers, 1, 8);
    Checks.between("width", width, 1 << layers, 1024);
    Checks.between("height", height, 1 << layers, 1024);
    Checks.atLeast("channels", channels, 1);
    Checks.dropout("dropout", dropout);
    Checks.between("shift", shift, 0, 64);
    Objects.requireNonNull(encoder);
    Checks.between("tuning", tuning, 0, 1);
    Checks.atLeast("networks", networks, 1);
    Objects.requireNonNull(loss);
    Objects.requireNonNull(training);
  }

  /** 32 dimensions from four layers over 48 x 64 pixels, softmax over 256 items. */
  public static ImageCnn defaults() {
    return DEFAULTS;
  }

  /** The same with another way of training. */
  public ImageCnn withTraining(TrainingOptions newTraining) {
    return new ImageCnn(
        dimensions,
        width,
        height,
        channels,
        layers,
        dropout,
        flip,
        shift,
        encoder,
        tuning,
        networks,
        loss,
        newTraining);
  }

  /** A trainer from hyperparameters by name; what is missing has its default. */
  public static ImageCnn of(Parameters parameters) {
    Parameters.Reader in = parameters.reader("image-cnn");
    ImageCnn read =
        new ImageCnn(
            in.integer("dimensions", DEFAULTS.dimensions),
            in.integer("width", DEFAULTS.width),
            in.integer("height", DEFAULTS.height),
            in.integer("channels", DEFAULTS.channels),
            in.integer("layers", DEFAULTS.layers),
            in.number("dropout", DEFAULTS.dropout),
            in.flag("flip", DEFAULTS.flip),
            in.integer("shift", DEFAULTS.shift),
            in.string("encoder", DEFAULTS.encoder),
            in.number("tuning", DEFAULTS.tuning),
            in.integer("networks", DEFAULTS.networks),
            in.choice("loss", DEFAULTS.loss),
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
        Parameters.none()
            .with("dimensions", dimensions)
            .with("width", width)
            .with("height", height)
            .with("channels", channels)
            .with("layers", layers)
            .with("dropout", dropout)
            .with("flip", flip)
            .with("shift", shift)
            .with("encoder", encoder)
            .with("tuning", tuning)
            .with("networks", networks)
            .with("loss", loss));
  }

  /**
   * {@inheritDoc}
   *
   * @throws KindredException if there is no picture that can be read
   */
  @Override
  public NeuralModel train(Dataset data, TrainingContext context) {
    Inputs inputs = read(data.itemFeatures(), context.threads(), context.progress());
    if (inputs.items().length == 0) {
      throw new KindredException(
          "image-cnn: '"
              + data.name()
              + "' has no pictures that can be read"
              + (inputs.problems().isEmpty() ? "" : ": " + inputs.problems().get(0))
              + ". A folder of pictures named by item id comes in by --images DIR");
    }
    NeuralModel model =
        NetworkTraining.train(
            this,
            training,
            data,
            context,
            weights ->
                ensemble(
                    weights,
                    part -> {
                      Net net = new Net(this, data, part, inputs.table());
                      net.use(inputs);
                      return net;
                    }),
            (networks, train, metric) -> new Task(this, networks, inputs, train, metric));
    ((Ensemble<?, ?>) model.network()).spread();
    return model;
  }

  Ensemble<Net, Inputs> ensemble(Weights weights, Function<Weights, Net> net) {
    return new Ensemble<>(
        weights, networks, net, (larger, part) -> new Net(this, larger, part, null));
  }

  Inputs read(Features features, int threads, ProgressListener progress) {
    return encoder.isEmpty()
        ? new Pixels(
            this,
            Pictures.read(
                features, width + 2 * shift, height + 2 * shift, CACHE, threads, progress))
        : Maps.of(features, MobileNetV2.ofModel(Path.of(encoder)), threads, progress);
  }

  /** What the network reads of items. */
  interface Inputs {
    /** How many items there are. */
    int size();

    /** Those that have a picture, ascending. */
    int[] items();

    /** What could not be read. */
    List<String> problems();

    /** What a pretrained network sees, to measure by it. */
    DenseFeatures.@Nullable Table table();

    /** The numbers of one of them; varied at random where there is a source of chance. */
    float[] of(int item, @Nullable SplittableRandom random);
  }

  /** Pixels. */
  private record Pixels(ImageCnn options, Pictures pictures) implements Inputs {
    @Override
    public int size() {
      return pictures.size();
    }

    @Override
    public int[] items() {
      return pictures.items();
    }

    @Override
    public List<String> problems() {
      return pictures.problems();
    }

    @Override
    public DenseFeatures.@Nullable Table table() {
      return null;
    }

    @Override
    public float[] of(int item, @Nullable SplittableRandom random) {
      Picture picture = pictures.get(item);
      int shift = options.shift;
      Picture part =
          shift == 0
              ? picture
              : picture.cropped(
                  random == null ? shift : random.nextInt(2 * shift + 1),
                  random == null ? shift : random.nextInt(2 * shift + 1),
                  options.width,
                  options.height);
      boolean turned = random != null && options.flip && random.nextBoolean();
      return ConvNet.pixels(List.of(turned ? part.flipped() : part));
    }
  }

  /** What goes into the last block of a pretrained network. */
  private record Maps(MobileNetV2 network, PictureFeatures maps, DenseFeatures.Table table)
      implements Inputs {
    static Maps of(Features features, MobileNetV2 network, int threads, ProgressListener progress) {
      FeatureColumn.Image column =
          Pictures.column(features)
              .orElseGet(
                  () ->
                      new FeatureColumn.Image("image", Collections.nCopies(features.size(), null)));
      PictureFeatures maps =
          PictureFeatures.of(column, LastBlock.INPUT, network::maps, threads, progress);
      int wide = MobileNetV2.FEATURES;
      float[] seen = new float[Math.multiplyExact(features.size(), wide)];
      for (int from = 0; from < features.size(); from += BLOCK) {
        int to = Math.min(features.size(), from + BLOCK);
        float[] block =
            Arrays.copyOfRange(maps.values(), from * LastBlock.INPUT, to * LastBlock.INPUT);
        System.arraycopy(
            network.features(block, to - from), 0, seen, from * wide, (to - from) * wide);
      }
      DenseFeatures.Table table =
          new DenseFeatures.Table(
              wide,
              seen,
              maps.known(),
              new DenseFeatures.Scaling(new float[wide], new float[wide]));
      DenseFeatures.measure(table);
      return new Maps(network, maps, table);
    }

    @Override
    public int size() {
      return maps.known().length;
    }

    @Override
    public int[] items() {
      return IntStream.range(0, size()).filter(item -> maps.known()[item]).toArray();
    }

    @Override
    public List<String> problems() {
      return maps.problems();
    }

    @Override
    public float[] of(int item, @Nullable SplittableRandom random) {
      return Arrays.copyOfRange(
          maps.values(), item * LastBlock.INPUT, (item + 1) * LastBlock.INPUT);
    }
  }

  /** The numbers of several items, one after the other. */
  private static float[] joined(List<float[]> inputs) {
    int size = inputs.get(0).length;
    float[] all = new float[Math.multiplyExact(inputs.size(), size)];
    for (int i = 0; i < inputs.size(); i++) {
      System.arraycopy(inputs.get(i), 0, all, i * size, size);
    }
    return all;
  }

  /**
   * A part of a batch.
   *
   * @param pixels of the items, [items, 3, height, width], or what a pretrained network makes of
   *     them
   * @param count how many items
   * @param histories of the people
   * @param people row of the person of each pair
   * @param items item of each pair in the catalogue
   * @param places place of that item among the items of this part
   * @param excluded flat places {@code pair * count + place} that do not count
   * @param scale 1 / pairs of the whole batch
   */
  record Part(
      float[] pixels,
      int count,
      MultiHot histories,
      long[] people,
      long[] items,
      long[] places,
      long[] excluded,
      double scale) {}

  /** Items with pictures and interactions in random order. */
  static final class Task implements TrainingLoop.Task<Part> {
    private final ImageCnn options;
    private final List<Ensemble<Net, Inputs>> networks;
    private final Inputs inputs;
    private final Interactions train;
    private final DoubleSupplier metric;
    private final int[] items;
    private final int[][] peopleOf; // of each item, each once
    private final int[][] itemsOf; // of each person, ascending, each once

    Task(
        ImageCnn options,
        List<Ensemble<Net, Inputs>> networks,
        Inputs inputs,
        Interactions train,
        DoubleSupplier metric) {
      this.options = options;
      this.networks = networks;
      this.inputs = inputs;
      this.train = train;
      this.metric = metric;
      int[] counts = train.itemCounts();
      items = Arrays.stream(inputs.items()).filter(item -> counts[item] > 0).toArray();
      itemsOf = new int[train.userCount()][];
      int[] sizes = new int[train.itemCount()];
      for (int user = 0; user < itemsOf.length; user++) {
        itemsOf[user] =
            Arrays.stream(train.items(), train.starts()[user], train.starts()[user + 1])
                .sorted()
                .distinct()
                .toArray();
        for (int item : itemsOf[user]) {
          sizes[item]++;
        }
      }
      peopleOf = new int[train.itemCount()][];
      Arrays.setAll(peopleOf, item -> new int[sizes[item]]);
      Arrays.fill(sizes, 0);
      for (int user = 0; user < itemsOf.length; user++) {
        for (int item : itemsOf[user]) {
          peopleOf[item][sizes[item]++] = user;
        }
      }
    }

    @Override
    public int batches() {
      return Batches.count(items.length, options.training.batchSize());
    }

    @Override
    public long examples() {
      return items.length;
    }

    @Override
    public Iterator<List<Part>> epoch(long seed) {
      int[] order = Batches.shuffled(items, seed);
      int batchSize = options.training.batchSize();
      return IntStream.range(0, batches())
          .mapToObj(b -> parts(Batches.cut(order, b, batchSize), Seeds.of(seed, b)))
          .iterator();
    }

    private List<Part> parts(int[] batch, long seed) {
      int pairs = 0;
      for (int item : batch) {
        pairs += Math.min(MOST, peopleOf[item].length);
      }
      double scale = 1.0 / Math.max(1, pairs);
      int count = Math.min(TrainingLoop.PARTS, Math.max(1, batch.length / 2));
      int[][] dealt = Batches.deal(batch, count);
      List<Part> parts = new ArrayList<>();
      for (int part = 0; part < count; part++) {
        parts.add(part(dealt[part], scale, new SplittableRandom(Seeds.of(seed, part))));
      }
      return parts;
    }

    Part part(int[] own, double scale, SplittableRandom random) {
      List<float[]> seen = new ArrayList<>();
      int[] placeOf = new int[train.itemCount()];
      Arrays.fill(placeOf, -1);
      int[] rowOf = new int[train.userCount()];
      Arrays.fill(rowOf, -1);
      int[] people = new int[own.length * MOST];
      int[] places = new int[people.length];
      int size = 0;
      for (int place = 0; place < own.length; place++) {
        placeOf[own[place]] = place;
        seen.add(inputs.of(own[place], random));
        int[] all = peopleOf[own[place]];
        int[] drawn = all.length <= MOST ? all : all.clone();
        for (int k = 0; k < Math.min(MOST, all.length); k++) {
          if (drawn != all) {
            int other = k + random.nextInt(drawn.length - k);
            int kept = drawn[k];
            drawn[k] = drawn[other];
            drawn[other] = kept;
          }
          people[size] = drawn[k];
          places[size++] = place;
        }
      }
      int[] users = new int[size];
      int rows = 0;
      long[] row = new long[size];
      long[] items = new long[size];
      long[] target = new long[size];
      long[] excluded = new long[64];
      int out = 0;
      for (int pair = 0; pair < size; pair++) {
        int user = people[pair];
        if (rowOf[user] < 0) {
          rowOf[user] = rows;
          users[rows++] = user;
        }
        row[pair] = rowOf[user];
        items[pair] = own[places[pair]];
        target[pair] = places[pair];
        for (int item : itemsOf[user]) {
          if (placeOf[item] >= 0 && placeOf[item] != places[pair]) {
            if (out == excluded.length) {
              excluded = Arrays.copyOf(excluded, 2 * out);
            }
            excluded[out++] = (long) pair * own.length + placeOf[item];
          }
        }
      }
      return new Part(
          joined(seen),
          own.length,
          networks.get(0).members().get(0).encoder.rows(train, Arrays.copyOf(users, rows)),
          row,
          items,
          target,
          Arrays.copyOf(excluded, out),
          scale);
    }

    @Override
    public int examples(Part part) {
      return part.count;
    }

    @Override
    public double step(int replica, Part part, Noise noise) {
      List<Net> members = networks.get(replica).members();
      double sum = 0;
      for (Net member : members) {
        Tensor loss = member.loss(part, noise);
        loss.backward();
        sum += loss.item();
      }
      return sum / members.size();
    }

    @Override
    public Weights weights(int replica) {
      return networks.get(replica).weights();
    }

    @Override
    public double metric() {
      networks.get(0).spread();
      return metric.getAsDouble();
    }
  }

  /** The network. */
  static final class Net extends ItemVectors<Inputs> {
    private final ImageCnn options;
    private final int itemCount;
    private final HistoryEncoder encoder;
    private final Tensor read; // E, [items, d]
    private final Vision vision;
    private @Nullable Inputs inputs;

    Net(ImageCnn options, Dataset data, Weights weights, DenseFeatures.@Nullable Table pretrained) {
      super(weights, data.items().size(), options.dimensions);
      this.options = options;
      itemCount = data.items().size();
      encoder = HistoryEncoder.of(Encoding.BINARY, data.interactions());
      read = weights.normal("read", 0.1, itemCount, options.dimensions);
      vision =
          options.encoder.isEmpty()
              ? new ConvNet(
                  weights,
                  options.width,
                  options.height,
                  options.channels,
                  options.layers,
                  options.dimensions + 1)
              : new LastBlock(weights, options.tuning, options.dimensions + 1, pretrained);
    }

    @Override
    boolean seesPictures() {
      return true;
    }

    @Override
    double likeness(int item, int other) {
      return cosine(item, other, 0, options.dimensions);
    }

    @Override
    int[] pictureSize() {
      return options.encoder.isEmpty()
          ? new int[] {options.width, options.height}
          : new int[] {MobileNetV2.SIZE, MobileNetV2.SIZE};
    }

    @Override
    float[] seen(List<Picture> shown) {
      return options.encoder.isEmpty()
          ? ConvNet.pixels(shown)
          : MobileNetV2.ofModel(Path.of(options.encoder)).maps(shown);
    }

    @Override
    float[] pictureScores(History history, float[] seen, int count) {
      int d = options.dimensions;
      int size = seen.length / count;
      prepare();
      float[] scores = new float[count];
      for (int from = 0; from < count; from += BLOCK) {
        int to = Math.min(count, from + BLOCK);
        try (Scope scope = Scope.withoutGradients()) {
          float[] block = Arrays.copyOfRange(seen, from * size, to * size);
          Tensor all = vectors(block, to - from, Noise.NONE);
          all.narrow(1, 0, d)
              .matmul(queries(List.of(history)).transpose(0, 1))
              .add(all.narrow(1, d, 1))
              .copyTo(scores, from);
        }
      }
      return scores;
    }

    @Override
    Inputs read(Features more) {
      return options.read(more, 1, ProgressListener.NONE);
    }

    @Override
    Map<String, float[]> grown(Inputs read) {
      int n = read.size();
      int wide = options.dimensions + 1;
      float[] known = items().toFloats();
      float[] biases = bias().toFloats();
      float[] fresh = new float[n * wide];
      for (int k = 0; k < wide; k++) { // without a picture: the mean of all, as before
        double sum = 0;
        for (int item = 0; item < itemCount; item++) {
          sum += k + 1 < wide ? known[item * (wide - 1) + k] : biases[item];
        }
        for (int item = 0; item < n; item++) {
          fresh[item * wide + k] = (float) (sum / Math.max(1, itemCount));
        }
      }
      spread(read, fresh);
      Map<String, float[]> values = weights().snapshot();
      append(values, "read", new float[n * options.dimensions]);
      append(values, "vectors", fresh);
      return values;
    }

    /** Computes items from these from now on. */
    void use(Inputs newInputs) {
      inputs = newInputs;
      prepare();
    }

    /** Reads the pretrained network where there is one; not inside a scope. */
    private void prepare() {
      if (vision instanceof LastBlock block) {
        block.use(
            () ->
                inputs instanceof Maps maps
                    ? maps.network
                    : MobileNetV2.ofModel(Path.of(options.encoder)));
      }
    }

    /** The vectors and biases of pictures, [count, d + 1]. */
    Tensor vectors(float[] pixels, int count, Noise noise) {
      return vision.apply(pixels, count, options.dropout, noise);
    }

    Tensor loss(Part part, Noise noise) {
      int d = options.dimensions;
      int pairs = part.people.length;
      Tensor all = vectors(part.pixels, part.count, noise);
      Tensor vectors = all.narrow(1, 0, d);
      Tensor biases = all.narrow(1, d, 1).reshape(-1);
      float[] shares = new float[pairs];
      for (int pair = 0; pair < pairs; pair++) {
        int row = (int) part.people[pair];
        float others = part.histories.starts()[row + 1] - part.histories.starts()[row] - 1;
        shares[pair] = (float) (1 / Math.sqrt(Math.max(1, others)));
      }
      Tensor people =
          Bags.sums(read, part.histories)
              .indexSelect(0, Tensor.of(part.people, pairs))
              .sub(read.embedding(Tensor.of(part.items, pairs)))
              .mul(Tensor.of(shares, pairs, 1)); // [pairs, d]
      Tensor scores = people.matmul(vectors.transpose(0, 1)).add(biases); // [pairs, count]
      if (part.excluded.length > 0) {
        scores = scores.fillAt(Tensor.of(part.excluded, part.excluded.length), EXCLUDED);
      }
      Tensor own = scores.gather(1, Tensor.of(part.places, pairs, 1)); // [pairs, 1]
      Tensor loss =
          switch (options.loss) {
            case SOFTMAX -> scores.logSumExp(1).sub(own.squeeze(1)).sum();
            // The item itself gives log 2, a constant.
            case BPR -> scores.sub(own).softplus().sum().mul(1.0 / part.count);
          };
      return loss.mul(part.scale);
    }

    @Override
    void spread() {
      Inputs from = Objects.requireNonNull(inputs, "no pictures");
      int wide = options.dimensions + 1;
      float[] all = new float[itemCount * wide];
      spread(from, all);
      int[] items = from.items();
      for (int k = 0; k < wide; k++) {
        double sum = 0;
        for (int item : items) {
          sum += all[item * wide + k];
        }
        int next = 0;
        for (int item = 0; item < itemCount; item++) {
          if (next < items.length && items[next] == item) {
            next++;
          } else {
            all[item * wide + k] = (float) (sum / Math.max(1, items.length));
          }
        }
      }
      keep(all);
    }

    /** Fills in the vectors and biases of items with pictures, [items, d + 1]. */
    private void spread(Inputs from, float[] all) {
      int wide = options.dimensions + 1;
      int[] items = from.items();
      prepare();
      Torch.setThreads(1);
      for (int first = 0; first < items.length; first += BLOCK) {
        int count = Math.min(BLOCK, items.length - first);
        List<float[]> block = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          block.add(from.of(items[first + i], null));
        }
        try (Scope scope = Scope.withoutGradients()) {
          float[] found = vectors(joined(block), count, Noise.NONE).toFloats();
          for (int i = 0; i < count; i++) {
            System.arraycopy(found, i * wide, all, items[first + i] * wide, wide);
          }
        }
      }
    }

    @Override
    Tensor queries(List<History> histories) {
      return Bags.sums(read, encoder.rows(histories).normalized()); // 1 / sqrt(n) each
    }
  }
}
