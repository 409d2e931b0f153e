package io.kindred.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.KindredException;
import io.kindred.data.Dataset;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is understood of tables as people have them, and that it is said. */
class ReadingTest {
  @TempDir Path folder;

  private Path file(String name, String text) throws IOException {
    Path path = folder.resolve(name);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, text);
  }

  private Reading read(String name, String text) throws IOException {
    return Ingest.read(file(name, text));
  }

  private void assertRefused(String name, String text, String... parts) throws IOException {
    Path path = file(name, text);
    assertThatThrownBy(() -> Ingest.read(path))
        .isInstanceOf(KindredException.class)
        .hasMessageContainingAll(parts);
  }

  private static String understood(Reading reading) {
    return String.join("\n", reading.report().understood());
  }

  // one line a user, or a table?

  @Test
  void read_spacesInsideFields_isATableStill() throws IOException {
    Reading times =
        read(
            "times.tsv",
            "user_id\titem_id\trating\ttimestamp\n1\t10\t4\t2020-01-01 10:00:00\n"
                + "1\t11\t5\t2020-01-02 10:00:00\n2\t10\t3\t2020-01-03 10:00:00\n");
    assertThat(times.dataset().users().ids()).containsExactly("1", "2");
    assertThat(times.dataset().items().ids()).containsExactly("10", "11");
    assertThat(understood(times))
        .contains(
            "tab between fields, header",
            "value 'rating' (3 to 5)",
            "time 'timestamp' (2020-01-01T10:00:00Z to 2020-01-03T10:00:00Z)");

    Reading names =
        read(
            "names.txt",
            "user\titem\trating\tartist\n1\t10\t4\tAbba\n1\t11\t5\tPink Floyd\n2\t10\t5\tAbba\n");
    assertThat(names.dataset().items().ids()).containsExactly("10", "11");
    assertThat(understood(names)).contains("unused 'artist' (Abba)");

    Reading pipes =
        read("p.txt", "user_id|item_id|rating|ts\n1|10|4|2020-01-01 10:00:00\n2|11|4|2020-01-02\n");
    assertThat(pipes.dataset().items().ids()).containsExactly("10", "11");
  }

  @Test
  void read_raggedTable_namesTheLine() throws IOException {
    assertRefused("r.tsv", "1\t10\t4\n1\t11\n2\t10\t5\n2\t12\t1\n", "line 2: 2 fields; expected 3");
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "\t"})
  void read_commentWithNames_isTheHeader(String between) throws IOException {
    String text = "# userId itemId rating\n1 10 4\n1 11 5\n2 10 3\n".replace(" ", between);
    Reading reading = read("snap.txt", text.replace("#" + between, "# "));
    assertThat(reading.dataset().items().ids()).containsExactly("10", "11");
    assertThat(reading.dataset().interactions().values()).containsExactly(4f, 5f, 3f);
    assertThat(reading.report().notes()).contains("1 line with '#' in front left out as comments");
  }

  @Test
  void read_firstIdBeginsWithHash_isARow() throws IOException {
    assertThat(read("h.csv", "#a,1,5\n#b,2,4\n").dataset().users().ids())
        .containsExactly("#a", "#b");
    assertThat(read("i.csv", "#a,1,5\nb,2,4\n").dataset().users().ids()).containsExactly("#a", "b");
  }

  @Test
  void read_linesOfUsers_areSequencesStill() throws IOException {
    for (String text :
        new String[] {"1 5 6 7 8\n2 5\n", "1\t5 6 7\n2\t8\n3\t9 5\n", "a b c d e f\ng b\n"}) {
      assertThat(read("s.txt", text).report().files().get(0).how())
          .as(text)
          .startsWith("one line a user");
    }
  }

  @Test
  void read_impressionLog_isRefused() throws IOException {
    assertRefused(
        "behaviors.tsv",
        "1\tU1\t11/11/2019 9:05:58 AM\tN5 N4 N3\tN6-1 N7-0\n"
            + "2\tU2\t11/12/2019 6:11:30 PM\t\tN6-0 N3-0\n",
        "no column of users is recognized",
        "--header no");
  }

  @ParameterizedTest
  @CsvSource({
    "'1 1 2\n1 2 4\n1 3 3.5\n2 1 3\n', 2, 3, 4",
    "'1 10\n1 11\n2 10\n', 2, 2, 3",
    "'user_id item_id rating timestamp\n1 10 4 881250949\n2 10 3 881250951\n', 2, 1, 2",
    "' 1   10  4\n 22  10  3\n', 2, 1, 2",
    "'1\t10 4\n1\t11 5\n2\t10 3\n', 2, 2, 3",
  })
  void read_spaceSeparated_isATable(String text, int users, int items, int rows)
      throws IOException {
    Dataset data = read("filmtrust.txt", text).dataset();
    assertThat(data.users().size()).isEqualTo(users);
    assertThat(data.items().size()).isEqualTo(items);
    assertThat(data.interactions().size()).isEqualTo(rows);
  }

  // columns

  @Test
  void read_columnsThatNamesTell_areTaken() throws IOException {
    Reading score =
        read(
            "score.csv",
            "username,anime_id,my_score,my_last_updated\n"
                + "p,972,4.5,1500000000\n"
                + "q,958,1.0,1500000060\n");
    assertThat(score.dataset().interactions().values()).containsExactly(4.5f, 1f);
    assertThat(score.dataset().interactions().time(1)).isEqualTo(1_500_000_060L);

    Reading paren =
        read(
            "p.csv",
            "User ID,Item ID,Rating (0.5-5),Rated at\np,1,4.5,1500000000\nq,2,1,1500000060\n");
    assertThat(paren.dataset().interactions().values()).containsExactly(4.5f, 1f);
    assertThat(paren.dataset().interactions().hasTimes()).isTrue();

    Reading ratio =
        read(
            "k.csv",
            "user_id,video_id,play_duration,timestamp,watch_ratio\n0,3649,13838,1593878903.4,1.25\n"
                + "1,3650,1,1593878904.4,0.5\n");
    assertThat(ratio.dataset().interactions().values()).containsExactly(1.25f, 0.5f);
    assertThat(understood(ratio)).contains("unused 'play_duration' (13838)");
  }

  @Test
  void read_onlyColumnOfDates_isTheTime() throws IOException {
    Reading reading =
        read(
            "t.csv",
            "t_dat,customer_id,article_id,price\n2018-09-20,a,0663,0.05\n2018-09-26,b,0505,0.01\n"
                + "2018-09-19,b,0663,0.05\n");
    Dataset data = reading.dataset();
    int last = data.interactions().starts()[2] - 1;
    assertThat(data.items().id(data.interactions().items()[last])).isEqualTo("0505");
    assertThat(understood(reading)).contains("time 't_dat'", "unused 'price' (0.05)");
    assertThat(
            read("b.csv", "user_id,item_id,release_date\na,x,2018-01-01\nb,x,2018-01-01\n")
                .dataset()
                .interactions()
                .hasTimes())
        .as("the date of the item")
        .isFalse();
  }

  @Test
  void read_severalColumnsThatMayBeMeant_asks() throws IOException {
    assertRefused(
        "v.csv",
        "user,item,story_score,art_score\na,x,1,2\nb,x,2,3\n",
        "'story_score' and 'art_score' may each be the values",
        "--value-column");
    assertRefused(
        "t.csv",
        "user,item,start_date,end_date\na,x,2020-01-01,2020-01-02\n",
        "'start_date' and 'end_date' may each be the times",
        "--time-column");
    assertThat(
            Ingest.read(folder.resolve("v.csv"), ReadOptions.defaults().withValueColumn(""))
                .report()
                .warnings())
        .isEmpty();
  }

  @Test
  void read_numbersThatAreNotUsed_areNamed() throws IOException {
    assertThat(read("n.csv", "user_id,item_id,likes\na,x,1\nb,x,3\n").report().warnings())
        .singleElement()
        .asString()
        .contains("'likes' has numbers that are not used", "--value-column");
    assertThat(
            read("t.csv", "user_id,item_id,event,transactionid\na,x,buy,17\nb,x,view,18\n")
                .report()
                .warnings())
        .isEmpty();
  }

  @Test
  void read_idBesideUserId_isNoItem() throws IOException {
    Dataset data =
        read("d.csv", "id,user_id,post_id,likes\n1,7,100,1\n2,7,101,1\n3,8,100,1\n").dataset();
    assertThat(data.items().ids()).containsExactly("100", "101");
    assertThat(read("e.csv", "id,customer_id,sku\n1,7,A-1\n2,8,A-1\n").dataset().items().ids())
        .containsExactly("A-1");
    assertRefused("f.csv", "id,user_id,likes\n1,7,1\n", "no column of items", "--item-column");
  }

  // times

  @ParameterizedTest
  @CsvSource({
    "20200705, 2020-07-05T00:00:00Z",
    "202007051230, 2020-07-05T12:30:00Z",
    "0829, 1972-08-29T00:00:00Z",
    "978300760000, 2000-12-31T22:12:40Z",
    "881250949, 1997-12-04T15:55:49Z",
  })
  void read_digitsThatReadAsADate_areOne(String digits, String time) throws IOException {
    Reading reading = read("t.csv", "user,item,date\na,x," + digits + "\n");
    assertThat(java.time.Instant.ofEpochSecond(reading.dataset().interactions().time(0)))
        .hasToString(time);
    assertThat(understood(reading)).contains(time);
    assertThat(
            Ingest.read(
                    folder.resolve("t.csv"),
                    ReadOptions.defaults().withTimeUnit(TimeUnit.MILLISECONDS))
                .dataset()
                .interactions()
                .time(0))
        .as("said")
        .isEqualTo(Long.parseLong(digits) / 1000);
  }

  @Test
  void read_digitsWithSeconds_areATime() throws IOException {
    Dataset data = read("t.csv", "user,item,date\na,x,20200705123059\n").dataset();
    assertThat(java.time.Instant.ofEpochSecond(data.interactions().time(0)))
        .hasToString("2020-07-05T12:30:59Z");
  }

  @Test
  void read_userItemTimeWithoutHeader_hasTimes() throws IOException {
    for (String times : new String[] {"881250949 891717742", "2020-01-01 2020-01-02"}) {
      String[] two = times.split(" ");
      Dataset data = read("u.csv", "196,242," + two[0] + "\n186,302," + two[1] + "\n").dataset();
      assertThat(data.interactions().hasTimes()).isTrue();
      assertThat(data.interactions().values()).containsExactly(1f, 1f);
    }
    Dataset swapped = read("v.csv", "196,242,881250949,4\n186,302,891717742,5\n").dataset();
    assertThat(swapped.interactions().values()).containsExactly(4f, 5f);
    assertThat(swapped.interactions().time(0)).isEqualTo(881250949L);
  }

  @Test
  void read_year9999_isABadRow() throws IOException {
    String text = "user_id,item_id,timestamp\n1,10,2020-01-01\n2,10,9999-12-31\n2,12,1970-01-01\n";
    assertRefused("s.csv", text, "s.csv, line 3, column 'timestamp': '9999-12-31'", "2099");
    Reading reading =
        Ingest.read(folder.resolve("s.csv"), ReadOptions.defaults().withSkipBadRows(true));
    assertThat(reading.dataset().interactions().size()).isEqualTo(2);
    assertThat(reading.report().badRows()).isEqualTo(1);
    assertRefused("o.csv", "user,item,timestamp\na,x,70000000000\n", "line 2", "--time-unit");
  }

  @Test
  void read_timesOf1970_warns() throws IOException {
    assertThat(read("t.csv", "user,item,time\na,x,12\nb,x,99\n").report().warnings())
        .singleElement()
        .asString()
        .contains("all times of 'time' are in 1970", "--time-unit");
  }

  // stray characters

  @Test
  void read_spacesAroundIds_areLeftOffAndCounted() throws IOException {
    Reading reading =
        read("s.csv", "user, item, rating\n1, 10, 4\n1, 11, 5\n2,10,3\n\u00a02,\"11 \",2\n");
    assertThat(reading.dataset().users().ids()).containsExactly("1", "2");
    assertThat(reading.dataset().items().ids()).containsExactly("10", "11");
    assertThat(reading.report().notes()).contains("spaces around 4 ids were left off");
    assertThat(read("i.csv", "user,item\na b,x\u0021\n").dataset().users().ids())
        .containsExactly("a b");
  }

  @Test
  void read_joinedFiles_haveOneHeaderAndNoMarks() throws IOException {
    Reading reading =
        read(
            "b.csv",
            "\ufeffuser_id,item_id\n"
                + "1,10\n"
                + "\ufeffuser_id,item_id\n"
                + "2,11\n"
                + "\ufeff3,10\n"
                + "\ufeff\"4\",10\n");
    assertThat(reading.dataset().users().ids()).containsExactly("1", "2", "3", "4");
    assertThat(reading.report().notes()).contains("byte order marks before 3 rows were left off");
    assertThat(reading.report().dropped())
        .extracting(Object::toString)
        .containsExactly("1 rows: the header again");
  }

  @Test
  void read_largeFileWithStrays_isTheSameWithAnyThreads() throws IOException {
    StringBuilder text = new StringBuilder("user,item,rating,timestamp\n");
    for (int i = 0; i < 300_000; i++) {
      text.append(i % 7 == 0 ? "\ufeff" : "").append("user_").append(i % 977).append(", item_");
      text.append(i % 1009).append(' ').append(',').append(i % 10 / 2.0).append(',');
      text.append(1_600_000_000 + i).append('\n');
      text.append(i % 100_000 == 99 ? "user,item,rating,timestamp\n" : "");
    }
    Path path = file("large.csv", text.toString());
    Reading one = Ingest.read(path, ReadOptions.defaults().withThreads(1));
    Reading two = Ingest.read(path, ReadOptions.defaults().withThreads(2));
    assertThat(one.dataset().users().size()).isEqualTo(977);
    assertThat(one.dataset().items().size()).isEqualTo(1009);
    assertThat(one.report().notes()).hasSize(2);
    assertThat(two.dataset().fingerprint()).isEqualTo(one.dataset().fingerprint());
    assertThat(two.report().notes()).isEqualTo(one.report().notes());
    assertThat(two.report().dropped()).isEqualTo(one.report().dropped());
  }

  @Test
  void read_quotesInTabSeparatedText_areText() throws IOException {
    Reading reading =
        read(
            "q.tsv",
            "user_id\titem_id\tplays\tartist\nu01\t\"m\" 11\t120\tthe anchors\n"
                + "u01\tm-12\t40\t\"odd bob\" marlin\nu02\tm-13\t7\t\"open\n"
                + "u02\t\"m-12\"\t3\t\"a \"\"b\"\"\"\n");
    assertThat(reading.dataset().items().ids()).containsExactly("\"m\" 11", "m-12", "m-13");
    assertThat(reading.dataset().interactions().size()).isEqualTo(4);
  }

  @Test
  void read_quoteTooMany_isSaid() throws IOException {
    Reading reading = read("q.csv", "user,item,title\n1,a,\"x\n2,b,y\n3,c,z\"\n4,d,w\n");
    assertThat(reading.report().notes())
        .singleElement()
        .asString()
        .contains("over several lines in quotes goes 1 row, the first from line 2", "--quote none");
  }

  @Test
  void read_otherQuotesAndDecimals_areUnderstoodWhereSaid() throws IOException {
    Path path = file("d.csv", "user;item;rating\n'a;b';x;4,5\nc;y;3\n");
    ReadOptions options = ReadOptions.defaults().withQuote("'").withDecimal(',');
    Dataset data = Ingest.read(path, options).dataset();
    assertThat(data.users().ids()).containsExactly("a;b", "c");
    assertThat(data.interactions().values()).containsExactly(4.5f, 3f);
    assertRefused("e.csv", "user;item;rating\na;x;4,5\n", "(a decimal comma: --decimal ,)");
    assertRefused("f.csv", "user;item;plays\na;x;1,204\n", "without separators of thousands");
    assertThatThrownBy(() -> Ingest.read(path, options.withDelimiter(";").withHeader(false)))
        .hasMessageContaining("column 'value': 'rating'");
  }

  // values that mean no rating

  @ParameterizedTest
  @CsvSource({"-1, '10 8 7 9 6', 1", "99, '-7.82 8.79 9 -9.66', 1", "0, '8 5 10 6', 2"})
  void read_valuesApartFromAllOthers_areWarnedOf(String apart, String others, int times)
      throws IOException {
    StringBuilder text = new StringBuilder("user,item,rating\n");
    int row = 0;
    for (String value : (others + (" " + apart).repeat(times)).split(" ")) {
      text.append("u")
          .append(row % 3)
          .append(",i")
          .append(row++)
          .append(',')
          .append(value)
          .append('\n');
    }
    Path path = file("m.csv", text.toString());
    assertThat(Ingest.read(path).report().warnings())
        .singleElement()
        .asString()
        .contains("are " + apart, "--missing " + apart);

    Reading without =
        Ingest.read(path, ReadOptions.defaults().withMissing(java.util.List.of(apart)));
    assertThat(without.dataset().interactions().size()).isEqualTo(others.split(" ").length);
    assertThat(without.report().dropped().get(0).toString())
        .isEqualTo(times + " interactions: no rating (value '" + apart + "', --missing)");
    assertThat(without.report().warnings()).isEmpty();
  }

  @Test
  void read_usualScales_areNotWarnedOf() throws IOException {
    for (String values : new String[] {"-1 1 1 -1", "0 1 2 3 4 5", "1 2 3 150", "0.5 5 4"}) {
      StringBuilder text = new StringBuilder("user,item,rating\n");
      for (String value : values.split(" ")) {
        text.append("u,i,").append(value).append('\n');
      }
      assertThat(read("u.csv", text.toString()).report().warnings()).as(values).isEmpty();
    }
  }

  @Test
  void read_missingTexts_areLeftOut() throws IOException {
    Path path = file("n.csv", "user,item,rating\na,x,\na,y,NA\na,z,4\n");
    assertRefused("n2.csv", "user,item,rating\na,x,NA\n", "--missing 'NA'");
    assertThat(
            Ingest.read(path, ReadOptions.defaults().withMissing(java.util.List.of("", "NA")))
                .dataset()
                .interactions()
                .size())
        .isEqualTo(1);
  }

  // folders and forms of files

  @Test
  void read_partFiles_areOneTable() throws IOException {
    file("spark/_SUCCESS", "");
    file("spark/part-00000-x.csv", "user_id,item_id,rating\n1,a,5\n2,a,4\n");
    file("spark/part-00001-x.csv", "user_id,item_id,rating\n1,b,3\n3,b,2\n");
    file("spark/part-00002-x.csv", "user_id,item_id,rating\n");
    file("spark/part-00003-x.csv", "");
    Reading reading = Ingest.read(folder.resolve("spark"));
    assertThat(reading.dataset().users().ids()).containsExactly("1", "2", "3");
    assertThat(reading.dataset().interactions().size()).isEqualTo(4);
    assertThat(understood(reading)).contains("2 more files like it, 4 rows together");

    file("spark/part-00004-x.csv", "user_id,item_id,plays\n1,c,3\n");
    assertThatThrownBy(() -> Ingest.read(folder.resolve("spark")))
        .hasMessageContainingAll("part-00004-x.csv has other columns than", "value 'plays'");
  }

  @Test
  void read_hiveFolders_areOneTable() throws IOException {
    file("hive/day=2020-01-01/part-0.json", "{\"user\":\"a\",\"item\":\"x\"}\n");
    file("hive/day=2020-01-02/part-0.json", "{\"user\":\"b\",\"item\":\"x\"}\n");
    Reading reading = Ingest.read(folder.resolve("hive"));
    assertThat(reading.dataset().users().ids()).containsExactly("a", "b");
    assertThat(reading.report().notes()).contains("'day' in the names of the folders is not used");
  }

  @Test
  void read_folderWithSemicolons_isRecognized() throws IOException {
    file("bx/ratings.csv", "\"User-ID\";\"ISBN\";\"Book-Rating\"\n\"1\";\"0345X\";\"5\"\n");
    assertThat(Ingest.read(folder.resolve("bx")).dataset().items().ids()).containsExactly("0345X");
  }

  @Test
  void read_lineEndsOfAllKinds_areTheSame() throws IOException {
    for (String end : new String[] {"\n", "\r\n", "\r"}) {
      String text = "user,item,rating\n1,10,4\n2,11,5\n".replace("\n", end);
      Dataset data = read("e.csv", text).dataset();
      assertThat(data.users().ids()).containsExactly("1", "2");
      assertThat(data.interactions().values()).containsExactly(4f, 5f);
      Path gzip = folder.resolve("e.csv.gz");
      try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
      }
      assertThat(Ingest.read(gzip).dataset().fingerprint()).isEqualTo(data.fingerprint());
    }
  }

  @Test
  void understood_ofALongExample_isOneShortLine() throws IOException {
    String line =
        understood(
            read("l.csv", "user,item,text\na,x,\"" + "word ".repeat(1000) + "\nmore\"\nb,x,c\n"));
    assertThat(line.lines().count()).isEqualTo(1);
    assertThat(line.length()).as(line).isLessThan(300 + folder.toString().length());
    assertThat(line.toLowerCase(Locale.ROOT)).contains("unused 'text' (word");
  }
}
