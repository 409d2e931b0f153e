package io.kindred.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kindred.Profile;
import io.kindred.RatingPredictor;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.baseline.Bias;
import io.kindred.data.Dataset;
import io.kindred.data.Interactions;
import io.kindred.data.Vocabulary;
import io.kindred.rating.BiasedMf;
import io.kindred.rating.Nmf;
import io.kindred.rating.SvdPlusPlus;
import io.kindred.similarity.Baselines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Accuracy of models of ratings on MovieLens 100K, folds u1 to u5. Published for random folds of
 * the same data (Surprise): RMSE .944, MAE .748 for biases alone, .934 and .737 for biased matrix
 * factorization, .919 and .721 for SVD++, .963 and .758 for NMF.
 */
class RatingAccuracyTest {
  @ParameterizedTest
  @EnumSource
  void predict_biasOnFolds_isAsAccurateAsPublished(Baselines.Method method) throws IOException {
    Errors errors = onFolds(new Bias(Baselines.Options.of(method)));
    assertThat(errors.rmse()).isCloseTo(0.944, within(0.004));
    assertThat(errors.mae()).isCloseTo(0.748, within(0.004));
  }

  @Test
  void predict_biasedMfOnFolds_isMoreAccurateThanPublished() throws IOException {
    Errors errors = onFolds(BiasedMf.defaults());
    assertThat(errors.rmse()).isLessThan(0.920);
    assertThat(errors.mae()).isLessThan(0.725);
  }

  @Test
  void predict_svdPlusPlusOnFolds_isMoreAccurateThanPublished() throws IOException {
    Errors errors = onFolds(SvdPlusPlus.defaults());
    assertThat(errors.rmse()).isLessThan(0.904);
    assertThat(errors.mae()).isLessThan(0.712);
  }

  @Test
  void predict_nmfOnFolds_isMoreAccurateThanPublished() throws IOException {
    Errors errors = onFolds(Nmf.defaults());
    assertThat(errors.rmse()).isLessThan(0.925);
    assertThat(errors.mae()).isLessThan(0.728);
  }

  private record Errors(double rmse, double mae) {}

  /** Means over the five folds. */
  private static Errors onFolds(Trainer<?> trainer) throws IOException {
    Path folder = RealData.require("ml-100k");
    double meanRmse = 0;
    double meanMae = 0;
    for (int fold = 1; fold <= 5; fold++) {
      Vocabulary.Builder users = Vocabulary.builder();
      Vocabulary.Builder items = Vocabulary.builder();
      Interactions.Builder trainRows = read(folder.resolve("u" + fold + ".base"), users, items);
      Interactions.Builder testRows = read(folder.resolve("u" + fold + ".test"), users, items);
      Interactions train = trainRows.build(users.size(), items.size());
      Interactions test = testRows.build(users.size(), items.size());
      RatingPredictor model =
          (RatingPredictor)
              trainer.train(
                  Dataset.of("u" + fold, users.build(), items.build(), train),
                  TrainingContext.defaults());
      double squares = 0;
      double sizes = 0;
      for (int user = 0; user < test.userCount(); user++) {
        float[] ratings =
            model.predict(new Profile(user, train.history(user)), test.history(user).items());
        for (int p = 0; p < ratings.length; p++) {
          double error = ratings[p] - test.history(user).values()[p];
          squares += error * error;
          sizes += Math.abs(error);
        }
      }
      meanRmse += Math.sqrt(squares / test.size()) / 5;
      meanMae += sizes / test.size() / 5;
    }
    return new Errors(meanRmse, meanMae);
  }

  private static Interactions.Builder read(
      Path file, Vocabulary.Builder users, Vocabulary.Builder items) throws IOException {
    Interactions.Builder rows = Interactions.builder();
    List<String> lines = Files.readAllLines(file);
    for (String line : lines) {
      String[] fields = line.split("\t");
      rows.add(
          users.add(fields[0]),
          items.add(fields[1]),
          Float.parseFloat(fields[2]),
          1000 * Long.parseLong(fields[3]));
    }
    return rows;
  }
}
