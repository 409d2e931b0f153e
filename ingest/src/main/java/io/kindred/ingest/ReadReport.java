package io.kindred.ingest;

import io.kindred.data.Dropped;
import java.util.List;
import java.util.Locale;

/**
 * What was read and what was not. Immutable.
 *
 * @param source the file, folder or query
 * @param layout what was recognized as a whole, for a person ("MovieLens folder")
 * @param files each file that was read
 * @param badRows how many rows were left out because they cannot be used
 * @param badRowExamples the first five of them
 * @param dropped what else was left out, and why
 * @param notes what else a person should know
 * @param warnings what probably is not as it was meant
 * @param seconds how long the reading took
 */
public record ReadReport(
    String source,
    String layout,
    List<FileReport> files,
    long badRows,
    List<BadRow> badRowExamples,
    List<Dropped> dropped,
    List<String> notes,
    List<String> warnings,
    double seconds) {
  /** Keeps its own copies. */
  public ReadReport {
    files = List.copyOf(files);
    badRowExamples = List.copyOf(badRowExamples);
    dropped = List.copyOf(dropped);
    notes = List.copyOf(notes);
    warnings = List.copyOf(warnings);
  }

  /**
   * How the interactions were understood: one line, in which files that are one table count
   * together.
   */
  public List<String> understood() {
    List<FileReport> own =
        files.stream().filter(file -> file.what().equals("interactions")).toList();
    if (own.size() < 2) {
      return own.stream().map(FileReport::display).toList();
    }
    long rows = own.stream().mapToLong(FileReport::rows).sum();
    return List.of(
        String.format(
            Locale.ROOT,
            "%s, and %,d more files like it, %,d rows together",
            own.get(0).display(),
            own.size() - 1,
            rows));
  }
}
