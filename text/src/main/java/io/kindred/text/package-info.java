/** Words of texts by language: the analyzers of Lucene. */
@NullMarked
package io.kindred.text;

import org.jspecify.annotations.NullMarked;
