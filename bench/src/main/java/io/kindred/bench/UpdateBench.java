package io.kindred.bench;

import io.kindred.DatasetUpdate;
import io.kindred.IncrementalModel;
import io.kindred.Model;
import io.kindred.Parameters;
import io.kindred.Profile;
import io.kindred.Query;
import io.kindred.RatingPredictor;
import io.kindred.RecommendationList;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.DatasetFilter;
import io.kindred.data.History;
import io.kindred.data.Interactions;
import io.kindred.data.ValueRange;
import io.kindred.data.Vocabulary;
import io.kindred.ingest.Ingest;
import io.kindred.ingest.ReadOptions;
import io.kindred.recommend.ModelRecommender;
import io.kindred.registry.Algorithms;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * How well models that were updated agree with models that were trained anew.
 *
 * <p>The last interaction of each person with five or more is held out. Of all others the oldest
 * nine tenths, by time over all people, train the old model; the newest tenth is the delta. Where
 * there are no times, every twentieth person is new, and of all others the newest twentieth is. All
 * models are asked for ten items for the same people, without what these have done until then.
 *
 * <p>Arguments: a folder of MovieLens (default ../shared/data/ml-latest-small), then algorithms
 * (default: als bpr biased-mf); {@code growth=0.1} sets when items are solved for again. Models
 * that predict ratings learn from all ratings, the others from those of 4 and more, each as 1.
 */
public final class UpdateBench {
  private static final int N = 10;
  private static final double OLD = 0.9;

  private UpdateBench() {}

  /** Runs the bench and prints a table for each algorithm. */
  public static void main(String[] args) {
    Path folder = Path.of(args.length > 0 ? args[0] : "../shared/data/ml-latest-small");
    double growth = DatasetUpdate.GROWTH;
    List<String> names = new ArrayList<>();
    for (int a = 1; a < args.length; a++) {
      if (args[a].startsWith("growth=")) {
        growth = Double.parseDouble(args[a].substring("growth=".length()));
      } else {
        names.add(args[a]);
      }
    }
    Dataset ratings = Ingest.read(folder).dataset();
    boolean valued = ValueRange.of(ratings.interactions()).max() >= 4;
    Dataset likes =
        valued
            ? Ingest.read(
                    folder,
                    ReadOptions.defaults().withFilter(DatasetFilter.none().withMinValue(4f)))
                .dataset()
            : ratings;
    for (String name : names.isEmpty() ? List.of("als", "bpr", "biased-mf") : names) {
      boolean rates = Set.of("biased-mf", "svd-plus-plus", "explicit-als", "nmf").contains(name);
      if (rates && !valued) {
        say("%n%s: there are no ratings to learn from", name);
        continue;
      }
      new Run(name, Parts.of(rates ? ratings : likes), growth).print();
    }
  }

  /**
   * Data in three.
   *
   * @param targets what was held out, by the id of the person
   */
  private record Parts(Dataset old, Dataset delta, Map<String, Target> targets) {
    /** The last item of a person, and its rating. */
    record Target(String item, float value) {}

    static Parts of(Dataset all) {
      Interactions interactions = all.interactions();
      Map<String, Target> targets = new HashMap<>();
      int size = interactions.size();
      boolean[] held = new boolean[size];
      for (int user = 0; user < interactions.userCount(); user++) {
        if (interactions.userSize(user) >= 5) {
          int last = interactions.starts()[user + 1] - 1;
          held[last] = true;
          targets.put(
              all.users().id(user),
              new Target(all.items().id(interactions.items()[last]), interactions.values()[last]));
        }
      }
      boolean[] isNew =
          interactions.hasTimes() ? byTime(interactions, held) : byPerson(interactions, held);
      return new Parts(
          part(all, p -> !held[p] && !isNew[p]), part(all, p -> !held[p] && isNew[p]), targets);
    }

