package io.kindred.store;

import io.kindred.ArrayReader;
import io.kindred.ArrayWriter;
import io.kindred.CheckpointStore;
import io.kindred.KindredException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Keeps a checkpoint as {@code checkpoint.safetensors} in a folder. A new one is written beside the
 * old one, forced to disk and renamed over it, so that a process that is killed leaves one of both.
 * Not thread-safe.
 */
public final class CheckpointFile implements CheckpointStore {
  private static final String NAME = "checkpoint.safetensors";

  private final Path folder;

  /** A checkpoint in a folder, which is made when the first one is saved. */
  public CheckpointFile(Path folder) {
    this.folder = folder;
  }

  /** Whether there is one. */
  public boolean exists() {
    return Files.exists(folder.resolve(NAME));
  }

  @Override
  public void save(Consumer<ArrayWriter> content) {
    SafetensorsWriter out = new SafetensorsWriter();
    content.accept(out);
    Path fresh = folder.resolve("." + NAME + ".new");
    try {
      Files.createDirectories(folder);
      Files.deleteIfExists(fresh);
      out.write(fresh);
      try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(
          fresh,
          folder.resolve(NAME),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new KindredException(
          "the checkpoint cannot be written to " + folder + ": " + e.getMessage(), e);
    }
  }

  @Override
  public <T> Optional<T> load(Function<ArrayReader, T> reader) {
    if (!exists()) {
      return Optional.empty();
    }
    try (SafetensorsReader in = SafetensorsReader.open(folder, NAME)) {
      return Optional.of(reader.apply(in));
    }
  }

  @Override
  public String place() {
    return folder.resolve(NAME).toString();
  }
}
