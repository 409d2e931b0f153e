package io.kindred.server.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;

/** JSON in and out. */
final class Json {
  /** Bodies above so many bytes may have more tokens: names, values, braces and brackets. */
  private static final int LARGE_BYTES = 1_000_000;

  private static final long MOST_TOKENS = 250_000;
  private static final long MOST_TOKENS_OF_LARGE = 2_000_000;

  /** Strict: nothing twice, nothing after the end, no deep nesting. */
  private static final JsonMapper MAPPER = mapper(MOST_TOKENS);

  private static final JsonMapper LARGE = mapper(MOST_TOKENS_OF_LARGE);

  private Json() {}

  private static JsonMapper mapper(long mostTokens) {
    return JsonMapper.builder(
            JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                .streamReadConstraints(
                    StreamReadConstraints.builder()
                        .maxNestingDepth(20)
                        .maxTokenCount(mostTokens)
                        .build())
                .build())
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .disable(SerializationFeature.WRAP_EXCEPTIONS)
        .defaultPropertyInclusion(
            JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
        .build();
  }

  static byte[] write(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes into a stream, which is not closed. */
  static void write(Object value, OutputStream out) throws IOException {
    MAPPER.writeValue(out, value);
  }

  /**
   * Reads a body.
   *
   * @throws Problem.Thrown with line and column where it is not JSON
   */
  static JsonNode read(byte[] body) {
    try {
      JsonNode node = (body.length > LARGE_BYTES ? LARGE : MAPPER).readTree(body);
      if (node == null || node.isMissingNode()) {
        throw new Problem.Thrown(Problem.malformed("the body is empty; a JSON object is expected"));
      }
      return node;
    } catch (StreamConstraintsException e) {
      throw new Problem.Thrown(
          Problem.malformed(
              "the body is nested too deep, or has too many or too long parts: "
                  + e.getOriginalMessage()));
    } catch (JsonProcessingException e) {
      JsonLocation location = e.getLocation();
      String where =
          location == null
              ? ""
              : "line " + location.getLineNr() + ", column " + location.getColumnNr() + ": ";
      throw new Problem.Thrown(Problem.malformed(where + e.getOriginalMessage()));
    } catch (CharacterCodingException e) {
      throw new Problem.Thrown(Problem.malformed("the body is not valid UTF-8"));
    } catch (IOException e) {
      throw new Problem.Thrown(Problem.malformed("the body cannot be read: " + e.getMessage()));
    }
  }
}
