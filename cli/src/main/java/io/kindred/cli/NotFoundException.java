package io.kindred.cli;

import io.kindred.KindredException;

/** Somebody or something that was asked for is not there; the exit code says so. */
final class NotFoundException extends KindredException {
  private static final long serialVersionUID = 1L;

  NotFoundException(String message) {
    super(message);
  }
}
