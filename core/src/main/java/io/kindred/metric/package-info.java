/**
 * What is measured: of lists of items, of the whole of all lists, of score orders, of predicted
 * ratings.
 */
@NullMarked
package io.kindred.metric;

import org.jspecify.annotations.NullMarked;
