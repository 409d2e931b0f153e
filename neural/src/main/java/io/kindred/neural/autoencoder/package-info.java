/** Models that make a person's whole row of items again from the part of it that is known. */
@NullMarked
package io.kindred.neural.autoencoder;

import org.jspecify.annotations.NullMarked;
