package io.kindred.ingest;

import io.kindred.KindredException;
import io.kindred.ProgressListener;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Downloads public data sets into the user's cache folder, from their owners.
 *
 * <p>A download that broke off goes on where it ended. What was downloaded is compared with the
 * checksum that the owner publishes; where the owner publishes none, its SHA-256 is written down
 * the first time and compared from then on. A set appears in the cache whole or not at all. Not
 * thread-safe; a second process that fetches the same set is refused.
 */
public final class Fetch {
  private static final int ATTEMPTS = 4;
  private static final Pattern MD5 = Pattern.compile("(?i)\\b[0-9a-f]{32}\\b");
  private static final String MARK = ".kindred-fetched";

  private final Path cache;
  private final ProgressListener progress;

  /**
   * A set in the cache.
   *
   * @param path the folder or file to read
   * @param options how to read it
   * @param cached whether it was there already
   * @param check how it was checked, for a person
   */
  public record Fetched(Path path, ReadOptions options, boolean cached, String check) {}

  /** Fetches into a folder, which is made when needed. */
  public Fetch(Path cache, ProgressListener progress) {
    this.cache = cache;
    this.progress = progress;
  }

  /**
   * The home folder of whoever runs this: HOME, where it is set, as other programs have it; else
   * what Java takes from the system, which knows none of a user without an entry in its list. On
   * Windows, what Java takes.
   *
   * @param environment the environment variables
   * @param properties the system properties, for os.name and user.home
   */
  public static Optional<Path> homeFolder(Map<String, String> environment, Properties properties) {
    Optional<Path> java =
        Optional.of(properties.getProperty("user.home", ""))
            .filter(home -> !home.isBlank())
            .map(Path::of)
            .filter(Path::isAbsolute);
    return isWindows(properties)
        ? java
        : said(environment, "HOME").filter(Path::isAbsolute).or(() -> java);
  }

  /**
   * The folder where fetched data is kept: KINDRED_CACHE, else the system's place for caches. A
   * relative XDG_CACHE_HOME does not count, as its specification has it.
   *
   * @param environment the environment variables
   * @param properties the system properties, for os.name and user.home
   * @throws KindredException if none is named, and there is no home folder
   */
  public static Path cacheFolder(Map<String, String> environment, Properties properties) {
    String system = properties.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    Optional<Path> named =
        said(environment, "KINDRED_CACHE")
            .or(
                () ->
                    isWindows(properties)
                        ? said(environment, "LOCALAPPDATA").map(local -> local.resolve("kindred"))
                        : Optional.empty());
    if (named.isEmpty() && !system.startsWith("mac")) {
      named =
          said(environment, "XDG_CACHE_HOME")
              .filter(Path::isAbsolute)
              .map(base -> base.resolve("kindred"));
    }
    String inHome = system.startsWith("mac") ? "Library/Caches/kindred" : ".cache/kindred";
    return named
        .or(() -> homeFolder(environment, properties).map(home -> home.resolve(inHome)))
        .orElseThrow(
            () ->
                new KindredException(
                    "there is no folder for caches: HOME is not set, and the system knows no home"
                        + " of this user. Set HOME, or KINDRED_CACHE to a folder"));
  }

  private static boolean isWindows(Properties properties) {
    return properties.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
  }

  private static Optional<Path> said(Map<String, String> environment, String name) {
    String value = environment.get(name);
    return value == null || value.isBlank() ? Optional.empty() : Optional.of(Path.of(value));
  }

  /** The set, if it is in the cache. */
  public Optional<Fetched> cached(PublicSet set) {
    Path folder = cache.resolve(set.name());
    return Files.isRegularFile(folder.resolve(MARK))
        ? Optional.of(fetched(set, folder, true, "fetched before"))
        : Optional.empty();
  }

  /**
   * Gives the set from the cache, or downloads it.
   *
   * @throws KindredException if there is no network, the server does not have it, the checksum
   *     differs or the cache cannot be written; the message says how to put the file in place by
   *     hand
   */
  public Fetched fetch(PublicSet set) {
    Optional<Fetched> before = cached(set);
    if (before.isPresent()) {
      return before.get();
    }
    return locked(
        set,
        () -> {
          Path part = downloads().resolve(set.file() + ".part");
          download(set, part);
          return install(set, part, true);
        });
  }

  /**
   * Puts a file in place that was downloaded by hand, checked like a download. The file stays where
   * it is.
   *
   * @throws KindredException if it is not there or its checksum differs
   */
  public Fetched fetchFrom(PublicSet set, Path file) {
    if (!Files.isRegularFile(file)) {
      throw new KindredException(
          "there is no file " + file + "; expected " + set.file() + " from " + set.url());
    }
    return locked(set, () -> install(set, file, false));
  }

  private interface Work {
    Fetched run() throws IOException;
  }

