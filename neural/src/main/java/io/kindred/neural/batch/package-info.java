/** What people did, encoded as the arrays that networks take: pure Java, no libtorch. */
@NullMarked
package io.kindred.neural.batch;

import org.jspecify.annotations.NullMarked;
