package io.kindred.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kindred.KindredException;
import io.kindred.Model;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writers that are killed, and disks that are full or cannot be written. */
class ModelStoreCrashTest {
  private static final int KILLS = Integer.getInteger("kindred.kill.rounds", 6);
  private static final Model OLD = Bundles.popularity(Bundles.data(1, 10, 8));
  private static final Model NEW = Bundles.itemKnn(Bundles.data(2, 10, 8));

  @TempDir Path folder;

  /** Another JVM that replaces a bundle for ever, by one model and the other in turn. */
  static final class Writer {
    public static void main(String[] arguments) {
      Path bundle = Path.of(arguments[0]);
      Bundles.STORE.save(OLD, bundle);
      System.out.println("writing");
      for (int turn = 0; ; turn++) {
        Bundles.STORE.save(turn % 2 == 0 ? NEW : OLD, bundle);
      }
    }
  }

  @Test
  void save_killedAtAnyMoment_leavesOneOrTheOther() throws Exception {
    Path bundle = folder.resolve("bundle");
    Random random = new Random();
    for (int round = 0; round < KILLS; round++) {
      Process writer =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-Xshare:auto",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Writer.class.getName(),
                  bundle.toString())
              .redirectError(folder.resolve("errors").toFile())
              .start();
      try (BufferedReader output = writer.inputReader()) {
        assertThat(output.readLine())
            .as(Files.readString(folder.resolve("errors")))
            .isEqualTo("writing");
        TimeUnit.MICROSECONDS.sleep(random.nextInt(100_000));
      } finally {
        writer.destroyForcibly(); // SIGKILL
      }
      writer.waitFor();
      Model left = Bundles.STORE.load(bundle);
      assertThat(Bundles.sameScores(left, left.info().algorithm().equals("item-knn") ? NEW : OLD))
          .isTrue();
    }
    Bundles.STORE.save(NEW, bundle);
    assertThat(Bundles.sameScores(Bundles.STORE.load(bundle), NEW)).isTrue();
  }

  @Test
  void save_fullDisk_leavesTheOldBundle() throws Exception {
    Path disk = mounted("size=400k");
    try {
      Path bundle = disk.resolve("bundle");
      Bundles.STORE.save(OLD, bundle);
      Model large = Bundles.popularity(Bundles.data(3, 3000, 3000));
      assertThatThrownBy(() -> Bundles.STORE.save(large, bundle))
          .isInstanceOf(KindredException.class)
          .hasMessage(
              "cannot write the bundle '"
                  + bundle
                  + "': No space left on device. What was there before is unchanged");
      assertThat(Bundles.sameScores(Bundles.STORE.load(bundle), OLD)).isTrue();
      try (var left = Files.list(disk)) {
        assertThat(left).containsExactly(bundle);
      }
      Bundles.STORE.save(NEW, bundle);
      assertThat(Bundles.sameScores(Bundles.STORE.load(bundle), NEW)).isTrue();
    } finally {
      run("umount", disk.toString());
    }
  }

  @Test
  void save_readOnlyDisk_leavesTheOldBundle() throws Exception {
    Path disk = mounted("size=400k");
    try {
      Path bundle = disk.resolve("bundle");
      Bundles.STORE.save(OLD, bundle);
      assumeTrue(
          run("mount", "-o", "remount,ro", disk.toString()) == 0,
          "cannot mount read-only: left out");
      assertThatThrownBy(() -> Bundles.STORE.save(NEW, bundle))
          .isInstanceOf(KindredException.class)
          .hasMessageStartingWith(
              "cannot write the bundle '" + bundle + "': Read-only file system (")
          .hasMessageEndingWith("What was there before is unchanged");
      assertThat(Bundles.sameScores(Bundles.STORE.load(bundle), OLD)).isTrue();
    } finally {
      run("umount", disk.toString());
    }
  }

  @Test
  void save_folderWithoutPermission_saysSo() throws IOException {
    Path locked = Files.createDirectory(folder.resolve("locked"));
    assumeTrue(
        locked.toFile().setWritable(false) && !Files.isWritable(locked),
        "root may write everywhere: left out");
    try {
      assertThatThrownBy(() -> Bundles.STORE.save(NEW, locked.resolve("bundle")))
          .isInstanceOf(KindredException.class)
          .hasMessageContaining("no permission for '");
    } finally {
      assertThat(locked.toFile().setWritable(true)).isTrue();
    }
  }

  /** A small disk of its own, where the system lets this process have one. */
  private Path mounted(String options) throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", options, "tmpfs", disk.toString()) == 0,
        "cannot mount a small disk: left out");
    return disk;
  }

  private static int run(String... command) throws Exception {
    try {
      return new ProcessBuilder(List.of(command))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      return -1;
    }
  }
}
