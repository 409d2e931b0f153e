/** Models of random walks between people and items. */
@NullMarked
package io.kindred.graph;

import org.jspecify.annotations.NullMarked;
