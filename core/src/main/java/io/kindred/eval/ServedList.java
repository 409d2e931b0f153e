package io.kindred.eval;

import io.kindred.Profile;
import io.kindred.Query;
import io.kindred.RecommendationList;
import io.kindred.Recommender;
import io.kindred.data.Dataset;
import io.kindred.data.History;
import java.util.ArrayList;
import java.util.List;

/**
 * What a recommender serves to a person, whose history is sent along.
 *
 * @param items indexes, best first
 * @param filled how many of them stand there because the model could not score enough
 */
record ServedList(int[] items, int filled) {
  /** The list of a recommender over a model that was trained on the data. */
  static ServedList of(Recommender recommender, Profile profile, int n, Dataset data) {
    RecommendationList list = recommender.recommend(query(profile, n, data));
    return new ServedList(
        list.items().stream().mapToInt(item -> data.items().index(item.item())).toArray(),
        (int) list.items().stream().filter(RecommendationList.Item::filled).count());
  }

  private static Query query(Profile profile, int n, Dataset data) {
    History history = profile.history();
    float largest = Query.Event.LARGEST; // the data may hold more than a query
    List<Query.Event> events = new ArrayList<>(history.size());
    for (int i = 0; i < history.size(); i++) {
      float value = Math.max(-largest, Math.min(largest, history.values()[i]));
      events.add(new Query.Event(data.items().id(history.items()[i]), value, history.times()[i]));
    }
    Query query =
        profile.user() >= 0
            ? Query.ofUser(data.users().id(profile.user()))
            : Query.ofItems(List.of());
    return query.withN(n).withHistory(events);
  }
}
