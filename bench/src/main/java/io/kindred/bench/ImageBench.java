package io.kindred.bench;

import io.kindred.neural.content.MobileNetV2;
import io.kindred.neural.content.Picture;
import io.kindred.neural.content.PictureFile;
import io.kindred.neural.tensor.Torch;
import io.kindred.sparse.Parallel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The features of a folder of pictures by MobileNetV2, against the same network with the same
 * weights in Debian's python3-torch, on the same threads, one after the other in one run. Decoding
 * and resizing are timed apart from the network; Python decodes with Pillow, on one thread.
 *
 * <p>Arguments: folder of pictures (default ../shared/data/posters), weights (default
 * ../shared/data/mobilenet-v2), pictures at the most (default all), threads (default 2), batch
 * (default 32). Without python3-torch and python3-pil only our own times are printed.
 */
public final class ImageBench {
  private static final String PYTHON = "/usr/bin/python3";

  private ImageBench() {}

  /** Runs the bench and prints a table. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path folder = Path.of(args.length > 0 ? args[0] : "../shared/data/posters");
    Path weights = Path.of(args.length > 1 ? args[1] : "../shared/data/mobilenet-v2");
    int most = args.length > 2 ? Integer.parseInt(args[2]) : Integer.MAX_VALUE;
    int threads = args.length > 3 ? Integer.parseInt(args[3]) : 2;
    int batch = args.length > 4 ? Integer.parseInt(args[4]) : 32;
    List<Path> files = files(folder, most);
    say(
        "%,d pictures, batches of %d, %d threads, Java %s",
        files.size(), batch, threads, System.getProperty("java.version"));
    MobileNetV2 network = MobileNetV2.read(weights);
    // Once over a few batches, so that both begin warm: Python tries its forms first, too.
    List<Picture> first = decoded(files.subList(0, Math.min(batch, files.size())), threads);
    for (int turn = 0; turn < 4; turn++) {
      run(network, first, threads);
    }
    long start = System.nanoTime();
    long decoding = 0;
    double sum = 0;
    for (int from = 0; from < files.size(); from += batch) {
      long before = System.nanoTime();
      List<Picture> pictures =
          decoded(files.subList(from, Math.min(files.size(), from + batch)), threads);
      decoding += System.nanoTime() - before;
      sum += run(network, pictures, threads);
    }
    double decodeSeconds = decoding / 1e9;
    double seconds = (System.nanoTime() - start - decoding) / 1e9;
    say("%-10s %12s %12s %12s   %s", "seconds", "decoding", "network", "both", "sum of features");
    say(
        "%-10s %12.2f %12.2f %12.2f   %.2f",
        "Kindred", decodeSeconds, seconds, decodeSeconds + seconds, sum);
    String[] theirs = python(weights, folder, files.size(), threads, batch);
    if (theirs.length == 4) {
      double theirDecoding = Double.parseDouble(theirs[0]);
      double theirNetwork = Double.parseDouble(theirs[1]);
      say(
          "%-10s %12.2f %12.2f %12.2f   %.2f (%s)",
          "Python",
          theirDecoding,
          theirNetwork,
          theirDecoding + theirNetwork,
          Double.parseDouble(theirs[3]),
          theirs[2]);
      say(
          "ratio of the network %.2f, of both %.2f",
          seconds / theirNetwork, (decodeSeconds + seconds) / (theirDecoding + theirNetwork));
    }
  }

  private static List<Path> files(Path folder, int most) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(path -> path.toString().endsWith(".jpg")).sorted().limit(most).toList();
    }
  }

  private static List<Picture> decoded(List<Path> files, int threads) {
    Picture[] pictures = new Picture[files.size()];
    Parallel.forBlocks(
        threads,
        pictures.length,
        4,
        () ->
            (from, to) -> {
              for (int i = from; i < to; i++) {
                pictures[i] =
                    PictureFile.read(files.get(i)).resized(MobileNetV2.SIZE, MobileNetV2.SIZE);
              }
            });
    return Arrays.asList(pictures);
  }

  private static double run(MobileNetV2 network, List<Picture> pictures, int threads) {
    Torch.setThreads(threads);
    double sum = 0;
    for (float feature : network.features(pictures)) {
      sum += feature;
    }
    return sum;
  }

  private static String[] python(Path weights, Path folder, int count, int threads, int batch)
      throws IOException, InterruptedException {
    Path file = weights;
    if (Files.isDirectory(weights)) {
      try (Stream<Path> all = Files.list(weights)) {
        file =
            all.filter(path -> path.toString().endsWith(".safetensors")).findFirst().orElseThrow();
      }
    }
    List<String> command = new ArrayList<>(List.of(PYTHON, "bench/python/mobilenet_features.py"));
    command.addAll(List.of(file.toString(), folder.toString()));
    command.addAll(Stream.of(count, threads, batch).map(String::valueOf).toList());
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return output.strip().split(" ");
    } catch (IOException e) {
      return new String[0];
    }
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
