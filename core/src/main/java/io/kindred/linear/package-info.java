/** Models that foretell each item from the others by linear weights. */
@NullMarked
package io.kindred.linear;

import org.jspecify.annotations.NullMarked;
