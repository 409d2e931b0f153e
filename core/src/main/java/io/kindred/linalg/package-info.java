/**
 * Dense kernels: products, Gram matrices, small Cholesky factorizations and scores of a catalog.
 */
@NullMarked
package io.kindred.linalg;

import org.jspecify.annotations.NullMarked;
