package io.kindred.eval;

import io.kindred.AlgorithmRegistry;
import io.kindred.KindredException;
import io.kindred.Parameters;
import io.kindred.ProgressListener;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.Validation;
import io.kindred.metric.Metric;
import io.kindred.split.HeldOut;
import io.kindred.split.Split;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Looks for good hyperparameters on the validation part: all combinations of the given values, or a
 * random choice of them where there are more than the budget. The test part is never looked at.
 * Immutable.
 *
 * @param registry where the algorithm is
 * @param algorithm its name
 * @param fixed hyperparameters that stay
 * @param grid values to try by name; at least one each
 * @param budget how many combinations are trained at the most, at least 1
 */
public record Tuner(
    AlgorithmRegistry registry,
    String algorithm,
    Parameters fixed,
    Map<String, List<String>> grid,
    int budget) {
  /** Checks the grid; whether names and values are right is asked of the algorithm. */
  public Tuner {
    Map<String, List<String>> copy = new LinkedHashMap<>();
    grid.forEach(
        (name, values) -> {
          if (values.isEmpty()) {
            throw new KindredException("no value to try for hyperparameter '" + name + "'");
          }
          copy.put(name, List.copyOf(values));
        });
    grid = Collections.unmodifiableMap(copy);
    if (budget < 1) {
      throw new KindredException("the budget must be at least 1, got " + budget);
    }
  }

  /**
   * One combination and what it reached.
   *
   * @param trainer the algorithm with these hyperparameters
   * @param value the leading metric on the validation part
   */
  public record Trial(Trainer<?> trainer, double value) {}

  /**
   * Trains and measures the combinations.
   *
   * @param split with a validation part
   * @param metric what is to become good; one with a better end
   * @param context seed, threads and progress
   * @return all trials, best first; equal ones in the order of the grid
   * @throws KindredException if a combination is wrong, or the split has no validation part;
   *     nothing was trained then
   */
  public List<Trial> run(Split split, Metric metric, TrainingContext context) {
    if (metric.goal() == Metric.Goal.NEITHER) {
      throw new KindredException(
          "nothing can be tuned by " + metric.name() + ", which has no better end; ndcg@10 has");
    }
    HeldOut part = split.part(Split.Part.VALIDATION);
    TrainingContext quiet =
        context
            .withProgress(ProgressListener.NONE)
            .withValidation(new Validation(part.history(), part.targets()));
    List<Trainer<?>> trainers = new ArrayList<>();
    for (Parameters parameters : combinations(context.seed())) {
      trainers.add(registry.trainer(algorithm, parameters));
    }
    Evaluator evaluator =
        new Evaluator(Protocol.of(List.of(metric)).withSeed(context.seed()), context.threads());
    List<Trial> trials = new ArrayList<>();
    for (Trainer<?> trainer : trainers) {
      context
          .progress()
          .onProgress("tune", trials.size(), trainers.size(), trainer.parameters().toString());
      Evaluation evaluation =
          evaluator.evaluate(
              trainer.train(split.train(), quiet), split.train(), part, ProgressListener.NONE);
      trials.add(new Trial(trainer, evaluation.value(metric)));
    }
    context.progress().onProgress("tune", trainers.size(), trainers.size(), "");
    double sign = metric.goal() == Metric.Goal.LOWER ? 1 : -1;
    trials.sort(
        Comparator.comparingDouble(
            trial ->
                Double.isNaN(trial.value()) ? Double.POSITIVE_INFINITY : sign * trial.value()));
    return List.copyOf(trials);
  }

  private List<Parameters> combinations(long seed) {
    long count = 1;
    for (List<String> values : grid.values()) {
      count = Math.min(Integer.MAX_VALUE, count * values.size());
    }
    List<Parameters> chosen = new ArrayList<>();
    for (int at : places((int) count, seed)) {
      Parameters parameters = fixed;
      int rest = at;
      for (Map.Entry<String, List<String>> entry : grid.entrySet()) {
        parameters =
            parameters.with(entry.getKey(), entry.getValue().get(rest % entry.getValue().size()));
        rest /= entry.getValue().size();
      }
      chosen.add(parameters);
    }
    return chosen;
  }

  /** Which combinations are tried, ascending. */
  private int[] places(int count, long seed) {
    Random random = new Random(seed);
    return count <= budget
        ? IntStream.range(0, count).toArray()
        : random.ints(0, count).distinct().limit(budget).sorted().toArray();
  }
}
