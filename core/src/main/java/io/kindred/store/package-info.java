/** Models on disk: self-contained bundles, written whole or not at all, and read with distrust. */
@NullMarked
package io.kindred.store;

import org.jspecify.annotations.NullMarked;
