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
 * Any source of lists: a whole recommender with its filters and re-ranking, or lists from
 * elsewhere. Thread-safe.
 */
@FunctionalInterface
public interface Ranker {
  /**
   * The list for one person.
   *
   * @param profile who is asked for
   * @param n how many items are wanted
   * @return item indexes, best first, no item twice, none of the profile's history; shorter where
   *     there are no more
   */
  int[] rank(Profile profile, int n);

  /**
   * The lists of a recommender, in the index space of its data. The history of the profile is sent
   * with each query.
   *
   * @param data the data that the model behind the recommender was trained on
   */
  static Ranker of(Recommender recommender, Dataset data) {
    return (profile, n) -> {
      History history = profile.history();
      List<Query.Event> events = new ArrayList<>(history.size());
      for (int i = 0; i < history.size(); i++) {
        events.add(
            new Query.Event(
                data.items().id(history.items()[i]), history.values()[i], history.times()[i]));
      }
      Query query = Query.ofItems(List.of()).withN(n).withHistory(events);
      if (profile.user() >= 0) {
        query = Query.ofUser(data.users().id(profile.user())).withN(n).withHistory(events);
      }
      RecommendationList answer = recommender.recommend(query);
      return answer.items().stream().mapToInt(item -> data.items().index(item.item())).toArray();
    };
  }
}
