package io.kindred.ingest;

import io.kindred.data.Dataset;

/**
 * A data set and how it was read.
 *
 * @param dataset the data
 * @param report what was recognized, and what was left out
 */
public record Reading(Dataset dataset, ReadReport report) {}
