/** Serving: models behind an HTTP API and a web page. */
@NullMarked
package io.kindred.server;

import org.jspecify.annotations.NullMarked;
