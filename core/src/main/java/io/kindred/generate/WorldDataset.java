package io.kindred.generate;

import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.Interactions;
import io.kindred.data.Vocabulary;
import io.kindred.sparse.Parallel;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.RandomAccess;
import java.util.function.IntFunction;

/** Makes a data set of a world in memory; see {@link World#toDataset}. */
final class WorldDataset {
  private static final int BLOCK = 512;

  private final World world;
  private final int threads;

  WorldDataset(World world, int threads) {
    this.world = world;
    this.threads = threads;
  }

  Dataset make() {
    Vocabulary users = Vocabulary.of(list(world.users(), world::userId));
    Vocabulary items = Vocabulary.of(list(world.items(), world::itemId));
    String name = "generated world of " + world.interactions() + ", seed " + world.config().seed();
    return Dataset.of(name, users, items, interactions())
        .withFeatures(userFeatures(), itemFeatures());
  }

  /** Every user's place in the columns is known beforehand, so threads write side by side. */
  private Interactions interactions() {
    int[] starts = new int[world.users() + 1];
    for (int u = 0; u < world.users(); u++) {
      starts[u + 1] = Math.addExact(starts[u], world.interactionCount(u));
    }
    int size = starts[world.users()];
    int[] items = new int[size];
    float[] ratings = new float[size];
    int[] seconds = new int[size];
    Parallel.forBlocks(
        threads,
        world.users(),
        BLOCK,
        () -> {
          Historian historian = world.historian();
          return (from, to) -> {
            for (int u = from; u < to; u++) {
              historian.make(u);
              for (int p = 0; p < historian.size(); p++) {
                items[starts[u] + p] = historian.item(p);
                ratings[starts[u] + p] = historian.rating(p);
                seconds[starts[u] + p] = (int) (historian.time(p) - World.START);
              }
            }
          };
        });
    return Interactions.ofColumns(
        world.items(), starts, items, ratings, seconds, World.START, null, List.of());
  }

  private Features userFeatures() {
    int count = world.users();
    float[] age = new float[count];
    float[] joined = new float[count];
    int[] region = new int[count];
    int[] favorite = new int[count];
    Vocabulary.Builder regions = Vocabulary.builder();
    Vocabulary.Builder favorites = Vocabulary.builder();
    for (int u = 0; u < count; u++) {
      WorldUser user = world.user(u);
      age[u] = user.age();
      joined[u] = user.joined().toEpochDay();
      region[u] = regions.add(user.region());
      favorite[u] = favorites.add(user.favorite());
    }
    return new Features(
        count,
        List.of(
            new FeatureColumn.Numeric("age", age),
            new FeatureColumn.Category("region", region, regions.build()),
            new FeatureColumn.Numeric("joined", joined),
            new FeatureColumn.Category("favorite", favorite, favorites.build())));
  }

  private Features itemFeatures() {
    int count = world.items();
    float[] price = new float[count];
    float[] released = new float[count];
    int[] category = new int[count];
    int[] tagStarts = new int[count + 1];
    int[] tagCodes = new int[count * (1 + World.MOODS_PER_ITEM)];
    Vocabulary.Builder categories = Vocabulary.builder();
    Vocabulary.Builder tags = Vocabulary.builder();
    for (int i = 0; i < count; i++) {
      WorldItem item = world.item(i);
      price[i] = (float) item.price();
      released[i] = item.released().toEpochDay();
      category[i] = categories.add(item.category());
      int at = tagStarts[i];
      for (String tag : item.tags()) {
        tagCodes[at++] = tags.add(tag);
      }
      tagStarts[i + 1] = at;
    }
    return new Features(
        count,
        List.of(
            new FeatureColumn.Text("title", list(count, world::title)),
            new FeatureColumn.Text("description", list(count, i -> world.item(i).description())),
            new FeatureColumn.Category("category", category, categories.build()),
            new FeatureColumn.Tags(
                "tags", tagStarts, Arrays.copyOf(tagCodes, tagStarts[count]), tags.build()),
            new FeatureColumn.Numeric("price", price),
            new FeatureColumn.Numeric("released", released)));
  }

  /** A view that makes its elements when they are asked for, so that texts take no memory. */
  private static <T> List<T> list(int size, IntFunction<T> element) {
    return new LazyList<>(size, element);
  }

  private static final class LazyList<T> extends AbstractList<T> implements RandomAccess {
    private final int size;
    private final IntFunction<T> element;

    LazyList(int size, IntFunction<T> element) {
      this.size = size;
      this.element = element;
    }

    @Override
    public T get(int index) {
      return element.apply(index);
    }

    @Override
    public int size() {
      return size;
    }
  }
}
