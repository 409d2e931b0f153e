package io.kindred.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class VocabularyTest {

  /** Ids as people have them: any text, a lone surrogate excepted, which UTF-8 cannot hold. */
  private static List<String> asUtf8(List<String> ids) {
    return ids.stream()
        .map(id -> new String(id.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
        .toList();
  }

  @Property(tries = 200)
  void add_anyIds_givesWhatAMapGives(@ForAll @Size(max = 60) List<String> some) {
    List<String> ids = asUtf8(some);
    Map<String, Integer> expected = new LinkedHashMap<>();
    Vocabulary.Builder builder = Vocabulary.builder();

    for (String id : ids) {
      expected.putIfAbsent(id, expected.size());
      assertThat(builder.add(id)).isEqualTo(expected.get(id));
    }

    Vocabulary vocabulary = builder.build();
    assertThat(vocabulary.ids()).containsExactlyElementsOf(expected.keySet());
    expected.forEach((id, index) -> assertThat(vocabulary.index(id)).isEqualTo(index));
    assertThat(vocabulary.index("not \u0000 there")).isEqualTo(Vocabulary.UNKNOWN);
  }

  @Property(tries = 200)
  void addAll_anyIds_givesWhatAddGives(@ForAll @Size(max = 60) List<String> some) {
    List<String> ids = new ArrayList<>(asUtf8(some));
    ids.addAll(ids.subList(0, ids.size() / 2));
    ByteArrayOutputStream utf8 = new ByteArrayOutputStream();
    int[] from = new int[ids.size()];
    int[] to = new int[ids.size()];
    for (int k = 0; k < ids.size(); k++) {
      from[k] = utf8.size();
      utf8.writeBytes(ids.get(k).getBytes(StandardCharsets.UTF_8));
      to[k] = utf8.size();
    }
    Vocabulary.Builder together = Vocabulary.builder();
    Vocabulary.Builder single = Vocabulary.builder();
    int[] indexes = new int[ids.size()];

    together.addAll(utf8.toByteArray(), from, to, ids.size(), indexes);

    for (int k = 0; k < ids.size(); k++) {
      assertThat(indexes[k]).isEqualTo(single.add(ids.get(k)));
    }
    assertThat(together.build().ids()).isEqualTo(single.build().ids());
  }

  @Test
  void add_manyIdsAndLongOnes_areAllFoundAgain() {
    Vocabulary.Builder builder = Vocabulary.builder();
    int count = 300_000;
    for (int i = 0; i < count; i++) {
      assertThat(builder.add("id/" + i)).isEqualTo(i);
    }
    String tooLongForAChunk = "x".repeat(3 << 20);
    assertThat(builder.add(tooLongForAChunk)).isEqualTo(count);
    assertThat(builder.add("")).isEqualTo(count + 1);
    assertThat(builder.add("after 😀")).isEqualTo(count + 2);

    Vocabulary vocabulary = builder.build();

    for (int i = 0; i < count; i += 7) {
      assertThat(vocabulary.index("id/" + i)).isEqualTo(i);
      assertThat(vocabulary.id(i)).isEqualTo("id/" + i);
    }
    assertThat(vocabulary.id(count)).isEqualTo(tooLongForAChunk);
    assertThat(vocabulary.id(count + 1)).isEmpty();
    assertThat(vocabulary.index("")).isEqualTo(count + 1);
    assertThat(vocabulary.index("after 😀")).isEqualTo(count + 2);
    assertThatThrownBy(() -> vocabulary.id(count + 3))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void build_builderGoesOn_leavesTheVocabularyAlone() {
    Vocabulary.Builder builder = Vocabulary.builder();
    builder.add("a");
    Vocabulary before = builder.build();
    builder.add("b");

    assertThat(before.size()).isEqualTo(1);
    assertThat(before.index("b")).isEqualTo(Vocabulary.UNKNOWN);
    assertThat(builder.build().ids()).containsExactly("a", "b");
  }
}
