package io.kindred.cli;

import io.kindred.Model;
import io.kindred.recommend.ModelRecommender;
import io.kindred.server.answer.ServedModel;

/** Answers for programs: {@code --json} prints what the server would answer. */
final class Answering {
  private Answering() {}

  static ServedModel of(Model model) {
    return of(model, false);
  }

  static ServedModel of(ModelRecommender recommender) {
    return new ServedModel(
        recommender.model().info().algorithm(),
        recommender,
        new ServedModel.Settings(false, false));
  }

  static ServedModel of(Model model, boolean showUsers) {
    return new ServedModel(
        model.info().algorithm(), model, new ServedModel.Settings(false, showUsers));
  }
}
