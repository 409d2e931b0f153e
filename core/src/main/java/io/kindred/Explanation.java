package io.kindred;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Why an item is recommended: one of a closed set of forms, each with the numbers behind it.
 * Immutable.
 *
 * <p>What speaks for the item and what speaks against it are two lists, each with the strongest
 * first. What is not listed for it is summed up, what speaks against it included: {@code base +
 * contributions of the reasons for it + rest = score}.
 *
 * <p>The <em>share</em> of a reason is its contribution divided by the score. It may be above 1,
 * where others take away, and says nothing where the score is 0 or less. What a contribution is
 * depends on the model, whose documentation says which of the two it gives:
 *
 * <ul>
 *   <li>a <em>part</em>: the score is a sum, and this is an addend. All parts and the base sum to
 *       the score. Where the other addends do not depend on the item (plain sums over the history,
 *       such as those of EASE and SLIM), the part is also what the score loses without the item.
 *       Where they do (a mean of ratings, a vector solved from the whole history), it is not.
 *   <li>a <em>difference</em> (all networks): the score minus the score of the same history without
 *       the item. Two items that say the same have little each, for one stands in for the other, so
 *       differences do not sum to the score. The gap is in {@code rest}.
 * </ul>
 */
public sealed interface Explanation {
  /** What speaks for an item, or against it. */
  sealed interface Reason {
    /** What it adds to the score, in units of the score; below 0 where it speaks against it. */
    double contribution();
  }

  /**
   * The strongest reasons of one side.
   *
   * @param side 1 for those with contributions above 0, -1 for those below 0
   * @param limit how many at the most; ties keep their order
   */
  private static <R extends Reason> List<R> strongest(Collection<R> all, int side, int limit) {
    return all.stream()
        .filter(reason -> side * reason.contribution() > 0)
        .sorted(Comparator.comparingDouble(reason -> -side * reason.contribution()))
        .limit(limit)
        .toList();
  }

  private static double sum(Collection<? extends Reason> reasons) {
    double sum = 0;
    for (Reason reason : reasons) {
      sum += reason.contribution();
    }
    return sum;
  }

  private static void check(List<? extends Reason> reasons, List<? extends Reason> against) {
    for (Reason reason : reasons) {
      if (!(reason.contribution() > 0)) {
        throw new IllegalArgumentException("a reason for it must add more than 0, got " + reason);
      }
    }
    for (Reason reason : against) {
      if (!(reason.contribution() < 0)) {
        throw new IllegalArgumentException("a reason against it must add less than 0: " + reason);
      }
    }
  }

  /**
   * Items of the person's history speak for it.
   *
   * @param score the score that is explained
   * @param base what of the score stands without the history (a baseline); 0 where there is none
   * @param reasons what speaks for it, the strongest first; each contribution is above 0
   * @param against what speaks against it, the strongest first; each contribution is below 0
   * @param rest all else of the score, {@code against} included; {@code base + contributions of
   *     reasons + rest = score}
   */
  record BecauseOfItems(
      double score, double base, List<ItemReason> reasons, List<ItemReason> against, double rest)
      implements Explanation {
    /**
     * Keeps its own copies of the reasons.
     *
     * @throws IllegalArgumentException if one is in the wrong list
     */
    public BecauseOfItems {
      reasons = List.copyOf(reasons);
      against = List.copyOf(against);
      check(reasons, against);
    }

    /**
     * An explanation of all its parts, which sum to the score. Of each side the strongest are kept;
     * a contribution of 0 is no reason.
     *
     * @param base what of the score stands without the history
     * @param all the reasons, in any order; ties keep theirs
     * @param limit how many of each side are kept at the most
     */
    public static BecauseOfItems of(double base, List<ItemReason> all, int limit) {
      return of(base + sum(all), base, all, limit);
    }

    /**
     * The same where the reasons need not sum to the score; all else of it is the rest.
     *
     * @param score the score that is explained
     */
    public static BecauseOfItems of(double score, double base, List<ItemReason> all, int limit) {
      List<ItemReason> reasons = strongest(all, 1, limit);
      return new BecauseOfItems(
          score, base, reasons, strongest(all, -1, limit), score - base - sum(reasons));
    }
  }

  /**
   * One item of the history.
   *
   * @param item its id
   * @param value the value that the person gave it
   * @param similarity how similar it is to the recommended item
   * @param contribution what it adds to the score, in units of the score: a part or a difference,
   *     see {@link Explanation}
   */
  record ItemReason(String item, double value, double similarity, double contribution)
      implements Reason {}

  /**
   * Similar people speak for it.
   *
   * @param score the score that is explained
   * @param base what of the score stands without the neighbors; 0 where there is none
   * @param reasons who speaks for it, the strongest first; each contribution is above 0
   * @param against who speaks against it, the strongest first; each contribution is below 0
   * @param rest all else of the score, {@code against} included; {@code base + contributions of
   *     reasons + rest = score}
   */
  record BecauseOfUsers(
      double score, double base, List<UserReason> reasons, List<UserReason> against, double rest)
      implements Explanation {
    /**
     * Keeps its own copies of the reasons.
     *
     * @throws IllegalArgumentException if one is in the wrong list
     */
    public BecauseOfUsers {
      reasons = List.copyOf(reasons);
      against = List.copyOf(against);
      check(reasons, against);
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
      String user, double similarity, double value, double contribution, List<String> shared)
      implements Reason {
    /** Keeps its own copy of the shared items. */
    public UserReason {
      shared = List.copyOf(shared);
    }
  }

  /**
   * Features that the item shares with the history.
   *
   * @param score the score that is explained
   * @param features what is shared and speaks for it, the strongest first; each contribution is
   *     above 0
   * @param against what is shared and speaks against it, the strongest first; each contribution is
   *     below 0
   * @param rest all else of the score, {@code against} included; {@code contributions of features +
   *     rest = score}
   */
  record SharedFeatures(
      double score, List<FeatureReason> features, List<FeatureReason> against, double rest)
      implements Explanation {
    /**
     * Keeps its own copies of the features.
     *
     * @throws IllegalArgumentException if one is in the wrong list
     */
    public SharedFeatures {
      features = List.copyOf(features);
      against = List.copyOf(against);
      check(features, against);
    }

    /**
     * An explanation of which the strongest features of each side are kept; all else of the score
     * is the rest.
     *
     * @param all what is shared, in any order; ties keep theirs
     * @param limit how many of each side are kept at the most
     */
    public static SharedFeatures of(double score, Collection<FeatureReason> all, int limit) {
      List<FeatureReason> features = strongest(all, 1, limit);
      return new SharedFeatures(score, features, strongest(all, -1, limit), score - sum(features));
    }
  }

  /**
   * One shared feature.
   *
   * @param column the name of the feature column
   * @param value the shared word, tag or category
   * @param contribution its part of the score
   */
  record FeatureReason(String column, String value, double contribution) implements Reason {}

  /**
   * Many people did it.
   *
   * @param score the score that is explained
   * @param users how many people did it in the training data
   * @param rank its place among all items by that count, 1 = first
   */
  record Popular(double score, int users, int rank) implements Explanation {}
}
