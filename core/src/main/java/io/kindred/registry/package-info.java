/** The list of all algorithms: the one place that sees every algorithm package. */
@NullMarked
package io.kindred.registry;

import org.jspecify.annotations.NullMarked;
