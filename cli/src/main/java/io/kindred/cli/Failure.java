package io.kindred.cli;

import io.kindred.KindredException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Says on standard error what went wrong: one line where the user can put it right. */
final class Failure {
  private Failure() {}

  /** Reports an exception and gives the exit code. */
  static int report(Terminal terminal, Throwable failure, boolean debug) {
    if (Interruption.interrupted()) {
      terminal.err().println("kindred: interrupted");
      return ExitCode.FAILED;
    }
    if (debug || !terminal.environment("KINDRED_DEBUG").isEmpty()) {
      terminal.err().print(trace(failure));
    }
    if (failure instanceof NotFoundException) {
      say(terminal, String.valueOf(failure.getMessage()));
      return ExitCode.NOT_FOUND;
    }
    if (failure instanceof KindredException) {
      say(terminal, String.valueOf(failure.getMessage()));
    } else if (failure instanceof UncheckedIOException unchecked && unchecked.getCause() != null) {
      say(terminal, describe(unchecked.getCause()));
    } else if (failure instanceof IOException io) {
      say(terminal, describe(io));
    } else if (failure instanceof OutOfMemoryError) {
      say(
          terminal,
          "not enough memory: the JVM may use "
              + (Runtime.getRuntime().maxMemory() >> 20)
              + " MB; allow more with KINDRED_JAVA_OPTS=-Xmx8g");
    } else {
      unexpected(terminal, failure);
    }
    return ExitCode.FAILED;
  }

  private static void say(Terminal terminal, String message) {
    String prefix = terminal.errHasStyle() ? "\u001b[31mkindred:\u001b[0m " : "kindred: ";
    terminal.err().println(prefix + message);
  }

  private static void unexpected(Terminal terminal, Throwable failure) {
    String what = failure.getClass().getSimpleName() + ": " + failure.getMessage();
    try {
      Path log = Files.createTempFile("kindred-error-", ".log");
      Files.writeString(
          log,
          String.join(" ", new Version().getVersion()) + "\n" + trace(failure),
          StandardCharsets.UTF_8);
      say(terminal, "unexpected error, a fault of Kindred (" + what + ")");
      terminal.err().println("The details are in " + log + "; please report the fault with them.");
    } catch (IOException e) {
      say(terminal, "unexpected error, a fault of Kindred (" + what + ")");
      terminal.err().println("Set KINDRED_DEBUG=1 to see the details; please report it with them.");
    }
  }

  private static String describe(IOException failure) {
    if (failure instanceof FileSystemException file && file.getFile() != null) {
      String problem;
      if (failure instanceof NoSuchFileException) {
        problem = "no such file or folder";
      } else if (failure instanceof AccessDeniedException) {
        problem = "permission denied";
      } else if (failure instanceof FileAlreadyExistsException) {
        problem = "exists already";
      } else if (failure instanceof NotDirectoryException) {
        problem = "not a folder";
      } else {
        problem = file.getReason() == null ? file.getClass().getSimpleName() : file.getReason();
      }
      return file.getFile() + ": " + problem;
    }
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  private static String trace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }
}
