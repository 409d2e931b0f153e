package io.kindred.rating;

/**
 * How bias and vector of a person, or of an item that comes later, are held back.
 *
 * @param ofBias a rating, above 0
 * @param ofVector a rating, above 0
 * @param nonNegative whether the vector must be at least 0; the bias may be anything
 * @param ofItem of an item beyond that, however many ratings it has: 0 where training solves for
 *     items; where it descends, 1 over the sum of its learning rates, since a descent that ends
 *     after that way holds back as such a ridge does
 */
record PersonPenalty(double ofBias, double ofVector, boolean nonNegative, double ofItem) {
  /** The penalty of a descent. */
  static PersonPenalty ofDescent(
      double ofBias, double ofVector, int epochs, double learningRate, double decay) {
    double rates = 0;
    for (int epoch = 0; epoch < epochs; epoch++) {
      rates += learningRate * Math.pow(decay, epoch);
    }
    return new PersonPenalty(ofBias, ofVector, false, 1 / rates);
  }
}