  private Fetched locked(PublicSet set, Work work) {
    try {
      Files.createDirectories(downloads());
      Path lockFile = downloads().resolve(set.name() + ".lock");
      try (FileChannel channel =
              FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.tryLock()) {
        if (lock == null) {
          throw new KindredException(
              "another process is fetching "
                  + set.name()
                  + " into "
                  + cache
                  + "; wait for it to end");
        }
        return work.run();
      }
    } catch (FileSystemException e) {
      throw new KindredException(
          "cannot write the cache folder "
              + cache
              + ": "
              + e.getClass().getSimpleName().replace("Exception", "")
              + " "
              + e.getMessage()
              + " (another folder: KINDRED_CACHE)",
          e);
    } catch (IOException e) {
      throw new KindredException(
          "cannot fetch " + set.name() + " into " + cache + ": " + e.getMessage(), e);
    }
  }

  private Path downloads() {
    return cache.resolve("downloads");
  }

  private void download(PublicSet set, Path part) throws IOException {
    try {
      HttpClient client = client(set.url());
      for (int attempt = 1; ; attempt++) {
        long before = Files.exists(part) ? Files.size(part) : 0;
        try {
          if (transfer(client, set, part)) {
            return;
          }
        } catch (ConnectException | UnknownHostException | HttpConnectTimeoutException e) {
          throw unreachable(set, e);
        } catch (FileSystemException e) {
          throw e;
        } catch (IOException e) {
          long after = Files.exists(part) ? Files.size(part) : 0;
          if (attempt >= ATTEMPTS || (after == before && attempt > 1)) {
            throw new KindredException(
                "the download of "
                    + set.url()
                    + " broke off after "
                    + after
                    + " bytes ("
                    + e.getMessage()
                    + "); the same command goes on from there",
                e);
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KindredException(
          "the download of " + set.name() + " was stopped; the same command goes on from there", e);
    }
  }

  /** One request; true once the file is whole. */
  private boolean transfer(HttpClient client, PublicSet set, Path part)
      throws IOException, InterruptedException {
    Path tagFile = part.resolveSibling(part.getFileName() + ".tag");
    long have = Files.exists(part) ? Files.size(part) : 0;
    HttpRequest.Builder request =
        HttpRequest.newBuilder(set.url())
            .timeout(Duration.ofSeconds(60))
            .header("User-Agent", "kindred");
    if (have > 0 && Files.exists(tagFile)) {
      request.header("Range", "bytes=" + have + "-");
      request.header("If-Range", Files.readString(tagFile).strip());
    }
    HttpResponse<InputStream> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      if (response.statusCode() == 416) {
        Files.deleteIfExists(part);
        return false;
      }
      boolean resumed = response.statusCode() == 206;
      if (!resumed && response.statusCode() != 200) {
        throw new KindredException(
            set.url()
                + " answered with status "
                + response.statusCode()
                + "; the owner may have moved the file. "
                + byHand(set));
      }
      if (!resumed) {
        have = 0;
        Files.deleteIfExists(part);
        Files.deleteIfExists(tagFile);
        Optional<String> tag =
            response
                .headers()
                .firstValue("ETag")
                .filter(value -> !value.startsWith("W/"))
                .or(() -> response.headers().firstValue("Last-Modified"));
        if (tag.isPresent()) {
          Files.writeString(tagFile, tag.get());
        }
      }
      long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
      long total = length < 0 ? -1 : have + length;
      copy(set, body, part, have, total);
      if (total >= 0 && Files.size(part) < total) {
        throw new IOException("the connection was cut");
      }
      Files.deleteIfExists(tagFile);
      return true;
    }
  }

  private void copy(PublicSet set, InputStream body, Path part, long have, long total)
      throws IOException {
    long started = System.nanoTime();
    long reported = 0;
    long done = have;
    byte[] buffer = new byte[1 << 16];
    try (OutputStream out =
        Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (true) {
        int read = body.read(buffer);
        if (read < 0) {
          break;
        }
        out.write(buffer, 0, read);
        done += read;
        if (done - reported > (1 << 18) || done == total) {
          reported = done;
          double seconds = Math.max(1e-3, (System.nanoTime() - started) / 1e9);
          progress.onProgress(
              "downloading " + set.name(),
              done,
              total,
              String.format(Locale.ROOT, "%.1f MB/s", (done - have) / seconds / 1e6));
        }
      }
    }
  }

  private static KindredException unreachable(PublicSet set, Exception e) {
    return new KindredException(
        "cannot reach "
            + set.url().getHost()
            + " to fetch "
            + set.name()
            + " (no network?). "
            + byHand(set),
        e);
  }

  private static String byHand(PublicSet set) {
    return "To put it in place by hand, get "
        + set.url()
        + " elsewhere and run: kindred fetch "
        + set.name()
        + " --from FILE";
  }

  private static HttpClient client(URI url) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(Duration.ofSeconds(20))
            .proxy(ProxySelector.getDefault());
    proxy(url, System.getenv()).ifPresent(builder::proxy);
    return builder.build();
  }

  /**
   * The proxy of the environment, for hosts that the environment does not except. The system
   * properties of Java come first.
   */
  static Optional<ProxySelector> proxy(URI url, Map<String, String> environment) {
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    if (System.getProperty(scheme + ".proxyHost") != null) {
      return Optional.empty();
    }
    String said =
        environment.getOrDefault(
            scheme + "_proxy",
            environment.getOrDefault(scheme.toUpperCase(Locale.ROOT) + "_PROXY", ""));
    String host = String.valueOf(url.getHost());
    String excepted =
        environment.getOrDefault("no_proxy", environment.getOrDefault("NO_PROXY", ""));
    for (String one : excepted.split(",", -1)) {
      String suffix = one.strip().replaceFirst("^\\*?\\.", "");
      if (one.strip().equals("*")
          || (!suffix.isEmpty() && (host.equals(suffix) || host.endsWith("." + suffix)))) {
        return Optional.empty();
      }
    }
    if (said.isBlank()) {
      return Optional.empty();
    }
    try {
      URI proxy = URI.create(said.contains("://") ? said : "http://" + said);
      int port = proxy.getPort() < 0 ? 80 : proxy.getPort();
      return Optional.of(ProxySelector.of(new InetSocketAddress(proxy.getHost(), port)));
    } catch (IllegalArgumentException e) {
      throw new KindredException(
          "the environment's " + scheme + "_proxy is no address: " + Failures.quoted(said), e);
    }
  }

  private Fetched install(PublicSet set, Path file, boolean ours) throws IOException {
    String check = check(set, file, ours);
    Path folder = cache.resolve(set.name());
    Path fresh = Files.createTempDirectory(cache, "." + set.name() + "-");
    try {
      if (set.isZip()) {
        Unzip.into(file, fresh);
      } else if (ours) {
        Files.move(file, fresh.resolve(set.file()));
      } else {
        Files.copy(file, fresh.resolve(set.file()));
      }
      Files.writeString(
          fresh.resolve(MARK), set.url() + "\n" + check + "\n" + set.license() + "\n");
      deleteTree(folder);
      try {
        Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(fresh, folder);
      }
    } finally {
      deleteTree(fresh);
    }
    if (ours) {
      Files.deleteIfExists(file);
    }
    return fetched(set, folder, false, check);
  }

  private static Fetched fetched(PublicSet set, Path folder, boolean cached, String check) {
    Path path = set.isZip() ? folder : folder.resolve(set.file());
    ReadOptions options = set.reading().apply(ReadOptions.defaults()).withName(set.name());
    return new Fetched(path, options, cached, check);
  }

  /** Compares the checksum; returns how, for a person. */
  private String check(PublicSet set, Path file, boolean ours) throws IOException {
    String expected = set.md5();
    if (expected == null && set.checksumUrl() != null && ours) {
      expected = published(set, set.checksumUrl());
    }
    if (expected != null) {
      String actual = digest(file, "MD5");
      if (!actual.equalsIgnoreCase(expected)) {
        refuse(file, ours);
        throw new KindredException(
            "the checksum of "
                + set.file()
                + " is wrong: MD5 "
                + actual
                + ", but its owner publishes "
                + expected.toLowerCase(Locale.ROOT)
                + "; the file is damaged or is another one"
                + (ours ? " and was deleted, try again" : ""));
      }
      return "MD5 as its owner publishes it";
    }
    String actual = digest(file, "SHA-256");
    Path book = cache.resolve("checksums.properties");
    Properties known = new Properties();
    if (Files.exists(book)) {
      try (InputStream in = Files.newInputStream(book)) {
        known.load(in);
      }
    }
    String before = known.getProperty(set.url().toString());
    if (before != null && !before.equals(actual)) {
      refuse(file, ours);
      throw new KindredException(
          set.file()
              + " is not the file that it was when it was first fetched: SHA-256 "
              + actual
              + ", then "
              + before
              + "; if its owner has changed it, remove its line from "
              + book);
    }
    if (before == null) {
      known.setProperty(set.url().toString(), actual);
      Path fresh = book.resolveSibling("checksums.properties.new");
      try (OutputStream out = Files.newOutputStream(fresh)) {
        known.store(out, "SHA-256 of files whose owners publish no checksum, as first fetched");
      }
      Files.move(fresh, book, StandardCopyOption.REPLACE_EXISTING);
      return "its owner publishes no checksum; SHA-256 "
          + actual
          + " written down for the next time";
    }
    return "SHA-256 as when it was first fetched";
  }

  private static void refuse(Path file, boolean ours) throws IOException {
    if (ours) {
      Files.deleteIfExists(file);
    }
  }

  /** The MD5 that the owner publishes beside the file, or {@code null} where it cannot be had. */
  private @Nullable String published(PublicSet set, URI checksumUrl) throws IOException {
    try {
      HttpResponse<String> response =
          client(set.url())
              .send(
                  HttpRequest.newBuilder(checksumUrl).timeout(Duration.ofSeconds(30)).build(),
                  HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      Matcher matcher = MD5.matcher(response.body());
      return response.statusCode() == 200 && matcher.find() ? matcher.group() : null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KindredException("stopped while reading " + checksumUrl, e);
    }
  }

  private static String digest(Path file, String algorithm) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      byte[] buffer = new byte[1 << 16];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }

  private static void deleteTree(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (java.util.stream.Stream<Path> walk = Files.walk(folder)) {
      for (Path path : walk.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
