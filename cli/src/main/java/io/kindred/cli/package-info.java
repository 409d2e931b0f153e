/** The {@code kindred} command: one class a subcommand. */
@NullMarked
package io.kindred.cli;

import org.jspecify.annotations.NullMarked;
