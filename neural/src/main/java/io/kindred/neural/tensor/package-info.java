/**
 * The bridge to libtorch: the only place where its types live. Tensors, scopes of native memory,
 * weights and optimizers, with everything else of the module written in terms of them.
 */
@NullMarked
package io.kindred.neural.tensor;

import org.jspecify.annotations.NullMarked;
