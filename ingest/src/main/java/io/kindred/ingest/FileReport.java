package io.kindred.ingest;

/**
 * One file or query that was read.
 *
 * @param source the file or query
 * @param what what it holds: "interactions", "items" or "users"
 * @param how the format and columns that were recognized, for a person
 * @param rows the rows that were used
 */
public record FileReport(String source, String what, String how, long rows) {}
