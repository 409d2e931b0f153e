/** Models that know items by what they are: pictures, words, categories, numbers. */
@NullMarked
package io.kindred.neural.content;

import org.jspecify.annotations.NullMarked;
