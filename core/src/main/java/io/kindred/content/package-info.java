/**
 * Recommendation by what is known of the items themselves; new items can be recommended at once.
 */
@NullMarked
package io.kindred.content;

import org.jspecify.annotations.NullMarked;
