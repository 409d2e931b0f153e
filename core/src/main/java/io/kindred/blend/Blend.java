package io.kindred.blend;

import io.kindred.Algorithm;
import io.kindred.AlgorithmRegistry;
import io.kindred.ArrayReader;
import io.kindred.ArrayWriter;
import io.kindred.Checks;
import io.kindred.KindredException;
import io.kindred.Model;
import io.kindred.ModelCodec;
import io.kindred.ModelInfo;
import io.kindred.Parameters;
import io.kindred.ProgressListener;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Several models of any kind, trained one after the other on the same data, whose scores are added:
 * a weighted hybrid (Burke, "Hybrid Recommender Systems", UMUAI 2002), or an ensemble of networks
 * that begin differently (Lakshminarayanan et al., NIPS 2017, without their adversarial examples).
 *
 * <pre>
 * score(u, i) = sum over members m of weight_m * mean over the runs r of m of n(s_mr(u, i))
 *
 * n(s_i) = (s_i - mean over j of s_j) / standard deviation over j of s_j     normalization = z-score
 * n(s_i) = s_i                                                               normalization = none
 * </pre>
 *
 * <p>The mean and the standard deviation are those of one person's scores of the items that the
 * member can score. An item that it cannot score counts there as its {@link Missing} says; an item
 * that no member can score has no score. A member that scores all items alike says nothing.
 *
 * <p>The first run of the first member has the seed of the training, so that a blend of one is that
 * model with its scores normalized; the others have seeds that come from it. A checkpoint keeps the
 * members that are done beside the state of the one that is being trained. Training and scoring
 * cost what the members cost together, and O(items) more for each.
 *
 * @param members at least one
 * @param normalization what makes scores of different kinds comparable
 * @param missing what an item counts that a member cannot score
 */
