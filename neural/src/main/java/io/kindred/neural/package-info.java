/** Models trained with libtorch. */
@NullMarked
package io.kindred.neural;

import org.jspecify.annotations.NullMarked;
