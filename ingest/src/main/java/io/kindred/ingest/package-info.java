/**
 * Reads files, folders and databases into a {@link io.kindred.data.Dataset}, and downloads public
 * data sets.
 *
 * <p>{@link io.kindred.ingest.Ingest} is the entry.
 */
@NullMarked
package io.kindred.ingest;

import org.jspecify.annotations.NullMarked;
