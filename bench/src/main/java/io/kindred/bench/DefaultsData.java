package io.kindred.bench;

import io.kindred.data.Dataset;
import io.kindred.data.DatasetFilter;
import io.kindred.data.Interactions;
import io.kindred.generate.World;
import io.kindred.generate.WorldConfig;
import io.kindred.ingest.Ingest;
import io.kindred.ingest.ReadOptions;
import io.kindred.split.HeldOut;
import io.kindred.split.Split;
import io.kindred.split.Splitter;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The data of {@link DefaultsBench}: dense and sparse, ratings and plain events, with 2,000 to
 * 17,000 items.
 *
 * @param name of the data, and of its folder
 * @param filter what is kept
 * @param split how it is divided
 * @param protocol what was done, as a person reads it
 */
record DefaultsData(String name, DatasetFilter filter, String split, String protocol) {
  private static final String GENERATED = "generated";
  private static final String RANDOM = "ratio(0.8,0.1,0.1,random)";
  private static final String LAST = "leave-one-out";
  private static final long SEED = 1;

  static final List<DefaultsData> ALL =
      List.of(
          new DefaultsData(
              "ml-latest-small",
              DatasetFilter.none().withMinValue(4f).withCore(5),
              RANDOM,
              "ratings of 4 and more, each as 1, 5-core, " + RANDOM),
          new DefaultsData(
              "ml-100k", DatasetFilter.none(), RANDOM, "all ratings with their values, " + RANDOM),
          new DefaultsData("ml-1m", DatasetFilter.none(), RANDOM, "all, without values, " + RANDOM),
          new DefaultsData("amazon-beauty", DatasetFilter.none(), LAST, LAST),
          new DefaultsData("amazon-games", DatasetFilter.none(), LAST, LAST),
          new DefaultsData(
              GENERATED,
              DatasetFilter.none().withMinValue(0.5f),
              LAST,
              "a world of 20,000 users, 10,000 items and 160,000 interactions, without values, "
                  + LAST));

  /** Reads the data and divides it: the same each time. */
  Split read(Path folder, int threads) {
    Dataset data =
        name.equals(GENERATED)
            ? filter.apply(world().toDataset(threads)).dataset()
            : Ingest.read(folder.resolve(name), ReadOptions.defaults().withFilter(filter))
                .dataset();
    return Splitter.parse(split).splits(data, SEED).get(0);
  }

  private static World world() {
    return new World(
        WorldConfig.ofInteractions(160_000)
            .withUsers(20_000)
            .withItems(10_000)
            .withInteractions(160_000));
  }

  /** A part with the targets of only so many people, drawn at random, the same each time. */
  static HeldOut sample(HeldOut part, int people) {
    Interactions targets = part.targets();
    int[] users =
        IntStream.range(0, targets.userCount())
            .filter(user -> targets.userSize(user) > 0)
            .toArray();
    if (users.length <= people) {
      return part;
    }
    Random random = new Random(SEED);
    for (int place = 0; place < people; place++) {
      int other = place + random.nextInt(users.length - place);
      int user = users[other];
      users[other] = users[place];
      users[place] = user;
    }
    Interactions.Builder kept = Interactions.builder();
    for (int place = 0; place < people; place++) {
      for (int p = targets.starts()[users[place]]; p < targets.starts()[users[place] + 1]; p++) {
        kept.add(users[place], targets.items()[p], targets.values()[p]);
      }
    }
    return new HeldOut(part.history(), kept.build(targets.userCount(), targets.itemCount()));
  }
}
