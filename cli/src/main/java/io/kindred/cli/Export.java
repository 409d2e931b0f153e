package io.kindred.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.kindred.KindredException;
import io.kindred.Model;
import io.kindred.Neighbor;
import io.kindred.Profile;
import io.kindred.Query;
import io.kindred.RecommendationList;
import io.kindred.SimilarItems;
import io.kindred.SimilarUsers;
import io.kindred.data.Dataset;
import io.kindred.data.Vocabulary;
import io.kindred.recommend.ModelRecommender;
import io.kindred.sparse.Parallel;
import java.io.IOException;
import java.io.Writer;
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
      "  kindred export model --what neighbors --format jsonl -o neighbors.jsonl",
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
    jsonl
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
      description = "${COMPLETION-CANDIDATES} (default: by the ending of the file, else csv).")
  private @Nullable Form form;

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
    Model model = bundle.open();
    try (ProgressBar progress = progress()) {
      if (output.equals("-")) {
        Writer out = commandLine().getOut();
        write(model, out, progress);
        out.flush();
      } else {
        Outputs.file(Path.of(output), out -> write(model, out, progress));
        note("Wrote %s", output);
      }
    }
    return ExitCode.OK;
  }

  private Form form() {
    if (form != null) {
      return form;
    }
    String name = output.toLowerCase(Locale.ROOT);
    return name.endsWith(".jsonl") || name.endsWith(".ndjson") ? Form.jsonl : Form.csv;
  }

  private void write(Model model, Writer out, ProgressBar progress) throws IOException {
    Dataset data = model.data();
    switch (what) {
      case recommendations -> recommendations(model, new Rows(out, form()), progress);
      case neighbors -> neighbors(model, new Rows(out, form()), progress);
      case users -> ids(data.users(), "user", new Rows(out, form()));
      case items -> items(data, new Rows(out, form()));
      case histories -> {
        if (form() == Form.jsonl) {
          throw new KindredException("histories are written as csv");
        }
        SplitCommand.rows(out, data.users(), data.items(), data.interactions());
      }
    }
  }

  private void recommendations(Model model, Rows rows, ProgressBar progress) throws IOException {
    Dataset data = model.data();
    ModelRecommender recommender = ModelRecommender.of(model);
    Query.Filter filter = seen ? Query.Filter.ALL : Query.Filter.UNSEEN;
    rows.header("user", "rank", "item", "score", "filled");
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
        int rank = 1;
        for (RecommendationList.Item one : lists[at].items()) {
          rows.row(user, rank++, one.item(), (float) one.score(), one.filled());
        }
      }
      progress.onProgress("recommendations", from + size, users, "");
    }
  }

  private void neighbors(Model model, Rows rows, ProgressBar progress) throws IOException {
    Dataset data = model.data();
    if (model instanceof SimilarItems comparing) {
      rows.header("item", "rank", "neighbor", "similarity");
      for (int item = 0; item < data.items().size(); item++) {
        neighbors(data.items().id(item), comparing.similarItems(item, n), rows);
        progress.onProgress("neighbors", item + 1L, data.items().size(), "");
      }
    } else if (model instanceof SimilarUsers comparing) {
      rows.header("user", "rank", "neighbor", "similarity");
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
    rows.header("index", name);
    for (int index = 0; index < ids.size(); index++) {
      rows.row(index, ids.id(index));
    }
  }

  private static void items(Dataset data, Rows rows) throws IOException {
    int[] counts = data.interactions().itemCounts();
    rows.header("index", "item", "title", "interactions");
    for (int index = 0; index < counts.length; index++) {
      String title = data.itemFeatures().title(index).orElse("");
      rows.row(index, data.items().id(index), title, counts[index]);
    }
  }

  /** Writes rows in one of the forms. */
  private static final class Rows {
    private final Writer out;
    private final Form form;
    private List<String> names = List.of();

    Rows(Writer out, Form form) {
      this.out = out;
      this.form = form;
    }

    void header(String... columns) throws IOException {
      names = List.of(columns);
      if (form == Form.csv) {
        Csv.row(out, (Object[]) columns);
      }
    }

    void row(Object... cells) throws IOException {
      if (form == Form.csv) {
        Csv.row(out, cells);
        return;
      }
      JsonGenerator json = new JsonFactory().createGenerator(out);
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.writeStartObject();
      List<String> columns = new ArrayList<>(names);
      for (int c = 0; c < cells.length; c++) {
        json.writeObjectField(columns.get(c), cells[c]);
      }
      json.writeEndObject();
      json.close();
      out.write('\n');
    }
  }
}