    /** The newest tenth of all. */
    private static boolean[] byTime(Interactions interactions, boolean[] held) {
      long[] times =
          IntStream.range(0, held.length)
              .filter(p -> !held[p])
              .mapToLong(interactions::time)
              .sorted()
              .toArray();
      long cut = times[(int) (OLD * times.length)];
      boolean[] isNew = new boolean[held.length];
      for (int p = 0; p < isNew.length; p++) {
        isNew[p] = interactions.time(p) >= cut;
      }
      return isNew;
    }

    /** Every twentieth person, and the newest twentieth of all others. */
    private static boolean[] byPerson(Interactions interactions, boolean[] held) {
      boolean[] isNew = new boolean[held.length];
      for (int user = 0; user < interactions.userCount(); user++) {
        int from = interactions.starts()[user];
        int to = interactions.starts()[user + 1];
        int first = user % 20 == 0 ? from : to - 1 - (to - 1 - from) / 20;
        Arrays.fill(isNew, first, to, true);
      }
      return isNew;
    }

    /** Some of the interactions, with the users and items that are in them. */
    private static Dataset part(Dataset all, IntPredicate chosen) {
      Interactions interactions = all.interactions();
      Vocabulary.Builder users = Vocabulary.builder();
      Vocabulary.Builder items = Vocabulary.builder();
      Interactions.Builder columns = Interactions.builder();
      for (int user = 0; user < interactions.userCount(); user++) {
        for (int p = interactions.starts()[user]; p < interactions.starts()[user + 1]; p++) {
          if (chosen.test(p)) {
            int u = users.add(all.users().id(user));
            int i = items.add(all.items().id(interactions.items()[p]));
            if (interactions.hasTimes()) {
              columns.add(u, i, interactions.values()[p], 1000 * interactions.time(p));
            } else {
              columns.add(u, i, interactions.values()[p]);
            }
          }
        }
      }
      return Dataset.of(
          all.name(), users.build(), items.build(), columns.build(users.size(), items.size()));
    }
  }

  /** One algorithm on one data set. */
  private static final class Run {
    private final String name;
    private final Parts parts;
    private final DatasetUpdate update;
    private final double growth;
    private final Set<String> deltaUsers;
    private final TrainingContext context =
        TrainingContext.defaults().withThreads(Math.min(2, TrainingContext.defaults().threads()));

    Run(String name, Parts parts, double growth) {
      this.name = name;
      this.parts = parts;
      this.growth = growth;
      update = DatasetUpdate.of(parts.old, parts.delta, growth);
      deltaUsers = new HashSet<>(parts.delta.users().ids());
    }

    void print() {
      Trainer<?> trainer = Algorithms.all().trainer(name, Parameters.none());
      say(
          "%n%s on %s: old %,d interactions, delta %,d (%,d new users, %,d new items); %,d users and"
              + " %,d items that changed (growth %s); %,d people asked, %,d of the delta",
          name,
          parts.old.name(),
          parts.old.interactions().size(),
          update.newInteractions(),
          update.newUsers(),
          update.newItems(),
          update.users().length,
          update.items().length,
          growth,
          parts.targets.size(),
          parts.targets.keySet().stream().filter(deltaUsers::contains).count());
      long start = System.nanoTime();
      Model old = trainer.train(parts.old, context);
      double oldSeconds = seconds(start);
      start = System.nanoTime();
      Model updated = ((IncrementalModel) old).update(update, context);
      double updateSeconds = seconds(start);
      start = System.nanoTime();
      Model retrained = trainer.train(update.after(), context);
      double retrainedSeconds = seconds(start);
      Model again = trainer.train(update.after(), context.withSeed(7));

      Map<String, Set<String>> reference = lists(retrained, false);
      say(
          "%-28s %8s %8s %8s %8s %8s %8s",
          "model", "ndcg@10", "of delta", "overlap", "of delta", "RMSE", "seconds");
      row("old", old, lists(old, false), reference, oldSeconds);
      row("old, live histories", old, lists(old, true), reference, Double.NaN);
      row("updated", updated, lists(updated, false), reference, updateSeconds);
      row("retrained", retrained, reference, reference, retrainedSeconds);
      row("retrained, another seed", again, lists(again, false), reference, Double.NaN);
    }

