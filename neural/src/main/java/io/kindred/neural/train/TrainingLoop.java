package io.kindred.neural.train;

import io.kindred.ArrayReader;
import io.kindred.ArrayWriter;
import io.kindred.KindredException;
import io.kindred.Learning;
import io.kindred.TrainingContext;
import io.kindred.neural.batch.Seeds;
import io.kindred.neural.tensor.Noise;
import io.kindred.neural.tensor.Optimizer;
import io.kindred.neural.tensor.Scope;
import io.kindred.neural.tensor.Torch;
import io.kindred.neural.tensor.Weights;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Gradient descent, epoch by epoch.
 *
 * <p>Every batch is made in {@value #PARTS} parts, whatever the number of threads. A part's forward
 * and backward pass runs on a thread of its own where there are threads enough, each on a replica
 * of the weights with gradients of its own, and these are added in a fixed order: so two threads
 * share a step without waiting for one another in each operation, and the number of threads does
 * not change the result. (Inside a part, more than two threads split single operations, where
 * libtorch may add in another order.) Batches are made ahead by one more thread.
 *
 * <p>With a checkpoint store, the state is kept after every epoch and every few minutes; a training
 * that finds a checkpoint of the same trainer, data and seed goes on from it, and the losses that
 * follow are those of a training that was never interrupted.
 *
 * @param <B> a part of a batch: arrays, made by {@link Task#epoch}
 */
public final class TrainingLoop<B> {
  /** How many parts a batch has. */
  public static final int PARTS = 2;

  private static final int AHEAD = 4;
  private static final long CHECKPOINT_NANOS = 120_000_000_000L;

  /**
   * What is trained.
   *
   * @param <B> a part of a batch
   */
  public interface Task<B> {
    /** How many batches an epoch has, at least 1. */
    int batches();

    /** How many examples an epoch has. */
    long examples();

    /**
     * The batches of an epoch, {@code PARTS} parts each. Called on another thread than the steps;
     * must depend on the arguments alone, and be cheap to skip.
     *
     * @param seed of the epoch
     */
    Iterator<List<B>> epoch(long seed);

    /** The examples of a part. */
    int examples(B part);

    /**
     * Computes the part's share of the loss of the batch and adds its gradients to the weights of a
     * replica. Called inside a scope; parts of one batch at the same time.
     *
     * @param replica which weights, the part's number
     * @param noise seeded for this step and part
     * @return the share of the mean loss
     */
    double step(int replica, B part, Noise noise);

    /** The weights of a replica; number 0 are those that are trained. */
    Weights weights(int replica);

    /** The validation metric of the weights as they are, higher is better; NaN where none is. */
    double metric();

    /**
     * Whether a training can go on from the middle of an epoch: false where a step depends on what
     * earlier ones left beside the weights. Then checkpoints are made between epochs alone.
     */
    default boolean resumesInside() {
      return true;
    }

    /** What somebody who starts this training should know about its data and hyperparameters. */
    default Optional<String> warning() {
      return Optional.empty();
    }

    /** A step begins, for tasks that change over time. */
    default void beginStep(long step, long steps) {}
  }

  private final String algorithm;
  private final String identity;
  private final TrainingOptions options;
  private final TrainingContext context;
  private final Task<B> task;

  private final List<Learning.Epoch> epochs = new ArrayList<>();
  private double bestMetric = Double.NEGATIVE_INFINITY;
  private int bestEpoch;
  private int drops;
  private int dropEpoch;
  private Map<String, float[]> best = Map.of();
  private long step;
  private double lossSum; // of the epoch so far
  private double secondsBefore; // of the epoch, before a resumption
  private double rate;

  /**
   * A loop.
   *
   * @param algorithm its name, for messages
   * @param identity a text that differs where a checkpoint must not be gone on from: the
   *     hyperparameters and the fingerprint of the data
   */
  public TrainingLoop(
      String algorithm,
      String identity,
      TrainingOptions options,
      TrainingContext context,
      Task<B> task) {
    this.algorithm = algorithm;
    this.identity = identity;
    this.options = options;
    this.context = context;
    this.task = task;
  }

  /**
   * Trains until the epochs are over or the metric stands still; the weights are those of the best
   * epoch where there is a metric. On a thread of {@link Torch#call}.
   *
   * @return what was measured in each epoch
   * @throws KindredException if the loss is no longer a number, saying where and what to do
   */
  public List<Learning.Epoch> run() {
    task.warning().ifPresent(text -> context.progress().onWarning(algorithm + ": " + text));
    Optimizer optimizer =
        new Optimizer(options.optimizer(), options.weightDecay(), task.weights(0));
    context.checkpoints().ifPresent(store -> store.load(in -> resume(in, optimizer)));
    long steps = (long) options.epochs() * task.batches();
    ExecutorService helper =
        Executors.newSingleThreadExecutor(work -> Torch.thread(work, "kindred-torch-part"));
    try {
      int inner = Math.max(1, context.threads() / PARTS);
      Torch.setThreads(inner);
      if (context.threads() > 1) {
        helper.submit(() -> Torch.setThreads(inner)).get();
      }
      for (int epoch = epochs.size() + 1; epoch <= options.epochs() && !standsStill(); epoch++) {
        train(epoch, steps, optimizer, context.threads() > 1 ? helper : null);
        if (context.checkpoints().isPresent()) {
          save(optimizer);
        }
      }
    } catch (ExecutionException e) {
      throw unwrapped(e);
    } catch (InterruptedException e) {
      throw stopped(e);
    } finally {
      helper.shutdownNow();
    }
    if (!best.isEmpty()) {
      task.weights(0).restore(best);
    }
    return List.copyOf(epochs);
  }

  private boolean standsStill() {
    return options.patience() > 0
        && bestEpoch > 0
        && epochs.size() - bestEpoch >= options.patience();
  }

  private void train(int epoch, long steps, Optimizer optimizer, @Nullable ExecutorService helper)
      throws InterruptedException, ExecutionException {
    long start = System.nanoTime();
    long checkpoint = start;
    int done = (int) (step - (long) (epoch - 1) * task.batches());
    long examples = 0;
    Noise[] noise = {Noise.source(), Noise.source()};
    try (Ahead<B> batches = new Ahead<>(task, Seeds.of(context.seed(), 1, epoch), done)) {
      for (int batch = done; batch < task.batches(); batch++) {
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedException();
        }
        List<B> parts = batches.next();
        rate =
            options.learningRate()
                * options.schedule().factor(step, steps, options.warmup(), drops);
        double loss = step(parts, optimizer, noise, steps, helper);
        if (!Double.isFinite(loss)) {
          throw diverged(epoch, batch, loss);
        }
        lossSum += loss;
        step++;
        for (B part : parts) {
          examples += task.examples(part);
        }
        tell(epoch, batch, examples);
        if (context.checkpoints().isPresent()
            && task.resumesInside()
            && System.nanoTime() - checkpoint > CHECKPOINT_NANOS
            && batch + 1 < task.batches()) {
          checkpoint = System.nanoTime();
          double before = secondsBefore;
          secondsBefore += (checkpoint - start) / 1e9;
          save(optimizer);
          secondsBefore = before;
        }
      }
    }
    double metric = Double.NaN;
    if (options.patience() > 0
        && (epoch % options.checkEvery() == 0 || epoch == options.epochs())) {
      metric = task.metric();
      if (metric > bestMetric) {
        bestMetric = metric;
        bestEpoch = epoch;
        dropEpoch = epoch;
        best = task.weights(0).snapshot();
      } else if (epoch - dropEpoch >= Math.max(1, options.patience() / 3)) {
        drops++;
        dropEpoch = epoch;
      }
    }
    double seconds = secondsBefore + (System.nanoTime() - start) / 1e9;
    epochs.add(new Learning.Epoch(epoch, lossSum / task.batches(), metric, rate, seconds));
    lossSum = 0;
    secondsBefore = 0;
  }

  private double step(
      List<B> parts,
      Optimizer optimizer,
      Noise[] noise,
      long steps,
      @Nullable ExecutorService helper)
      throws InterruptedException, ExecutionException {
    task.beginStep(step, steps);
    optimizer.zeroGradients();
    double loss = 0;
    List<Future<Double>> running = new ArrayList<>();
    for (int part = parts.size() - 1; part >= 0; part--) {
      int replica = part;
      noise[part].seed(Seeds.of(context.seed(), 2, step, part));
      if (helper != null && part > 0) {
        running.add(helper.submit(() -> one(replica, parts.get(replica), noise[replica])));
      } else {
        loss += one(part, parts.get(part), noise[part]);
      }
    }
    for (Future<Double> other : running) {
      loss += other.get();
    }
    for (int part = 1; part < parts.size(); part++) {
      task.weights(0).takeGradients(task.weights(part));
    }
    if (options.clip() > 0) {
      optimizer.clipGradients(options.clip());
    }
    if (Double.isFinite(loss)) {
      optimizer.step(rate);
    }
    return loss;
  }

  private double one(int replica, B part, Noise noise) {
    try (Scope scope = Scope.open()) {
      return task.step(replica, part, noise);
    }
  }

  private void tell(int epoch, int batch, long examples) {
    long all = (long) options.epochs() * task.examples();
    long before = (long) (epoch - 1) * task.examples();
    double loss = lossSum / (batch + 1);
    context
        .progress()
        .onProgress(
            "training " + algorithm,
            Math.min(all, before + examples),
            all,
            String.format(
                Locale.ROOT,
                "epoch %d/%d, loss %.4f%s",
                epoch,
                options.epochs(),
                loss,
                bestEpoch > 0
                    ? String.format(Locale.ROOT, ", best ndcg@10 %.4f", bestMetric)
                    : ""));
  }

  private KindredException diverged(int epoch, int batch, double loss) {
    return new KindredException(
        String.format(
            Locale.ROOT,
            "%s: the loss is %s at step %d (epoch %d, batch %d) with learning rate %s; a smaller"
                + " learningRate%s keeps it a number.%s",
            algorithm,
            loss,
            step + 1,
            epoch,
            batch + 1,
            rate,
            options.clip() > 0 ? "" : ", or a clip of 1 to 5,",
            context
                .checkpoints()
                .filter(store -> !epochs.isEmpty())
                .map(
                    store ->
                        " The checkpoint of epoch " + epochs.size() + " is kept: " + store.place())
                .orElse("")));
  }

  // ------------------------------------------------------------------------------ checkpoints

  private void save(Optimizer optimizer) {
    context.checkpoints().orElseThrow().save(out -> write(out, optimizer));
  }

  private void write(ArrayWriter out, Optimizer optimizer) {
    out.bytes("identity", identity.getBytes(StandardCharsets.UTF_8));
    out.longs(
        "state",
        new long[] {
          context.seed(),
          step,
          bestEpoch,
          drops,
          dropEpoch,
          Double.doubleToRawLongBits(bestMetric),
          Double.doubleToRawLongBits(lossSum),
          Double.doubleToRawLongBits(secondsBefore)
        });
    long[] figures = new long[epochs.size() * 4];
    for (int e = 0; e < epochs.size(); e++) {
      Learning.Epoch epoch = epochs.get(e);
      figures[4 * e] = Double.doubleToRawLongBits(epoch.loss());
      figures[4 * e + 1] = Double.doubleToRawLongBits(epoch.metric());
      figures[4 * e + 2] = Double.doubleToRawLongBits(epoch.learningRate());
      figures[4 * e + 3] = Double.doubleToRawLongBits(epoch.seconds());
    }
    out.longs("epochs", figures);
    task.weights(0).write(out, "weight.");
    optimizer.write(out, "optimizer.");
    best.forEach((name, values) -> out.floats("best." + name, values));
  }

  private boolean resume(ArrayReader in, Optimizer optimizer) {
    String theirs = new String(in.bytes("identity"), StandardCharsets.UTF_8);
    long[] state = in.longs("state", 8);
    if (!theirs.equals(identity) || state[0] != context.seed()) {
      throw context
          .checkpoints()
          .orElseThrow()
          .ofAnotherTraining(
              algorithm,
              theirs + " with seed " + state[0],
              identity + " with seed " + context.seed());
    }
    step = state[1];
    bestEpoch = Math.toIntExact(state[2]);
    drops = Math.toIntExact(state[3]);
    dropEpoch = Math.toIntExact(state[4]);
    bestMetric = Double.longBitsToDouble(state[5]);
    lossSum = Double.longBitsToDouble(state[6]);
    secondsBefore = Double.longBitsToDouble(state[7]);
    long[] figures = in.longs("epochs");
    for (int e = 0; 4 * e + 3 < figures.length; e++) {
      epochs.add(
          new Learning.Epoch(
              e + 1,
              Double.longBitsToDouble(figures[4 * e]),
              Double.longBitsToDouble(figures[4 * e + 1]),
              Double.longBitsToDouble(figures[4 * e + 2]),
              Double.longBitsToDouble(figures[4 * e + 3])));
    }
    task.weights(0).read(in, "weight.");
    optimizer.read(in, "optimizer.");
    if (bestEpoch > 0) {
      Map<String, float[]> kept = new LinkedHashMap<>();
      for (String name : task.weights(0).names()) {
        kept.put(name, in.floats("best." + name));
      }
      best = kept;
    }
    return true;
  }

  // ------------------------------------------------------------------------------ batches ahead

  /** Makes batches on a thread of its own, a few ahead of the steps. */
  private static final class Ahead<B> implements AutoCloseable {
    private final BlockingQueue<Object> queue = new LinkedBlockingQueue<>(AHEAD);
    private final Thread thread;

    Ahead(Task<B> task, long seed, int skip) {
      thread =
          new Thread(
              () -> {
                try {
                  Iterator<List<B>> batches = task.epoch(seed);
                  for (int b = 0; b < skip; b++) {
                    batches.next();
                  }
                  while (batches.hasNext()) {
                    queue.put(batches.next());
                  }
                } catch (InterruptedException e) {
                  // nobody waits any more
                } catch (RuntimeException | Error e) {
                  queue.clear();
                  queue.offer(e);
                }
              },
              "kindred-batches");
      thread.setDaemon(true);
      thread.start();
    }

    @SuppressWarnings("unchecked")
    List<B> next() throws InterruptedException {
      Object taken = queue.take();
      if (taken instanceof RuntimeException failure) {
        throw failure;
      }
      if (taken instanceof Error failure) {
        throw failure;
      }
      return (List<B>) taken;
    }

    @Override
    public void close() {
      thread.interrupt();
    }
  }

  private static RuntimeException unwrapped(ExecutionException e) {
    if (e.getCause() instanceof Error error) {
      throw error;
    }
    return e.getCause() instanceof RuntimeException failure
        ? failure
        : new IllegalStateException(e.getCause());
  }

  private static CancellationException stopped(InterruptedException e) {
    Thread.currentThread().interrupt();
    CancellationException stopped = new CancellationException("the training was interrupted");
    stopped.initCause(e);
    return stopped;
  }

  @Override
  public String toString() {
    return "TrainingLoop[" + algorithm + ", " + Arrays.toString(epochs.toArray()) + "]";
  }
}
