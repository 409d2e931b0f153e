package io.kindred.neural;

import io.kindred.Algorithm;
import io.kindred.AlgorithmProvider;
import io.kindred.KindredException;
import io.kindred.neural.autoencoder.AutoRec;
import io.kindred.neural.autoencoder.Ease;
import io.kindred.neural.autoencoder.HistoryCnn;
import io.kindred.neural.autoencoder.MultiDae;
import io.kindred.neural.autoencoder.MultiVae;
import io.kindred.neural.content.ImageCnn;
import io.kindred.neural.content.TwoTower;
import io.kindred.neural.content.Vbpr;
import io.kindred.neural.pair.LightGcn;
import io.kindred.neural.pair.NeuMf;
import io.kindred.neural.sequence.Bert4Rec;
import io.kindred.neural.sequence.Caser;
import io.kindred.neural.sequence.Gru4Rec;
import io.kindred.neural.sequence.Narm;
import io.kindred.neural.sequence.NextItNet;
import io.kindred.neural.sequence.SasRec;
import io.kindred.neural.tensor.Torch;
import java.util.List;
import java.util.Optional;

/** The algorithms of this module, one line each. */
public final class NeuralAlgorithms implements AlgorithmProvider {
  /**
   * Why these algorithms cannot run here, for a person to read; empty where they can. Loads
   * libtorch.
   */
  public static Optional<String> unavailable() {
    try {
      Torch.load();
      return Optional.empty();
    } catch (KindredException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public List<Algorithm<?>> algorithms() {
    return List.of(
        Ease.ALGORITHM,
        MultiVae.ALGORITHM,
        MultiDae.ALGORITHM,
        AutoRec.ALGORITHM,
        HistoryCnn.ALGORITHM,
        NeuMf.ALGORITHM,
        LightGcn.ALGORITHM,
        SasRec.ALGORITHM,
        Gru4Rec.ALGORITHM,
        Caser.ALGORITHM,
        NextItNet.ALGORITHM,
        Narm.ALGORITHM,
        Bert4Rec.ALGORITHM,
        ImageCnn.ALGORITHM,
        Vbpr.ALGORITHM,
        TwoTower.ALGORITHM);
  }
}
