package io.kindred.cli;

import io.kindred.KindredException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes files and folders whole or not at all: beside their place first, then renamed. */
final class Outputs {
  private Outputs() {}

  /** Writes the text of a file. */
  interface FileBody {
    void write(Writer out) throws IOException;
  }

  /** Writes a file at a place. */
  interface PathBody {
    void write(Path partial) throws IOException;
  }

  /** Writes the files of a folder. */
  interface FolderBody {
    void write(Path folder) throws IOException;
  }

  /** Writes a file, in place of one that is there. */
  static void file(Path target, FileBody body) {
    at(
        target,
        partial -> {
          try (BufferedWriter out = Files.newBufferedWriter(partial, StandardCharsets.UTF_8)) {
            body.write(out);
          }
        });
  }

  /** The same for what writes files by itself. */
  static void at(Path target, PathBody body) {
    if (Files.isDirectory(target)) {
      throw new KindredException(target + " is a folder; name a file");
    }
    Path partial = beside(target);
    Interruption.writing(partial);
    try {
      body.write(partial);
      Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      Interruption.delete(partial);
      Interruption.written(partial);
    }
  }

  /** Writes a folder, which must be new or empty. */
  static void folder(Path target, FolderBody body) {
    refuseUnlessFree(target);
    Path partial = beside(target);
    Interruption.writing(partial);
    try {
      Files.createDirectory(partial);
      body.write(partial);
      Files.deleteIfExists(target);
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      Interruption.delete(partial);
      Interruption.written(partial);
    }
  }

  /** Refuses a folder in which something is already, before the work for it begins. */
  static void refuseUnlessFree(Path target) {
    if (!Files.exists(target)) {
      return;
    }
    if (!Files.isDirectory(target)) {
      throw new KindredException(target + " is a file; name a new folder");
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(target)) {
      if (entries.iterator().hasNext()) {
        throw new KindredException(target + " is not empty; name a new or empty folder");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path beside(Path target) {
    Path absolute = target.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    if (parent == null) {
      throw new KindredException(target + " cannot be written");
    }
    try {
      Files.createDirectories(parent);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return parent.resolve(
        "." + absolute.getFileName() + ".partial-" + Long.toHexString(System.nanoTime()));
  }
}
