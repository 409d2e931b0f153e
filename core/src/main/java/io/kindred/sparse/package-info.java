/** Sparse matrices and the parallel loop over their rows. Depends on nothing else of Kindred. */
@NullMarked
package io.kindred.sparse;

import org.jspecify.annotations.NullMarked;
