package io.kindred.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.KindredException;
import io.kindred.split.Split;
import io.kindred.testkit.RealData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GivenSplitsTest {
  @TempDir Path folder;

  private void file(String name, String text) throws IOException {
    Path path = folder.resolve(name);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  @Test
  void read_foldsOfMl100k_shareVocabulariesAndAddUp() {
    GivenSplits given = GivenSplits.in(RealData.require("ml-100k"));

    assertThat(given.names()).contains("u1", "u2", "u3", "u4", "u5");
    for (String name : new String[] {"u1", "u5"}) {
      Split split = given.read(name, ReadOptions.defaults());
      assertThat(split.name()).isEqualTo("given (" + name + ")");
      assertThat(split.train().name()).isEqualTo("ml-100k");
      assertThat(split.train().interactions().size()).isEqualTo(80_000);
      assertThat(split.test().targets().size()).isEqualTo(20_000);
      assertThat(split.train().users().size()).isEqualTo(943);
      assertThat(split.train().items().size()).isEqualTo(1_682);
    }
  }

  @Test
  void read_trainValidationTest_isOneNamelessSplit() throws IOException {
    file("train.csv", "user_id,item_id\na,x\nb,y\n");
    file("validation.csv", "user_id,item_id\na,y\n");
    file("test.csv", "user_id,item_id\na,z\n");

    GivenSplits given = GivenSplits.in(folder);
    Split split = given.read("", ReadOptions.defaults());

    assertThat(given.names()).containsExactly("");
    assertThat(split.name()).isEqualTo("given");
    assertThat(split.validation().orElseThrow().targets().size()).isEqualTo(1);
    assertThat(split.train().items().ids()).containsExactly("x", "y", "z");
  }

  /** A test file with one item a user looks like a table of pairs when it is seen alone. */
  @Test
  void read_lightGcnWithOneTestItemAUser_isReadAsItsTrainFile() throws IOException {
    file("train.txt", "0 1 2 3\n1 0 2\n2 1 4 0 3\n");
    file("test.txt", "0 4\n1 3\n2 2\n");

    Split split = GivenSplits.in(folder).read("", ReadOptions.defaults());

    assertThat(split.train().users().ids()).containsExactly("0", "1", "2");
    assertThat(split.train().interactions().size()).isEqualTo(9);
    int[] tested = split.test().targets().items();
    assertThat(java.util.Arrays.stream(tested).mapToObj(split.train().items()::id))
        .containsExactly("4", "3", "2");
  }

  @Test
  void names_filesWithoutTheirPart_areLeftOut() throws IOException {
    file("ml.train.inter", "user_id:token\titem_id:token\na\tx\n");
    file("ml.test.inter", "user_id:token\titem_id:token\na\ty\n");
    file("fold-1/train.csv", "user_id,item_id\na,x\n");
    file("fold-1/test.csv", "user_id,item_id\na,y\n");
    file("lonely.base", "1\t1\t5\t1\n");

    assertThat(GivenSplits.in(folder).names()).containsExactly("fold-1", "ml");
  }

  @Test
  void read_pairOnBothSides_isRefused() throws IOException {
    file("train.csv", "user_id,item_id\na,x\nb,y\n");
    file("test.csv", "user_id,item_id\na,x\n");

    assertThatThrownBy(() -> GivenSplits.in(folder).read("", ReadOptions.defaults()))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("a")
        .hasMessageContaining("x");
  }

  @Test
  void in_nothingThere_saysWhatIsLookedFor() throws IOException {
    assertThatThrownBy(() -> GivenSplits.in(folder))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("no pair of files such as u1.base and u1.test");
    file("train.csv", "user_id,item_id\na,x\n");
    assertThatThrownBy(() -> GivenSplits.in(folder.resolve("train.csv")))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("is a file");
    file("test.csv", "user_id,item_id\na,y\n");
    assertThatThrownBy(() -> GivenSplits.in(folder).read("u9", ReadOptions.defaults()))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("no split 'u9'");
  }

  @Test
  void read_leak_saysInWhichParts(@TempDir Path parts) throws IOException {
    Files.writeString(parts.resolve("train.csv"), "user,item\na,x\na,y\nb,x\n");
    for (String[] leak :
        new String[][] {
          {"a,z\na,z\n", "user 'a' has item 'z' in test twice"},
          {"a,x\n", "user 'a' has item 'x' in train and test"}
        }) {
      Files.writeString(parts.resolve("test.csv"), "user,item\n" + leak[0]);
      assertThatThrownBy(() -> GivenSplits.in(parts).read("", ReadOptions.defaults()))
          .hasMessageEndingWith(leak[1]);
    }
  }
}
