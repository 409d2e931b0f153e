package io.kindred.feature;

import java.util.Arrays;

/**
 * One sparse vector of length 1 for each item, or of length 0 where nothing is known of it.
 * Immutable as long as nobody changes the shared arrays; thread-safe.
 *
 * @param starts first entry of each item, shape {@code int[items + 1]}
 * @param terms what the entries are of, ascending inside an item
 * @param weights the weight of each entry
 * @param termCount the number of different terms
 */
public record ItemRows(int[] starts, int[] terms, float[] weights, int termCount) {
  /** The number of items. */
  public int size() {
    return starts.length - 1;
  }

  /** Whether nothing is known of an item. */
  public boolean isEmpty(int item) {
    return starts[item] == starts[item + 1];
  }

  /** The cosine of two items: the inner product of their rows. Cost O(entries of both). */
  public double cosine(int one, int other) {
    double sum = 0;
    int q = starts[other];
    for (int p = starts[one]; p < starts[one + 1]; p++) {
      while (q < starts[other + 1] && terms[q] < terms[p]) {
        q++;
      }
      if (q < starts[other + 1] && terms[q] == terms[p]) {
        sum += (double) weights[p] * weights[q];
      }
    }
    return sum;
  }

  /** These rows and then others with the same terms. */
  public ItemRows followedBy(ItemRows more) {
    int[] allStarts = Arrays.copyOf(starts, starts.length + more.size());
    for (int item = 0; item < more.size(); item++) {
      allStarts[starts.length + item] = terms.length + more.starts[item + 1];
    }
    int[] allTerms = Arrays.copyOf(terms, terms.length + more.terms.length);
    System.arraycopy(more.terms, 0, allTerms, terms.length, more.terms.length);
    float[] allWeights = Arrays.copyOf(weights, weights.length + more.weights.length);
    System.arraycopy(more.weights, 0, allWeights, weights.length, more.weights.length);
    return new ItemRows(allStarts, allTerms, allWeights, termCount);
  }

  /** The same entries by term: the rows are the items of each term, ascending. */
  public ItemRows transposed() {
    int[] byTerm = new int[termCount + 1];
    for (int term : terms) {
      byTerm[term + 1]++;
    }
    for (int term = 0; term < termCount; term++) {
      byTerm[term + 1] += byTerm[term];
    }
    int[] next = byTerm.clone();
    int[] items = new int[terms.length];
    float[] values = new float[terms.length];
    for (int item = 0; item < size(); item++) {
      for (int p = starts[item]; p < starts[item + 1]; p++) {
        int to = next[terms[p]]++;
        items[to] = item;
        values[to] = weights[p];
      }
    }
    return new ItemRows(byTerm, items, values, size());
  }
}
