package io.kindred.server;

import static io.kindred.server.AddItemsTest.films;
import static io.kindred.server.AddItemsTest.item;
import static io.kindred.server.AddItemsTest.items;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pictures that come in with new items, as data: URLs. */
class AddPicturesTest {
  private static final int SIDE = 48;

  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("new.jsonl");
  }

  private Path kept() {
    return folder.resolve("new.jsonl.pictures");
  }

  private ServerOptions options() throws IOException {
    Path images = Files.createDirectories(folder.resolve("images"));
    Files.write(images.resolve("there.png"), picture("png", 7));
    return ServerOptions.of(films()).withImages(images).withNewItems(file()).withPort(0);
  }

  /** A picture in stripes, another for each number. */
  private static byte[] picture(String format, int number) {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        image.setRGB(
            x, y, Color.HSBtoRGB(number * 0.07f, 0.9f, ((x * number + y) % 16) / 20f + 0.2f));
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      assertThat(ImageIO.write(image, format, bytes)).isTrue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static String url(String type, byte[] bytes) {
    return "data:image/" + type + ";base64," + Base64.getEncoder().encodeToString(bytes);
  }

  private static String poster(String id, String poster) {
    return item(id, "{\"genres\": [\"Sea\"], \"poster\": \"" + poster + "\"}");
  }

  private static HttpResponse<byte[]> served(KindredServer server, String item) {
    JsonNode answer = new Http(server).json("/v1/items/" + item);
    return bytes(server, answer.get("image").textValue());
  }

  private static HttpResponse<byte[]> bytes(KindredServer server, String address) {
    try {
      return java.net.http.HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(server.uri().resolve(address)).build(),
              HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({"png, image/png", "jpg, image/jpeg", "gif, image/gif"})
  void picture_sent_isServedByteForByte_andAfterARestart(String format, String type)
      throws IOException {
    byte[] sent = picture(format, 3);
    try (KindredServer server = KindredServer.start(options())) {
      String url = url("x-anything", sent).replace("data:image", "DATA:Image");
      HttpResponse<String> added =
          new Http(server)
              .post(
                  "/v1/items",
                  items(poster("sent", url), poster("named", "there.png"), poster("too", url)));
      assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
      assertThat(Http.read(added).get("items").findValuesAsText("item"))
          .containsExactly("sent", "named", "too");
      check(server, sent, type);
    }
    try (Stream<Path> files = Files.list(kept())) { // the same bytes once
      assertThat(files).hasSize(1);
    }
    assertThat(Files.size(file())).isLessThan(600);
    try (KindredServer again = KindredServer.start(options())) {
      check(again, sent, type);
    }
  }

  private static void check(KindredServer server, byte[] sent, String type) {
    for (String item : List.of("sent", "too")) {
      HttpResponse<byte[]> answer = served(server, item);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type")).contains(type);
      assertThat(answer.body()).isEqualTo(sent);
    }
    assertThat(served(server, "named").body()).isEqualTo(picture("png", 7));
  }

  /** What is wrong with a picture, by a name. */
  private static String wrong(String kind) throws IOException {
    byte[] png = picture("png", 3);
    byte[] jpeg = picture("jpg", 3);
    return switch (kind) {
      case "bomb" -> url("png", header(50_000, 50_000));
      case "negative" -> url("png", header(-1, 5));
      case "text" -> url("png", "no picture".getBytes(StandardCharsets.UTF_8));
      case "svg" -> url("svg+xml", "<svg/>".getBytes(StandardCharsets.UTF_8));
      case "bmp" -> url("bmp", picture("bmp", 3));
      case "empty" -> url("png", new byte[0]);
      case "cut png" -> url("png", Arrays.copyOf(png, png.length / 2));
      case "cut jpeg" -> url("jpeg", Arrays.copyOf(jpeg, jpeg.length / 2));
      case "no base64" -> "data:image/png," + Base64.getEncoder().encodeToString(png);
      case "broken base64" -> url("png", png) + "!";
      case "cut base64" -> "data:image/png;base64,QUJDR";
      case "text/html" -> url("png", png).replace("image/png", "text/html");
      case "bare base64" -> Base64.getEncoder().encodeToString(png);
      case "only data:" -> "data:";
      default -> throw new IllegalArgumentException(kind);
    };
  }

  /** A PNG that says how large it is, and has nothing else. */
  private static byte[] header(int width, int height) {
    ByteBuffer png = ByteBuffer.allocate(8 + 25);
    png.putLong(0x89504e470d0a1a0aL).putInt(13);
    byte[] chunk =
        ByteBuffer.allocate(17)
            .put("IHDR".getBytes(StandardCharsets.US_ASCII))
            .putInt(width)
            .putInt(height)
            .put(new byte[] {8, 2, 0, 0, 0})
            .array();
    CRC32 crc = new CRC32();
    crc.update(chunk);
    return png.put(chunk).putInt((int) crc.getValue()).array();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bomb | at most 40,000,000 pixels: this one has 50,000 x 50,000",
        "negative | damaged or cut off",
        "text | a picture: JPEG, PNG, GIF or WebP",
        "svg | a picture: JPEG, PNG, GIF or WebP",
        "bmp | a picture: JPEG, PNG, GIF or WebP",
        "empty | a picture: JPEG, PNG, GIF or WebP",
        "cut png | damaged or cut off",
        "cut jpeg | damaged or cut off",
        "no base64 | a data: URL, data:image/png;base64,...",
        "broken base64 | whole base64",
        "cut base64 | whole base64",
        "text/html | a data: URL, data:image/png;base64,...",
        "bare base64 | or a picture itself as a data: URL",
        "only data: | a data: URL, data:image/png;base64,...",
      })
  void picture_wrong_isNamed_andNothingIsKept(String kind, String expected) throws IOException {
    try (KindredServer server = KindredServer.start(options())) {
      Http http = new Http(server);
      String first = poster("first", url("png", picture("png", 1)));
      assertThat(http.post("/v1/items", items(first)).statusCode()).isEqualTo(201);
      byte[] before = Files.readAllBytes(file());
      String good = poster("good", url("png", picture("png", 2)));
      HttpResponse<String> answer = http.post("/v1/items", items(good, poster("bad", wrong(kind))));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
      JsonNode errors = Http.read(answer).get("errors");
      assertThat(errors.findValuesAsText("pointer")).containsExactly("/items/1/features/poster");
      assertThat(errors.at("/0/expected").textValue()).contains(expected);
      assertThat(answer.body().length()).isLessThan(1_000);
      assertThat(http.get("/v1/items/good").statusCode()).isEqualTo(404);
      assertThat(Files.readAllBytes(file())).isEqualTo(before);
      try (Stream<Path> files = Files.list(kept())) {
        assertThat(files).hasSize(1);
      }
      assertThat(served(server, "first").body()).isEqualTo(picture("png", 1));
      assertThat(http.post("/v1/items", items(good)).statusCode()).isEqualTo(201);
    }
  }

  @Test
  void picture_animatedOrOfPrintersColors_isTakenAsElsewhere() throws IOException {
    try (KindredServer server = KindredServer.start(options())) {
      for (byte[] picture : List.of(animation(), printersColors())) {
        String id = "item-" + picture.length;
        HttpResponse<String> answer =
            new Http(server).post("/v1/items", items(poster(id, url("any", picture))));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(served(server, id).body()).isEqualTo(picture);
      }
    }
  }

  private static byte[] animation() throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.prepareWriteSequence(null);
      for (int frame = 1; frame <= 3; frame++) {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_INDEXED);
        image.setRGB(frame, frame, Color.RED.getRGB());
        writer.writeToSequence(new IIOImage(image, null, null), null);
      }
      writer.endWriteSequence();
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** A JPEG of four inks: what the writer makes of four bands, and the marker that says so. */
  private static byte[] printersColors() throws IOException {
    WritableRaster raster = Raster.createInterleavedRaster(0, SIDE, SIDE, 4, null);
    Arrays.fill(((java.awt.image.DataBufferByte) raster.getDataBuffer()).getData(), (byte) 99);
    ImageWriter writer = null;
    for (Iterator<ImageWriter> all = ImageIO.getImageWritersByFormatName("jpeg"); all.hasNext(); ) {
      ImageWriter one = all.next();
      writer = one.getClass().getName().startsWith("com.sun") ? one : writer;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      assertThat(writer).isNotNull();
      writer.setOutput(out);
      writer.write(null, new IIOImage(raster, null, null), null);
    }
    byte[] jpeg = bytes.toByteArray();
    return ByteBuffer.allocate(jpeg.length + 16)
        .put(jpeg, 0, 2)
        .put(new byte[] {(byte) 0xff, (byte) 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100})
        .put(new byte[5])
        .put(jpeg, 2, jpeg.length - 2)
        .array();
  }

  @Test
  void picture_withoutFolderOrTooManyBytes_isRefused() throws IOException {
    String good = items(poster("x", url("png", picture("png", 1))));
    try (KindredServer server =
        KindredServer.start(ServerOptions.of(films()).withNewItems(file()).withPort(0))) {
      HttpResponse<String> answer = new Http(server).post("/v1/items", good);
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("/items/0/features/poster", "--images");
    }
    try (KindredServer server = KindredServer.start(options())) {
      byte[] large = new byte[6_000_001];
      HttpResponse<String> answer =
          new Http(server).post("/v1/items", items(poster("x", url("png", large))));
      assertThat(answer.statusCode()).isEqualTo(413);
      assertThat(answer.body()).contains("8000000 bytes");
      assertThat(Files.exists(kept())).isFalse();
    }
  }

  @Test
  void picture_diskThatCannot_nothingIsAddedOrLost() throws IOException {
    try (KindredServer server = KindredServer.start(options())) {
      Files.writeString(kept(), "a file where the folder would be");
      Http http = new Http(server);
      String item = items(poster("x", url("png", picture("png", 1))));
      HttpResponse<String> answer = http.post("/v1/items", item);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(507);
      assertThat(Files.size(file())).isZero();
      assertThat(http.get("/v1/items/x").statusCode()).isEqualTo(404);
      Files.delete(kept());
      assertThat(http.post("/v1/items", item).statusCode()).isEqualTo(201);
    }
  }

  @Test
  void pictures_serverKilled_whatWasAnsweredIsThere() throws Exception {
    Path images = Files.createDirectories(folder.resolve("images"));
    List<String> answered =
        KilledServer.killed(
            file(),
            images,
            i -> items(poster("k" + i, url("png", picture("png", i + 1)))),
            i -> "k" + i);
    try (KindredServer again = KindredServer.start(options())) {
      for (String item : answered) {
        int number = Integer.parseInt(item.substring(1)) + 1;
        assertThat(served(again, item).body()).as(item).isEqualTo(picture("png", number));
      }
      String next = items(poster("next", url("jpeg", picture("jpg", 3))));
      assertThat(new Http(again).post("/v1/items", next).statusCode()).isEqualTo(201);
    }
  }

  /** A network sees what was sent as it sees the same bytes in the folder. */
  @Test
  void picture_sentToANetwork_countsAsThatOfTheFolder() throws IOException {
    SampleWorld world = new SampleWorld(folder);
    byte[] bytes = Files.readAllBytes(world.pictures.resolve("40.png"));
    ServerOptions options =
        ServerOptions.of(world.imageCnn())
            .withImages(world.pictures)
            .withNewItems(file())
            .withPort(0);
    for (int run = 0; run < 2; run++) { // the second has them from the file
      try (KindredServer server = KindredServer.start(options)) {
        Http http = new Http(server);
        if (run == 0) {
          HttpResponse<String> added =
              http.post(
                  "/v1/items",
                  items(
                      item("sent", "{\"image\": \"" + url("png", bytes) + "\"}"),
                      item("named", "{\"image\": \"40.png\"}"),
                      item("without", "{\"title\": \"No picture\"}")));
          assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
        }
        String history = "\"history\": [\"" + world.data.items().id(3) + "\"]";
        JsonNode all = http.json("/v1/recommend", "{" + history + ", \"n\": 1000}").get("items");
        double[] scores = {0, 0};
        for (JsonNode one : all) {
          if (one.get("item").textValue().equals("sent")) {
            scores[0] = one.get("score").doubleValue();
          } else if (one.get("item").textValue().equals("named")) {
            scores[1] = one.get("score").doubleValue();
          }
        }
        assertThat(scores[0]).isNotZero().isEqualTo(scores[1]);
        JsonNode sent = http.json("/v1/saliency", "{" + history + ", \"item\": \"sent\"}");
        JsonNode named = http.json("/v1/saliency", "{" + history + ", \"item\": \"named\"}");
        assertThat(sent.get("values")).isEqualTo(named.get("values"));
      }
    }
  }
}
