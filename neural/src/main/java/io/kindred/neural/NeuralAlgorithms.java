package io.kindred.neural;

import io.kindred.Algorithm;
import io.kindred.AlgorithmProvider;
import io.kindred.neural.sequence.Gru4Rec;
import io.kindred.neural.sequence.SasRec;
import java.util.List;

/** The algorithms of this module, one line each. */
public final class NeuralAlgorithms implements AlgorithmProvider {
  @Override
  public List<Algorithm<?>> algorithms() {
    return List.of(SasRec.ALGORITHM, Gru4Rec.ALGORITHM);
  }
}
