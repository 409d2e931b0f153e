/** Side-by-side comparisons and measurements; not published. */
@NullMarked
package io.kindred.bench;

import org.jspecify.annotations.NullMarked;
