package io.kindred.testkit;

import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.Interaction;
import io.kindred.data.Interactions;
import io.kindred.data.Vocabulary;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/** Small generated data sets, the same at each call. */
public final class SmallData {
  private SmallData() {}

  /**
   * 40 users with about 12 ratings of 30 items, in halves from 0.5 to 5, with times. Everybody
   * leans to the items of one of three groups.
   */
  public static Dataset ratings() {
    Random random = new Random(20);
    List<Interaction> all = new ArrayList<>();
    for (int user = 0; user < 40; user++) {
      for (int item = 0; item < 30; item++) {
        boolean liked = user % 3 == item % 3;
        if (random.nextInt(10) < (liked ? 7 : 3)) {
          double rating = (liked ? 4 : 2.5) + random.nextGaussian();
          float halves = Math.max(1, Math.min(10, Math.round(2 * rating))) / 2f;
          all.add(
              new Interaction(
                  "user-" + user,
                  "item-" + item,
                  halves,
                  Instant.ofEpochSecond(1_500_000_000L + random.nextInt(50_000_000)),
                  null));
        }
      }
    }
    Dataset data = Dataset.of("small ratings (generated)", all);
    return data.withFeatures(Features.none(data.users().size()), features(data.items().size()));
  }

  /** A feature column of each kind, each with gaps. */
  private static Features features(int items) {
    List<@Nullable String> titles = new ArrayList<>();
    List<@Nullable String> pictures = new ArrayList<>();
    int[] kinds = new int[items];
    int[] tagStarts = new int[items + 1];
    List<Integer> tags = new ArrayList<>();
    float[] years = new float[items];
    for (int item = 0; item < items; item++) {
      titles.add(item % 7 == 6 ? null : "Title №" + item);
      pictures.add(item % 2 == 0 ? null : "pictures/" + item + ".png");
      kinds[item] = item % 4 - 1;
      for (int tag = 0; tag < item % 3; tag++) {
        tags.add(tag);
      }
      tagStarts[item + 1] = tags.size();
      years[item] = item % 5 == 0 ? Float.NaN : 1990 + item;
    }
    int[] tagCodes = tags.stream().mapToInt(tag -> tag).toArray();
    return new Features(
        items,
        List.of(
            new FeatureColumn.Text("title", titles),
            new FeatureColumn.Category(
                "kind", kinds, Vocabulary.of(List.of("book", "film", "song"))),
            new FeatureColumn.Tags(
                "genres", tagStarts, tagCodes, Vocabulary.of(List.of("comedy", "drama"))),
            new FeatureColumn.Numeric("year", years),
            new FeatureColumn.Image("picture", pictures, pictures(items))));
  }

  private static volatile @Nullable Path pictures;

  /** A folder with a picture of every second item, whose color is that of its group; made once. */
  private static synchronized Path pictures(int items) {
    Path made = pictures;
    if (made != null) {
      return made;
    }
    try {
      Path folder = Files.createTempDirectory("kindred-small-data");
      Path inner = Files.createDirectory(folder.resolve("pictures"));
      folder.toFile().deleteOnExit();
      inner.toFile().deleteOnExit();
      for (int item = 1; item < items; item += 2) {
        BufferedImage image = new BufferedImage(24, 32, BufferedImage.TYPE_INT_RGB);
        for (int pixel = 0; pixel < 24 * 32; pixel++) {
          image.setRGB(
              pixel % 24, pixel / 24, (0x80 << (8 * (item % 3))) + (pixel % 24) * (item % 5));
        }
        Path file = inner.resolve(item + ".png");
        ImageIO.write(image, "png", file.toFile());
        file.toFile().deleteOnExit();
      }
      pictures = folder;
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same without values: what a person did has the value 1. */
  public static Dataset implicit() {
    Dataset ratings = ratings();
    Interactions from = ratings.interactions();
    Interactions.Builder to = Interactions.builder();
    for (int user = 0; user < from.userCount(); user++) {
      for (int p = from.starts()[user]; p < from.starts()[user + 1]; p++) {
        to.add(user, from.items()[p], 1f, 1000 * from.time(p));
      }
    }
    return ratings
        .withInteractions(to.build(from.userCount(), from.itemCount()))
        .withName("small implicit (generated)");
  }

  /**
   * What came after {@link #ratings} or {@link #implicit}: "user-0", "user-5" and "new user" did
   * "new item", and the last of them "item-3" too.
   */
  public static Dataset delta(Dataset before) {
    float value = before.interactions().values()[0];
    List<Interaction> all = new ArrayList<>();
    for (String user : List.of("user-0", "user-5", "new user")) {
      all.add(
          new Interaction(user, "new item", value, Instant.ofEpochSecond(1_600_000_000L), null));
    }
    all.add(
        new Interaction("new user", "item-3", value, Instant.ofEpochSecond(1_600_000_001L), null));
    return Dataset.of("delta (generated)", all);
  }

  /**
   * User u did item i where u + i is even, but for the pairs (u, u): so the right recommendation
   * for user u is item u, and after it no item of the other color before one of the own.
   *
   * @param size the number of users and of items, at least 4
   */
  public static Dataset checkerboard(int size) {
    Interactions.Builder columns = Interactions.builder();
    for (int user = 0; user < size; user++) {
      for (int item = 0; item < size; item++) {
        if (user != item && (user + item) % 2 == 0) {
          columns.add(user, item, 1f);
        }
      }
    }
    return Dataset.of(
        "checkerboard (generated)", ids("u", size), ids("i", size), columns.build(size, size));
  }

  /** Interactions given as "user item value" or "user item". */
  public static Dataset of(String... interactions) {
    List<Interaction> all = new ArrayList<>();
    for (String interaction : interactions) {
      String[] words = interaction.split(" ", 3);
      all.add(
          new Interaction(words[0], words[1], words.length > 2 ? Float.parseFloat(words[2]) : 1f));
    }
    return Dataset.of("small (given)", all);
  }

  /** The ids "u0", "u1" and so on. */
  public static Vocabulary ids(String prefix, int count) {
    return Vocabulary.of(IntStream.range(0, count).mapToObj(index -> prefix + index).toList());
  }
}
