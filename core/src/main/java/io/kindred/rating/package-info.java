/** Factor models that predict ratings. */
@NullMarked
package io.kindred.rating;

import org.jspecify.annotations.NullMarked;
