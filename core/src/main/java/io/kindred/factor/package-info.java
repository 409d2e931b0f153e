/** Factor models: people and items as vectors whose inner product is the score. */
@NullMarked
package io.kindred.factor;

import org.jspecify.annotations.NullMarked;
