package io.kindred.ann;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.KindredException;
import io.kindred.ProgressListener;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexFileTest {
  private static final Catalogue CATALOGUE = Catalogue.of(1_000, 8, 1);

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void build() {
    file = folder.resolve("items.ann");
    build(CATALOGUE, file);
  }

  private static void build(Catalogue catalogue, Path file) {
    AnnIndex.build(
        catalogue.vectors(),
        catalogue.dimensions(),
        AnnOptions.defaults(),
        file,
        ProgressListener.NONE);
  }

  private void assertRefused(byte[] bytes, String reason) throws IOException {
    Path other = folder.resolve("other.ann");
    Files.write(other, bytes);
    assertThatThrownBy(() -> AnnIndex.open(other))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining(other.toString())
        .hasMessageContaining(reason);
  }

  @Test
  void open_noFile_saysSo() {
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> AnnIndex.open(missing))
        .isInstanceOf(KindredException.class)
        .hasMessage("there is no index '" + missing + "'");
  }

  @Test
  void open_truncatedAnywhere_isRefused() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int length : new int[] {0, 7, 100, 127}) {
      assertRefused(Arrays.copyOf(whole, length), "is not an index of Kindred");
    }
    for (int length : new int[] {128, 500, whole.length / 2, whole.length - 1}) {
      assertRefused(Arrays.copyOf(whole, length), "is damaged");
    }
    assertRefused(Arrays.copyOf(whole, whole.length + 1), "is damaged");
  }

  @Test
  void open_anyByteChanged_isRefused() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(1);
    for (int n = 0; n < 200; n++) {
      byte[] broken = whole.clone();
      int at = n < 96 ? n : 128 + random.nextInt(whole.length - 128);
      broken[at] ^= (byte) (1 << random.nextInt(8));
      Path other = folder.resolve("other.ann");
      Files.write(other, broken);
      assertThatThrownBy(() -> AnnIndex.open(other))
          .as("byte %s", at)
          .isInstanceOf(KindredException.class);
    }
  }

  @Test
  void open_newerFormat_isRefusedByName() throws IOException {
    byte[] newer = Files.readAllBytes(file);
    ByteBuffer.wrap(newer).putInt(8, 2);
    assertRefused(newer, "has the format 2; this version of Kindred reads formats up to 1");
  }

  @Test
  void open_anythingElse_isRefused() throws IOException {
    assertRefused(new byte[4_096], "is not an index of Kindred");
    assertThatThrownBy(() -> AnnIndex.open(folder)).isInstanceOf(KindredException.class);
  }

  @Test
  void open_indexOfAnotherModel_isRefusedWithTheDifference() {
    AnnIndex.open(file, CATALOGUE).close();
    Catalogue fewer = Catalogue.of(999, 8, 1);
    assertThatThrownBy(() -> AnnIndex.open(file, fewer))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("is not one of this model: it has 1000 items, the model 999");
    Catalogue wider = Catalogue.of(1_000, 9, 1);
    assertThatThrownBy(() -> AnnIndex.open(file, wider))
        .hasMessageContaining("it has vectors of 8 dimensions, the model of 9");
    float[] vectors = CATALOGUE.vectors().clone();
    vectors[4_321] = Math.nextUp(vectors[4_321]);
    assertThatThrownBy(() -> AnnIndex.open(file, new Catalogue(vectors, 8)))
        .hasMessageContaining("it has other vectors than the model. Build it again");
  }

  @Test
  void build_placeThatCannotBe_isRefused() throws IOException {
    assertThatThrownBy(() -> build(CATALOGUE, folder))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("is a folder, not an index");
    Path blocked = folder.resolve("file");
    Files.writeString(blocked, "mine");
    assertThatThrownBy(() -> build(CATALOGUE, blocked.resolve("items.ann")))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("What was there before is unchanged");
    assertThat(blocked).hasContent("mine");
  }

  @Test
  void build_overAnotherIndex_leavesNothingElseBehind() throws IOException {
    Path abandoned = folder.resolve(".items.ann.new-0123");
    Path running = folder.resolve(".items.ann.new-4567");
    Files.writeString(abandoned, "cut off");
    Files.setLastModifiedTime(abandoned, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    Files.writeString(running, "another writer's");
    Catalogue other = Catalogue.of(700, 8, 2);
    build(other, file);
    AnnIndex.open(file, other).close();
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(file, running);
    }
  }

  /** Rebuilds an index over and over, for the test that kills it. */
  static final class Rebuilder {
    public static void main(String[] args) {
      for (int n = 0; ; n++) {
        build(n % 2 == 0 ? CATALOGUE : Catalogue.of(1_200, 8, 3), Path.of(args[0]));
        System.out.println("built");
      }
    }
  }

  @Test
  void build_killedAnywhere_leavesAWholeIndex() throws Exception {
    Random random = new Random(5);
    for (int round = 0; round < 3; round++) {
      Process process =
          new ProcessBuilder(
                  List.of(
                      System.getProperty("java.home") + File.separator + "bin/java",
                      "-Xmx256m",
                      "-XX:TieredStopAtLevel=1",
                      "-cp",
                      System.getProperty("java.class.path"),
                      Rebuilder.class.getName(),
                      file.toString()))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        assertThat(process.inputReader().readLine()).isEqualTo("built");
        Thread.sleep(random.nextInt(700));
      } finally {
        process.destroyForcibly();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      }
      try (AnnIndex index = AnnIndex.open(file)) {
        assertThat(index.size()).isIn(1_000, 1_200);
        float[] query = Catalogue.query(8, random);
        assertThat(index.search(query, 10, new BitSet()).size()).isEqualTo(10);
      }
    }
  }

  @Test
  void mappedFile_piecesOfAnySize_readTheSame() throws IOException {
    byte[] bytes = new byte[1_003];
    new Random(9).nextBytes(bytes);
    Path data = folder.resolve("data");
    Files.write(data, bytes);
    ByteBuffer expected = ByteBuffer.wrap(bytes);
    for (int bits : new int[] {3, 4, 7, 30}) {
      try (var channel = java.nio.channels.FileChannel.open(data)) {
        var reader = new MappedFile(channel, bits).get();
        for (int at = 0; at < 950; at += 7) {
          reader.seek(at);
          assertThat(reader.readInt()).isEqualTo(expected.getInt(at));
          assertThat(reader.readLong()).isEqualTo(expected.getLong(at + 4));
          int[] ints = new int[12];
          reader.seek(at);
          reader.read(ints, 1, 11);
          assertThat(ints[11]).isEqualTo(expected.getInt(at + 40));
          assertThat(reader.getPosition()).isEqualTo(at + 44);
        }
        reader.seek(1_000);
        assertThatThrownBy(reader::readInt).isInstanceOf(IOException.class);
      } catch (IOException e) {
        throw e;
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }
}
