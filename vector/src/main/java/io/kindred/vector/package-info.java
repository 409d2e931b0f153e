/** The inner loops of core in vector instructions. */
@NullMarked
package io.kindred.vector;

import org.jspecify.annotations.NullMarked;
