package io.kindred.server;

import io.kindred.Model;
import io.kindred.Parameters;
import io.kindred.Trainer;
import io.kindred.TrainingContext;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.generate.World;
import io.kindred.generate.WorldConfig;
import io.kindred.neural.content.ImageCnn;
import io.kindred.neural.sequence.SasRec;
import io.kindred.registry.Algorithms;
import io.kindred.store.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A small generated world with pictures, and networks that were trained on it. */
final class SampleWorld {
  private static final int ITEMS = 120;

  final Path pictures;
  final Dataset data;
  private final Path folder;

  SampleWorld(Path folder) throws IOException {
    this.folder = folder;
    pictures = Files.createDirectories(folder.resolve("pictures"));
    World world =
        new World(WorldConfig.ofInteractions(2_000).withUsers(100).withItems(ITEMS).withSeed(5));
    List<String> paths = new ArrayList<>();
    for (int item = 0; item < ITEMS; item++) {
      paths.add(item + ".png");
      Files.write(pictures.resolve(paths.get(item)), world.image(item));
    }
    Dataset bare = world.toDataset(1);
    List<FeatureColumn> columns = new ArrayList<>(bare.itemFeatures().columns());
    columns.add(new FeatureColumn.Image("image", paths, pictures));
    data = bare.withFeatures(bare.userFeatures(), new Features(ITEMS, columns));
  }

  /** A network that sees pictures, as it comes back from its bundle. */
  Model imageCnn() {
    return kept(
        ImageCnn.of(
            Parameters.none()
                .with("dimensions", 8)
                .with("width", 24)
                .with("height", 32)
                .with("channels", 6)
                .with("layers", 3)
                .with("epochs", 8)));
  }

  /** A network that reads histories in their order. */
  Model sasRec() {
    return kept(
        SasRec.of(
            Parameters.none()
                .with("dimensions", 16)
                .with("layers", 1)
                .with("heads", 1)
                .with("maxLength", 20)
                .with("epochs", 8)));
  }

  private Model kept(Trainer<?> trainer) {
    Model model = trainer.train(data, TrainingContext.defaults().withThreads(1));
    Path bundle = folder.resolve(trainer.algorithm());
    ModelStore store = ModelStore.of(Algorithms.all());
    store.save(model, bundle);
    return store.load(bundle);
  }
}
