/** Trained networks in service: scoring, reasons, similar items, bundles. */
@NullMarked
package io.kindred.neural.model;

import org.jspecify.annotations.NullMarked;
