package io.kindred.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Makes up titles, descriptions, tags and names out of the words of a {@link Taste}. Which words
 * are drawn depends on taste and style; the mood words follow the latent factors inside a style.
 * Stateless.
 */
final class Storyteller {
  /** Pairs of mood words: low and high end of one direction of the latent space. */
  private static final String[][] MOODS = {
    {"gentle", "fierce"},
    {"slow", "fast"},
    {"funny", "solemn"},
    {"bright", "dark"},
    {"simple", "tangled"},
    {"tender", "cool"}
  };

  /** A mood is mentioned from this many standard deviations on. */
  private static final double MOOD_THRESHOLD = 0.6;

  private static final List<String> NAMES =
      List.of(
          "Ada", "Amélie", "Anton", "Béla", "Björn", "Carmen", "Chloé", "Dario", "Edith", "Elif",
          "Emil", "Fatima", "Finn", "Greta", "Hana", "Henrik", "Ines", "Ivo", "Jonas", "José",
          "Juna", "Kofi", "Lars", "Leila", "Linnéa", "Lucía", "Marta", "Mei", "Mira", "Nadia",
          "Noé", "Nora", "Olga", "Omar", "Oskar", "Pablo", "Petra", "Priya", "Quentin", "Rafael",
          "Renée", "Rosa", "Ruth", "Samir", "Selma", "Søren", "Tara", "Théo", "Tilda", "Tomás",
          "Ulla", "Victor", "Wanda", "Xavier", "Yara", "Yusuf", "Zelda", "Zoë");

  private static final List<String> TEMPERS =
      List.of(
          "stubborn",
          "cheerful",
          "dreamy",
          "shy",
          "brave",
          "absent-minded",
          "hungry",
          "sleepless",
          "clumsy",
          "homesick",
          "unlucky",
          "optimistic");

  private static final List<String> VERBS =
      List.of(
          "finds",
          "inherits",
          "borrows",
          "repairs",
          "loses",
          "steals",
          "guards",
          "hides",
          "receives",
          "buries",
          "paints",
          "follows");

  private static final List<String> NUMBERS =
      List.of("two", "three", "five", "seven", "nine", "eleven", "forty");

  private static final List<String> SPANS =
      List.of("nights", "phone calls", "apologies", "attempts", "friends", "Sundays", "small lies");

  private static final List<String> AUDIENCES =
      List.of(
          "rainy evenings",
          "long train rides",
          "people who read the last page first",
          "anyone who ever missed a bus",
          "early risers",
          "two readers and one armchair",
          "those who never lend books",
          "a Sunday without plans",
          "readers aged nine to ninety");

  static final List<String> REGIONS =
      List.of(
          "North Coast",
          "Highlands",
          "Old Town",
          "Islands",
          "River Valley",
          "Southern Plain",
          "Lake District",
          "Capital");

  private static final Set<String> SMALL_WORDS =
      Set.of("a", "an", "and", "at", "in", "of", "the", "to");

  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

  private Storyteller() {}

  static String name(Random64 random) {
    return random.pick(NAMES);
  }

  /** The title that the members of a series share. */
  static String seriesTitle(Taste taste, Taste.Style style, Random64 random) {
    String adjective = title(random.pick(style.adjectives()));
    String noun = title(random.pick(style.nouns()));
    int pick = random.below(8);
    return switch (pick) {
      case 0, 1 -> "The " + adjective + " " + noun;
      case 2 -> name(random) + " and the " + adjective + " " + noun;
      case 3 -> {
        String other = title(other(style.nouns(), noun, random));
        yield "The " + noun + " and the " + other;
      }
      case 4 -> title(article(noun)) + " " + noun + " for " + name(random);
      case 5 -> {
        String other = title(other(style.adjectives(), adjective, random));
        yield adjective + ", " + other + ": The " + noun;
      }
      case 6 -> "The " + title(random.pick(taste.heroes())) + " and the " + noun;
      default -> "The " + noun + " Called \"" + name(random) + "\"";
    };
  }

