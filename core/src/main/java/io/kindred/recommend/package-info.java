/** From a query to a list: who asks, what may be recommended, the best of it, and why. */
@NullMarked
package io.kindred.recommend;

import org.jspecify.annotations.NullMarked;
