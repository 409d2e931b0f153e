/** Splits of a data set into train, validation and test, each of which checks itself for leaks. */
@NullMarked
package io.kindred.split;

import org.jspecify.annotations.NullMarked;
