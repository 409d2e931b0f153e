/** What every other algorithm must beat: popularity, chance, and the biases of users and items. */
@NullMarked
package io.kindred.baseline;

import org.jspecify.annotations.NullMarked;
