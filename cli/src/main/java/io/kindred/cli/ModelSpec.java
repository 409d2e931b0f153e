package io.kindred.cli;

import io.kindred.KindredException;
import io.kindred.Parameters;
import io.kindred.eval.Experiment.Entrant;
import io.kindred.registry.Algorithms;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model to compare: {@code [NAME:] ALGORITHM [PARAMETER=VALUE ...]} on the command line, or the
 * same as fields in a recipe.
 *
 * @param name what it is called in the report
 * @param algorithm its algorithm
 * @param parameters its hyperparameters
 */
record ModelSpec(String name, String algorithm, Map<String, String> parameters) {

  private static final Pattern COLON_AND_BLANK = Pattern.compile(":\\s");

  /**
   * Reads the form of the command line. A name ends at the first colon with a blank after it, or at
   * one before any '=': a colon within a value, as in {@code columns=title:2}, ends none.
   *
   * @throws KindredException if it is not of that form
   */
  static ModelSpec parse(String text) {
    String rest = text.strip();
    int colon = endOfName(rest);
    String name = colon > 0 ? rest.substring(0, colon).strip() : rest.replaceAll("\\s+", " ");
    String[] words = rest.substring(colon + 1).strip().split("\\s+", -1);
    Map<String, String> parameters = new LinkedHashMap<>();
    for (int w = 1; w < words.length; w++) {
      int equals = words[w].indexOf('=');
      if (equals < 1) {
        throw new KindredException(
            "model '" + text + "': '" + words[w] + "' must have the form parameter=value");
      }
      parameters.put(words[w].substring(0, equals), words[w].substring(equals + 1));
    }
    if (words[0].isEmpty()) {
      throw new KindredException("model '" + text + "' names no algorithm");
    }
    return new ModelSpec(name, words[0], parameters);
  }

  private static int endOfName(String text) {
    Matcher spaced = COLON_AND_BLANK.matcher(text);
    if (spaced.find()) {
      return spaced.start();
    }
    int colon = text.indexOf(':');
    int equals = text.indexOf('=');
    return equals >= 0 && equals < colon ? -1 : colon;
  }

  /**
   * The entrant of an experiment.
   *
   * @throws KindredException if there is no such algorithm or hyperparameter
   */
  Entrant entrant() {
    return new Entrant(name, Algorithms.all().trainer(algorithm, Parameters.of(parameters)));
  }
}
