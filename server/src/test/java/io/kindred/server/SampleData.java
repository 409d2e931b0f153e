package io.kindred.server;

import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.Interactions;
import io.kindred.data.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A small world of invented films: people like the sea or the stars, and rate what they see from
 * 0.5 to 5.
 */
public final class SampleData {
  /** An id that must be encoded in a path. */
  public static final String STRANGE_ID = "a/b%2F c?🎬";

  private static final String[] SEA = {
    "The Salt Road",
    "Harbor Lights",
    "Tide and Time",
    "A Lighthouse Keeper's Year",
    "Below the Keel",
    "Gulls & <i>Terns</i>",
    "Café del Mar",
    "The Last Trawler",
    "Driftwood",
    "Nine Fathoms",
    "Storm Glass",
    "The Cartographer of Reefs"
  };
  private static final String[] STARS = {
    "Orbit",
    "The Quiet Comet",
    "Letters from Europa",
    "Perihelion",
    "Night Shift at the Observatory",
    "A Field Guide to Moons",
    "Dust Lanes",
    "The Long Dark Between",
    "Parallax",
    "Saturn in the Kitchen",
    "Zenith",
    "Starlight Over Łódź"
  };
  private static final int USERS = 60;

  private SampleData() {}

  /** The data; the same on every call. */
  public static Dataset films() {
    Vocabulary.Builder items = Vocabulary.builder();
    Vocabulary.Builder users = Vocabulary.builder();
    Vocabulary.Builder tags = Vocabulary.builder();
    List<String> titles = new ArrayList<>();
    List<String> posters = new ArrayList<>();
    List<String> stories = new ArrayList<>();
    int films = SEA.length + STARS.length;
    int[] starts = new int[films + 1];
    int[] codes = new int[2 * films];
    float[] minutes = new float[films];
    for (int i = 0; i < films; i++) {
      boolean sea = i < SEA.length;
      items.add(i == 0 ? STRANGE_ID : "film-" + i);
      titles.add((sea ? SEA[i] : STARS[i - SEA.length]) + " (" + (1980 + i) + ")");
      posters.add(i == 1 ? "posters/one two.png" : null);
      stories.add(
          i % 5 == 0
              ? null
              : "A story about " + (sea ? "the sea. " : "the stars. ").repeat(30).strip());
      codes[2 * i] = tags.add(sea ? "Sea" : "Stars");
      codes[2 * i + 1] = tags.add(i % 3 == 0 ? "Drama" : i % 3 == 1 ? "Comedy" : "Mystery");
      starts[i + 1] = 2 * i + 2;
      minutes[i] = i == 2 ? Float.NaN : 80 + i;
    }
    Interactions.Builder interactions = Interactions.builder();
    Random random = new Random(7);
    for (int u = 0; u < USERS; u++) {
      int user = users.add("user-" + u);
      boolean likesSea = u % 2 == 0;
      long time = 1_600_000_000_000L + u * 1_000_000L;
      for (int i = 0; i < films; i++) {
        boolean own = likesSea == (i < SEA.length);
        if (random.nextDouble() < (own ? 0.65 - 0.03 * (i % 12) : 0.12)) {
          float rating = own ? 3.5f + 0.5f * random.nextInt(4) : 0.5f + 0.5f * random.nextInt(6);
          interactions.add(user, i, rating, time += 60_000L);
        }
      }
    }
    Vocabulary itemIds = items.build();
    Vocabulary userIds = users.build();
    Features features =
        new Features(
            films,
            List.of(
                new FeatureColumn.Text("title", titles),
                new FeatureColumn.Tags(
                    "genres", starts, Arrays.copyOf(codes, 2 * films), tags.build()),
                new FeatureColumn.Numeric("minutes", minutes),
                new FeatureColumn.Text("story", stories),
                new FeatureColumn.Image("poster", posters)));
    return Dataset.of(
            "sample films (generated)", userIds, itemIds, interactions.build(USERS, films))
        .withFeatures(Features.none(USERS), features);
  }
}
