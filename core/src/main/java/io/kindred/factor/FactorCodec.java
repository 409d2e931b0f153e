package io.kindred.factor;

import io.kindred.ArrayReader;
import io.kindred.ArrayWriter;
import io.kindred.ModelCodec;
import io.kindred.ModelInfo;
import io.kindred.data.Dataset;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** A factor model in a bundle: the vectors of both sides, and by what loss it folds in. */
final class FactorCodec implements ModelCodec<FactorModel> {
  private final Function<ModelInfo, SquaredLoss> loss;
  private final ToIntFunction<ModelInfo> factors;
  private final boolean exact;

  /**
   * A codec.
   *
   * @param loss by which a model with such hyperparameters folds in
   * @param factors how many columns such a model has learned of both sides
   * @param exact whether users have the vectors that the fold-in finds from their histories; if
   *     not, what the fold-in needs is found by training, and kept
   */
  FactorCodec(
      Function<ModelInfo, SquaredLoss> loss, ToIntFunction<ModelInfo> factors, boolean exact) {
    this.loss = loss;
    this.factors = factors;
    this.exact = exact;
  }

  @Override
  public void write(FactorModel model, ArrayWriter out) {
    int width = model.dimensions();
    out.floats("users", FactorModel.flat(model.users(), width), model.users().length, width);
    out.floats("items", FactorModel.flat(model.items(), width), model.items().length, width);
    if (!exact) {
      SquaredLoss trained = model.foldIn().loss();
      out.floats("foldIn", new float[] {(float) trained.goal(), (float) trained.regularization()});
      out.floats("foldInScale", new float[] {model.foldIn().scale()});
      out.floats("foldInBase", model.foldIn().base());
    }
  }

  @Override
  public FactorModel read(ModelInfo info, Dataset data, ArrayReader in) {
    float[][] users = rows("users", data.users().size(), in);
    float[][] items = rows("items", data.items().size(), in);
    int width = in.shape("items")[1];
    int learned = factors.applyAsInt(info);
    if (in.shape("users")[1] != width || learned > width || width > learned + 1) {
      throw in.wrong(
          "users",
          "has " + in.shape("users")[1] + " columns, items has " + width + ", for " + learned);
    }
    SquaredLoss foldInLoss = loss.apply(info);
    float scale = 1;
    float[] base = new float[learned];
    if (!exact) {
      float[] trained = in.floats("foldIn", 2);
      if (!(trained[0] > 0 && trained[1] > 0) || trained[0] + trained[1] > Float.MAX_VALUE) {
        throw in.wrong("foldIn", "must be two finite numbers above 0");
      }
      foldInLoss = foldInLoss.with(trained[0], trained[1]);
      if (in.has("foldInBase")) { // bundles of earlier versions have none
        scale = in.floats("foldInScale", 1)[0];
        base = finite("foldInBase", in.floats("foldInBase", learned), in);
        if (!(scale > 0) || !Float.isFinite(scale)) {
          throw in.wrong("foldInScale", "must be a finite number above 0");
        }
      }
    }
    return new FactorModel(
        info,
        data,
        users,
        items,
        learned,
        new FoldIn(foldInLoss, data, items, 1, scale, base),
        exact);
  }

  private static float[] finite(String name, float[] values, ArrayReader in) {
    for (int place = 0; place < values.length; place++) {
      if (!Float.isFinite(values[place])) {
        throw in.wrong(name, values[place] + " at place " + place);
      }
    }
    return values;
  }

  private static float[][] rows(String name, int count, ArrayReader in) {
    int[] shape = in.shape(name);
    if (shape.length != 2 || shape[0] != count || shape[1] < 1) {
      throw in.wrong(name, "must have the shape [" + count + ", factors]");
    }
    float[] flat = finite(name, in.floats(name), in);
    float[][] rows = new float[count][shape[1]];
    for (int row = 0; row < count; row++) {
      System.arraycopy(flat, row * shape[1], rows[row], 0, shape[1]);
    }
    return rows;
  }
}
