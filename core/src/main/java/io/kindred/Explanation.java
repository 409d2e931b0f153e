package io.kindred;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Why an item is recommended: one of a closed set of forms, each with the numbers behind it.
 * Immutable.
 */
public sealed interface Explanation {
  /**
   * Items of the person's history speak for it.
   *
   * @param score the score that is explained
   * @param base what of the score stands without the history (a baseline); 0 where there is none
   * @param reasons the strongest first
   * @param rest the sum of the contributions that are not listed; {@code base + contributions +
   *     rest = score}
   */
  record BecauseOfItems(double score, double base, List<ItemReason> reasons, double rest)
      implements Explanation {
    /** Keeps its own copy of the reasons. */
    public BecauseOfItems {
      reasons = List.copyOf(reasons);
    }

    /**
     * An explanation of all its reasons, of which the strongest are kept and the others summed up.
     *
     * @param base what of the score stands without the history
     * @param all the reasons, in any order; ties keep theirs
     * @param limit how many are kept at the most
     */
    public static BecauseOfItems of(double base, List<ItemReason> all, int limit) {
      double sum = 0;
      for (ItemReason reason : all) {
        sum += reason.contribution;
      }
      List<ItemReason> shown =
          all.stream()
              .sorted(Comparator.comparingDouble(reason -> -Math.abs(reason.contribution)))
              .limit(limit)
              .toList();
      double listed = 0;
      for (ItemReason reason : shown) {
        listed += reason.contribution;
      }
      return new BecauseOfItems(base + sum, base, shown, sum - listed);
    }
  }

  /**
   * One item of the history.
   *
   * @param item its id
   * @param value the value that the person gave it
   * @param similarity how similar it is to the recommended item
   * @param contribution its part of the score, in units of the score
   */
  record ItemReason(String item, double value, double similarity, double contribution) {}

  /**
   * Similar people speak for it.
   *
   * @param score the score that is explained
   * @param base what of the score stands without the neighbors; 0 where there is none
   * @param reasons the strongest first
   * @param rest the sum of the contributions that are not listed; {@code base + contributions +
   *     rest = score}
   */
  record BecauseOfUsers(double score, double base, List<UserReason> reasons, double rest)
      implements Explanation {
    /** Keeps its own copy of the reasons. */
    public BecauseOfUsers {
      reasons = List.copyOf(reasons);
    }
  }

  /**
   * One neighbor. Whoever shows it to others leaves out {@code user}, unless told otherwise.
   *
   * @param user the neighbor's id
   * @param similarity how similar the neighbor is
   * @param value the value that the neighbor gave to the recommended item
   * @param contribution the neighbor's part of the score, in units of the score
   * @param shared ids of items that both did, a few
   */
  record UserReason(
      String user, double similarity, double value, double contribution, List<String> shared) {
    /** Keeps its own copy of the shared items. */
    public UserReason {
      shared = List.copyOf(shared);
    }
  }

  /**
   * Features that the item shares with the history.
   *
   * @param score the score that is explained
   * @param features what is shared and its contribution, the strongest first
   * @param rest the sum of what is not listed
   */
  record SharedFeatures(double score, List<FeatureReason> features, double rest)
      implements Explanation {
    /** Keeps its own copy of the features. */
    public SharedFeatures {
      features = List.copyOf(features);
    }

    /**
     * An explanation of which the strongest features are kept; all else of the score is the rest.
     *
     * @param all what is shared, in any order; ties keep theirs
     * @param limit how many are kept at the most
     */
    public static SharedFeatures of(double score, Collection<FeatureReason> all, int limit) {
      List<FeatureReason> strongest =
          all.stream()
              .sorted(Comparator.comparingDouble(reason -> -Math.abs(reason.contribution)))
              .limit(limit)
              .toList();
      double listed = strongest.stream().mapToDouble(FeatureReason::contribution).sum();
      return new SharedFeatures(score, strongest, score - listed);
    }
  }

  /**
   * One shared feature.
   *
   * @param column the name of the feature column
   * @param value the shared word, tag or category
   * @param contribution its part of the score
   */
  record FeatureReason(String column, String value, double contribution) {}

  /**
   * Many people did it.
   *
   * @param score the score that is explained
   * @param users how many people did it in the training data
   * @param rank its place among all items by that count, 1 = first
   */
  record Popular(double score, int users, int rank) implements Explanation {}
}
