/** How networks are trained: losses, schedules, the loop with early stopping and checkpoints. */
@NullMarked
package io.kindred.neural.train;

import org.jspecify.annotations.NullMarked;
