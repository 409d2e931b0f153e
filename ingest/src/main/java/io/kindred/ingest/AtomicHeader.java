package io.kindred.ingest;

import java.util.List;

/**
 * The header of a RecBole atomic file: {@code name:type} with the types token, token_seq, float and
 * float_seq.
 */
final class AtomicHeader {
  private AtomicHeader() {}

  static List<String> names(List<String> header) {
    return header.stream().map(AtomicHeader::name).toList();
  }

  static List<FeatureTable.Column> columns(List<String> header) {
    return header.stream().map(AtomicHeader::column).toList();
  }

  private static String name(String field) {
    int colon = field.lastIndexOf(':');
    return (colon < 0 ? field : field.substring(0, colon)).strip();
  }

  private static FeatureTable.Column column(String field) {
    String name = name(field);
    String type = field.substring(field.lastIndexOf(':') + 1).strip();
    return switch (type) {
      case "token" -> new FeatureTable.Column(name, FeatureTable.Kind.TOKEN, "");
      case "token_seq" -> new FeatureTable.Column(name, FeatureTable.Kind.WORDS, " ");
      case "float" -> new FeatureTable.Column(name, FeatureTable.Kind.NUMBER, "");
      case "float_seq" -> new FeatureTable.Column(name, FeatureTable.Kind.NUMBERS, " ");
      default -> FeatureTable.Column.of(name);
    };
  }
}
