package io.kindred.rating;

/**
 * How bias and vector of a person are held back.
 *
 * @param ofBias a rating, above 0
 * @param ofVector a rating, above 0
 * @param nonNegative whether the vector must be at least 0; the bias may be anything
 */
record PersonPenalty(double ofBias, double ofVector, boolean nonNegative) {}
