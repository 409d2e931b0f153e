package io.kindred.bench;

import io.kindred.Model;
import io.kindred.Parameters;
import io.kindred.Profile;
import io.kindred.ProgressListener;
import io.kindred.Scorer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.eval.Evaluator;
import io.kindred.eval.Protocol;
import io.kindred.metric.Ndcg;
import io.kindred.registry.Algorithms;
import io.kindred.sparse.TopN;
import io.kindred.split.HeldOut;
import io.kindred.split.Split;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a history in the query does to the lists of people whom a factor model knows, and what
 * strangers with the same histories get: ndcg@10 on the test part of a set of {@link DefaultsData},
 * where what was done in train and in the validation part is left out of all lists.
 *
 * <p>Arguments: the set (default ml-latest-small), then algorithms (default bpr warp logistic-mf).
 */
public final class FoldInBench {
  private static final Ndcg NDCG = new Ndcg(10);

  private FoldInBench() {}

  /** Who is asked for with which history. */
  private interface Asking {
    Profile of(int user, History train, History longer);
  }

  /** Runs the bench and prints a table in Markdown. */
  public static void main(String[] args) {
    String set = args.length > 0 ? args[0] : "ml-latest-small";
    DefaultsData data =
        DefaultsData.ALL.stream().filter(one -> one.name().equals(set)).findFirst().orElseThrow();
    Split split = data.read(Path.of("../shared/data"), 1);
    List<String> algorithms =
        args.length > 1
            ? List.of(args).subList(1, args.length)
            : List.of("bpr", "warp", "logistic-mf");
    say(
        "| algorithm | trained vector | history given | longer history | stranger | stranger,"
            + " longer |");
    say("|---|---|---|---|---|---|");
    for (String algorithm : algorithms) {
      Model model =
          Algorithms.all()
              .trainer(algorithm, Parameters.none())
              .train(split.train(), new TrainingContext(1, 1, ProgressListener.NONE));
      say(
          "| %s | %.4f | %.4f | %.4f | %.4f | %.4f |",
          algorithm,
          ndcg(model, split, (user, train, longer) -> new Profile(user, train)),
          ndcg(model, split, (user, train, longer) -> Profile.live(user, train)),
          ndcg(model, split, (user, train, longer) -> Profile.live(user, longer)),
          ndcg(model, split, (user, train, longer) -> Profile.unseen(train)),
          ndcg(model, split, (user, train, longer) -> Profile.unseen(longer)));
    }
  }

  private static double ndcg(Model model, Split split, Asking asking) {
    Dataset train = split.train();
    HeldOut part = split.part(Split.Part.TEST);
    Scorer scorer = model.scorer();
    float[] scores = new float[train.items().size()];
    return new Evaluator(Protocol.of(List.of(NDCG)), 1)
        .evaluate(
            (profile, n) -> {
              History longer = profile.history();
              History before = train.interactions().history(profile.user());
              scorer.score(List.of(asking.of(profile.user(), before, longer)), scores);
              for (int item : longer.items()) {
                scores[item] = Float.NaN;
              }
              TopN top = new TopN(n);
              for (int item = 0; item < scores.length; item++) {
                if (!Float.isNaN(scores[item])) {
                  top.offer(item, scores[item]);
                }
              }
              int size = top.sort();
              return Arrays.copyOf(top.items(), size);
            },
            train,
            part,
            ProgressListener.NONE)
        .value(NDCG);
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
