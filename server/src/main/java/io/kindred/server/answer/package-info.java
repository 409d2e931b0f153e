/**
 * What the server answers, without HTTP: search, recommendations with titles and reasons, and what
 * is known of models and data.
 */
@NullMarked
package io.kindred.server.answer;

import org.jspecify.annotations.NullMarked;
