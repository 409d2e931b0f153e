package io.kindred.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kindred.KindredException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
  @TempDir Path folder;

  private SafetensorsReader open() {
    return SafetensorsReader.open(folder, "a.safetensors");
  }

  private void file(String header, int dataBytes) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer all =
        ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    all.putLong(json.length).put(json);
    Files.write(folder.resolve("a.safetensors"), all.array());
  }

  @Test
  void read_written_isTheSame() throws IOException {
    SafetensorsWriter out = new SafetensorsWriter();
    float[] floats = {1.5f, Float.NaN, Float.NEGATIVE_INFINITY, -0f, Float.MIN_VALUE, 6};
    out.bytes("bytes", new byte[] {-1, 0, 1});
    out.anyFloats("floats", floats, 2, 3);
    out.ints("ints", new int[] {Integer.MIN_VALUE, 7});
    out.longs("longs", new long[] {Long.MAX_VALUE});
    out.floats("none", new float[0]);
    Manifest.Entry entry = out.write(folder.resolve("a.safetensors"));
    assertThat(Files.size(folder.resolve("a.safetensors"))).isEqualTo(entry.size());
    try (SafetensorsReader in = open()) {
      assertThat(in.anyFloats("floats", 2, 3)).isEqualTo(floats);
      assertThatThrownBy(() -> in.floats("floats", 2, 3))
          .isInstanceOf(KindredException.class)
          .hasMessageContaining("array 'floats' has NaN at place 1, not a finite number");
      assertThat(in.shape("floats")).containsExactly(2, 3);
      assertThat(in.ints("ints")).containsExactly(Integer.MIN_VALUE, 7);
      assertThat(in.longs("longs", 1)).containsExactly(Long.MAX_VALUE);
      assertThat(in.bytes("bytes")).containsExactly(-1, 0, 1);
      assertThat(in.floats("none", 0)).isEmpty();
      assertThat(in.has("none")).isTrue();
      assertThat(in.has("other")).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void write_floatThatIsNoNumber_isRefused(float value) {
    SafetensorsWriter out = new SafetensorsWriter();
    assertThatThrownBy(() -> out.floats("weights", new float[] {1, -2, 0, value, 3}))
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("array 'weights' has " + value + " at place 3");
    out.floats("weights", new float[] {Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_VALUE, 0});
  }

  @Test
  void write_layout_isAlignedAndWidestFirst() throws IOException {
    SafetensorsWriter out = new SafetensorsWriter();
    out.bytes("b", new byte[] {1, 2, 3});
    out.longs("l", new long[] {5});
    out.floats("f", new float[] {1});
    out.write(folder.resolve("a.safetensors"));
    byte[] bytes = Files.readAllBytes(folder.resolve("a.safetensors"));
    ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long header = all.getLong(0);
    assertThat(header % 8).isZero();
    assertThat(new String(bytes, 8, (int) header, StandardCharsets.UTF_8).strip())
        .isEqualTo(
            "{\"__metadata__\":{\"format\":\"kindred\"},"
                + "\"l\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]},"
                + "\"f\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]},"
                + "\"b\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[12,15]}}");
    assertThat(all.getLong(8 + (int) header)).isEqualTo(5);
    assertThat(bytes).hasSize(8 + (int) header + 15);
  }

  @Test
  void write_wrongArrays_areRefused() {
    SafetensorsWriter out = new SafetensorsWriter();
    out.ints("a", new int[6], 2, 3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> out.ints("a", new int[1]))
        .withMessageContaining("two arrays");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> out.ints("b", new int[6], 2, 2))
        .withMessageContaining("not [2, 2]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> out.ints("b/c", new int[1]))
        .withMessageContaining("'b/c'");
  }

  @Test
  void read_otherTypeOrShape_isRefused() throws IOException {
    file("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8);
    try (SafetensorsReader in = open()) {
      assertThatThrownBy(() -> in.ints("a"))
          .isInstanceOf(KindredException.class)
          .hasMessageContaining("has the type F32, not I32");
      assertThatThrownBy(() -> in.floats("a", 3))
          .hasMessageContaining("has the shape [2], not [3]");
      assertThatThrownBy(() -> in.floats("b")).hasMessageContaining("array 'b' is missing");
      assertThatThrownBy(() -> in.indexes("b", 1)).isInstanceOf(KindredException.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}|7|arrays end at byte",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}|9|arrays end at byte",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}|8|needs 12 bytes",
        "{'a':{'dtype':'F64','shape':[1],'data_offsets':[0,8]}}|8|has the type 'F64'",
        "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}|8|whole number from 0",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}|8|has the offsets [8, 0]",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[-8,0]}}|8|whole number from 0",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0]}}|8|has the offsets [0]",
        "{'a':{'dtype':'F32','shape':[2147483647,2147483647,2147483647],'data_offsets':[0,8]}}|8|impossible shape",
        "{'a':{'dtype':'F32','shape':[65536,65536,65536,65536],'data_offsets':[0,0]}}|0|impossible shape",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'b':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}|4|overlap",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'b':{'dtype':'F32','shape':[1],'data_offsets':[8,12]}}|12|gap",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}|8|Duplicate",
        "{'a':[]}|0|must be an object",
        "[]|0|does not hold a JSON object",
        "{} {}|0|is not the JSON",
        "{|0|says that its header has 1 bytes",
      })
  void open_lyingHeader_isRefused(String header, int bytes, String problem) throws IOException {
    file(header.replace('\'', '"'), bytes);
    assertThatThrownBy(this::open)
        .isInstanceOf(KindredException.class)
        .hasMessageContaining("a.safetensors")
        .hasMessageContaining(problem);
  }

  @Test
  void open_hugeHeaderLength_isRefusedWithoutAllocation() throws IOException {
    for (long length :
        new long[] {-1, 0, 100, 1L << 24, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE}) {
      ByteBuffer all = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
      Files.write(folder.resolve("a.safetensors"), all.array());
      assertThatThrownBy(this::open)
          .isInstanceOf(KindredException.class)
          .hasMessageContaining("says that its header has " + length + " bytes");
    }
    Files.write(folder.resolve("a.safetensors"), new byte[7]);
    assertThatThrownBy(this::open).hasMessageContaining("is only 7 bytes long");
  }
}
