package io.kindred.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kindred.KindredException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The attribute file of the S3-Rec sets: one JSON object of item ids, each with its list of
 * attribute numbers.
 */
final class ItemAttributes {
  private ItemAttributes() {}

  static FeatureTable load(Path path, Charset encoding, BadRows badRows) {
    List<FeatureTable.Row> rows = new ArrayList<>();
    try (InputStream in = TextFile.of(path, StandardCharsets.UTF_8).open()) {
      JsonNode root = new ObjectMapper().readTree(in);
      root.properties()
          .forEach(
              entry -> {
                List<String> attributes = new ArrayList<>();
                entry.getValue().forEach(attribute -> attributes.add(attribute.asText()));
                rows.add(
                    new FeatureTable.Row(
                        rows.size() + 1L,
                        new @Nullable String[] {
                          entry.getKey(), String.join(FeatureTable.LIST_SEPARATOR, attributes)
                        }));
              });
    } catch (JsonProcessingException e) {
      throw new KindredException(
          path
              + ", line "
              + e.getLocation().getLineNr()
              + ": "
              + e.getOriginalMessage()
              + "; expected one JSON object of items, each with a list of attributes",
          e);
    } catch (IOException e) {
      throw Failures.reading(path.toString(), e);
    }
    return new FeatureTable(
        path.toString(),
        List.of(
            FeatureTable.Column.of("item"),
            new FeatureTable.Column(
                "attributes", FeatureTable.Kind.TAGS, FeatureTable.LIST_SEPARATOR)),
        0,
        rows);
  }
}
