package io.kindred.bench;

import es.uam.eps.ir.ranksys.fast.index.SimpleFastItemIndex;
import es.uam.eps.ir.ranksys.fast.index.SimpleFastUserIndex;
import es.uam.eps.ir.ranksys.fast.preference.SimpleFastPreferenceData;
import es.uam.eps.ir.ranksys.nn.item.ItemNeighborhoodRecommender;
import es.uam.eps.ir.ranksys.nn.item.neighborhood.CachedItemNeighborhood;
import es.uam.eps.ir.ranksys.nn.item.neighborhood.TopKItemNeighborhood;
import es.uam.eps.ir.ranksys.nn.item.sim.SetCosineItemSimilarity;
import es.uam.eps.ir.ranksys.rec.fast.FastRecommender;
import io.kindred.Profile;
import io.kindred.Scorer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.Interactions;
import io.kindred.ingest.Ingest;
import io.kindred.knn.ItemKnn;
import io.kindred.knn.ItemKnn.Neighborhood;
import io.kindred.knn.ItemKnnModel;
import io.kindred.similarity.Measure;
import io.kindred.similarity.Neighbors;
import io.kindred.similarity.SimilarityOptions;
import io.kindred.sparse.Parallel;
import io.kindred.sparse.TopN;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.mahout.cf.taste.common.TasteException;
import org.apache.mahout.cf.taste.impl.common.FastByIDMap;
import org.apache.mahout.cf.taste.impl.common.FastIDSet;
import org.apache.mahout.cf.taste.impl.model.GenericBooleanPrefDataModel;
import org.apache.mahout.cf.taste.impl.recommender.GenericBooleanPrefItemBasedRecommender;
import org.apache.mahout.cf.taste.impl.similarity.TanimotoCoefficientSimilarity;
import org.apache.mahout.cf.taste.model.DataModel;
import org.apache.mahout.cf.taste.recommender.RecommendedItem;
import org.jooq.lambda.tuple.Tuple3;

/**
 * Item-based neighborhoods in one run on one machine: Kindred, RankSys and Mahout on the same
 * implicit data, with the same number of threads.
 *
 * <p>Arguments: the folder of the data (default ../shared/data/ml-1m) and the number of threads
 * (default 2). RankSys is compared by cosine; Mahout has no whole-row cosine for implicit data, so
 * it is compared by its Tanimoto coefficient, which is Jaccard's. Mahout's recommender is timed on
 * a sample of users and scaled up, which is said in its line. RankSys cuts neighbor lists at the
 * history, and so does Kindred beside it; what the other neighborhood costs is measured in
 * processor time, round by round with the first, so that other work on the machine does not count.
 */
public final class NeighborhoodBench {
  private static final int K = 100;
  private static final int N = 20;
  private static final int ROUNDS = 15;
  private static final int MAHOUT_SAMPLE = 120;

  private final Dataset data;
  private final int threads;
  private final int[][] histories;

  private NeighborhoodBench(Dataset data, int threads) {
    this.data = data;
    this.threads = threads;
    Interactions interactions = data.interactions();
    histories = new int[data.users().size()][];
    for (int user = 0; user < histories.length; user++) {
      histories[user] = interactions.history(user).items();
    }
  }

  /** Runs the comparison and prints a table. */
  public static void main(String[] args) throws TasteException {
    Path folder = Path.of(args.length > 0 ? args[0] : "../shared/data/ml-1m");
    int threads = args.length > 1 ? Integer.parseInt(args[1]) : 2;
    System.setProperty(
        "java.util.concurrent.ForkJoinPool.common.parallelism",
        Integer.toString(threads - 1)); // and the caller
    new NeighborhoodBench(Ingest.read(folder).dataset(), threads).run();
  }

  private void run() throws TasteException {
    Interactions interactions = data.interactions();
    say(
        "%s: %,d x %,d, %,d interactions; k = %d, n = %d, %d threads, Java %s",
        data.name(),
        interactions.userCount(),
        interactions.itemCount(),
        interactions.size(),
        K,
        N,
        threads,
        System.getProperty("java.version"));
    say("%-34s %12s %12s", "", "neighbors s", "recommend s");
    neighborhoods();
    Timing cosine = kindred(Measure.COSINE);
    Timing jaccard = kindred(Measure.JACCARD);
    Timing rankSys = rankSys(cosine);
    Timing mahout = mahout(jaccard);
    say(
        "%-34s %11.1fx %11.1fx",
        "Kindred faster than RankSys",
        rankSys.fit / cosine.fit,
        rankSys.recommend / cosine.recommend);
    say(
        "%-34s %11.1fx %11.1fx",
        "Kindred faster than Mahout",
        mahout.fit / jaccard.fit,
        mahout.recommend / jaccard.recommend);
  }

  /** Median seconds after warm-up, and the lists. */
  private record Timing(double fit, double recommend, Neighbors neighbors) {}