  /** Two to four sentences. */
  static String description(
      Taste taste, Taste.Style style, List<String> moods, int part, int parts, Random64 random) {
    StringBuilder text = new StringBuilder(240);
    String noun = random.pick(style.nouns());
    String hero = random.pick(TEMPERS) + " " + random.pick(taste.heroes());
    sentence(text, withArticle(hero) + " " + random.pick(VERBS) + " ");
    text.append(withArticle(random.pick(style.adjectives()) + " " + noun));
    text.append(' ').append(random.pick(taste.places())).append('.');
    String thing = random.pick(style.adjectives()) + " " + other(style.nouns(), noun, random);
    String trouble = random.pick(taste.troubles());
    String goal = random.pick(taste.goals());
    switch (random.below(5)) {
      case 0 ->
          sentence(
              text,
              "to "
                  + goal
                  + ", it takes "
                  + withArticle(thing)
                  + " and "
                  + random.pick(NUMBERS)
                  + " "
                  + random.pick(SPANS)
                  + ".");
      case 1 ->
          sentence(text, "but " + trouble + ", and only " + withArticle(thing) + " can help.");
      case 2 -> sentence(text, "then " + trouble + ", and nobody is ready to " + goal + ".");
      case 3 -> sentence(text, "nobody believes in the " + thing + " until " + trouble + ".");
      default -> {
        sentence(text, "the plan is to " + goal + "; the " + thing + " is not part of it.");
        sentence(text, "then " + trouble + ".");
      }
    }
    if (random.chance(0.25)) {
      sentence(
          text,
          "one reader called it \""
              + withArticle(other(style.nouns(), noun, random))
              + " of a book\", and meant it kindly.");
    }
    String feeling = String.join(", ", moods.subList(0, Math.min(2, moods.size())));
    sentence(text, withArticle((feeling + " story").strip()));
    text.append(" for ").append(random.pick(AUDIENCES)).append('.');
    if (parts > 1) {
      text.append(" Part ").append(part).append(" of ").append(parts).append('.');
    }
    return text.toString();
  }

  /** The words for the directions in which an item stands out, strongest direction first. */
  static List<String> moods(double[] coordinates) {
    List<Integer> order = new ArrayList<>();
    for (int m = 0; m < Math.min(MOODS.length, coordinates.length); m++) {
      if (Math.abs(coordinates[m]) >= MOOD_THRESHOLD) {
        order.add(m);
      }
    }
    order.sort((a, b) -> Double.compare(Math.abs(coordinates[b]), Math.abs(coordinates[a])));
    List<String> words = new ArrayList<>();
    for (int m : order) {
      words.add(MOODS[m][coordinates[m] < 0 ? 0 : 1]);
    }
    return words;
  }

  /** Lower-case words joined by hyphens, accents kept: the readable part of an item's id. */
  static String slug(String title) {
    StringBuilder slug = new StringBuilder();
    for (String word : NO_WORD.split(title.toLowerCase(Locale.ROOT), -1)) {
      if (word.isEmpty() || word.equals("the") || word.equals("and") || word.equals("a")) {
        continue;
      }
      if (slug.length() + word.length() > 20) {
        break;
      }
      slug.append(slug.length() == 0 ? "" : "-").append(word);
    }
    return slug.length() == 0 ? "item" : slug.toString();
  }

  private static void sentence(StringBuilder text, String sentence) {
    text.append(text.length() == 0 ? "" : " ").append(upperFirst(sentence));
  }

  private static String withArticle(String phrase) {
    return article(phrase) + " " + phrase;
  }

  private static String article(String phrase) {
    return "aeiouàáâåæèéêíîóôúAEIOUÀÁÂÅÆÈÉÊÍÎÓÔÚ".indexOf(phrase.charAt(0)) >= 0 ? "an" : "a";
  }

  private static String other(List<String> words, String taken, Random64 random) {
    int start = random.below(words.size());
    String word = words.get(start);
    return word.equalsIgnoreCase(taken) ? words.get((start + 1) % words.size()) : word;
  }

  /** Every word with a capital, but for the small ones. */
  private static String title(String words) {
    StringBuilder title = new StringBuilder();
    for (String word : words.split(" ", -1)) {
      boolean small = title.length() > 0 && SMALL_WORDS.contains(word);
      title.append(title.length() == 0 ? "" : " ").append(small ? word : upperFirst(word));
    }
    return title.toString();
  }

  private static String upperFirst(String text) {
    int end = text.offsetByCodePoints(0, 1);
    return text.substring(0, end).toUpperCase(Locale.ROOT) + text.substring(end);
  }
}
