package io.kindred.bench;

import io.kindred.Explanation.BecauseOfItems;
import io.kindred.Explanation.ItemReason;
import io.kindred.Parameters;
import io.kindred.Profile;
import io.kindred.Query;
import io.kindred.RecommendationList;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import io.kindred.explain.ExplanationText;
import io.kindred.ingest.Ingest;
import io.kindred.neural.model.Network;
import io.kindred.neural.model.NeuralModel;
import io.kindred.neural.model.VectorNetwork;
import io.kindred.neural.tensor.Scope;
import io.kindred.neural.tensor.Torch;
import io.kindred.recommend.ModelRecommender;
import io.kindred.registry.Algorithms;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Explanations of networks, of the first recommendation of people with long histories: what an
 * explanation costs beside leaving out the newest 50 items alone, how often the item that matters
 * most is older than these, how many of the strongest three speak against, which sentences are
 * said, and how often blocks find the strongest of histories with more than 1,000 items.
 *
 * <p>Arguments: the data (default ../shared/data/ml-1m), then recipes, such as "multi-dae
 * epochs=10".
 */
public final class ExplanationBench {
  private static final int NEWEST = 50;
  private static final int PEOPLE = 60;

  private ExplanationBench() {}

  /** Runs the bench and prints a table a recipe. */
  public static void main(String[] args) {
    Path path = Path.of(args.length > 0 ? args[0] : "../shared/data/ml-1m");
    Dataset data = Ingest.read(path).dataset();
    List<String> recipes =
        args.length > 1
            ? List.of(args).subList(1, args.length)
            : List.of("multi-dae epochs=10", "history-cnn epochs=5", "neu-mf epochs=5");
    for (String recipe : recipes) {
      measure(recipe, data);
    }
  }

  private static void measure(String recipe, Dataset data) {
    String[] words = recipe.split(" ", -1);
    Parameters parameters = Parameters.none();
    for (int w = 1; w < words.length; w++) {
      String[] pair = words[w].split("=", 2);
      parameters = parameters.with(pair[0], pair[1]);
    }
    NeuralModel model =
        (NeuralModel)
            Algorithms.all()
                .trainer(words[0], parameters)
                .train(data, TrainingContext.defaults().withThreads(1));
    say("%s", recipe);
    Torch.setThreads(1);
    int[] users =
        IntStream.range(0, data.users().size())
            .filter(user -> different(data.interactions().history(user)).size() >= 200)
            .limit(PEOPLE)
            .toArray();
    for (int size : new int[] {50, 200}) {
      time(model, users, size);
    }
    reasons(model, users);
    blocks(model);
  }

  /** The newest first. */
  private static Set<Integer> different(History history) {
    Set<Integer> different = new LinkedHashSet<>();
    for (int p = history.size() - 1; p >= 0; p--) {
      different.add(history.items()[p]);
    }
    return different;
  }

  private static History newest(History history, int size) {
    int from = Math.max(0, history.size() - size);
    return new History(
        Arrays.copyOfRange(history.items(), from, history.size()),
        Arrays.copyOfRange(history.values(), from, history.size()),
        Arrays.copyOfRange(history.times(), from, history.size()));
  }

  private static History without(History history, int item) {
    int[] places =
        IntStream.range(0, history.size()).filter(p -> history.items()[p] != item).toArray();
    int[] items = new int[places.length];
    float[] values = new float[places.length];
    long[] times = new long[places.length];
    for (int p = 0; p < places.length; p++) {
      items[p] = history.items()[places[p]];
      values[p] = history.values()[places[p]];
      times[p] = history.times()[places[p]];
    }
    return new History(items, values, times);
  }

  private static int first(NeuralModel model, int user) {
    RecommendationList list =
        ModelRecommender.of(model).recommend(Query.ofUser(model.data().users().id(user)).withN(1));
    return model.data().items().index(list.items().get(0).item());
  }

