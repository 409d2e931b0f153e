/** Several models of any kind as one: hybrids, and ensembles of networks. */
@NullMarked
package io.kindred.blend;

import org.jspecify.annotations.NullMarked;
