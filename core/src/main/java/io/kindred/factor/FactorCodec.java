package io.kindred.factor;

import io.kindred.ArrayReader;
import io.kindred.ArrayWriter;
import io.kindred.ModelCodec;
import io.kindred.ModelInfo;
import io.kindred.data.Dataset;
import java.util.function.Function;

/** A factor model in a bundle: the vectors of both sides. The fold-in is made from them again. */
final class FactorCodec implements ModelCodec<FactorModel> {
  private final Function<ModelInfo, SquaredLoss> loss;

  /** A codec. {@code loss} says by which loss a model with such hyperparameters folds in. */
  FactorCodec(Function<ModelInfo, SquaredLoss> loss) {
    this.loss = loss;
  }

  @Override
  public void write(FactorModel model, ArrayWriter out) {
    int width = model.dimensions();
    out.floats("users", FactorModel.flat(model.users(), width), model.users().length, width);
    out.floats("items", FactorModel.flat(model.items(), width), model.items().length, width);
  }

  @Override
  public FactorModel read(ModelInfo info, Dataset data, ArrayReader in) {
    SquaredLoss foldInLoss = loss.apply(info);
    float[][] users = rows("users", data.users().size(), in);
    float[][] items = rows("items", data.items().size(), in);
    int[] shape = in.shape("items");
    if (shape[1] != in.shape("users")[1]) {
      throw in.wrong("users", "has " + in.shape("users")[1] + " columns, items has " + shape[1]);
    }
    return new FactorModel(
        info, data, users, items, shape[1], new FoldIn(foldInLoss, data, items, shape[1], 1), true);
  }

  private static float[][] rows(String name, int count, ArrayReader in) {
    int[] shape = in.shape(name);
    if (shape.length != 2 || shape[0] != count || shape[1] < 1) {
      throw in.wrong(name, "must have the shape [" + count + ", factors]");
    }
    float[] flat = in.floats(name);
    float[][] rows = new float[count][shape[1]];
    for (int place = 0; place < flat.length; place++) {
      if (!Float.isFinite(flat[place])) {
        throw in.wrong(name, flat[place] + " at place " + place);
      }
    }
    for (int row = 0; row < count; row++) {
      System.arraycopy(flat, row * shape[1], rows[row], 0, shape[1]);
    }
    return rows;
  }
}
