/**
 * A generated world of users, items and interactions whose truth is known: for demos without
 * downloads, tests that ask whether a model finds the truth, and measurements of any size.
 *
 * <p>Nothing in it describes real people or goods.
 */
@NullMarked
package io.kindred.generate;

import org.jspecify.annotations.NullMarked;
