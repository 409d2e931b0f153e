package io.kindred.ingest;

import io.kindred.KindredException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The form of a file of interactions. */
public enum Format {
  /** Comma-separated, RFC 4180, with a header or in the order user, item, value, time. */
  CSV("csv"),
  /** Tab-separated. */
  TSV("tsv"),
  /** Runs of spaces or tabs between the fields, as FilmTrust, SASRec and LibRec have them. */
  SPACES("spaces"),
  /** The older MovieLens form: {@code user::item::rating::time}, no header. */
  DOUBLE_COLON("double-colon"),
  /**
   * MovieLens 100K: tab-separated user, item, rating, time, no header ({@code u.data}, {@code
   * u1.base}).
   */
  ML_100K("ml-100k"),
  /** RecBole atomic file: tab-separated, a header of {@code name:type}. */
  ATOMIC("atomic"),
  /**
   * One line a user: the user, then the items, oldest first; spaces or tabs between, comments begin
   * with '#'.
   */
  SEQUENCES("sequences"),
  /** The files of LightGCN: one line a user, the user, then the items in no order. */
  LIGHTGCN("lightgcn"),
  /** Apache Parquet. */
  PARQUET("parquet"),
  /** One JSON object a line. */
  JSON_LINES("jsonl");

  private final String label;

  Format(String label) {
    this.label = label;
  }

  /** The name on the command line and in reports. */
  public String label() {
    return label;
  }

  /**
   * The format of a label.
   *
   * @throws KindredException if there is none, naming all
   */
  public static Format of(String label) {
    return Arrays.stream(values())
        .filter(format -> format.label.equals(label.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new KindredException(
                    "unknown format '"
                        + label
                        + "'; known are "
                        + Arrays.stream(values())
                            .map(Format::label)
                            .collect(Collectors.joining(", "))));
  }
}
