package io.kindred.split;

import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.Interactions;
import io.kindred.data.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Parts that were read on their own, brought to common vocabularies. */
final class GivenParts {
  private GivenParts() {}

  static Split join(String name, Dataset train, Optional<Dataset> validation, Dataset test) {
    List<Dataset> parts = new ArrayList<>(List.of(train));
    validation.ifPresent(parts::add);
    parts.add(test);
    Vocabulary users = union(parts.stream().map(Dataset::users).toList());
    Vocabulary items = union(parts.stream().map(Dataset::items).toList());

    Interactions trained = mapped(train, users, items);
    Dataset whole =
        Dataset.of(train.name(), users, items, trained)
            .withFeatures(
                features(
                    users,
                    parts.stream().map(Dataset::users).toList(),
                    parts.stream().map(Dataset::userFeatures).toList()),
                features(
                    items,
                    parts.stream().map(Dataset::items).toList(),
                    parts.stream().map(Dataset::itemFeatures).toList()));
    Optional<HeldOut> validated =
        validation.map(part -> heldOut(mapped(part, users, items), List.of(trained)));
    HeldOut tested =
        heldOut(
            mapped(test, users, items),
            validated.map(part -> List.of(trained, part.targets())).orElse(List.of(trained)));
    int trainOnly = 0;
    for (int user = 0; user < users.size(); user++) {
      boolean held =
          tested.targets().userSize(user) > 0
              || (validated.isPresent() && validated.get().targets().userSize(user) > 0);
      trainOnly += trained.userSize(user) > 0 && !held ? 1 : 0;
    }
    return new Split(name, whole, validated, tested, new SplitCounts(trainOnly, 0));
  }

  private static Vocabulary union(List<Vocabulary> vocabularies) {
    Vocabulary first = vocabularies.get(0);
    Vocabulary.Builder builder = Vocabulary.builder();
    for (Vocabulary vocabulary : vocabularies) {
      for (int index = 0; index < vocabulary.size(); index++) {
        byte[] utf8 = vocabulary.utf8(index);
        builder.add(utf8, 0, utf8.length);
      }
    }
    return builder.size() == first.size() ? first : builder.build();
  }

  /** One part in the common index spaces. */
  private static Interactions mapped(Dataset part, Vocabulary users, Vocabulary items) {
    if (part.users() == users && part.items() == items) {
      return part.interactions();
    }
    Interactions.Builder builder = Interactions.builder();
    int[] user = indexes(part.users(), users);
    int[] item = indexes(part.items(), items);
    add(builder, part.interactions(), user, item, part.interactions().hasTimes());
    return builder.build(users.size(), items.size());
  }

  /** All of some interactions of those people who have targets. */
  private static HeldOut heldOut(Interactions targets, List<Interactions> before) {
    boolean timed = before.stream().allMatch(part -> part.hasTimes() || part.size() == 0);
    Interactions.Builder builder = Interactions.builder();
    int[] user = new int[targets.userCount()];
    for (int u = 0; u < user.length; u++) {
      user[u] = targets.userSize(u) > 0 ? u : Vocabulary.UNKNOWN;
    }
    int[] item = new int[targets.itemCount()];
    Arrays.setAll(item, i -> i);
    for (Interactions part : before) {
      add(builder, part, user, item, timed);
    }
    return new HeldOut(builder.build(user.length, item.length), targets);
  }

  private static void add(
      Interactions.Builder builder, Interactions part, int[] user, int[] item, boolean timed) {
    for (int u = 0; u < part.userCount(); u++) {
      for (int p = part.starts()[u]; user[u] >= 0 && p < part.starts()[u + 1]; p++) {
        if (timed) {
          builder.add(user[u], item[part.items()[p]], part.values()[p], part.time(p) * 1000);
        } else {
          builder.add(user[u], item[part.items()[p]], part.values()[p]);
        }
      }
    }
  }

  private static int[] indexes(Vocabulary from, Vocabulary to) {
    int[] indexes = new int[from.size()];
    Arrays.setAll(indexes, index -> to.index(from.id(index)));
    return indexes;
  }

