package io.kindred.split;

import io.kindred.data.Dataset;
import io.kindred.data.Interactions;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The side that each interaction of a data set falls to, and the split that follows from it. */
final class Sides {
  static final byte TRAIN = 0;
  static final byte VALIDATION = 1;
  static final byte TEST = 2;

  /** History of a held-out person of the validation part: shown to the model, not trained on. */
  static final byte VALIDATION_FOLD_IN = 3;

  /** History of a held-out person of the test part. */
  static final byte TEST_FOLD_IN = 4;

  static final byte DROPPED = 5;

  private final Dataset data;
  private final Interactions interactions;

  /** By entry; all TRAIN at first. */
  final byte[] of;

  Sides(Dataset data) {
    this.data = data;
    this.interactions = data.interactions();
    this.of = new byte[interactions.size()];
  }

  /** Puts entries of one user on a side. */
  void set(int from, int to, byte side) {
    Arrays.fill(of, from, to, side);
  }

  /** The split, after repeats of a pair were dropped from all but the earliest part that has it. */
  Split split(String name) {
    return split(name, false);
  }

  /**
   * The same.
   *
   * @param byTime whether the sides of each person follow from the order of the times, so that
   *     equal times at a border are worth counting
   */
  Split split(String name, boolean byTime) {
    dropRepeats();
    int dropped = 0;
    boolean validated = false;
    for (byte side : of) {
      dropped += side == DROPPED ? 1 : 0;
      validated |= side == VALIDATION;
    }
    boolean[] inTest = usersWith(TEST);
    boolean[] inValidation = usersWith(VALIDATION);
    int trainOnly = 0;
    for (int user = 0; user < interactions.userCount(); user++) {
      trainOnly += interactions.userSize(user) > 0 && !inTest[user] && !inValidation[user] ? 1 : 0;
    }
    Dataset train = data.withInteractions(select(null, TRAIN));
    HeldOut test = new HeldOut(select(inTest, TRAIN, VALIDATION, TEST_FOLD_IN), select(null, TEST));
    Optional<HeldOut> validation =
        validated
            ? Optional.of(
                new HeldOut(
                    select(inValidation, TRAIN, VALIDATION_FOLD_IN), select(null, VALIDATION)))
            : Optional.empty();
    boolean timed = byTime && interactions.hasTimes();
    SplitCounts counts =
        new SplitCounts(trainOnly, dropped, timed ? ties(VALIDATION) : 0, timed ? ties(TEST) : 0);
    return new Split(name, train, validation, test, counts);
  }

  /** People whose first entry on a side has the time of the entry before it on earlier sides. */
  private int ties(byte side) {
    int tied = 0;
    for (int user = 0; user < interactions.userCount(); user++) {
      int before = -1;
      for (int p = interactions.starts()[user]; p < interactions.starts()[user + 1]; p++) {
        if (of[p] == side) {
          tied += before >= 0 && interactions.time(before) == interactions.time(p) ? 1 : 0;
          break;
        }
        before = of[p] < side ? p : before; // TRAIN before VALIDATION before TEST
      }
    }
    return tied;
  }

  private void dropRepeats() {
    Marks marks = new Marks(interactions.itemCount());
    for (int user = 0; user < interactions.userCount(); user++) {
      marks.clear();
      mark(marks, user, TRAIN, VALIDATION_FOLD_IN, TEST_FOLD_IN);
      dropSeen(marks, user, VALIDATION);
      dropSeen(marks, user, TEST);
    }
  }

  private void mark(Marks marks, int user, byte... sides) {
    for (int p = interactions.starts()[user]; p < interactions.starts()[user + 1]; p++) {
      if (isOneOf(of[p], sides)) {
        marks.add(interactions.items()[p]);
      }
    }
  }

  private void dropSeen(Marks marks, int user, byte side) {
    for (int p = interactions.starts()[user]; p < interactions.starts()[user + 1]; p++) {
      if (of[p] == side && !marks.add(interactions.items()[p])) {
        of[p] = DROPPED;
      }
    }
  }

  private boolean[] usersWith(byte side) {
    boolean[] with = new boolean[interactions.userCount()];
    for (int user = 0; user < with.length; user++) {
      for (int p = interactions.starts()[user];
          p < interactions.starts()[user + 1] && !with[user];
          p++) {
        with[user] = of[p] == side;
      }
    }
    return with;
  }

  /** The entries on the given sides, of the given users or of all. */
  private Interactions select(boolean @Nullable [] users, byte... sides) {
    int[] from = interactions.starts();
    int[] starts = new int[from.length];
    int[] kept = new int[interactions.size()];
    int size = 0;
    for (int user = 0; user < interactions.userCount(); user++) {
      if (users == null || users[user]) {
        for (int p = from[user]; p < from[user + 1]; p++) {
          if (isOneOf(of[p], sides)) {
            kept[size++] = p;
          }
        }
      }
      starts[user + 1] = size;
    }
    int[] items = new int[size];
    float[] values = new float[size];
    int[] oldSeconds = interactions.seconds();
    byte[] oldTypes = interactions.types();
    int[] seconds = oldSeconds == null ? null : new int[size];
    byte[] types = oldTypes == null ? null : new byte[size];
    for (int to = 0; to < size; to++) {
      int p = kept[to];
      items[to] = interactions.items()[p];
      values[to] = interactions.values()[p];
      if (oldSeconds != null && seconds != null) {
        seconds[to] = oldSeconds[p];
      }
      if (oldTypes != null && types != null) {
        types[to] = oldTypes[p];
      }
    }
    return Interactions.ofColumns(
        interactions.itemCount(),
        starts,
        items,
        values,
        seconds,
        interactions.timeBase(),
        types,
        interactions.typeNames());
  }

  private static boolean isOneOf(byte side, byte[] sides) {
    for (byte one : sides) {
      if (one == side) {
        return true;
      }
    }
    return false;
  }
}
