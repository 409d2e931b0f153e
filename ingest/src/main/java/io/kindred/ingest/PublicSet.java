package io.kindred.ingest;

import io.kindred.KindredException;
import java.net.URI;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A public data set that its owner offers for download.
 *
 * @param name the name on the command line
 * @param title what it is, one line
 * @param url where the owner has it; a zip archive, or a file that is kept as it is
 * @param megabytes about how large the download is
 * @param md5 the checksum that the owner publishes, 32 hex digits; {@code null} where this list
 *     does not know it
 * @param checksumUrl where the owner publishes the MD5; {@code null} where the owner publishes none
 * @param license the owner's terms in short, with where they stand in full
 * @param reading how its files differ from what is recognized
 */
public record PublicSet(
    String name,
    String title,
    URI url,
    int megabytes,
    @Nullable String md5,
    @Nullable URI checksumUrl,
    String license,
    UnaryOperator<ReadOptions> reading) {

  private static final String MOVIELENS = "https://files.grouplens.org/datasets/movielens/";
  private static final String MOVIELENS_TERMS =
      "GroupLens, University of Minnesota: research and other non-commercial use, cite Harper and Konstan 2015"
          + " (doi:10.1145/2827872); redistribution only under the terms of the README inside. No endorsement implied.";
  private static final String AMAZON =
      "https://snap.stanford.edu/data/amazon/productGraph/categoryFiles/";
  private static final String AMAZON_TERMS =
      "Amazon reviews 2014, J. McAuley: for research, cite McAuley et al. 2015 (doi:10.1145/2766462.2767755);"
          + " no license stated. https://jmcauley.ucsd.edu/data/amazon/";

  private static final List<PublicSet> ALL =
      List.of(
          movieLens(
              "ml-latest-small",
              "MovieLens, small: 100,836 ratings, 610 users, 9,742 movies; changes from time to time",
              1,
              null,
              false),
          movieLens(
              "ml-100k",
              "MovieLens 100K: 100,000 ratings, 943 users, 1,682 movies",
              5,
              "0e33842e24a9c977be4e0107933c0723",
              true),
          movieLens(
              "ml-1m",
              "MovieLens 1M: 1,000,209 ratings, 6,040 users, 3,706 movies",
              6,
              "c4d9eecfca2ab87c1945afe126590906",
              true),
          movieLens(
              "ml-10m",
              "MovieLens 10M: 10,000,054 ratings, 69,878 users, 10,677 movies",
              63,
              "ce571fd55effeba0271552578f2648bd",
              true),
          movieLens(
              "ml-20m",
              "MovieLens 20M: 20,000,263 ratings, 138,493 users, 26,744 movies",
              190,
              "cd245b17a1ae2cc31bb14903e1204af3",
              true),
          movieLens(
              "ml-25m",
              "MovieLens 25M: 25,000,095 ratings, 162,541 users, 59,047 movies",
              250,
              "6b51fb2759a8657d3bfcbfc42b592ada",
              true),
          movieLens(
              "ml-32m",
              "MovieLens 32M: 32,000,204 ratings, 200,948 users, 87,585 movies",
              239,
              null,
              true),
          new PublicSet(
              "lastfm-2k",
              "Last.fm HetRec 2011: how often 1,892 users played 17,632 artists",
              URI.create(
                  "https://files.grouplens.org/datasets/hetrec2011/hetrec2011-lastfm-2k.zip"),
              3,
              null,
              null,
              "Last.fm and GroupLens: non-commercial use, cite HetRec 2011; terms in the readme.txt inside.",
              UnaryOperator.identity()),
          amazon("amazon-beauty", "Amazon Beauty 2014, 5-core: 198,502 reviews", "Beauty", 44),
          amazon(
              "amazon-video-games",
              "Amazon Video Games 2014, 5-core: 231,780 reviews",
              "Video_Games",
              152),
          amazon(
              "amazon-toys",
              "Amazon Toys and Games 2014, 5-core: 167,597 reviews",
              "Toys_and_Games",
              43),
          new PublicSet(
              "gowalla",
              "Gowalla check-ins: 6,442,890 visits of 107,092 users to places",
              URI.create("https://snap.stanford.edu/data/loc-gowalla_totalCheckins.txt.gz"),
              105,
              null,
              null,
              "Stanford SNAP: for research, cite Cho, Myers and Leskovec 2011; no license stated."
                  + " https://snap.stanford.edu/data/loc-gowalla.html",
              options ->
                  options
                      .withFormat(Format.TSV)
                      .withHeader(false)
                      .withUserColumn("1")
                      .withTimeColumn("2")
                      .withItemColumn("5")));

  private static PublicSet movieLens(
      String name, String title, int megabytes, @Nullable String md5, boolean published) {
    return new PublicSet(
        name,
        title,
        URI.create(MOVIELENS + name + ".zip"),
        megabytes,
        md5,
        published ? URI.create(MOVIELENS + name + ".zip.md5") : null,
        MOVIELENS_TERMS,
        UnaryOperator.identity());
  }

  private static PublicSet amazon(String name, String title, String category, int megabytes) {
    return new PublicSet(
        name,
        title,
        URI.create(AMAZON + "reviews_" + category + "_5.json.gz"),
        megabytes,
        null,
        null,
        AMAZON_TERMS,
        options ->
            options
                .withFormat(Format.JSON_LINES)
                .withUserColumn("reviewerID")
                .withItemColumn("asin")
                .withValueColumn("overall")
                .withTimeColumn("unixReviewTime"));
  }

  /** All sets that are known. */
  public static List<PublicSet> all() {
    return ALL;
  }

  /**
   * The set of a name.
   *
   * @throws KindredException if there is none, naming all
   */
  public static PublicSet of(String name) {
    return ALL.stream()
        .filter(set -> set.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new KindredException(
                    "unknown data set '"
                        + name
                        + "'; known are "
                        + ALL.stream().map(PublicSet::name).collect(Collectors.joining(", "))));
  }

  /** The name of the file that is downloaded. */
  String file() {
    String path = url.getPath();
    return path.substring(path.lastIndexOf('/') + 1);
  }

  boolean isZip() {
    return file().endsWith(".zip");
  }
}
