package io.kindred.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.KindredException;
import io.kindred.data.FeatureColumn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of pictures beside the data. */
class ItemImagesTest {
  @TempDir private Path folder;
  private Path data;
  private Path pictures;

  @BeforeEach
  void files() throws IOException {
    data = Files.writeString(folder.resolve("r.csv"), "user,item,rating\nu,1,5\nu,2,4\nv,3,3\n");
    pictures = Files.createDirectory(folder.resolve("pictures"));
    for (String name : new String[] {"1.jpg", "1.png", "3.WEBP", "9.gif", "notes.txt"}) {
      Files.writeString(pictures.resolve(name), "");
    }
  }

  private static FeatureColumn.Image column(Reading reading) {
    return (FeatureColumn.Image) reading.dataset().itemFeatures().column("image").orElseThrow();
  }

  @Test
  void read_picturesNamedById_becomeAColumn() {
    Reading reading = Ingest.read(data, ReadOptions.defaults().withImages(pictures));
    assertThat(column(reading).paths()).containsExactly("1.jpg", null, "3.WEBP");
    assertThat(column(reading).folder()).isEqualTo(pictures);
    assertThat(reading.report().notes())
        .anyMatch(note -> note.startsWith("2 of 3 items have a picture"));
  }

  @Test
  void read_picturesByOtherNames_goByTheText() throws IOException {
    Path names = Files.writeString(folder.resolve("n.tsv"), "item\tname\n1\t9\n2\t1\n3\t77\n");
    ReadOptions options = ReadOptions.defaults().withImages(pictures).withImageNames(names);
    assertThat(column(Ingest.read(data, options)).paths()).containsExactly("9.gif", "1.jpg", null);
    Files.writeString(names, "item\tname\n1\n");
    assertThatThrownBy(() -> Ingest.read(data, options))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("n.tsv, line 2");
  }

  @Test
  void read_wrongFolders_areNamed() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThatThrownBy(() -> Ingest.read(data, ReadOptions.defaults().withImages(empty)))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("none of the 0 pictures")
        .hasMessageContaining("1.jpg");
    assertThatThrownBy(
            () -> Ingest.read(data, ReadOptions.defaults().withImages(folder.resolve("nowhere"))))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("nowhere is not a folder");
    assertThatThrownBy(() -> Ingest.read(data, ReadOptions.defaults().withImageNames(data)))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("no folder of pictures");
  }

  @Test
  void read_imageColumn_knowsItsFolder() throws IOException {
    Path whole = Files.createDirectory(folder.resolve("whole"));
    Files.writeString(whole.resolve("interactions.csv"), "user,item,rating\nu,i,5\nu,j,4\n");
    Files.writeString(whole.resolve("items.csv"), "item,title,image\ni,One,p/i.png\nj,Two,\n");
    assertThat(column(Ingest.read(whole)).folder()).isEqualTo(whole.toAbsolutePath());
  }
}
