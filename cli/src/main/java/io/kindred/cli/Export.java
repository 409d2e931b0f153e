package io.kindred.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.kindred.KindredException;
import io.kindred.Model;
import io.kindred.Neighbor;
import io.kindred.Profile;
import io.kindred.Query;
import io.kindred.RatingPredictor;
import io.kindred.RecommendationList;
import io.kindred.SimilarItems;
import io.kindred.SimilarUsers;
import io.kindred.data.Dataset;
import io.kindred.data.Interactions;
import io.kindred.data.Vocabulary;
import io.kindred.ingest.ParquetFile;
import io.kindred.recommend.ModelRecommender;
import io.kindred.sparse.Parallel;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes what a model knows as a file for other programs. */
@Command(
    name = "export",
    description = {
      "Write what a model knows as a file.",
      "That is recommendations for all users in one go, neighbors, ids, or histories.",
      "'-' writes to standard output."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  kindred export model --what recommendations -n 20 -o recommendations.csv",
      "  kindred export model --what neighbors -o neighbors.parquet",
      "  kindred export model --what histories -o - | head"
    })
final class Export extends BaseCommand {
  private static final int BLOCK = 256;

  @Mixin private BundleArgument bundle;

  /** What can be written. */
  enum What {
    recommendations,
    neighbors,
    users,
    items,
    histories
  }

  /** How it can be written. */
  enum Form {
    csv,
    jsonl,
    parquet
  }

