/** Networks that read histories as sequences and foretell the next item. */
@NullMarked
package io.kindred.neural.sequence;

import org.jspecify.annotations.NullMarked;
