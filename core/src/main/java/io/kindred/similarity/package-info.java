/**
 * Similarities between the rows of a sparse matrix, nearest neighbors by them, and the rating
 * baselines that some of them subtract.
 *
 * <p>Rows may be users or items: the caller chooses by transposing.
 */
@NullMarked
package io.kindred.similarity;

import org.jspecify.annotations.NullMarked;
