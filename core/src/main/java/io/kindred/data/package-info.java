/**
 * What people did and what is known of users and items: vocabularies, interactions, features and
 * the data set of them all.
 */
@NullMarked
package io.kindred.data;

import org.jspecify.annotations.NullMarked;
