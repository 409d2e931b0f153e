/** Words, categories, tags, numbers, dates and vectors of items as sparse rows of numbers. */
@NullMarked
package io.kindred.feature;

import org.jspecify.annotations.NullMarked;
