/**
 * Measuring models: lists of the whole catalogue for everybody held out, metrics with bootstrap
 * intervals, paired tests, and reports of them.
 */
@NullMarked
package io.kindred.eval;

import org.jspecify.annotations.NullMarked;
