package io.kindred.ingest;

import io.kindred.KindredException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Unpacks zip archives of strangers: nothing outside the folder, no bombs. */
final class Unzip {
  private static final int MAX_ENTRIES = 10_000;
  private static final long FREE = 64L << 20;
  private static final long MAX_RATIO = 60;

  private Unzip() {}

  /**
   * Unpacks the files of an archive; a single folder that holds them all is left out.
   *
   * @throws KindredException if it is no archive, an entry leads outside, or it unpacks to far more
   *     than its size
   */
  static void into(Path archive, Path folder) throws IOException {
    long budget = Math.max(FREE, Files.size(archive) * MAX_RATIO);
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      if (zip.size() > MAX_ENTRIES) {
        throw new KindredException(
            archive + " has " + zip.size() + " entries; at most " + MAX_ENTRIES + " are unpacked");
      }
      String top = top(zip);
      Enumeration<? extends ZipEntry> entries = zip.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        String name = entry.getName().substring(top.length());
        if (entry.isDirectory() || name.isEmpty() || entry.getName().startsWith("__MACOSX/")) {
          continue;
        }
        if (!FeatureAssembler.isInside(name)) {
          throw new KindredException(
              archive
                  + ": entry "
                  + Failures.quoted(entry.getName())
                  + " leads outside the folder; the archive is not unpacked");
        }
        Path file = folder.resolve(name).normalize();
        Files.createDirectories(file.getParent() == null ? folder : file.getParent());
        try (InputStream in = zip.getInputStream(entry);
            OutputStream out = Files.newOutputStream(file)) {
          byte[] buffer = new byte[1 << 16];
          for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            budget -= read;
            if (budget < 0) {
              throw new KindredException(
                  archive
                      + " unpacks to more than "
                      + MAX_RATIO
                      + " times its size; the archive is not unpacked");
            }
            out.write(buffer, 0, read);
          }
        }
      }
    } catch (ZipException e) {
      throw new KindredException(archive + " is not a zip archive: " + e.getMessage(), e);
    }
  }

  /** The folder that all files are in, with its slash; empty if there is none. */
  private static String top(ZipFile zip) {
    String top = null;
    Enumeration<? extends ZipEntry> entries = zip.entries();
    while (entries.hasMoreElements()) {
      String name = entries.nextElement().getName();
      if (name.startsWith("__MACOSX/")) {
        continue;
      }
      int slash = name.indexOf('/');
      String first = slash <= 0 ? "" : name.substring(0, slash + 1);
      if (top != null && !top.equals(first)) {
        return "";
      }
      top = first;
    }
    return top == null || top.equals("../") || top.equals("./") ? "" : top;
  }
}