    private void row(
        String label,
        Model model,
        Map<String, Set<String>> lists,
        Map<String, Set<String>> reference,
        double seconds) {
      say(
          "%-28s %8.4f %8.4f %8.3f %8.3f %8s %8s",
          label,
          ndcg(lists, false),
          ndcg(lists, true),
          overlap(lists, reference, false),
          overlap(lists, reference, true),
          model instanceof RatingPredictor predictor
              ? String.format(Locale.ROOT, "%.4f", rmse(model, predictor))
              : "",
          Double.isNaN(seconds) ? "" : String.format(Locale.ROOT, "%.2f", seconds));
    }

    /** The lists of all people, in order. */
    private Map<String, Set<String>> lists(Model model, boolean live) {
      ModelRecommender recommender = ModelRecommender.of(model);
      Dataset after = update.after();
      Map<String, Set<String>> lists = new HashMap<>();
      for (String user : parts.targets.keySet()) {
        History history = after.interactions().history(after.users().index(user));
        Set<String> seen = new HashSet<>();
        List<Query.Event> events = new ArrayList<>();
        for (int h = 0; h < history.size(); h++) {
          String item = after.items().id(history.items()[h]);
          seen.add(item);
          events.add(new Query.Event(item, history.values()[h], history.times()[h]));
        }
        Query query =
            Query.ofUser(user).withN(N).withFilter(new Query.Filter(true, seen, null, Map.of()));
        List<String> list =
            recommender.recommend(live ? query.withHistory(events) : query).items().stream()
                .map(RecommendationList.Item::item)
                .toList();
        lists.put(user, new LinkedHashSet<>(list));
      }
      return lists;
    }

    private double ndcg(Map<String, Set<String>> lists, boolean onlyDelta) {
      double sum = 0;
      int count = 0;
      for (Map.Entry<String, Parts.Target> target : parts.targets.entrySet()) {
        if (!onlyDelta || deltaUsers.contains(target.getKey())) {
          int rank =
              List.copyOf(lists.getOrDefault(target.getKey(), Set.of()))
                  .indexOf(target.getValue().item());
          sum += rank < 0 ? 0 : Math.log(2) / Math.log(rank + 2);
          count++;
        }
      }
      return sum / count;
    }

    private double overlap(
        Map<String, Set<String>> lists, Map<String, Set<String>> reference, boolean onlyDelta) {
      double sum = 0;
      int count = 0;
      for (Map.Entry<String, Set<String>> list : lists.entrySet()) {
        if (!onlyDelta || deltaUsers.contains(list.getKey())) {
          Set<String> both = new HashSet<>(list.getValue());
          both.retainAll(reference.getOrDefault(list.getKey(), Set.of()));
          sum += both.size() / (double) N;
          count++;
        }
      }
      return sum / count;
    }

    /** Of the held out ratings, with what the model knows: nothing of people it does not know. */
    private double rmse(Model model, RatingPredictor predictor) {
      double sum = 0;
      int count = 0;
      for (Map.Entry<String, Parts.Target> target : parts.targets.entrySet()) {
        int item = update.after().items().index(target.getValue().item());
        if (item < 0) {
          continue; // nobody rated it before
        }
        Dataset known = model.data();
        int user = known.users().index(target.getKey());
        Profile profile =
            user < 0
                ? Profile.unseen(History.empty())
                : new Profile(user, known.interactions().history(user));
        float value = target.getValue().value();
        float predicted =
            item < known.items().size()
                ? predictor.predict(profile, new int[] {item})[0]
                : mean(known);
        sum += (predicted - value) * (predicted - value);
        count++;
      }
      return Math.sqrt(sum / count);
    }

    private static float mean(Dataset data) {
      double sum = 0;
      for (float value : data.interactions().values()) {
        sum += value;
      }
      return (float) (sum / data.interactions().size());
    }
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
