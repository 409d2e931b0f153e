/** Contract tests and helpers for the tests of algorithms, readers and stores. */
@NullMarked
package io.kindred.testkit;

import org.jspecify.annotations.NullMarked;