  private static Features features(
      Vocabulary ids, List<Vocabulary> vocabularies, List<Features> parts) {
    if (vocabularies.get(0) == ids) {
      return parts.get(0);
    }
    Map<String, FeatureColumn> columns = new LinkedHashMap<>();
    for (Features part : parts) {
      for (FeatureColumn column : part.columns()) {
        if (!columns.containsKey(column.name())) {
          columns.put(column.name(), column(column, ids, vocabularies, parts));
        }
      }
    }
    return new Features(ids.size(), List.copyOf(columns.values()));
  }

  /** A column over all ids, each from the first part that knows the id and has such a column. */
  private static FeatureColumn column(
      FeatureColumn first, Vocabulary ids, List<Vocabulary> vocabularies, List<Features> parts) {
    int size = ids.size();
    @Nullable FeatureColumn[] source = new FeatureColumn[size];
    int[] at = new int[size];
    for (int part = 0; part < parts.size(); part++) {
      FeatureColumn column =
          parts
              .get(part)
              .column(first.name())
              .filter(c -> c.getClass() == first.getClass())
              .orElse(null);
      int[] indexes = indexes(vocabularies.get(part), ids);
      for (int local = 0; column != null && local < indexes.length; local++) {
        if (source[indexes[local]] == null) {
          source[indexes[local]] = column;
          at[indexes[local]] = local;
        }
      }
    }
    if (first instanceof FeatureColumn.Numeric) {
      float[] numbers = new float[size];
      for (int i = 0; i < size; i++) {
        numbers[i] =
            source[i] instanceof FeatureColumn.Numeric from ? from.numbers()[at[i]] : Float.NaN;
      }
      return new FeatureColumn.Numeric(first.name(), numbers);
    }
    if (first instanceof FeatureColumn.Vectors vectors) {
      int dimensions = vectors.dimensions();
      float[] values = new float[Math.multiplyExact(size, dimensions)];
      Arrays.fill(values, Float.NaN);
      for (int i = 0; i < size; i++) {
        if (source[i] instanceof FeatureColumn.Vectors from && from.dimensions() == dimensions) {
          System.arraycopy(from.values(), at[i] * dimensions, values, i * dimensions, dimensions);
        }
      }
      return new FeatureColumn.Vectors(first.name(), values, dimensions);
    }
    if (first instanceof FeatureColumn.Category) {
      Vocabulary.Builder categories = Vocabulary.builder();
      int[] codes = new int[size];
      for (int i = 0; i < size; i++) {
        int code = source[i] instanceof FeatureColumn.Category from ? from.codes()[at[i]] : -1;
        codes[i] =
            code < 0
                ? -1
                : categories.add(((FeatureColumn.Category) source[i]).categories().id(code));
      }
      return new FeatureColumn.Category(first.name(), codes, categories.build());
    }
    if (first instanceof FeatureColumn.Tags) {
      Vocabulary.Builder tags = Vocabulary.builder();
      int[] starts = new int[size + 1];
      int[] codes = new int[16];
      int used = 0;
      for (int i = 0; i < size; i++) {
        if (source[i] instanceof FeatureColumn.Tags from) {
          for (int p = from.starts()[at[i]]; p < from.starts()[at[i] + 1]; p++) {
            if (used == codes.length) {
              codes = Arrays.copyOf(codes, used * 2);
            }
            codes[used++] = tags.add(from.tags().id(from.codes()[p]));
          }
        }
        starts[i + 1] = used;
      }
      return new FeatureColumn.Tags(first.name(), starts, Arrays.copyOf(codes, used), tags.build());
    }
    List<@Nullable String> texts = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      FeatureColumn from = source[i];
      texts.add(from == null ? null : from.display(at[i]));
    }
    return first instanceof FeatureColumn.Image images
        ? new FeatureColumn.Image(first.name(), texts, images.folder())
        : new FeatureColumn.Text(first.name(), texts);
  }
}
