package io.kindred.neural.content;

import io.kindred.data.History;
import io.kindred.data.Interactions;
import io.kindred.neural.batch.Batches;
import io.kindred.neural.batch.Encoding;
import io.kindred.neural.batch.HistoryEncoder;
import io.kindred.neural.batch.MultiHot;
import io.kindred.neural.batch.Negatives;
import io.kindred.neural.batch.Seeds;
import io.kindred.neural.tensor.Noise;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Weights;
import io.kindred.neural.train.LossOptions;
import io.kindred.neural.train.TrainingLoop;
import io.kindred.neural.train.TrainingOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Interactions in random order, against items that all of a batch share: the vectors of the few
 * items that a batch needs are computed once for it.
 *
 * <pre>
 * sampled-softmax   -s+ + log(e^s+ + sum e^(s- - log(K q)))     q: the chance to be drawn
 * bpr               -mean log sigmoid(s+ - s-)
 * </pre>
 *
 * @param <N> the kind of network
 * @param <F> what it reads of items that come later
 */
final class PairTask<N extends ItemVectors<F> & PairTask.Net, F>
    implements TrainingLoop.Task<PairTask.Part> {
  private static final double EXCLUDED = -1e9;

  /** What is trained. */
  interface Net {
    /** The vectors of the people of the pairs, [pairs, d]. */
    Tensor people(Part part, Noise noise);

    /** Vectors and biases of items, [items, d + 1]. */
    Tensor candidates(long[] items, Noise noise);
  }

  /**
   * A part of a batch.
   *
   * @param histories whole histories of the people, some of it left out
   * @param people row of the person of each pair
   * @param items the item of each pair
   * @param inside 1 where the item is in the row of {@code histories}, else 0
   * @param before what the person did before each pair; empty where that is not asked for
   * @param candidates the different items of pairs and negatives
   * @param places place of the item of each pair among the candidates
   * @param negatives places of the negatives
   * @param logs log(K q) of each negative
   * @param excluded flat places {@code pair * negatives + negative} that do not count
   * @param scale 1 / pairs of the whole batch
   */
  record Part(
      MultiHot histories,
      long[] people,
      long[] items,
      float[] inside,
      List<History> before,
      long[] candidates,
      long[] places,
      long[] negatives,
      float[] logs,
      long[] excluded,
      double scale) {}

  private final LossOptions loss;
  private final TrainingOptions training;
  private final List<Ensemble<N, F>> networks;
  private final Interactions train;
  private final int maxLength;
  private final double historyDropout;
  private final DoubleSupplier metric;
  private final Negatives negatives;
  private final HistoryEncoder encoder;
  private final int[] userOf; // of each interaction
  private final int[] usable; // interactions of people with others, too

  /**
   * A task.
   *
   * @param maxLength how much of what was before a pair is read; 0 where whole histories are
   * @param historyDropout share of the items of histories that is left out at random
   */
  PairTask(
      LossOptions loss,
      TrainingOptions training,
      List<Ensemble<N, F>> networks,
      Interactions train,
      int maxLength,
      double historyDropout,
      DoubleSupplier metric) {
    this.loss = loss;
    this.training = training;
    this.networks = networks;
    this.train = train;
    this.maxLength = maxLength;
    this.historyDropout = historyDropout;
    this.metric = metric;
    negatives = loss.sampler(train);
    encoder = HistoryEncoder.of(Encoding.BINARY, train);
    userOf = Batches.userOfEach(train);
    int[] found = new int[train.size()];
    int size = 0;
    for (int user = 0; user < train.userCount(); user++) {
      int from = train.starts()[user];
      for (int p = from; p < train.starts()[user + 1]; p++) {
        if (train.userSize(user) > 1 && (maxLength == 0 || p > from)) {
          found[size++] = p;
        }
      }
    }
    usable = Arrays.copyOf(found, size);
  }

  @Override
  public Optional<String> warning() {
    return negatives.warning();
  }

  @Override
  public int batches() {
    return Batches.count(usable.length, training.batchSize());
  }

  @Override
  public long examples() {
    return usable.length;
  }

  @Override
  public Iterator<List<Part>> epoch(long seed) {
    int[] order = Batches.shuffled(usable, seed);
    return IntStream.range(0, batches())
        .mapToObj(b -> parts(Batches.cut(order, b, training.batchSize()), Seeds.of(seed, b)))
        .iterator();
  }

  private List<Part> parts(int[] batch, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    long[] all = Arrays.stream(batch).mapToLong(entry -> train.items()[entry]).toArray();
    long[] drawn = negatives.shared(all, loss.negatives(), random);
    List<Part> parts = new ArrayList<>();
    for (int[] own : Batches.deal(batch, Math.min(TrainingLoop.PARTS, batch.length))) {
      parts.add(part(own, drawn, 1.0 / batch.length, random));
    }
    return parts;
  }

  /** A part of the given interactions. */
  Part part(int[] entries, long[] drawn, double scale, SplittableRandom random) {
    int pairs = entries.length;
    long[] items = new long[pairs];
    int[] userOfPair = new int[pairs];
    for (int pair = 0; pair < pairs; pair++) {
      items[pair] = train.items()[entries[pair]];
      userOfPair[pair] = userOf[entries[pair]];
    }
    int[] users = Arrays.stream(userOfPair).sorted().distinct().toArray();
    MultiHot histories = thinned(encoder.rows(train, users), random);
    long[] people = new long[pairs];
    float[] inside = new float[pairs];
    List<History> before = new ArrayList<>();
    for (int pair = 0; pair < pairs; pair++) {
      int row = Arrays.binarySearch(users, userOfPair[pair]);
      people[pair] = row;
      int first = (int) histories.starts()[row];
      int last = (int) histories.starts()[row + 1];
      inside[pair] = Arrays.binarySearch(histories.items(), first, last, items[pair]) >= 0 ? 1 : 0;
      if (maxLength > 0) {
        before.add(before(entries[pair], userOfPair[pair], random));
      }
    }
    long[] candidates =
        LongStream.concat(Arrays.stream(items), Arrays.stream(drawn)).sorted().distinct().toArray();
    float[] logs = new float[drawn.length];
    for (int k = 0; k < logs.length; k++) {
      logs[k] = (float) Math.log(drawn.length * negatives.probability((int) drawn[k]));
    }
    return new Part(
        histories,
        people,
        items,
        inside,
        before,
        candidates,
        places(items, candidates),
        places(drawn, candidates),
        logs,
        negatives.excluded(items, entries, drawn),
        scale);
  }

  private static long[] places(long[] items, long[] candidates) {
    long[] places = new long[items.length];
    Arrays.setAll(places, i -> Arrays.binarySearch(candidates, items[i]));
    return places;
  }

  /** Rows of which each entry is left out with the probability of the history's dropout. */
  private MultiHot thinned(MultiHot rows, SplittableRandom random) {
    if (historyDropout == 0) {
      return rows;
    }
    long[] starts = new long[rows.rows() + 1];
    long[] items = new long[rows.size()];
    int size = 0;
    for (int row = 0; row < rows.rows(); row++) {
      for (int p = (int) rows.starts()[row]; p < rows.starts()[row + 1]; p++) {
        if (random.nextDouble() >= historyDropout) {
          items[size++] = rows.items()[p];
        }
      }
      starts[row + 1] = size;
    }
    float[] ones = new float[size];
    Arrays.fill(ones, 1f);
    return new MultiHot(rows.rows(), rows.itemCount(), starts, Arrays.copyOf(items, size), ones);
  }

  private History before(int entry, int user, SplittableRandom random) {
    int from = Math.max(train.starts()[user], entry - maxLength);
    int[] items = new int[entry - from];
    int size = 0;
    for (int p = from; p < entry; p++) {
      // The newest stays, so that there is something.
      if (p == entry - 1 || historyDropout == 0 || random.nextDouble() >= historyDropout) {
        items[size++] = train.items()[p];
      }
    }
    return History.of(Arrays.copyOf(items, size));
  }

  @Override
  public int examples(Part part) {
    return part.items.length;
  }

  @Override
  public double step(int replica, Part part, Noise noise) {
    List<N> members = networks.get(replica).members();
    double sum = 0;
    for (N member : members) {
      Tensor loss = loss(member, part, noise);
      loss.backward();
      sum += loss.item();
    }
    return sum / members.size();
  }

  private Tensor loss(N net, Part part, Noise noise) {
    Tensor all = net.candidates(part.candidates, noise);
    int d = (int) all.size(1) - 1;
    Tensor vectors = all.narrow(1, 0, d);
    Tensor biases = all.narrow(1, d, 1).reshape(-1);
    Tensor people = net.people(part, noise); // [pairs, d]
    Tensor own = Tensor.of(part.places, part.places.length);
    Tensor others = Tensor.of(part.negatives, part.negatives.length);
    Tensor positive =
        people.mul(vectors.indexSelect(0, own)).sum(-1).add(biases.indexSelect(0, own));
    Tensor negative =
        people
            .matmul(vectors.indexSelect(0, others).transpose(0, 1))
            .add(biases.indexSelect(0, others)); // [pairs, K]
    boolean bpr = loss.kind() == LossOptions.Kind.BPR;
    if (!bpr) {
      negative = negative.sub(Tensor.of(part.logs, part.logs.length));
    }
    if (part.excluded.length > 0) {
      negative = negative.fillAt(Tensor.of(part.excluded, part.excluded.length), EXCLUDED);
    }
    Tensor sum =
        bpr
            ? negative.sub(positive.unsqueeze(1)).softplus().sum().mul(1.0 / part.logs.length)
            : negative.logSumExp(1).sub(positive).softplus().sum();
    return sum.mul(part.scale);
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