  private Timing kindred(Measure measure) {
    double[] fits = new double[ROUNDS];
    double[] recommends = new double[ROUNDS];
    ItemKnn trainer = new ItemKnn(K, Neighborhood.HISTORY, SimilarityOptions.of(measure));
    ItemKnnModel model = trainer.train(data, TrainingContext.defaults().withThreads(threads));
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      if (round > 0) {
        model = trainer.train(data, TrainingContext.defaults().withThreads(threads));
      } else {
        // the model above was the cold one
        start -= (long) (model.info().trainingSeconds() * 1e9);
      }
      fits[round] = seconds(start);
      start = System.nanoTime();
      recommendAll(model);
      recommends[round] = seconds(start);
    }
    Timing warm = new Timing(median(fits), median(recommends), model.neighbors());
    say("%-34s %12.3f %12.3f", "Kindred, " + measure + ", cold", fits[0], recommends[0]);
    say("%-34s %12.3f %12.3f", "Kindred, " + measure + ", warm", warm.fit, warm.recommend);
    return warm;
  }

  /** Candidate beside history by cosine: processor seconds, and what is added up for a person. */
  private void neighborhoods() {
    Neighborhood[] both = {Neighborhood.HISTORY, Neighborhood.CANDIDATE};
    double[][] fits = new double[both.length][ROUNDS];
    double[][] recommends = new double[both.length][ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      for (int b = 0; b < both.length; b++) {
        double start = processorSeconds();
        ItemKnnModel model =
            new ItemKnn(K, both[b], SimilarityOptions.of(Measure.COSINE))
                .train(data, TrainingContext.defaults().withThreads(threads));
        double trained = processorSeconds();
        recommendAll(model);
        fits[b][round] = trained - start;
        recommends[b][round] = processorSeconds() - trained;
        if (round == 0) {
          say(
              "Kindred, cosine, %s: %,.0f sums for a person",
              both[b], (double) sums(model.neighbors(), both[b]) / histories.length);
        }
      }
    }
    say(
        "%-34s %11.2fx %11.2fx  (processor time)",
        "candidate by history",
        median(fits[1]) / median(fits[0]),
        median(recommends[1]) / median(recommends[0]));
  }

  /** How many products all people's scores are made of. */
  private long sums(Neighbors lists, Neighborhood neighborhood) {
    int[] sizes = new int[data.items().size()];
    for (int item = 0; item < sizes.length; item++) {
      for (int p = lists.starts()[item]; p < lists.starts()[item + 1]; p++) {
        sizes[neighborhood == Neighborhood.HISTORY ? item : lists.indexes()[p]]++;
      }
    }
    return Arrays.stream(histories)
        .flatMapToInt(Arrays::stream)
        .mapToLong(item -> sizes[item])
        .sum();
  }

  private static double processorSeconds() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getProcessCpuTime() / 1e9
        : System.nanoTime() / 1e9;
  }

  private int[][] recommendAll(ItemKnnModel model) {
    int items = data.items().size();
    int block = 16;
    int[][] lists = new int[histories.length][];
    Interactions interactions = data.interactions();
    Parallel.forBlocks(
        threads,
        histories.length,
        block,
        () -> {
          Scorer scorer = model.scorer();
          float[] scores = new float[block * items];
          TopN best = new TopN(N);
          return (from, to) -> {
            List<Profile> profiles = new ArrayList<>(to - from);
            for (int user = from; user < to; user++) {
              profiles.add(new Profile(user, interactions.history(user)));
            }
            scorer.score(profiles, scores);
            for (int user = from; user < to; user++) {
              int[] seen = profiles.get(user - from).history().items().clone();
              Arrays.sort(seen);
              best.exclude(seen);
              int found = best.select(scores, (user - from) * items, items);
              lists[user] = Arrays.copyOf(best.items(), found);
            }
          };
        });
    return lists;
  }

  private Timing rankSys(Timing kindred) {
    int users = data.users().size();
    int items = data.items().size();
    SimpleFastUserIndex<Integer> userIndex =
        SimpleFastUserIndex.load(IntStream.range(0, users).boxed());
    SimpleFastItemIndex<Integer> itemIndex =
        SimpleFastItemIndex.load(IntStream.range(0, items).boxed());
    SimpleFastPreferenceData<Integer, Integer> preferences =
        SimpleFastPreferenceData.load(
            IntStream.range(0, users)
                .boxed()
                .flatMap(
                    user ->
                        Arrays.stream(histories[user])
                            .mapToObj(item -> new Tuple3<>(user, item, 1.0))),
            userIndex,
            itemIndex);
    double[] fits = new double[3];
    double[] recommends = new double[3];
    CachedItemNeighborhood<Integer> neighborhood = null;
    for (int round = 0; round < fits.length; round++) {
      long start = System.nanoTime();
      neighborhood =
          new CachedItemNeighborhood<>(
              new TopKItemNeighborhood<>(new SetCosineItemSimilarity<>(preferences, 0.5, true), K));
      fits[round] = seconds(start);
      FastRecommender<Integer, Integer> recommender =
          new ItemNeighborhoodRecommender<>(preferences, neighborhood, 1);
      start = System.nanoTime();
      Parallel.forBlocks(
          threads,
          users,
          16,
          () ->
              (from, to) -> {
                for (int user = from; user < to; user++) {
                  Set<Integer> seen = new HashSet<>();
                  for (int item : histories[user]) {
                    seen.add(item);
                  }
                  recommender.getRecommendation(user, N, item -> !seen.contains(item));
                }
              });
      recommends[round] = seconds(start);
    }
    Timing warm = new Timing(median(fits), median(recommends), kindred.neighbors);
    say("%-34s %12.3f %12.3f", "RankSys 0.4.3, cosine, warm", warm.fit, warm.recommend);
    int same = 0;
    int compared = 0;
    for (int item = 0; item < items && neighborhood != null; item++) {
      float[] theirs = new float[K];
      int[] count = {0};
      neighborhood.getNeighbors(item).forEach(neighbor -> theirs[count[0]++] = (float) neighbor.v2);
      compared++;
      same += sameSimilarities(kindred.neighbors, item, Arrays.copyOf(theirs, count[0])) ? 1 : 0;
    }
    say(
        "  same neighbors for %,d of %,d items (similarities equal to 1e-5 in order)",
        same, compared);
    return warm;
  }

  private Timing mahout(Timing kindred) throws TasteException {
    FastByIDMap<FastIDSet> sets = new FastByIDMap<>();
    for (int user = 0; user < histories.length; user++) {
      FastIDSet set = new FastIDSet(histories[user].length);
      for (int item : histories[user]) {
        set.add(item);
      }
      sets.put(user, set);
    }
    DataModel model = new GenericBooleanPrefDataModel(sets);
    GenericBooleanPrefItemBasedRecommender recommender =
        new GenericBooleanPrefItemBasedRecommender(model, new TanimotoCoefficientSimilarity(model));
    int items = data.items().size();
    float[][] theirs = new float[items][];
    Runnable fit =
        () ->
            Parallel.forBlocks(
                threads,
                items,
                16,
                () ->
                    (from, to) -> {
                      for (int item = from; item < to; item++) {
                        theirs[item] = similar(recommender, item);
                      }
                    });
    fit.run();
    long start = System.nanoTime();
    fit.run();
    double fitSeconds = seconds(start);
    start = System.nanoTime();
    Parallel.forBlocks(
        threads,
        MAHOUT_SAMPLE,
        1,
        () ->
            (from, to) -> {
              try {
                recommender.recommend((long) from * histories.length / MAHOUT_SAMPLE, N);
              } catch (TasteException e) {
                throw new IllegalStateException(e);
              }
            });
    double recommendSeconds = seconds(start) * histories.length / MAHOUT_SAMPLE;
    say(
        "%-34s %12.3f %12.3f  (recommend: from %d users, scaled up)",
        "Mahout 0.13.0, Tanimoto, warm", fitSeconds, recommendSeconds, MAHOUT_SAMPLE);
    int same = 0;
    for (int item = 0; item < items; item++) {
      same += sameSimilarities(kindred.neighbors, item, theirs[item]) ? 1 : 0;
    }
    say("  same neighbors for %,d of %,d items (similarities equal to 1e-5 in order)", same, items);
    return new Timing(fitSeconds, recommendSeconds, kindred.neighbors);
  }

  private static float[] similar(GenericBooleanPrefItemBasedRecommender recommender, int item) {
    try {
      List<RecommendedItem> list = recommender.mostSimilarItems(item, K);
      float[] values = new float[list.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = list.get(i).getValue();
      }
      return values;
    } catch (TasteException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Neighbors of equal similarity may stand in another order elsewhere, so the similarities are
   * what is compared; zeros are no neighbors.
   */
  private static boolean sameSimilarities(Neighbors ours, int item, float[] theirs) {
    int from = ours.starts()[item];
    int positive = 0;
    for (float similarity : theirs) {
      positive += similarity > 0 ? 1 : 0;
    }
    if (positive != ours.size(item)) {
      return false;
    }
    float[] sorted = theirs.clone();
    Arrays.sort(sorted);
    for (int i = 0; i < positive; i++) {
      if (Math.abs(sorted[sorted.length - 1 - i] - ours.similarities()[from + i]) > 1e-5) {
        return false;
      }
    }
    return true;
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  /** The median of all but the first, which is cold. */
  private static double median(double[] rounds) {
    double[] warm = Arrays.copyOfRange(rounds, 1, rounds.length);
    Arrays.sort(warm);
    return warm[warm.length / 2];
  }

  @SuppressWarnings("SystemOut")
  private static void say(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
