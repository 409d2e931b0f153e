package io.kindred.ingest;

import io.kindred.KindredException;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.Vocabulary;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of pictures, each file named by the id of its item ({@code 42.jpg}), or by another name
 * that a text of two columns gives. Not thread-safe.
 */
final class ItemImages {
  private static final Pattern FILE = Pattern.compile("(?i)(.+)\\.(jpe?g|png|webp|gif|bmp)");

  private final Path folder;
  private final Map<String, String> files; // by name without extension
  private final @Nullable Map<String, String> nameOf; // of an item
  private int found;

  private ItemImages(Path folder, Map<String, String> files, @Nullable Map<String, String> nameOf) {
    this.folder = folder;
    this.files = files;
    this.nameOf = nameOf;
  }

  /**
   * The pictures of a folder; of two with one name and two extensions, the first in alphabetical
   * order.
   *
   * @throws KindredException if it is no folder, or a line of the names cannot be read
   */
  static ItemImages of(Path folder, @Nullable Path names) {
    if (!Files.isDirectory(folder)) {
      throw new KindredException("the folder of pictures " + folder + " is not a folder");
    }
    Map<String, String> files = new HashMap<>();
    try (Stream<Path> all = Files.list(folder)) {
      all.map(path -> path.getFileName().toString())
          .sorted()
          .forEach(
              file -> {
                Matcher parts = FILE.matcher(file);
                if (parts.matches()) {
                  files.putIfAbsent(parts.group(1), file);
                }
              });
    } catch (IOException e) {
      throw new KindredException("the folder of pictures " + folder + " cannot be read: " + e, e);
    }
    return new ItemImages(
        folder.toAbsolutePath().normalize(), files, names == null ? null : names(names));
  }

  private static Map<String, String> names(Path file) {
    Map<String, String> names = new TreeMap<>();
    try {
      List<String> lines = Files.readAllLines(file);
      for (int line = 1; line < lines.size(); line++) {
        String[] cells = lines.get(line).split("[\t,]", -1);
        if (cells.length < 2 || cells[0].isBlank() || cells[1].isBlank()) {
          if (lines.get(line).isBlank()) {
            continue;
          }
          throw new KindredException(
              file + ", line " + (line + 1) + ": must be an item id and the name of its picture");
        }
        names.put(cells[0].strip(), cells[1].strip());
      }
    } catch (MalformedInputException e) {
      throw new KindredException(file + " is not a text in UTF-8", e);
    } catch (IOException e) {
      throw new KindredException("the names of pictures " + file + " cannot be read: " + e, e);
    }
    return names;
  }

  /** The features with one more column of pictures. */
  Features addTo(Features features, Vocabulary items) {
    @Nullable String[] paths = new @Nullable String[items.size()];
    for (int item = 0; item < paths.length; item++) {
      String id = items.id(item);
      String name = nameOf == null ? id : nameOf.get(id);
      paths[item] = name == null ? null : files.get(name);
      found += paths[item] == null ? 0 : 1;
    }
    if (found == 0) {
      throw new KindredException(
          "none of the "
              + files.size()
              + " pictures in "
              + folder
              + " is named by the id of an item, such as "
              + items.id(0)
              + ".jpg"
              + (nameOf == null ? "; a file of names can say which is whose" : ""));
    }
    List<FeatureColumn> columns = new ArrayList<>(features.columns());
    String column = "image";
    for (int n = 2; features.column(column).isPresent(); n++) {
      column = "image " + n;
    }
    columns.add(new FeatureColumn.Image(column, Arrays.asList(paths), folder));
    return new Features(features.size(), columns);
  }

  /** What was found, for a person. */
  String note(int items) {
    return String.format(
        Locale.ROOT,
        "%,d of %,d items have a picture in %s; %,d pictures there are of no item",
        found,
        items,
        folder,
        Math.max(0, files.size() - found));
  }
}
