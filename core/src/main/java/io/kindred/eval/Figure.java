package io.kindred.eval;

/**
 * A measured value with its 95 % interval.
 *
 * @param value the value on the people who were measured; over several runs their mean
 * @param low lower end of the interval
 * @param high upper end of the interval
 */
public record Figure(double value, double low, double high) {}
