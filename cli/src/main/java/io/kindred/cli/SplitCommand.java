package io.kindred.cli;

import io.kindred.KindredException;
import io.kindred.data.Dataset;
import io.kindred.data.Interactions;
import io.kindred.data.Vocabulary;
import io.kindred.split.HeldOut;
import io.kindred.split.Split;
import io.kindred.split.Splitter;
import io.kindred.split.UserHoldout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes the parts of a split as files. */
@Command(
    name = "split",
    description = {
      "Split data into train, validation and test files, without leaks.",
      "",
      "The folder can be given to 'kindred evaluate --split given'."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  kindred split ratings.csv --split leave-one-out --output parts",
      "  kindred split ml-latest-small --split 'temporal(0.8)' -o parts",
      "  kindred split ratings.csv --split 'ratio(0.8,0.1,0.1,random)' -o parts",
      "  kindred split ratings.csv --split 'k-fold(5)' -o folds",
      "",
      "Splits: leave-one-out, temporal(0.8), temporal(2018-01-01), ratio(0.8,0.2),",
      "ratio(0.8,0.1,0.1,time), k-fold(5), cold-items(0.2,0.1), new-items(0.8)."
    })
final class SplitCommand extends ResultCommand {
  @Mixin private DataOptions data;

  @Option(
      names = {"-s", "--split"},
      paramLabel = "SPLIT",
      defaultValue = "leave-one-out",
      description = "How to split (default: ${DEFAULT-VALUE}).")
  private String split;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FOLDER",
      description = "A new or empty folder.")
  private Path output;

  @Mixin private WorkOptions work;

  SplitCommand(Terminal terminal) {
    super(terminal);
  }

  /** One file; a line of what {@code --json} prints. */
  record Part(String file, long interactions, int users) {}

  /** What {@code --json} prints. */
  record Result(String split, String folder, long seed, List<Part> parts) {}

  @Override
  public Integer call() {
    Splitter splitter = Splitter.parse(split);
    if (splitter instanceof UserHoldout) {
      throw new KindredException(
          "files of train and test cannot hold what is shown of held-out people;"
              + " kindred evaluate makes a user-holdout split by itself");
    }
    Outputs.refuseUnlessFree(output);
    List<Split> splits;
    try (ProgressBar progress = progress()) {
      Dataset dataset = data.read(this, work.threads(), progress);
      splits = splitter.splits(dataset, work.seed());
      splits.get(0).tieWarning(Split.Part.TEST).ifPresent(progress::onWarning);
    }
    List<Part> parts = new ArrayList<>();
    Outputs.folder(
        output,
        folder -> {
          for (int fold = 0; fold < splits.size(); fold++) {
            String prefix = splits.size() == 1 ? "" : "fold-" + (fold + 1) + "/";
            Files.createDirectories(folder.resolve(prefix));
            write(splits.get(fold), folder, prefix, parts);
          }
        });
    if (json()) {
      Json.print(terminal(), new Result(splitter.spec(), output.toString(), work.seed(), parts));
    } else {
      Table table = new Table().left("file").right("interactions").right("people");
      parts.forEach(
          part ->
              table.row(
                  output.resolve(part.file()),
                  format("%,d", part.interactions()),
                  format("%,d", part.users())));
      table.print(terminal(), "");
    }
    return ExitCode.OK;
  }

  private static void write(Split split, Path folder, String prefix, List<Part> parts) {
    parts.add(write(folder, prefix + "train.csv", split.train(), split.train().interactions()));
    if (split.validation().isPresent()) {
      HeldOut validation = split.validation().get();
      parts.add(write(folder, prefix + "validation.csv", split.train(), validation.targets()));
    }
    parts.add(write(folder, prefix + "test.csv", split.train(), split.test().targets()));
  }

  private static Part write(Path folder, String file, Dataset ids, Interactions interactions) {
    int users = 0;
    for (int user = 0; user < interactions.userCount(); user++) {
      users += interactions.userSize(user) > 0 ? 1 : 0;
    }
    Outputs.file(folder.resolve(file), out -> rows(out, ids.users(), ids.items(), interactions));
    return new Part(file, interactions.size(), users);
  }

  /** Writes interactions as rows of user, item, value, and time and type where they are known. */
  static void rows(
      java.io.Writer out, Vocabulary users, Vocabulary items, Interactions interactions)
      throws IOException {
    boolean times = interactions.hasTimes();
    boolean types = interactions.types() != null;
    out.write(
        "user_id,item_id,value" + (times ? ",timestamp" : "") + (types ? ",type" : "") + "\n");
    for (int user = 0; user < interactions.userCount(); user++) {
      if ((user & 0xfff) == 0) {
        Interruption.check();
      }
      String userId = users.id(user);
      for (int p = interactions.starts()[user]; p < interactions.starts()[user + 1]; p++) {
        List<Object> cells = new ArrayList<>();
        cells.add(userId);
        cells.add(items.id(interactions.items()[p]));
        cells.add(Numbers.text(interactions.values()[p]));
        if (times) {
          cells.add(interactions.time(p));
        }
        if (types) {
          String type = interactions.type(p);
          cells.add(type == null ? "" : type);
        }
        Csv.row(out, cells.toArray());
      }
    }
  }
}
