package io.kindred.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.kindred.server.answer.ServedModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Models with the items that came in while a server ran. */
final class NewItems {
  private static final Logger LOG = LoggerFactory.getLogger(NewItems.class);

  private NewItems() {}

  /** The model with the items that were read. */
  static ServedModel larger(ServedModel model, ItemReader read) {
    ServedModel larger = model;
    for (ItemReader.Items items : read.items()) {
      larger = larger.withItems(items.ids(), items.features());
    }
    return larger;
  }

  /**
   * The models with the items that came in before. What does not fit any longer (an item that the
   * model was trained with meanwhile, a column that is gone) is left out with a warning.
   */
  static Map<String, ServedModel> restored(
      Map<String, ServedModel> served, List<ItemLog.Entry> entries, @Nullable Images images) {
    Map<String, ServedModel> all = new LinkedHashMap<>(served);
    for (ServedModel model : served.values()) {
      ItemReader whole = new ItemReader(model, images);
      int count = 0;
      for (ItemLog.Entry entry : entries) {
        for (JsonNode item : entry.items()) {
          if (!entry.model().equals(model.name())) {
            continue;
          }
          int before = whole.errors().size();
          whole.readIfRight(item, "");
          if (whole.errors().size() > before) {
            Problem.FieldError wrong = whole.errors().get(before);
            LOG.warn(
                "new item {} of '{}' is left out: {} must be {}",
                item.path("item"),
                model.name(),
                wrong.pointer(),
                wrong.expected());
          } else {
            count++;
          }
        }
      }
      if (count > 0) {
        all.put(model.name(), larger(model, whole));
      }
    }
    return all;
  }
}
