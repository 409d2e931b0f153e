package io.kindred.server.http;

import java.util.Set;

/**
 * One address of the server.
 *
 * @param method GET or POST
 * @param path with its parameters in braces, as in OpenAPI
 * @param parameters the query parameters that it knows
 */
record Route(String method, String path, Set<String> parameters) {
  static Route get(String path, String... parameters) {
    return new Route("GET", path, Set.of(parameters));
  }

  static Route post(String path) {
    return new Route("POST", path, Set.of());
  }
}
