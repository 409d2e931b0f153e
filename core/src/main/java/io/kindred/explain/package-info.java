/** Explanations as a person reads them. */
@NullMarked
package io.kindred.explain;

import org.jspecify.annotations.NullMarked;
