/**
 * Neighborhood models: user-based and item-based collaborative filtering, for ranking and for
 * rating prediction.
 */
@NullMarked
package io.kindred.knn;

import org.jspecify.annotations.NullMarked;
