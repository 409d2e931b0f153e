package io.kindred.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kindred.KindredException;
import io.kindred.ProgressListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads from a real server on this machine. */
class FetchTest {
  @TempDir Path cache;
  private HttpServer server;
  private byte[] archive;
  private final List<String> ranges = new CopyOnWriteArrayList<>();
  private volatile int cutAfter = Integer.MAX_VALUE;
  private volatile int cuts;

  @BeforeEach
  void serve() throws IOException {
    StringBuilder ratings = new StringBuilder("userId,movieId,rating,timestamp\n");
    Random random = new Random(3);
    for (int i = 0; i < 40_000; i++) {
      ratings.append(i % 500).append(',').append(random.nextInt(1_000)).append(",4.5,");
      ratings.append(1_500_000_000 + random.nextInt(100_000_000)).append('\n');
    }
    archive =
        zip(
            Map.of(
                "ml-test/ratings.csv",
                ratings.toString(),
                "ml-test/movies.csv",
                "movieId,title,genres\n1,One (1999),Drama|War\n"));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/ml-test.zip", this::answer);
    server.createContext(
        "/ml-test.zip.md5",
        exchange ->
            send(
                exchange,
                ("MD5 (ml-test.zip) = " + md5(archive) + "\n").getBytes(StandardCharsets.UTF_8)));
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    ranges.add(String.valueOf(range));
    int from =
        range != null && "\"v1\"".equals(exchange.getRequestHeaders().getFirst("If-Range"))
            ? Integer.parseInt(range.replaceAll("\\D", ""))
            : 0;
    exchange.getResponseHeaders().set("ETag", "\"v1\"");
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, archive.length - from);
    int until = cuts > 0 ? Math.min(archive.length, from + cutAfter) : archive.length;
    OutputStream body = exchange.getResponseBody();
    body.write(archive, from, until - from);
    body.flush();
    if (until < archive.length) {
      cuts--;
    }
    exchange.close(); // in the middle: the connection is cut
  }

  private static void send(HttpExchange exchange, byte[] body) throws IOException {
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private URI url(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private PublicSet set(@Nullable String md5, @Nullable URI checksumUrl) {
    return new PublicSet(
        "ml-test", "", url("/ml-test.zip"), 1, md5, checksumUrl, "terms", UnaryOperator.identity());
  }

  private Fetch fetch() {
    return new Fetch(cache, ProgressListener.NONE);
  }

  private static int from(String range) {
    return Integer.parseInt(range.replaceAll("\\D", ""));
  }

  private static byte[] zip(Map<String, String> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  private static String md5(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private List<String> leftovers() throws IOException {
    try (Stream<Path> walk = Files.walk(cache)) {
      return walk.filter(Files::isRegularFile)
          .map(path -> cache.relativize(path).toString())
          .filter(name -> !name.endsWith(".lock"))
          .sorted()
          .toList();
    }
  }

  @Test
  void fetch_zip_isCheckedUnpackedAndReadable() throws IOException {
    List<Long> heard = new ArrayList<>();
    Fetch fetch = new Fetch(cache, (stage, done, total, note) -> heard.add(done));

    Fetch.Fetched fetched = fetch.fetch(set(md5(archive), null));

    assertThat(fetched.cached()).isFalse();
    assertThat(fetched.check()).isEqualTo("MD5 as its owner publishes it");
    Reading reading = Ingest.read(fetched.path(), fetched.options());
    assertThat(reading.dataset().interactions().size()).isEqualTo(40_000);
    assertThat(reading.dataset().name()).isEqualTo("ml-test");
    assertThat(heard).isNotEmpty().endsWith((long) archive.length);
    assertThat(leftovers())
        .containsExactly("ml-test/.kindred-fetched", "ml-test/movies.csv", "ml-test/ratings.csv");
  }

  @Test
  void fetch_secondTime_comesFromTheCacheWithoutNetwork() {
    fetch().fetch(set(md5(archive), null));
    server.stop(0);

    assertThat(fetch().fetch(set(md5(archive), null)).cached()).isTrue();
  }

  @Test
  void fetch_connectionCut_goesOnWhereItEnded() {
    cutAfter = 20_000;
    cuts = 2;

    Fetch.Fetched fetched = fetch().fetch(set(md5(archive), null));

    assertThat(ranges).hasSize(3).startsWith("null");
    assertThat(from(ranges.get(1))).isBetween(1, 20_000);
    assertThat(from(ranges.get(2))).isBetween(from(ranges.get(1)) + 1, 40_000);
    assertThat(Ingest.read(fetched.path()).dataset().interactions().size()).isEqualTo(40_000);
  }

  @Test
  void fetch_connectionCutAgainAndAgain_keepsThePartForTheNextRun() {
    cutAfter = 20_000;
    cuts = 4;

    assertThatThrownBy(() -> fetch().fetch(set(md5(archive), null)))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("broke off after")
        .hasMessageContaining("the same command goes on from there");

    assertThat(fetch().fetch(set(md5(archive), null)).cached()).isFalse();
    assertThat(from(ranges.get(4))).isGreaterThan(from(ranges.get(3)));
    assertThat(Ingest.read(cache.resolve("ml-test")).dataset().interactions().size())
        .isEqualTo(40_000);
  }

  @Test
  void fetch_wrongChecksum_isRefusedAndNothingIsLeft() throws IOException {
    assertThatThrownBy(() -> fetch().fetch(set("0".repeat(32), null)))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("the checksum of ml-test.zip is wrong")
        .hasMessageContaining(md5(archive));

    assertThat(leftovers()).isEmpty();
  }

  @Test
  void fetch_checksumBesideTheFile_isRead() {
    assertThat(fetch().fetch(set(null, url("/ml-test.zip.md5"))).check())
        .isEqualTo("MD5 as its owner publishes it");
  }

  @Test
  void fetch_noChecksum_isTrustedFirstAndComparedLater() throws IOException {
    PublicSet set = set(null, null);
    assertThat(fetch().fetch(set).check()).contains("publishes no checksum").contains("SHA-256");
    Files.delete(cache.resolve("ml-test/.kindred-fetched"));
    assertThat(fetch().fetch(set).check()).isEqualTo("SHA-256 as when it was first fetched");

    Files.delete(cache.resolve("ml-test/.kindred-fetched"));
    archive = zip(Map.of("ml-test/ratings.csv", "userId,movieId\n1,1\n"));
    assertThatThrownBy(() -> fetch().fetch(set))
        .hasMessageContaining("is not the file that it was when it was first fetched");
  }

  @Test
  void fetch_notFound_namesStatusAndTheWayByHand() {
    PublicSet gone =
        new PublicSet("gone", "", url("/gone.zip"), 1, null, null, "", UnaryOperator.identity());

    assertThatThrownBy(() -> fetch().fetch(gone))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("status 404")
        .hasMessageContaining("kindred fetch gone --from FILE");
  }

  @Test
  void fetch_noServer_saysHowToPutTheFileInPlace() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    PublicSet away =
        new PublicSet(
            "away",
            "",
            URI.create("http://127.0.0.1:" + free + "/away.zip"),
            1,
            null,
            null,
            "",
            UnaryOperator.identity());

    assertThatThrownBy(() -> fetch().fetch(away))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("cannot reach 127.0.0.1 to fetch away (no network?)")
        .hasMessageContaining("kindred fetch away --from FILE");
  }

  @Test
  void fetchFrom_file_isCheckedAndStays() throws IOException {
    Path file = Files.write(cache.resolve("by-hand.zip"), archive);

    Fetch.Fetched fetched = fetch().fetchFrom(set(md5(archive), null), file);

    assertThat(fetched.path().resolve("ratings.csv")).exists();
    assertThat(file).exists();
    assertThatThrownBy(() -> fetch().fetchFrom(set("0".repeat(32), null), file))
        .hasMessageContaining("checksum");
    assertThat(file).exists();
    assertThatThrownBy(() -> fetch().fetchFrom(set(null, null), cache.resolve("none.zip")))
        .hasMessageContaining("there is no file");
  }

  @Test
  void fetch_entryOutside_isNotUnpacked() throws IOException {
    archive = zip(Map.of("../evil.txt", "x"));
    assertThatThrownBy(() -> fetch().fetch(set(md5(archive), null)))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("'../evil.txt' leads outside the folder");
    assertThat(cache.resolveSibling("evil.txt")).doesNotExist();
    assertThat(cache.resolve("ml-test")).doesNotExist();
  }

  @Test
  void fetch_bomb_isNotUnpacked() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("zeros.csv"));
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 80; i++) {
        zip.write(zeros);
      }
    }
    archive = bytes.toByteArray();

    assertThatThrownBy(() -> fetch().fetch(set(md5(archive), null)))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("60 times its size");
    assertThat(cache.resolve("ml-test")).doesNotExist();
  }

  @Test
  void fetch_noArchive_saysSo() {
    archive = "<html>moved</html>".getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> fetch().fetch(set(md5(archive), null)))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("is not a zip archive");
  }

  @Test
  void cacheFolder_everySystem_hasItsPlace() {
    Properties linux = new Properties();
    linux.setProperty("os.name", "Linux");
    linux.setProperty("user.home", "/home/a");
    Properties mac = new Properties();
    mac.setProperty("os.name", "Mac OS X");
    mac.setProperty("user.home", "/Users/a");

    assertThat(Fetch.cacheFolder(Map.of(), linux)).isEqualTo(Path.of("/home/a/.cache/kindred"));
    assertThat(Fetch.cacheFolder(Map.of("XDG_CACHE_HOME", "/x"), linux))
        .isEqualTo(Path.of("/x/kindred"));
    assertThat(Fetch.cacheFolder(Map.of("KINDRED_CACHE", "/k", "XDG_CACHE_HOME", "/x"), linux))
        .isEqualTo(Path.of("/k"));
    assertThat(Fetch.cacheFolder(Map.of(), mac))
        .isEqualTo(Path.of("/Users/a/Library/Caches/kindred"));
  }

  @Test
  void cacheFolder_homeOfTheEnvironment_goesBeforeThatOfJava() {
    Properties nobody = new Properties(); // a container's user without an entry in /etc/passwd
    nobody.setProperty("os.name", "Linux");
    nobody.setProperty("user.home", "?");
    Properties somebody = new Properties();
    somebody.setProperty("os.name", "Linux");
    somebody.setProperty("user.home", "/home/a");

    assertThat(Fetch.cacheFolder(Map.of("HOME", "/data"), nobody))
        .isEqualTo(Path.of("/data/.cache/kindred"));
    assertThat(Fetch.cacheFolder(Map.of("HOME", "/data"), somebody))
        .isEqualTo(Path.of("/data/.cache/kindred"));
    assertThat(Fetch.cacheFolder(Map.of("KINDRED_CACHE", "here"), nobody))
        .isEqualTo(Path.of("here"));
    assertThat(Fetch.cacheFolder(Map.of("XDG_CACHE_HOME", "relative"), somebody))
        .isEqualTo(Path.of("/home/a/.cache/kindred"));
    assertThatThrownBy(() -> Fetch.cacheFolder(Map.of("HOME", ""), nobody))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("HOME is not set")
        .hasMessageContaining("KINDRED_CACHE");
  }

  @Test
  void proxy_environment_isHonoredAndExceptsHosts() {
    URI url = URI.create("https://files.example.org/a.zip");

    assertThat(Fetch.proxy(url, Map.of())).isEmpty();
    assertThat(
            Fetch.proxy(url, Map.of("HTTPS_PROXY", "http://proxy:3128")).orElseThrow().select(url))
        .singleElement()
        .hasToString("HTTP @ proxy/<unresolved>:3128");
    assertThat(Fetch.proxy(url, Map.of("https_proxy", "proxy:3128", "no_proxy", "a,.example.org")))
        .isEmpty();
  }

  @Test
  void all_sets_haveDistinctNamesAndWholeChecksums() {
    assertThat(PublicSet.all().stream().map(PublicSet::name)).doesNotHaveDuplicates();
    for (PublicSet set : PublicSet.all()) {
      assertThat(set.url().getScheme()).isEqualTo("https");
      assertThat(set.license()).isNotBlank();
      if (set.md5() != null) {
        assertThat(set.md5()).matches("[0-9a-f]{32}");
      }
    }
    assertThatThrownBy(() -> PublicSet.of("ml-2m"))
        .hasMessageContaining("known are ml-latest-small");
  }
}