  private static void time(NeuralModel model, int[] users, int size) {
    double before = 0;
    double now = 0;
    for (int round = 0; round < 2; round++) {
      before = 0;
      now = 0;
      for (int user : users) {
        History history = newest(model.data().interactions().history(user), size);
        List<History> asked = new ArrayList<>(List.of(history));
        different(history).stream().limit(NEWEST).forEach(i -> asked.add(without(history, i)));
        long start = cpu();
        scored(model.network(), asked);
        long middle = cpu();
        model.explain(Profile.unseen(history), 0, 3);
        before += middle - start;
        now += cpu() - middle;
      }
    }
    say(
        "  history of %d: newest %d alone %.1f ms, all %.1f ms of CPU, ratio %.2f",
        size, NEWEST, before / 1e6 / users.length, now / 1e6 / users.length, now / before);
  }

  @SuppressWarnings("try") // the scope is not named in its body
  private static void scored(Network network, List<History> histories) {
    try (Scope scope = Scope.withoutGradients()) {
      if (network instanceof VectorNetwork vectors) {
        vectors.queries(histories).toFloats();
      } else {
        network.scores(histories).toFloats();
      }
    }
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static List<ItemReason> bySize(BecauseOfItems why) {
    return Stream.concat(why.reasons().stream(), why.against().stream())
        .sorted(Comparator.comparingDouble(reason -> -Math.abs(reason.contribution())))
        .toList();
  }

  private static void reasons(NeuralModel model, int[] users) {
    ExplanationText text = ExplanationText.of(model.data());
    int older = 0;
    int against = 0;
    int firstAgainst = 0;
    int listed = 0;
    int notAboveZero = 0;
    Map<String, Integer> sentences = new LinkedHashMap<>();
    for (int user : users) {
      History history = model.data().interactions().history(user);
      BecauseOfItems all =
          (BecauseOfItems)
              model.explain(new Profile(user, history), first(model, user), 10_000).orElseThrow();
      List<ItemReason> strongest = bySize(all).subList(0, 3);
      Set<Integer> newest = new LinkedHashSet<>();
      different(history).stream().limit(NEWEST).forEach(newest::add);
      older += newest.contains(model.data().items().index(strongest.get(0).item())) ? 0 : 1;
      firstAgainst += strongest.get(0).contribution() < 0 ? 1 : 0;
      against += (int) strongest.stream().filter(one -> one.contribution() < 0).count();
      listed += strongest.size();
      notAboveZero += all.score() <= 0 ? 1 : 0;
      sentences.merge(
          String.join(" ", Arrays.asList(text.sentence(all).split(" ")).subList(0, 3)),
          1,
          Integer::sum);
    }
    say(
        "  of %d people with 200 items and more: the strongest is older than the newest %d for %d;"
            + " by size alone %d of %d would speak against, %d of the first ones; scores not above"
            + " 0: %d",
        users.length, NEWEST, older, against, listed, firstAgainst, notAboveZero);
    say("  sentences: %s", sentences);
  }

  private static void blocks(NeuralModel model) {
    int[] users =
        IntStream.range(0, model.data().users().size())
            .filter(user -> different(model.data().interactions().history(user)).size() > 1000)
            .limit(PEOPLE)
            .toArray();
    int most = 0;
    int found = 0;
    int asked = 0;
    for (int user : users) {
      History history = model.data().interactions().history(user);
      int item = first(model, user);
      BecauseOfItems why =
          (BecauseOfItems) model.explain(new Profile(user, history), item, 3).orElseThrow();
      float[] scores = new float[model.data().items().size()];
      Map<String, Double> each = new LinkedHashMap<>();
      model.scorer().score(new Profile(user, history), scores);
      double whole = scores[item];
      var scorer = model.scorer();
      for (int left : different(history)) {
        scorer.score(Profile.unseen(without(history, left)), scores);
        each.put(model.data().items().id(left), whole - scores[item]);
      }
      List<String> right =
          each.entrySet().stream()
              .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
              .limit(3)
              .map(Map.Entry::getKey)
              .toList();
      List<String> told = why.reasons().stream().map(ItemReason::item).toList();
      most += told.contains(right.get(0)) ? 1 : 0;
      found += (int) right.stream().filter(told::contains).count();
      asked += right.size();
    }
    say(
        "  %d people with more than 1,000 items: the strongest is found for %d, %d of the strongest"
            + " three",
        users.length, most, found);
    say("  (of %d)", asked);
  }

  private static void say(String format, Object... arguments) {
    System.out.println(String.format(Locale.ROOT, format, arguments));
  }
}
