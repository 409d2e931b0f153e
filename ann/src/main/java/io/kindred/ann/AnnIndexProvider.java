package io.kindred.ann;

import io.kindred.CandidateIndex;
import io.kindred.CandidateIndexProvider;
import io.kindred.TrainingContext;
import io.kindred.VectorModel;
import java.nio.file.Path;

/** Indexes of this module, with the usual options. Stateless, thread-safe. */
public final class AnnIndexProvider implements CandidateIndexProvider {
  /** For the service loader. */
  public AnnIndexProvider() {}

  @Override
  public void build(VectorModel model, Path file, TrainingContext context) {
    AnnIndex.build(
        model.itemVectors(),
        model.dimensions(),
        AnnOptions.defaults().withThreads(context.threads()),
        file,
        context.progress());
  }

  @Override
  public CandidateIndex open(VectorModel model, Path file) {
    return AnnIndex.open(file, model);
  }
}