  @Option(
      names = "--what",
      paramLabel = "WHAT",
      defaultValue = "recommendations",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private What what;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = {
        "${COMPLETION-CANDIDATES} (default: by the ending of the file, .csv, .jsonl,",
        ".ndjson or .parquet; csv without one)."
      })
  private @Nullable Form format;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      defaultValue = "-",
      description = "The file; one that is there is replaced.")
  private String output;

  @Option(
      names = "-n",
      paramLabel = "COUNT",
      defaultValue = "10",
      description = "How many recommendations or neighbors each (default: ${DEFAULT-VALUE}).")
  private int n;

  @Option(names = "--seen", description = "Recommend items of the history, too.")
  private boolean seen;

  @Mixin private WorkOptions work;

  Export(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() throws IOException {
    if (n < 1) {
      throw usage("-n must be at least 1, got " + n);
    }
    Form form = form();
    if (form == Form.parquet && output.equals("-")) {
      throw usage("Parquet is written to a file: name it with --output");
    }
    Model model = bundle.open();
    try (ProgressBar progress = progress()) {
      if (output.equals("-")) {
        Writer out = commandLine().getOut();
        write(model, new Rows(out, form), progress);
        out.flush();
      } else if (form == Form.parquet) {
        Outputs.at(Path.of(output), partial -> parquet(model, partial, progress));
        note("Wrote %s", output);
      } else {
        Outputs.file(Path.of(output), out -> write(model, new Rows(out, form), progress));
        note("Wrote %s", output);
      }
    }
    return ExitCode.OK;
  }

  /** Writes rows of CSV first, which DuckDB turns into Parquet. */
  private void parquet(Model model, Path file, ProgressBar progress) throws IOException {
    Path csv = Files.createTempFile("kindred-export", ".csv");
    try {
      List<ParquetFile.Column> columns;
      try (Writer out = Files.newBufferedWriter(csv, StandardCharsets.UTF_8)) {
        Rows rows = new Rows(out, Form.parquet);
        write(model, rows, progress);
        columns = rows.columns;
      }
      ParquetFile.write(csv, file, columns);
    } finally {
      Files.deleteIfExists(csv);
    }
  }

  private Form form() {
    if (format != null) {
      return format;
    }
    String name = String.valueOf(Path.of(output).getFileName()).toLowerCase(Locale.ROOT);
    String ending = name.substring(name.lastIndexOf('.') + 1);
    return switch (ending) {
      case "csv" -> Form.csv;
      case "jsonl", "ndjson" -> Form.jsonl;
      case "parquet" -> Form.parquet;
      default -> {
        if (name.contains(".")) {
          throw usage(
              "no format has the ending of "
                  + output
                  + ": name the file .csv, .jsonl, .ndjson or .parquet, or say --format");
        }
        yield Form.csv;
      }
    };
  }

  private void write(Model model, Rows rows, ProgressBar progress) throws IOException {
    Dataset data = model.data();
    switch (what) {
      case recommendations -> recommendations(model, rows, progress);
      case neighbors -> neighbors(model, rows, progress);
      case users -> ids(data.users(), "user", rows);
      case items -> items(data, rows);
      case histories -> histories(data, rows);
    }
  }

  private static void histories(Dataset data, Rows rows) throws IOException {
    Interactions all = data.interactions();
    List<ParquetFile.Column> columns =
        new ArrayList<>(List.of(text("user_id"), text("item_id"), number("value")));
    boolean times = all.hasTimes();
    boolean types = all.types() != null;
    if (times) {
      columns.add(integer("timestamp"));
    }
    if (types) {
      columns.add(text("type"));
    }
    rows.header(columns.toArray(ParquetFile.Column[]::new));
    for (int user = 0; user < all.userCount(); user++) {
      if ((user & 0xfff) == 0) {
        Interruption.check();
      }
      for (int p = all.starts()[user]; p < all.starts()[user + 1]; p++) {
        List<@Nullable Object> cells = new ArrayList<>();
        cells.add(data.users().id(user));
        cells.add(data.items().id(all.items()[p]));
        cells.add(rows.json ? (Object) all.values()[p] : Numbers.text(all.values()[p]));
        if (times) {
          cells.add(all.time(p));
        }
        if (types) {
          cells.add(all.type(p));
        }
        rows.row(cells.toArray());
      }
    }
  }

  private static ParquetFile.Column text(String name) {
    return new ParquetFile.Column(name, ParquetFile.Type.TEXT);
  }

  private static ParquetFile.Column integer(String name) {
    return new ParquetFile.Column(name, ParquetFile.Type.INTEGER);
  }

  private static ParquetFile.Column number(String name) {
    return new ParquetFile.Column(name, ParquetFile.Type.NUMBER);
  }

  private static ParquetFile.Column flag(String name) {
    return new ParquetFile.Column(name, ParquetFile.Type.FLAG);
  }

  private void recommendations(Model model, Rows rows, ProgressBar progress) throws IOException {
    Dataset data = model.data();
    ModelRecommender recommender = ModelRecommender.of(model);
    Query.Filter filter = seen ? Query.Filter.ALL : Query.Filter.UNSEEN;
    boolean predicts = model instanceof RatingPredictor;
    List<ParquetFile.Column> columns =
        new ArrayList<>(
            List.of(text("user"), integer("rank"), text("item"), number("score"), flag("filled")));
    if (predicts) {
      columns.add(number("rating"));
    }
    rows.header(columns.toArray(ParquetFile.Column[]::new));
    int users = data.users().size();
    RecommendationList[] lists = new RecommendationList[BLOCK];
    for (int from = 0; from < users; from += BLOCK) {
      int first = from;
      int size = Math.min(BLOCK, users - from);
      Parallel.forBlocks(
          work.threads(),
          size,
          8,
          () ->
              (low, high) -> {
                for (int at = low; at < high; at++) {
                  Query query = Query.ofUser(data.users().id(first + at));
                  lists[at] = recommender.recommend(query.withN(n).withFilter(filter));
                }
              });
      for (int at = 0; at < size; at++) {
        String user = data.users().id(from + at);
        List<RecommendationList.Item> list = lists[at].items();
        float[] ratings =
            recommender
                .predict(
                    Query.ofUser(user), list.stream().map(RecommendationList.Item::item).toList())
                .orElse(new float[0]);
        for (int rank = 0; rank < list.size(); rank++) {
          RecommendationList.Item one = list.get(rank);
          Float score = one.filled() ? null : (Float) (float) one.score();
          if (predicts) {
            Float rating = one.filled() ? null : (Float) ratings[rank];
            rows.row(user, rank + 1, one.item(), score, one.filled(), rating);
          } else {
            rows.row(user, rank + 1, one.item(), score, one.filled());
          }
        }
      }
      progress.onProgress("recommendations", from + size, users, "");
    }
  }

  private void neighbors(Model model, Rows rows, ProgressBar progress) throws IOException {
    Dataset data = model.data();
    if (model instanceof SimilarItems comparing) {
      rows.header(text("item"), integer("rank"), text("neighbor"), number("similarity"));
      for (int item = 0; item < data.items().size(); item++) {
        neighbors(data.items().id(item), comparing.similarItems(item, n), rows);
        progress.onProgress("neighbors", item + 1L, data.items().size(), "");
      }
    } else if (model instanceof SimilarUsers comparing) {
      rows.header(text("user"), integer("rank"), text("neighbor"), number("similarity"));
      for (int user = 0; user < data.users().size(); user++) {
        Profile profile = new Profile(user, data.interactions().history(user));
        neighbors(data.users().id(user), comparing.similarUsers(profile, n), rows);
        progress.onProgress("neighbors", user + 1L, data.users().size(), "");
      }
    } else {
      throw new KindredException("a model of '" + model.info().algorithm() + "' has no neighbors");
    }
  }

  private static void neighbors(String of, List<Neighbor> neighbors, Rows rows) throws IOException {
    int rank = 1;
    for (Neighbor neighbor : neighbors) {
      rows.row(of, rank++, neighbor.id(), (float) neighbor.similarity());
    }
  }

  private static void ids(Vocabulary ids, String name, Rows rows) throws IOException {
    rows.header(integer("index"), text(name));
    for (int index = 0; index < ids.size(); index++) {
      rows.row(index, ids.id(index));
    }
  }

  private static void items(Dataset data, Rows rows) throws IOException {
    int[] counts = data.interactions().itemCounts();
    rows.header(integer("index"), text("item"), text("title"), integer("interactions"));
    for (int index = 0; index < counts.length; index++) {
      String title = data.itemFeatures().title(index).orElse("");
      rows.row(index, data.items().id(index), title, counts[index]);
    }
  }

  /** Writes rows in one of the forms; those of Parquet as CSV. */
  private static final class Rows {
    private final Writer out;
    private final boolean json;
    private List<ParquetFile.Column> columns = List.of();

    Rows(Writer out, Form form) {
      this.out = out;
      this.json = form == Form.jsonl;
    }

    void header(ParquetFile.Column... all) throws IOException {
      columns = List.of(all);
      if (!json) {
        Csv.row(out, columns.stream().map(ParquetFile.Column::name).toArray());
      }
    }

    void row(@Nullable Object... cells) throws IOException {
      if (!json) {
        Csv.row(out, cells);
        return;
      }
      JsonGenerator generator = new JsonFactory().createGenerator(out);
      generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      generator.writeStartObject();
      for (int c = 0; c < cells.length; c++) {
        generator.writeObjectField(columns.get(c).name(), cells[c]);
      }
      generator.writeEndObject();
      generator.close();
      out.write('\n');
    }
  }
}
