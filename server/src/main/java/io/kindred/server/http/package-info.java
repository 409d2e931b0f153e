/**
 * The HTTP side of the server: routes, reading of requests, problem documents, static files and
 * metrics.
 */
@NullMarked
package io.kindred.server.http;

import org.jspecify.annotations.NullMarked;
