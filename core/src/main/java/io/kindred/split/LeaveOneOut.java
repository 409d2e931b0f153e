package io.kindred.split;

import io.kindred.data.Dataset;
import io.kindred.data.Interactions;
import java.util.List;

/**
 * The last item of each person is test, the one before it validation, the rest train.
 *
 * <p>"Last" is by time, of equal times the one read later. Of repeats the first counts: held out
 * are the last two items that were new to the person, and what the person did after them, which can
 * only be repeats, is dropped. People with fewer than three different items go to train only.
 */
public record LeaveOneOut() implements Splitter {
  @Override
  public List<Split> splits(Dataset data, long seed) {
    return List.of(split(data));
  }

  /** The one split; nothing in it is random. */
  public Split split(Dataset data) {
    Interactions all = data.interactions();
    Sides sides = new Sides(data);
    Marks marks = new Marks(all.itemCount());
    for (int user = 0; user < all.userCount(); user++) {
      marks.clear();
      int different = 0;
      int last = -1; // entries at which the person met a new item
      int beforeLast = -1;
      for (int p = all.starts()[user]; p < all.starts()[user + 1]; p++) {
        if (marks.add(all.items()[p])) {
          different++;
          beforeLast = last;
          last = p;
        }
      }
      if (different >= 3) {
        sides.set(beforeLast, all.starts()[user + 1], Sides.DROPPED);
        sides.of[beforeLast] = Sides.VALIDATION;
        sides.of[last] = Sides.TEST;
      }
    }
    return sides.split(spec(), true);
  }

  @Override
  public String spec() {
    return "leave-one-out";
  }
}
