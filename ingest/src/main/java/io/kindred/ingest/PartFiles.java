package io.kindred.ingest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of a table that Spark, Hive and the like write as a folder: {@code part-*}, also below
 * folders such as {@code day=2020-01-01}. Files whose names begin with '_' or '.' are none of them,
 * nor are empty ones.
 */
final class PartFiles {
  private static final Pattern PART = Pattern.compile("part-.*");
  private static final Pattern KEY = Pattern.compile("[^=]+=.*");

  private PartFiles() {}

  /** The files, sorted by their paths; none if it is no such folder. */
  static List<Path> of(Path folder) {
    List<Path> parts = new ArrayList<>();
    collect(folder, true, parts);
    return parts;
  }

  private static void collect(Path folder, boolean top, List<Path> parts) {
    try (Stream<Path> list = Files.list(folder)) {
      for (Path path : list.sorted().toList()) {
        String name = String.valueOf(path.getFileName());
        if (name.startsWith("_") || name.startsWith(".") || name.endsWith(".crc")) {
          continue;
        }
        if (Files.isDirectory(path)) {
          if (KEY.matcher(name).matches()) {
            collect(path, false, parts);
          }
        } else if ((!top || PART.matcher(name).matches()) && Files.size(path) > 0) {
          parts.add(path);
        }
      }
    } catch (IOException e) {
      throw Failures.reading(folder.toString(), e);
    }
  }

  /** Says that what the names of the folders tell is not used. */
  static List<String> notes(Path folder, List<Path> parts) {
    Set<String> keys = new LinkedHashSet<>();
    for (Path part : parts) {
      for (Path step : folder.relativize(part)) {
        String name = step.toString();
        if (KEY.matcher(name).matches() && !step.equals(part.getFileName())) {
          keys.add(name.substring(0, name.indexOf('=')));
        }
      }
    }
    return keys.stream()
        .map(key -> "'" + key + "' in the names of the folders is not used")
        .toList();
  }
}
