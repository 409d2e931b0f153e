package io.kindred.neural.train;

import io.kindred.Checks;
import io.kindred.Parameters;
import io.kindred.neural.tensor.Optimizer;
import java.util.Objects;

/**
 * How a network is trained.
 *
 * @param epochs passes over the training data at the most, at least 1
 * @param batchSize examples a step, at least 1; what an example is, the trainer says
 * @param learningRate the largest, above 0
 * @param optimizer the form of gradient descent
 * @param schedule how the learning rate goes
 * @param warmup steps over which the learning rate rises from 0, at least 0
 * @param weightDecay at least 0
 * @param clip the largest norm of all gradients together; 0 for no limit
 * @param patience epochs without a better validation metric (ndcg@10 over the whole catalogue)
 *     after which training stops and the best state is kept; 0: all epochs are trained, nothing is
 *     held out
 * @param checkEvery epochs between two measurements, at least 1
 */
public record TrainingOptions(
    int epochs,
    int batchSize,
    double learningRate,
    Optimizer.Kind optimizer,
    Schedule schedule,
    int warmup,
    double weightDecay,
    double clip,
    int patience,
    int checkEvery) {
  /** 30 epochs of 128 examples, Adam with 0.001, no early stopping. */
  public static final TrainingOptions DEFAULTS =
      new TrainingOptions(30, 128, 0.001, Optimizer.Kind.ADAM, Schedule.CONSTANT, 0, 0, 0, 0, 1);

  /** Checks the ranges. */
  public TrainingOptions {
    Checks.atLeast("epochs", epochs, 1);
    Checks.atLeast("batchSize", batchSize, 1);
    Checks.positive("learningRate", learningRate);
    Objects.requireNonNull(optimizer);
    Objects.requireNonNull(schedule);
    Checks.atLeast("warmup", warmup, 0);
    Checks.between("weightDecay", weightDecay, 0, 1e6);
    Checks.between("clip", clip, 0, 1e9);
    Checks.atLeast("patience", patience, 0);
    Checks.atLeast("checkEvery", checkEvery, 1);
    if (schedule == Schedule.PLATEAU && patience == 0) {
      throw new IllegalArgumentException(
          "schedule plateau needs a patience above 0: it follows the validation metric");
    }
  }

  /** The same with another number of epochs. */
  public TrainingOptions withEpochs(int newEpochs) {
    return new TrainingOptions(
        newEpochs,
        batchSize,
        learningRate,
        optimizer,
        schedule,
        warmup,
        weightDecay,
        clip,
        patience,
        checkEvery);
  }

  /** The same with another batch size. */
  public TrainingOptions withBatchSize(int newBatchSize) {
    return new TrainingOptions(
        epochs,
        newBatchSize,
        learningRate,
        optimizer,
        schedule,
        warmup,
        weightDecay,
        clip,
        patience,
        checkEvery);
  }

  /** The same with another learning rate. */
  public TrainingOptions withLearningRate(double newLearningRate) {
    return new TrainingOptions(
        epochs,
        batchSize,
        newLearningRate,
        optimizer,
        schedule,
        warmup,
        weightDecay,
        clip,
        patience,
        checkEvery);
  }

  /** The same with another optimizer and weight decay. */
  public TrainingOptions withOptimizer(Optimizer.Kind newOptimizer, double newWeightDecay) {
    return new TrainingOptions(
        epochs,
        batchSize,
        learningRate,
        newOptimizer,
        schedule,
        warmup,
        newWeightDecay,
        clip,
        patience,
        checkEvery);
  }

  /** The same with another schedule. */
  public TrainingOptions withSchedule(Schedule newSchedule, int newWarmup) {
    return new TrainingOptions(
        epochs,
        batchSize,
        learningRate,
        optimizer,
        newSchedule,
        newWarmup,
        weightDecay,
        clip,
        patience,
        checkEvery);
  }

  /** The same with another limit of the gradients. */
  public TrainingOptions withClip(double newClip) {
    return new TrainingOptions(
        epochs,
        batchSize,
        learningRate,
        optimizer,
        schedule,
        warmup,
        weightDecay,
        newClip,
        patience,
        checkEvery);
  }

  /** The same with early stopping. */
  public TrainingOptions withPatience(int newPatience, int newCheckEvery) {
    return new TrainingOptions(
        epochs,
        batchSize,
        learningRate,
        optimizer,
        schedule,
        warmup,
        weightDecay,
        clip,
        newPatience,
        newCheckEvery);
  }

  /** Options by name; what is missing is as in the defaults. */
  public static TrainingOptions of(Parameters.Reader in, TrainingOptions defaults) {
    return new TrainingOptions(
        in.integer("epochs", defaults.epochs),
        in.integer("batchSize", defaults.batchSize),
        in.number("learningRate", defaults.learningRate),
        in.choice("optimizer", defaults.optimizer),
        in.choice("schedule", defaults.schedule),
        in.integer("warmup", defaults.warmup),
        in.number("weightDecay", defaults.weightDecay),
        in.number("clip", defaults.clip),
        in.integer("patience", defaults.patience),
        in.integer("checkEvery", defaults.checkEvery));
  }

  /** Adds all options by name. */
  public Parameters addTo(Parameters parameters) {
    return parameters
        .with("epochs", epochs)
        .with("batchSize", batchSize)
        .with("learningRate", learningRate)
        .with("optimizer", optimizer)
        .with("schedule", schedule)
        .with("warmup", warmup)
        .with("weightDecay", weightDecay)
        .with("clip", clip)
        .with("patience", patience)
        .with("checkEvery", checkEvery);
  }
}
