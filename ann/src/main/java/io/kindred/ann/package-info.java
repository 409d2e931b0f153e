/** Approximate nearest neighbors: a graph on disk that finds the items of a model's best scores. */
@NullMarked
package io.kindred.ann;

import org.jspecify.annotations.NullMarked;
