package io.kindred.blend;

import io.kindred.ArrayReader;
import io.kindred.ArrayWriter;
import io.kindred.CheckpointStore;
import io.kindred.KindredException;
import io.kindred.Model;
import io.kindred.ModelCodec;
import io.kindred.ModelInfo;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The checkpoint of a blend: the arrays of the members that are done, as in a bundle, and under the
 * next number what the member that is being trained keeps of itself.
 */
final class MemberCheckpoints {
  private static final String IDENTITY = "blend.identity";
  private static final String STATE = "blend.state";

  private final TrainingContext context;
  private final String identity;
  private final List<Consumer<ArrayWriter>> done = new ArrayList<>();

  /**
   * The checkpoint of a training.
   *
   * @throws KindredException if there is one of another training
   */
  MemberCheckpoints(Blend blend, Dataset data, TrainingContext context) {
    this.context = context;
    this.identity =
        blend.parameters() + " on " + data.fingerprint() + " with seed " + context.seed();
    context.checkpoints().ifPresent(store -> store.load(this::check));
  }

  private boolean check(ArrayReader in) {
    String theirs =
        in.has(IDENTITY)
            ? new String(in.bytes(IDENTITY), StandardCharsets.UTF_8)
            : "an algorithm that is no blend";
    if (!theirs.equals(identity)) {
      throw context.checkpoints().orElseThrow().ofAnotherTraining(Blend.NAME, theirs, identity);
    }
    return true;
  }

  /**
   * The model of the next member: from the checkpoint, if it was done before, else trained and kept
   * there.
   *
   * @param codec writes and reads it
   * @param info where it comes from
   * @param train trains it in the given context
   */
  <M extends Model> M next(
      ModelCodec<M> codec, ModelInfo info, Dataset data, Function<TrainingContext, M> train) {
    int part = done.size();
    Optional<CheckpointStore> store = context.checkpoints();
    Optional<M> before =
        store.flatMap(
            kept ->
                load(
                    kept,
                    in -> part < in.ints(STATE, 2)[0],
                    in -> codec.read(info, data, MemberArrays.of(in, part))));
    M model =
        before.orElseGet(
            () ->
                train.apply(
                    store.isPresent() ? context.withCheckpoints(new OfMember(part)) : context));
    done.add(out -> codec.write(model, out));
    if (before.isEmpty()) {
      store.ifPresent(kept -> kept.save(out -> write(out, Optional.empty())));
    }
    return model;
  }

  /** Something of the checkpoint, if there is one of which something holds. */
  private static <T> Optional<T> load(
      CheckpointStore store, Predicate<ArrayReader> there, Function<ArrayReader, T> reader) {
    return store
        .load(in -> there.test(in) ? Optional.of(reader.apply(in)) : Optional.<T>empty())
        .flatMap(found -> found);
  }

  private void write(ArrayWriter out, Optional<Consumer<ArrayWriter>> inWork) {
    out.bytes(IDENTITY, identity.getBytes(StandardCharsets.UTF_8));
    out.ints(STATE, new int[] {done.size(), inWork.isPresent() ? 1 : 0});
    for (int k = 0; k < done.size(); k++) {
      done.get(k).accept(MemberArrays.of(out, k));
    }
    inWork.ifPresent(content -> content.accept(MemberArrays.of(out, done.size())));
  }

  /** Where one member keeps the state of its training. */
  private final class OfMember implements CheckpointStore {
    private final int part;

    OfMember(int part) {
      this.part = part;
    }

    @Override
    public void save(Consumer<ArrayWriter> content) {
      store().save(out -> write(out, Optional.of(content)));
    }

    @Override
    public <T> Optional<T> load(Function<ArrayReader, T> reader) {
      return MemberCheckpoints.load(
          store(),
          in -> Arrays.equals(in.ints(STATE, 2), new int[] {part, 1}),
          in -> reader.apply(MemberArrays.of(in, part)));
    }

    @Override
    public String place() {
      return store().place();
    }

    private CheckpointStore store() {
      return context.checkpoints().orElseThrow();
    }
  }
}
