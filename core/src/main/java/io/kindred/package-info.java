/** The types that every part of Kindred speaks: trainers, models, queries and recommendations. */
@NullMarked
package io.kindred;

import org.jspecify.annotations.NullMarked;
