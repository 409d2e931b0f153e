/** Small programs that use Kindred as a library. */
@NullMarked
package io.kindred.examples;

import org.jspecify.annotations.NullMarked;
