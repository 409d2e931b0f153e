package io.kindred;

/**
 * A similar item or user.
 *
 * @param id its id
 * @param similarity how similar it is, in the range of the similarity
 * @param overlap how many users (or items) both have in common; -1 where that was not counted
 */
public record Neighbor(String id, double similarity, int overlap) {}
