package io.kindred.server.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A problem document of RFC 9457.
 *
 * @param type what kind of problem: {@code about:blank} where the status says it all
 * @param title the kind of problem in words
 * @param status the HTTP status
 * @param detail what is wrong here, and what would be right
 * @param errors the fields that are wrong
 */
record Problem(
    String type,
    String title,
    int status,
    String detail,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<FieldError> errors) {
  static final String MEDIA_TYPE = "application/problem+json";

  /**
   * One wrong field.
   *
   * @param pointer JSON pointer (RFC 6901) into the body, for a field of the body
   * @param parameter name, for a parameter of the query or the path
   * @param value what was there, shortened; {@code null} where something is missing
   * @param expected what would be right
   */
  record FieldError(
      @Nullable String pointer,
      @Nullable String parameter,
      @Nullable Object value,
      String expected) {}

  /** A problem that the status names well enough. */
  static Problem of(int status, String title, String detail) {
    return new Problem("about:blank", title, status, detail, List.of());
  }

  static Problem invalid(String detail, List<FieldError> errors) {
    return new Problem(
        "urn:kindred:problem:invalid-request", "Invalid request", 400, detail, errors);
  }

  static Problem malformed(String detail) {
    return new Problem(
        "urn:kindred:problem:malformed-json", "Malformed JSON", 400, detail, List.of());
  }

  static Problem unknown(String what, String id, String model) {
    return new Problem(
        "urn:kindred:problem:unknown-" + what,
        "Unknown " + what,
        404,
        "model '" + model + "' knows no " + what + " '" + Shorten.text(id) + "'",
        List.of());
  }

  static Problem unknownModel(String name, List<String> known) {
    return new Problem(
        "urn:kindred:problem:unknown-model",
        "Unknown model",
        404,
        "there is no model '" + Shorten.text(name) + "'; there are " + String.join(", ", known),
        List.of());
  }

  static Problem notSupported(String detail) {
    return new Problem(
        "urn:kindred:problem:not-supported", "Not supported by this model", 501, detail, List.of());
  }

  /** Carries a problem to where it is written. */
  static final class Thrown extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    Thrown(Problem problem) {
      super(problem.detail(), null, false, false);
      this.problem = problem;
    }

    Problem problem() {
      return problem;
    }
  }
}
