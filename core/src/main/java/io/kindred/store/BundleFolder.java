package io.kindred.store;

import io.kindred.KindredException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a bundle, replaced as a whole.
 *
 * <p>Writing a bundle NAME takes these steps, all in its parent folder:
 *
 * <ol>
 *   <li>all files are written into a new folder {@code .NAME.new-RANDOM}, each brought to the disk,
 *       then the folder itself;
 *   <li>if there is no NAME, the new folder is renamed to NAME: done;
 *   <li>else a {@code .NAME.old} that was left over is deleted, NAME is renamed to {@code
 *       .NAME.old}, the new folder to NAME;
 *   <li>the parent folder is brought to the disk, {@code .NAME.old} is deleted.
 * </ol>
 *
 * <p>Whenever this is cut off, NAME is complete, old or new; or, between the two renames of step 3,
 * NAME is missing and {@code .NAME.old} is complete, and {@link #existing} finds it. A cut-off step
 * 1 leaves its folder behind; the next writing deletes it once it is a day old. One process at a
 * time may write a bundle; any number may read.
 */
final class BundleFolder {
  private static final Duration ABANDONED = Duration.ofDays(1);
  private static final int ATTEMPTS = 10;

  private BundleFolder() {}

  /** What fills a new folder. */
  @FunctionalInterface
  interface Content {
    void writeInto(Path folder) throws IOException;
  }

  /** Replaces a bundle, or makes it. */
  static synchronized void replace(Path path, Content content) {
    Path target = real(path);
    Path parent = target.getParent();
    Path name = target.getFileName();
    if (parent == null || name == null) {
      throw new KindredException(
          "'" + path + "' cannot be a bundle: it is the root of the file system");
    }
    Path fresh = null;
    try {
      Files.createDirectories(parent);
      refuseForeign(target);
      deleteAbandoned(parent, name);
      Path folder =
          parent.resolve(
              "."
                  + name
                  + ".new-"
                  + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()));
      Files.createDirectory(folder);
      fresh = folder;
      content.writeInto(folder);
      sync(folder);
      moveInto(folder, target, old(parent, name));
      sync(parent);
      deleteTree(old(parent, name));
    } catch (IOException e) {
      if (fresh != null) {
        deleteQuietly(fresh);
      }
      throw new KindredException(
          "cannot write the bundle '"
              + path
              + "': "
              + reason(e)
              + ". What was there before is unchanged",
          e);
    } catch (RuntimeException e) {
      if (fresh != null) {
        deleteQuietly(fresh);
      }
      throw e;
    }
  }

  /**
   * Where the files of a bundle are: the folder itself, or what a cut-off replacement has put
   * aside.
   *
   * @throws KindredException if there is nothing
   */
  static Path existing(Path path) {
    Path target = real(path);
    Path parent = target.getParent();
    Path name = target.getFileName();
    for (int attempt = 0;
        attempt < ATTEMPTS;
        attempt++) { // a replacement may pass between two looks
      if (Files.isDirectory(target)) {
        return target;
      }
      if (parent != null && name != null && Files.isDirectory(old(parent, name))) {
        return old(parent, name);
      }
    }
    if (Files.isRegularFile(target)) {
      throw new KindredException(
          "'" + path + "' is not a Kindred bundle: a bundle is a folder, and this is a file");
    }
    throw new KindredException("there is no bundle '" + path + "'");
  }

  private static Path old(Path parent, Path name) {
    return parent.resolve("." + name + ".old");
  }

  /** The path with symbolic links followed, so that a link to a bundle stays one. */
  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path.toAbsolutePath().normalize();
    }
  }

  private static void refuseForeign(Path target) throws IOException {
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    boolean ours;
    try (DirectoryStream<Path> inside = Files.newDirectoryStream(target)) {
      ours = !inside.iterator().hasNext() || isBundle(target);
    } catch (NotDirectoryException e) {
      ours = false;
    }
    if (!ours) {
      throw new KindredException(
          "'"
              + target
              + "' exists and is not a Kindred bundle; it was left as it is. Choose another name, or remove it first");
    }
  }

  private static boolean isBundle(Path folder) throws IOException {
    Path manifest = folder.resolve(ModelStore.MANIFEST);
    return Files.isRegularFile(manifest)
        && Files.size(manifest) <= ModelStore.MAX_MANIFEST
        && new String(Files.readAllBytes(manifest), StandardCharsets.UTF_8)
            .contains(Manifest.FORMAT);
  }

  private static void moveInto(Path fresh, Path target, Path old) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        return;
      } catch (FileSystemException e) {
        if (attempt == ATTEMPTS || !Files.isDirectory(target)) {
          throw e;
        }
      }
      deleteTree(old);
      try {
        Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
      } catch (NoSuchFileException e) {
        // Another writer has just put it aside.
      }
    }
  }

  private static void deleteAbandoned(Path parent, Path name) throws IOException {
    try (DirectoryStream<Path> left =
        Files.newDirectoryStream(
            parent, entry -> entry.getFileName().toString().startsWith("." + name + ".new-"))) {
      for (Path folder : left) {
        if (Files.getLastModifiedTime(folder, LinkOption.NOFOLLOW_LINKS)
            .toInstant()
            .isBefore(Instant.now().minus(ABANDONED))) {
          deleteQuietly(folder);
        }
      }
    }
  }

  private static void deleteQuietly(Path folder) {
    try {
      deleteTree(folder);
    } catch (IOException e) {
      // It stays until the next writing; the error that led here matters more.
    }
  }

  private static void deleteTree(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Brings the names in a folder to the disk, where the system can. */
  private static void sync(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows does not open folders; it brings their names to the disk by itself.
    }
  }

  private static String reason(IOException failure) {
    if (failure instanceof AccessDeniedException denied) {
      return "no permission for '" + denied.getFile() + "'";
    }
    if (failure instanceof FileSystemException system && system.getReason() != null) {
      return system.getReason() + " ('" + system.getFile() + "')";
    }
    return String.valueOf(failure.getMessage());
  }
}
