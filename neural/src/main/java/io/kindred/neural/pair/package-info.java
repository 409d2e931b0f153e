/** Models that learn from pairs of a person and an item. */
@NullMarked
package io.kindred.neural.pair;

import org.jspecify.annotations.NullMarked;
