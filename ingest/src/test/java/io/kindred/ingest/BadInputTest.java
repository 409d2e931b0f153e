package io.kindred.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.KindredException;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as people have them, and what they are told. */
class BadInputTest {
  @TempDir Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private Dataset read(String text) throws IOException {
    return Ingest.read(file("in.csv", text)).dataset();
  }

  private void assertRefused(Path path, String... parts) {
    assertThatThrownBy(() -> Ingest.read(path))
        .isInstanceOf(KindredException.class)
        .hasMessageContainingAll(parts);
  }

  private void assertRefused(String text, String... parts) throws IOException {
    assertRefused(file("in.csv", text), parts);
  }

  @Test
  void read_emptyFile_saysSo() throws IOException {
    assertRefused("", "in.csv is empty");
  }

  @Test
  void read_headerOnly_saysSo() throws IOException {
    assertRefused("user,item,rating\n", "has no rows of interactions below its header");
  }

  @Test
  void read_missingColumn_namesThoseThatThereAre() throws IOException {
    assertRefused(
        "usr_id,item_id,rating\na,b,1\n",
        "no column of users is recognized among [usr_id, item_id, rating]",
        "--user-column",
        "is it 'usr_id'?");
    Path path = file("in.csv", "user_id,item_id,rating\na,b,1\n");
    assertThatThrownBy(() -> Ingest.read(path, ReadOptions.defaults().withValueColumn("ratng")))
        .hasMessageContainingAll("there is no column 'ratng'", "did you mean 'rating'?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "Infinity", "-inf", "abc", "1e39", "3,5", "0x1p3", "1f", ""})
  void read_valueThatIsNoFiniteNumber_isNamedWithItsPlace(String value) throws IOException {
    assertRefused(
        "user;item;rating\nu;i;4\nu;j;" + value + "\n",
        "in.csv, line 3, column 'rating': " + (value.isEmpty() ? "empty" : "'" + value + "'"),
        "expected a finite number such as 4.5",
        "--skip-bad-rows");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-5", "yesterday", "", "2024-13-01", "1960-01-01"})
  void read_timeThatIsNone_isNamedWithItsPlace(String time) throws IOException {
    assertRefused(
        "user,item,time\nu,i," + time + "\n",
        "line 2, column 'time'",
        "expected a time from 1970 to 2099");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1700000000",
        "1700000000000",
        "1700000000000000",
        "1.7E9",
        "1700000000.0",
        "2023-11-14T22:13:20Z",
        "2023-11-14T23:13:20+01:00",
        "2023-11-14 22:13:20",
        "2023-11-14T22:13:20.000"
      })
  void read_timeOfAnyForm_isTheSameSecond(String time) throws IOException {
    assertThat(read("user,item,time\nu,i," + time + "\n").interactions().time(0))
        .isEqualTo(1_700_000_000L);
  }

  @Test
  void read_timesOfTwoUnits_namesBothPlaces() throws IOException {
    assertRefused(
        "user,item,time\nu,i,1700000000\nu,j,1700000000000\n",
        "times of different forms",
        "line 2 has '1700000000' (epoch seconds)",
        "line 3 has '1700000000000' (epoch milliseconds)");
  }

  @Test
  void read_lineWithoutEnd_stopsBeforeMemoryDoes() throws IOException {
    Path path = folder.resolve("in.csv");
    try (OutputStream out = Files.newOutputStream(path)) {
      out.write("user,item\na,b\nu,".getBytes(StandardCharsets.UTF_8));
      byte[] piece = "x".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < 70; i++) {
        out.write(piece);
      }
    }

    assertRefused(path, "in.csv, line 3: longer than 64 MiB");
  }

  @Test
  void read_binary_saysWhatItIs() throws IOException {
    assertRefused("user,item\n\0\1\2,x\n", "is a binary file (NUL at byte 10)");
    assertRefused("PK\3\4 and more", "is a zip archive; unpack it first");
    Path utf16 =
        Files.write(folder.resolve("u.csv"), "user,item\n".getBytes(StandardCharsets.UTF_16));
    assertRefused(utf16, "UTF-16");
  }

  @Test
  void read_notUtf8_isNamedWithItsPlace() throws IOException {
    Path path =
        Files.write(
            folder.resolve("in.csv"), "user,item\nJosé,b\n".getBytes(StandardCharsets.ISO_8859_1));

    assertRefused(path, "line 2, column 'user'", "valid UTF-8");
  }

  @Test
  void read_wrongDelimiter_proposesTheRightOne() throws IOException {
    Path path = file("in.csv", "user\titem\trating\nu\ti\t1\n");

    assertThatThrownBy(() -> Ingest.read(path, ReadOptions.defaults().withDelimiter(";")))
        .hasMessageContainingAll("one column only with ';'", "with tab there are 3", "--delimiter");
    assertThat(Ingest.read(path).dataset().interactions().size()).isEqualTo(1);
  }

  @Test
  void read_bomCrlfAndQuotes_areUnderstood() throws IOException {
    Dataset data = read("\ufeffuser,item,rating\r\n\"a \"\"b\"\"\",\"x,\ny\",4.5\r\n😀/ü,z,3\r\n");

    assertThat(data.users().ids()).containsExactly("a \"b\"", "😀/ü");
    assertThat(data.items().ids()).containsExactly("x,\ny", "z");
    assertThat(data.interactions().values()).containsExactly(4.5f, 3f);
  }

  @Test
  void read_lineAfterQuotedLineEnds_isCountedRight() throws IOException {
    assertRefused("user,item,rating\n\"a\n\n\",b,1\nu,i,x\n", "line 5, column 'rating': 'x'");
  }

  @Test
  void read_quoteNeverClosed_saysWhereItOpens() throws IOException {
    assertRefused("user,item\na,b\n\"c,d\ne,f\n", "line 3", "a quote opens and is never closed");
    assertRefused("user,item\n\"a\"x,b\n", "line 2", "text follows the closing quote");
  }

  @Test
  void read_wrongNumberOfFields_saysHowMany() throws IOException {
    assertRefused("user,item,rating\na,b\n", "line 2: 2 fields; expected 3 (user, item, rating)");
  }

  @Test
  void read_duplicateHeader_saysSo() throws IOException {
    assertRefused("user,item,item\na,b,c\n", "two columns are called 'item'");
  }

  @Test
  void read_emptyId_isNamed() throws IOException {
    assertRefused("user,item\n,b\n", "line 2, column 'user': empty");
  }

  @Test
  void read_gzip_isReadAsItIs() throws IOException {
    Path path = folder.resolve("in.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(path))) {
      out.write("user,item\na,b\nc,d\n".getBytes(StandardCharsets.UTF_8));
    }

    assertThat(Ingest.read(path).dataset().interactions().size()).isEqualTo(2);
  }

  @Test
  void read_skipBadRows_countsAndShowsFive() throws IOException {
    StringBuilder text = new StringBuilder("user,item,rating\n");
    for (int i = 0; i < 20; i++) {
      text.append("u").append(i).append(",i,").append(i % 2 == 0 ? "1" : "bad" + i).append('\n');
    }

    Reading reading =
        Ingest.read(file("in.csv", text.toString()), ReadOptions.defaults().withSkipBadRows(true));

    assertThat(reading.dataset().interactions().size()).isEqualTo(10);
    assertThat(reading.dataset().users().size()).isEqualTo(10);
    assertThat(reading.report().badRows()).isEqualTo(10);
    assertThat(reading.report().badRowExamples()).hasSize(5);
    assertThat(reading.report().badRowExamples().get(0).line()).isEqualTo(3);
  }

  @Test
  void read_absent_saysSo() {
    assertRefused(folder.resolve("none.csv"), "there is no file or folder");
  }

  @Test
  void read_imageOutsideTheFolder_isRefused() throws IOException {
    file("interactions.csv", "user,item\nu,i\n");
    file("items.csv", "item,title,image\ni,One,../../etc/passwd.png\n");

    assertRefused(folder, "items.csv, line 2, column 'image'", "inside the folder of the data");
  }

  @Test
  void read_largeFile_isTheSameWithAnyThreadsAndWithABadRowInTheMiddle() throws IOException {
    StringBuilder text = new StringBuilder("user,item,rating,timestamp\n");
    Random random = new Random(1);
    for (int i = 0; i < 400_000; i++) {
      text.append("user_").append(random.nextInt(20_000)).append(",item_");
      text.append(random.nextInt(5_000)).append(',').append(random.nextInt(10) / 2.0).append(',');
      text.append(1_600_000_000 + random.nextInt(1_000_000)).append('\n');
    }
    Path path = file("large.csv", text.toString());
    assertThat(Files.size(path)).isGreaterThan(9_000_000);

    String one = Ingest.read(path, ReadOptions.defaults().withThreads(1)).dataset().fingerprint();
    for (int threads : new int[] {2, 3}) {
      assertThat(
              Ingest.read(path, ReadOptions.defaults().withThreads(threads))
                  .dataset()
                  .fingerprint())
          .isEqualTo(one);
    }

    int middle = text.indexOf("\n", 5_000_000) + 1;
    long line = text.substring(0, middle).lines().count() + 1;
    assertRefused(
        file("large.csv", text.insert(middle, "u,i,oops,1\n").toString()),
        "line " + line + ", column 'rating': 'oops'");
  }

  @Test
  void read_featuresOfUnknownAndRepeatedItems_countOnce() throws IOException {
    Path items =
        file(
            "items.csv",
            "item,title,kind\nx,One 🎮,film\nx,Again,film\nghost,None,film\ny,"
                + "long ".repeat(200_000)
                + ",lone\n");
    Reading reading =
        Ingest.read(
            file("in.csv", "user,item\nu,x\nu,y\nu,z\n"),
            ReadOptions.defaults().withItemFeatures(items));

    assertThat(reading.report().dropped())
        .extracting(Object::toString)
        .contains("1 rows of items.csv: of items that had a row before; the first counts");
    assertThat(reading.dataset().items().contains("ghost")).as("an item nobody rated").isTrue();
    assertThat(reading.dataset().itemFeatures().title(0)).contains("One 🎮");
    assertThat(reading.dataset().itemFeatures().title(1).orElseThrow()).hasSize(999_999);
    assertThat(reading.dataset().itemFeatures().title(2)).isEmpty();
  }

  @Test
  void read_vectors_mustAllHaveTheDimensionsOfTheFirst() throws IOException {
    Files.createDirectories(folder.resolve("atomic"));
    file("atomic/x.inter", "user_id:token\titem_id:token\nu\ta\nu\tb\nu\tc\n");
    file("atomic/x.item", "item_id:token\te:float_seq\na\t0.5 -1 2\nb\t1 2\nc\t\n");

    assertRefused(
        folder.resolve("atomic"),
        "x.item, line 3, column 'e': '1 2'",
        "3 finite numbers, or nothing at all");
    Dataset data =
        Ingest.read(folder.resolve("atomic"), ReadOptions.defaults().withSkipBadRows(true))
            .dataset();
    FeatureColumn.Vectors vectors =
        (FeatureColumn.Vectors) data.itemFeatures().column("e").orElseThrow();
    assertThat(vectors.dimensions()).isEqualTo(3);
    assertThat(vectors.values()).startsWith(0.5f, -1f, 2f);
    assertThat(vectors.isKnown(1)).isFalse();
    assertThat(vectors.isKnown(2)).isFalse();
  }
}
