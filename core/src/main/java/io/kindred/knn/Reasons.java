package io.kindred.knn;

import io.kindred.Explanation;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** Collects contributions to a score, and keeps the strongest. */
final class Reasons {
  /** One contribution: of a place in the history, or of a user. */
  record Reason(int index, double similarity, double contribution) {}

  private static final Comparator<Reason> STRONGEST =
      Comparator.comparingDouble((Reason reason) -> -Math.abs(reason.contribution))
          .thenComparingInt(Reason::index);

  private final List<Reason> all = new ArrayList<>();
  private double sum;

  void add(int index, double similarity, double contribution) {
    all.add(new Reason(index, similarity, contribution));
    sum += contribution;
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  Explanation becauseOfItems(Dataset data, History history, double base, int limit) {
    return Explanation.BecauseOfItems.of(
        base,
        all.stream()
            .map(
                reason ->
                    new Explanation.ItemReason(
                        data.items().id(history.items()[reason.index]),
                        history.values()[reason.index],
                        reason.similarity,
                        reason.contribution))
            .toList(),
        limit);
  }

  /** Only those who are listed are described, which costs O(history) each. */
  Explanation becauseOfUsers(
      double base, int limit, Function<Reason, Explanation.UserReason> describe) {
    List<Explanation.UserReason> listed = strongest(1, limit, describe);
    double shown = listed.stream().mapToDouble(Explanation.UserReason::contribution).sum();
    return new Explanation.BecauseOfUsers(
        base + sum, base, listed, strongest(-1, limit, describe), sum - shown);
  }

  private List<Explanation.UserReason> strongest(
      int side, int limit, Function<Reason, Explanation.UserReason> describe) {
    return all.stream()
        .filter(reason -> side * reason.contribution > 0)
        .sorted(STRONGEST)
        .limit(limit)
        .map(describe)
        .toList();
  }
}