public record Blend(List<Member<?>> members, Normalization normalization, Missing missing)
    implements Trainer<BlendModel> {
  /** The name of the algorithm. */
  public static final String NAME = "blend";

  /** What makes scores comparable. */
  public enum Normalization {
    /** Less their mean, by their standard deviation, over the items of one person. */
    Z_SCORE,
    /** Nothing: the scores as they are, for members of one kind. */
    NONE
  }

  /** What an item counts that a member cannot score while it scores others. */
  public enum Missing {
    /** The lowest score that the member gives: as if it were the last of its list. */
    LOWEST,
    /** The mean of the scores that the member gives: it speaks neither for the item nor against. */
    MEAN
  }

  /**
   * One of the models.
   *
   * @param algorithm what it is; no blend
   * @param trainer makes it
   * @param weight of its scores, above 0
   * @param runs how often it is trained, each time from another seed, at least 1; the mean counts
   * @param <M> the kind of model
   */
  public record Member<M extends Model>(
      Algorithm<M> algorithm, Trainer<M> trainer, double weight, int runs) {
    /** Checks the ranges. */
    public Member {
      Checks.positive("weight", weight);
      Checks.atLeast("runs", runs, 1);
      if (!trainer.algorithm().equals(algorithm.name())) {
        throw new IllegalArgumentException(
            "a trainer of " + trainer.algorithm() + " is none of " + algorithm.name());
      }
      if (algorithm.name().equals(NAME)) {
        throw new IllegalArgumentException(
            "a member cannot be a blend; its members can be members of this one");
      }
    }

    private Member<M> resolved(Dataset data) {
      return new Member<>(algorithm, trainer.resolved(data), weight, runs);
    }

    /** A member that is trained once and weighs 1. */
    public static <M extends Model> Member<M> of(Algorithm<M> algorithm, Trainer<M> trainer) {
      return new Member<>(algorithm, trainer, 1, 1);
    }
  }

  private static final Pattern OF_MEMBER = Pattern.compile("([1-9][0-9]{0,3})(?:\\.(.+))?");

  /** Checks that there is a member; keeps its own copy of the list. */
  public Blend {
    members = List.copyOf(members);
    Checks.atLeast("members", members.size(), 1);
  }

  /** The given members, with z-scores; an item that a member cannot score counts as its last. */
  public Blend(List<Member<?>> members) {
    this(members, Normalization.Z_SCORE, Missing.LOWEST);
  }

  /**
   * The line of the registry.
   *
   * @param registry the algorithms that a blend can be made of
   */
  public static Algorithm<BlendModel> algorithm(AlgorithmRegistry registry) {
    return new Algorithm<>(
        NAME,
        "Several models whose scores are added: hybrids and ensembles",
        parameters -> of(parameters, registry),
        new Codec(registry));
  }

  /**
   * From hyperparameters by name: {@code 1=ALGORITHM}, {@code 1.weight}, {@code 1.runs} and {@code
   * 1.PARAMETER} for the first member, {@code 2=...} for the second. Without members, these are als
   * and item-knn.
   */
  public static Blend of(Parameters parameters, AlgorithmRegistry registry) {
    Map<String, String> own = new LinkedHashMap<>();
    Map<Integer, Map<String, String>> ofMembers = new TreeMap<>();
    parameters
        .asMap()
        .forEach(
            (name, value) -> {
              Matcher matcher = OF_MEMBER.matcher(name);
              if (matcher.matches()) {
                String of = matcher.group(2) == null ? "" : matcher.group(2);
                ofMembers
                    .computeIfAbsent(Integer.valueOf(matcher.group(1)), k -> new LinkedHashMap<>())
                    .put(of, value);
              } else {
                own.put(name, value);
              }
            });
    if (ofMembers.isEmpty()) {
      ofMembers.put(1, new LinkedHashMap<>(Map.of("", "als")));
      ofMembers.put(2, new LinkedHashMap<>(Map.of("", "item-knn")));
    }
    List<Member<?>> members = new ArrayList<>();
    ofMembers.forEach(
        (number, of) -> members.add(member(members.size() + 1, number, of, registry)));
    return Parameters.of(own)
        .read(
            NAME,
            in ->
                new Blend(
                    members,
                    in.choice("normalization", Normalization.Z_SCORE),
                    in.choice("missing", Missing.LOWEST)));
  }

  private static Member<?> member(
      int expected, int number, Map<String, String> values, AlgorithmRegistry registry) {
    if (number != expected) {
      throw new KindredException(
          NAME + ": members are numbered 1, 2, ...; there is a " + number + ", but no " + expected);
    }
    String algorithm = values.remove("");
    if (algorithm == null) {
      throw new KindredException(
          String.format(
              "%s: %d.%s needs %d=ALGORITHM, which says what member %d is",
              NAME, number, values.keySet().iterator().next(), number, number));
    }
    Map<String, String> common = new LinkedHashMap<>();
    for (String name : List.of("weight", "runs")) {
      String value = values.remove(name);
      if (value != null) {
        common.put(name, value);
      }
    }
    String what = NAME + ", member " + number;
    try {
      return member(what, registry.algorithm(algorithm), values, common);
    } catch (KindredException e) {
      String problem = e.getMessage();
      throw new KindredException(
          problem != null && problem.startsWith(what) ? problem : what + ": " + problem, e);
    }
  }

  private static <M extends Model> Member<M> member(
      String what, Algorithm<M> algorithm, Map<String, String> values, Map<String, String> common) {
    return Parameters.of(common)
        .read(
            what,
            in ->
                new Member<>(
                    algorithm,
                    algorithm.trainer().apply(Parameters.of(values)),
                    in.number("weight", 1),
                    in.integer("runs", 1)));
  }

  @Override
  public String algorithm() {
    return NAME;
  }

  @Override
  public Parameters parameters() {
    Parameters all =
        Parameters.none().with("normalization", normalization).with("missing", missing);
    for (int k = 1; k <= members.size(); k++) {
      Member<?> member = members.get(k - 1);
      all =
          all.with(k + "", member.algorithm.name())
              .with(k + ".weight", member.weight)
              .with(k + ".runs", member.runs);
      for (Map.Entry<String, String> of : member.trainer.parameters().asMap().entrySet()) {
        all = all.with(k + "." + of.getKey(), of.getValue());
      }
    }
    return all;
  }

  /** One training of a member. */
  private record Run<M extends Model>(
      Algorithm<M> algorithm, Trainer<M> trainer, double weight, long seed) {
    BlendModel.Part<M> train(Dataset data, MemberCheckpoints checkpoints, String stage) {
      M model =
          checkpoints.next(
              algorithm.codec(),
              info(data),
              data,
              context ->
                  trainer.train(
                      data,
                      context.withSeed(seed).withProgress(staged(context.progress(), stage))));
      return new BlendModel.Part<>(algorithm, model, weight);
    }

    BlendModel.Part<M> read(Dataset data, ArrayReader in) {
      return new BlendModel.Part<>(algorithm, algorithm.codec().read(info(data), data, in), weight);
    }

    /** Where the model comes from, as far as is known where the blend comes from. */
    private ModelInfo info(Dataset data) {
      return new ModelInfo(
          algorithm.name(),
          trainer.parameters(),
          seed,
          data.name(),
          data.fingerprint(),
          0,
          Map.of(),
          0);
    }
  }

  private List<Run<?>> runs(long seed) {
    SplittableRandom seeds = new SplittableRandom(seed);
    List<Run<?>> runs = new ArrayList<>();
    for (Member<?> member : members) {
      for (int r = 0; r < member.runs; r++) {
        runs.add(run(member, runs.isEmpty() ? seed : seeds.nextLong()));
      }
    }
    return runs;
  }

  private static <M extends Model> Run<M> run(Member<M> member, long seed) {
    return new Run<>(member.algorithm, member.trainer, member.weight / member.runs, seed);
  }

  @Override
  public Blend resolved(Dataset data) {
    List<Member<?>> resolved = new ArrayList<>();
    members.forEach(member -> resolved.add(member.resolved(data)));
    return new Blend(resolved, normalization, missing);
  }

  /**
   * Trains all members, one after the other.
   *
   * @throws KindredException if the data cannot train one of them, or a checkpoint is one of
   *     another training
   */
  @Override
  public BlendModel train(Dataset data, TrainingContext context) {
    return resolved(data).trainResolved(data, context);
  }

  private BlendModel trainResolved(Dataset data, TrainingContext context) {
    long start = System.nanoTime();
    List<Run<?>> runs = runs(context.seed());
    MemberCheckpoints checkpoints = new MemberCheckpoints(this, data, context);
    List<BlendModel.Part<?>> parts = new ArrayList<>();
    for (Run<?> run : runs) {
      String stage = (parts.size() + 1) + "/" + runs.size() + " ";
      parts.add(run.train(data, checkpoints, stage));
    }
    return BlendModel.of(ModelInfo.of(this, data, context, start), data, this, parts);
  }

  private static ProgressListener staged(ProgressListener all, String prefix) {
    return new ProgressListener() {
      @Override
      public void onProgress(String stage, long done, long total, String note) {
        all.onProgress(prefix + stage, done, total, note);
      }

      @Override
      public void onWarning(String text) {
        all.onWarning(text);
      }
    };
  }

  private record Codec(AlgorithmRegistry registry) implements ModelCodec<BlendModel> {
    @Override
    public void write(BlendModel model, ArrayWriter out) {
      for (int k = 0; k < model.parts().size(); k++) {
        model.parts().get(k).write(MemberArrays.of(out, k));
      }
    }

    @Override
    public BlendModel read(ModelInfo info, Dataset data, ArrayReader in) {
      Blend blend = Blend.of(info.parameters(), registry);
      List<BlendModel.Part<?>> parts = new ArrayList<>();
      for (Run<?> run : blend.runs(info.seed())) {
        parts.add(run.read(data, MemberArrays.of(in, parts.size())));
      }
      return BlendModel.of(info, data, blend, parts);
    }

    /** Those of each member, as its own codec completes them. */
    @Override
    public Parameters completed(Parameters stored) {
      Parameters all = stored;
      for (int k = 1; stored.asMap().containsKey(k + ""); k++) {
        String name = String.valueOf(stored.asMap().get(k + ""));
        String prefix = k + ".";
        Parameters member = Parameters.none();
        for (Map.Entry<String, String> one : stored.asMap().entrySet()) {
          if (one.getKey().startsWith(prefix)) {
            member = member.with(one.getKey().substring(prefix.length()), one.getValue());
          }
        }
        Parameters whole = registry.algorithm(name).codec().completed(member);
        for (Map.Entry<String, String> one : whole.asMap().entrySet()) {
          all = all.with(prefix + one.getKey(), one.getValue());
        }
      }
      return all;
    }
  }
}
