package io.kindred.neural.sequence;

import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.Interactions;
import io.kindred.neural.batch.Batches;
import io.kindred.neural.batch.Negatives;
import io.kindred.neural.batch.Seeds;
import io.kindred.neural.batch.SequenceBatch;
import io.kindred.neural.batch.Windows;
import io.kindred.neural.model.NeuralModel;
import io.kindred.neural.tensor.Noise;
import io.kindred.neural.tensor.Tensor;
import io.kindred.neural.tensor.Weights;
import io.kindred.neural.train.LossOptions;
import io.kindred.neural.train.NetworkTraining;
import io.kindred.neural.train.OutputLoss;
import io.kindred.neural.train.TrainingLoop;
import io.kindred.neural.train.TrainingOptions;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

/** Trains {@link SequenceNetwork}s: the next item at every place of every window. */
final class SequenceTraining {
  private SequenceTraining() {}

  /** Makes a network for a catalogue. */
  @FunctionalInterface
  interface Builder {
    SequenceNetwork build(Weights weights, int itemCount);
  }

  /**
   * Trains a network.
   *
   * @param maxLength inputs of a window
   * @param lastOnly whether only the last place of a window is a target
   */
  static NeuralModel train(
      Trainer<NeuralModel> trainer,
      int maxLength,
      boolean lastOnly,
      LossOptions loss,
      TrainingOptions options,
      Dataset data,
      TrainingContext context,
      Builder builder) {
    return NetworkTraining.train(
        trainer,
        options,
        data,
        context,
        weights -> builder.build(weights, data.items().size()),
        (networks, train, metric) ->
            new NextItem(networks, train, maxLength, lastOnly, loss, options.batchSize(), metric));
  }

  /** Makes a trained model ready to be asked. */
  static NeuralModel spread(NeuralModel model) {
    ((SequenceNetwork) model.network()).spread();
    return model;
  }

  /** One half of a batch, with its negatives and the number of targets of the whole. */
  private record Part(SequenceBatch batch, OutputLoss.Drawn drawn, double scale) {}

  private static final class NextItem implements TrainingLoop.Task<Part> {
    private final List<SequenceNetwork> networks;
    private final Interactions train;
    private final int maxLength;
    private final boolean lastOnly;
    private final LossOptions options;
    private final Negatives negatives;
    private final List<OutputLoss> losses = new ArrayList<>();
    private final int batchSize;
    private final DoubleSupplier measure;

    NextItem(
        List<SequenceNetwork> networks,
        Interactions train,
        int maxLength,
        boolean lastOnly,
        LossOptions options,
        int batchSize,
        DoubleSupplier measure) {
      this.networks = networks;
      this.train = train;
      this.maxLength = maxLength;
      this.lastOnly = lastOnly;
      this.options = options;
      this.batchSize = batchSize;
      this.measure = measure;
      negatives = options.sampler(train);
      for (int part = 0; part < networks.size(); part++) {
        losses.add(new OutputLoss(options, train.itemCount(), negatives));
      }
    }

    @Override
    public Optional<String> warning() {
      return negatives.warning();
    }

    @Override
    public int batches() {
      return Batches.count(Windows.most(train, maxLength), batchSize);
    }

    @Override
    public long examples() {
      Windows windows = Windows.of(train, maxLength, 0);
      return lastOnly ? windows.size() : windows.targets();
    }

    @Override
    public Iterator<List<Part>> epoch(long seed) {
      Windows windows = Windows.of(train, maxLength, seed);
      int[][] batches = windows.shuffledBatches(batches(), seed);
      return IntStream.range(0, batches.length)
          .mapToObj(b -> parts(windows, batches[b], Seeds.of(seed, b)))
          .iterator();
    }

    private List<Part> parts(Windows windows, int[] batch, long seed) {
      int count = Math.min(TrainingLoop.PARTS, batch.length);
      int[][] dealt = Batches.deal(batch, count);
      List<SequenceBatch> halves = new ArrayList<>();
      long[][] targets = new long[count][];
      int[][] entries = new int[count][];
      int all = 0;
      for (int part = 0; part < count; part++) {
        SequenceBatch half = windows.batch(dealt[part]);
        half = lastOnly ? half.lastTargetsOnly() : half;
        half = networks.get(0).prepared(half, Seeds.of(seed, part));
        halves.add(half);
        targets[part] = half.targets();
        entries[part] = half.entries();
        all += half.targets().length;
      }
      OutputLoss.Drawn[] drawn =
          OutputLoss.draw(options, negatives, targets, entries, Seeds.of(seed, count));
      List<Part> parts = new ArrayList<>();
      for (int part = 0; part < count; part++) {
        parts.add(new Part(halves.get(part), drawn[part], 1.0 / Math.max(1, all)));
      }
      return parts;
    }

    @Override
    public int examples(Part part) {
      return part.batch.targets().length;
    }

    @Override
    public double step(int replica, Part part, Noise noise) {
      if (part.batch.places().length == 0) {
        return 0;
      }
      SequenceNetwork network = networks.get(replica);
      network.begin(noise);
      Tensor hidden = network.hidden(part.batch, part.batch.places(), noise);
      double loss =
          losses
              .get(replica)
              .backward(
                  hidden, network.output(), network.bias().orElse(null), part.drawn, part.scale);
      network.end();
      return loss;
    }

    @Override
    public Weights weights(int replica) {
      return networks.get(replica).weights();
    }

    @Override
    public double metric() {
      networks.get(0).spread();
      return measure.getAsDouble();
    }
  }
}
