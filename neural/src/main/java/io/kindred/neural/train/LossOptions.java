package io.kindred.neural.train;

import io.kindred.Checks;
import io.kindred.Parameters;
import io.kindred.data.Interactions;
import io.kindred.neural.batch.Negatives;
import java.util.Objects;

/**
 * What training makes small. With s+ the score of the item that came next and s- those of K
 * negatives; the mean over all targets is taken.
 *
 * <pre>
 * cross-entropy         -s+ + log sum over all items of e^s        (no negatives; exact)
 * sampled-softmax       -s+ + log(e^s+ + sum e^(s- - log(K q)))    q: the chance to be drawn
 * binary-cross-entropy  -log sigmoid(s+) - sum log(1 - sigmoid(s-)) / K
 * gbce                  -b log sigmoid(s+) - sum log(1 - sigmoid(s-)), b as below
 * bpr                   -mean log sigmoid(s+ - s-)
 * bpr-max               -log sum w sigmoid(s+ - s-) + r sum w s-^2,        w = softmax(s-)
 * top1-max              sum w (sigmoid(s- - s+) + sigmoid(s-^2))
 * hinge                 mean max(0, 1 - s+ + s-)
 * squared-error         (1 - s+)^2 + mean s-^2
 * </pre>
 *
 * <p>Sources: sampled softmax with log-q correction (Bengio and Senecal, IEEE TNN 19(4), 2008): the
 * negatives stand for the whole catalogue, the positive is not corrected, because it is always
 * there. gBCE (Petrov and Macdonald, RecSys 2023) with a = K / (items - 1) and b = a (t (1 - 1/a) +
 * 1/a). BPR (Rendle et al., UAI 2009). BPR-max, TOP1-max (Hidasi and Karatzoglou, CIKM 2018), r =
 * 0.01 here. A negative that equals the target does not count.
 *
 * @param kind which loss
 * @param negatives K, at least 1
 * @param sampling where negatives come from
 * @param alpha popularity sampling draws proportional to count^alpha, in [0, 1]
 * @param shared one set of negatives a batch, not one a target: much faster for many
 * @param avoidPositives nothing that the user chose in the train data is a negative of that user,
 *     in cross-entropy over the whole catalogue neither
 * @param calibration t of gbce, in [0, 1]: 0 is binary cross-entropy, 1 has unbiased probabilities
 * @param excludeSeen nothing that the user chose before the target is a negative of it, nor counts
 *     in cross-entropy over the whole catalogue: what was seen is not recommended either. Not for
 *     data in which people do the same things again, since a target that was seen is then never
 *     told apart from the others
 */
public record LossOptions(
    Kind kind,
    int negatives,
    Negatives.Sampling sampling,
    double alpha,
    boolean shared,
    boolean avoidPositives,
    double calibration,
    boolean excludeSeen) {
  /** The losses. */
  public enum Kind {
    /** Over the whole catalogue. */
    CROSS_ENTROPY,
    /** Cross-entropy over the positive and drawn negatives. */
    SAMPLED_SOFTMAX,
    /** Each item on its own. */
    BINARY_CROSS_ENTROPY,
    /** Binary cross-entropy, corrected for overconfidence. */
    GBCE,
    /** Pairwise. */
    BPR,
    /** Pairwise against the strongest negatives. */
    BPR_MAX,
    /** Pairwise ranks against the strongest negatives. */
    TOP1_MAX,
    /** Pairwise with a margin of 1. */
    HINGE,
    /** 1 for the positive, 0 for negatives. */
    SQUARED_ERROR
  }

  /** Cross-entropy over the whole catalogue. */
  public static final LossOptions CROSS_ENTROPY =
      new LossOptions(
          Kind.CROSS_ENTROPY, 256, Negatives.Sampling.UNIFORM, 0.5, true, false, 0.75, false);

  /** Checks the ranges. */
  public LossOptions {
    Objects.requireNonNull(kind);
    Checks.atLeast("negatives", negatives, 1);
    Checks.between("alpha", alpha, 0, 1);
    Checks.between("calibration", calibration, 0, 1);
  }

  /** The same with another kind. */
  public LossOptions withKind(Kind newKind) {
    return new LossOptions(
        newKind, negatives, sampling, alpha, shared, avoidPositives, calibration, excludeSeen);
  }

  /** The same with another number of negatives. */
  public LossOptions withNegatives(int newNegatives) {
    return new LossOptions(
        kind, newNegatives, sampling, alpha, shared, avoidPositives, calibration, excludeSeen);
  }

  /** The same with negatives from elsewhere. */
  public LossOptions withSampling(Negatives.Sampling newSampling) {
    return new LossOptions(
        kind, negatives, newSampling, alpha, shared, avoidPositives, calibration, excludeSeen);
  }

  /** The same with one set of negatives a batch, or one a target. */
  public LossOptions withShared(boolean newShared) {
    return new LossOptions(
        kind, negatives, sampling, alpha, newShared, avoidPositives, calibration, excludeSeen);
  }

  /** The same, avoiding users' positives or not. */
  public LossOptions withAvoidPositives(boolean newAvoid) {
    return new LossOptions(
        kind, negatives, sampling, alpha, shared, newAvoid, calibration, excludeSeen);
  }

  /** The same, leaving out what was seen before or not. */
  public LossOptions withExcludeSeen(boolean newExclude) {
    return new LossOptions(
        kind, negatives, sampling, alpha, shared, avoidPositives, calibration, newExclude);
  }

  /** What draws the negatives. */
  public Negatives sampler(Interactions interactions) {
    return new Negatives(interactions, sampling, alpha, avoidPositives, excludeSeen);
  }

  /** Whether the loss looks at drawn negatives only. */
  public boolean sampled() {
    return kind != Kind.CROSS_ENTROPY;
  }

  /** Options by name; what is missing is as in the defaults. */
  public static LossOptions of(Parameters.Reader in, LossOptions defaults) {
    return new LossOptions(
        in.choice("loss", defaults.kind),
        in.integer("negatives", defaults.negatives),
        in.choice("sampling", defaults.sampling),
        in.number("alpha", defaults.alpha),
        in.flag("sharedNegatives", defaults.shared),
        in.flag("avoidPositives", defaults.avoidPositives),
        in.number("calibration", defaults.calibration),
        in.flag("excludeSeen", defaults.excludeSeen));
  }

  /** Adds all options by name. */
  public Parameters addTo(Parameters parameters) {
    return parameters
        .with("loss", kind)
        .with("negatives", negatives)
        .with("sampling", sampling)
        .with("alpha", alpha)
        .with("sharedNegatives", shared)
        .with("avoidPositives", avoidPositives)
        .with("calibration", calibration)
        .with("excludeSeen", excludeSeen);
  }
}
