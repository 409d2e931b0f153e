package io.kindred.server.answer;

import io.kindred.Algorithm;
import io.kindred.Cancellation;
import io.kindred.Explainer;
import io.kindred.Model;
import io.kindred.ModelInfo;
import io.kindred.Neighbor;
import io.kindred.NewItems;
import io.kindred.PictureExplainer;
import io.kindred.Query;
import io.kindred.RatingPredictor;
import io.kindred.RecommendationList;
import io.kindred.SaliencyMap;
import io.kindred.SimilarItems;
import io.kindred.SimilarUsers;
import io.kindred.data.Dataset;
import io.kindred.data.FeatureColumn;
import io.kindred.data.Features;
import io.kindred.data.History;
import io.kindred.data.Vocabulary;
import io.kindred.explain.ExplanationText;
import io.kindred.recommend.ModelRecommender;
import io.kindred.recommend.NameSearch;
import io.kindred.registry.Algorithms;
import io.kindred.server.answer.Answers.Event;
import io.kindred.server.answer.Answers.Explained;
import io.kindred.server.answer.Answers.Item;
import io.kindred.server.answer.Answers.Lookalike;
import io.kindred.server.answer.Answers.ModelCard;
import io.kindred.server.answer.Answers.ModelLine;
import io.kindred.server.answer.Answers.Reasons;
import io.kindred.server.answer.Answers.Recommendations;
import io.kindred.server.answer.Answers.Recommended;
import io.kindred.server.answer.Answers.Saliency;
import io.kindred.server.answer.Answers.SimilarItem;
import io.kindred.server.answer.Answers.SimilarItemList;
import io.kindred.server.answer.Answers.SimilarUser;
import io.kindred.server.answer.Answers.SimilarUserList;
import io.kindred.server.answer.Answers.User;
import io.kindred.server.answer.Answers.UserHistory;
import io.kindred.server.answer.Answers.Users;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A model under its name on the server, and everything that is asked of it. Thread-safe. */
public final class ServedModel {
  /** Longer texts are left out of lists of items. */
  private static final int LONGEST_TEXT = 200;

  /** How many users, items and reasons a warm-up asks for. */
  private static final int WARM_UP = 3;

  private final String name;
  private final Model model;
  private final ModelRecommender recommender;
  private final Settings settings;
  private final Dataset data;
  private final DataView dataView;
  private final int[] itemCounts;
  private final NameSearch users;
  private final ExplanationView explanations;
  private final SaliencyMaps maps;

  /** What all models of a server share, and that they share the computing of maps. Thread-safe. */
  public static final class Settings {
    private final boolean images;
    private final boolean showUsers;
    private final SaliencyMaps.Limit limit = new SaliencyMaps.Limit();

    /**
     * What is shown.
     *
     * @param images whether the pictures of the items are served
     * @param showUsers whether similar people are named by their ids
     */
    public Settings(boolean images, boolean showUsers) {
      this.images = images;
      this.showUsers = showUsers;
    }
  }

  /** Builds the search indexes of items and users. Cost O(users + items + interactions). */
  public ServedModel(String name, Model model, Settings settings) {
    this(name, ModelRecommender.of(model), settings);
  }

  /** The same, with answers from a given recommender. */
  public ServedModel(String name, ModelRecommender recommender, Settings settings) {
    this(
        name,
        recommender,
        settings,
        DataView.of(recommender.model().data(), recommender.scale()),
        NameSearch.ofUsers(recommender.model().data()));
  }

  private ServedModel(
      String name,
      ModelRecommender recommender,
      Settings settings,
      DataView dataView,
      NameSearch users) {
    this.name = name;
    this.model = recommender.model();
    this.recommender = recommender;
    this.settings = settings;
    this.maps = new SaliencyMaps(settings.limit);
    this.data = model.data();
    this.dataView = dataView;
    this.itemCounts = data.interactions().itemCounts();
    this.users = users;
    ExplanationText anonymous = ExplanationText.of(data, recommender.scale());
    this.explanations =
        new ExplanationView(
            settings.showUsers ? anonymous.withUserIds() : anonymous,
            settings.showUsers,
            this::itemOf);
    recommender.search(); // built now and not by the first request
  }

  /** The name under which the server knows it. */
  public String name() {
    return name;
  }

  /** Whether it can say which items are similar. */
  public boolean knowsSimilarItems() {
    return model instanceof SimilarItems;
  }

  /** Whether it can say which people are similar. */
  public boolean knowsSimilarUsers() {
    return model instanceof SimilarUsers;
  }

  /** Whether it can score items that nobody has done. */
  public boolean knowsNewItems() {
    return model instanceof NewItems;
  }

  /** Whether it looks at pictures and can say what it saw in them. */
  public boolean looksAtPictures() {
    return model instanceof PictureExplainer;
  }

  /** Whether it knows an item. */
  public boolean hasItem(String item) {
    return data.items().contains(item);
  }

  /** Whether it knows a user. */
  public boolean hasUser(String user) {
    return data.users().contains(user);
  }

  /** Whether it knows a feature column of items. */
  public boolean hasItemColumn(String column) {
    return data.itemFeatures().column(column).isPresent();
  }

  /** How many items it knows. */
  public int itemCount() {
    return data.items().size();
  }

  /** How long the history is that a query is answered by. */
  public int historySize(Query query) {
    List<Query.Event> history = query.history();
    if (history != null) {
      return history.size();
    }
    int user = query.userId().map(data.users()::index).orElse(-1);
    return user < 0 ? 0 : data.interactions().userSize(user);
  }

  /** The items that occur most often in the data. */
  public List<String> frequentItems(int n) {
    return recommender.search().frequent(0, n).stream().map(data.items()::id).toList();
  }

  /** The users who did most. */
  public List<String> frequentUsers(int n) {
    return users.frequent(0, n).stream().map(data.users()::id).toList();
  }

  /**
   * Asks the model what it will be asked most, so that its first requests find all that is made
   * once: the tables of a factor model by columns, the counts of popularity.
   */
  public void warmUp() {
    List<Query> queries = new ArrayList<>();
    frequentUsers(WARM_UP).forEach(user -> queries.add(Query.ofUser(user)));
    queries.add(Query.ofItems(frequentItems(WARM_UP)));
    queries.add(Query.ofItems(List.of()));
    for (Query query : queries) {
      recommend(query, 0);
      recommend(query, WARM_UP);
    }
  }

  /** A feature column of items. */
  public Optional<FeatureColumn> itemColumn(String column) {
    return data.itemFeatures().column(column);
  }

  /**
   * The same with more items, which are recommended from the next question on. An index of the
   * model finds them, too; this one does not, if it is asked still.
   *
   * <p>Cost O(users + items + interactions).
   *
   * @throws io.kindred.KindredException unless {@link #knowsNewItems}, if an item is there already,
   *     or the features do not fit those of the training
   */
  public ServedModel withItems(Vocabulary items, Features features) {
    ModelRecommender larger = recommender.withItems(items, features);
    DataView view = dataView.withItems(larger.model().data());
    return new ServedModel(name, larger, settings, view, users);
  }

  /** The names of the feature columns of items. */
  public List<String> itemColumns() {
    return data.itemFeatures().columns().stream().map(FeatureColumn::name).toList();
  }

  /**
   * Recommends.
   *
   * @param reasons how many reasons to give for each item; 0: no explanations
   */
  public Recommendations recommend(Query query, int reasons) {
    return answer(query, recommender.recommend(query, reasons));
  }

  /**
   * Recommends among the items that hardly anybody has done. Popularity fills no places, so there
   * is nothing for somebody of whom nothing is known.
   *
   * @param most how many interactions an item may have
   * @param reasons how many reasons to give for each item; 0: no explanations
   */
  public Recommendations newItems(Query query, int most, int reasons) {
    BitSet known = new BitSet();
    for (int item = 0; item < itemCounts.length; item++) {
      if (itemCounts[item] > most) {
        known.set(item);
      }
    }
    return answer(query, recommender.withoutFilling().recommend(query, reasons, known));
  }

  private Recommendations answer(Query query, RecommendationList list) {
    List<Recommended> items = new ArrayList<>();
    List<String> explained =
        list.items().stream()
            .filter(one -> one.explanation().isPresent())
            .map(RecommendationList.Item::item)
            .toList();
    Map<String, Lookalike> like = looksLike(query, explained);
    Map<String, Item> shown = new HashMap<>();
    List<String> scored =
        list.items().stream()
            .filter(one -> !one.filled())
            .map(RecommendationList.Item::item)
            .toList();
    float[] ratings = recommender.predict(query, scored).orElse(null);
    int at = 0;
    for (RecommendationList.Item one : list.items()) {
      Cancellation.check();
      int item = data.items().index(one.item());
      Reasons why =
          one.explanation()
              .map(given -> explanations.of(given, shown).looking(like.get(one.item())))
              .orElse(null);
      Double score = one.filled() ? null : (Double) one.score();
      Double rating = one.filled() || ratings == null ? null : (Double) (double) ratings[at++];
      items.add(new Recommended(item(item), score, rating, one.filled(), why));
    }
    String user = query.userId().orElse(null);
    return new Recommendations(
        name,
        user,
        Answers.nameOf(list.servedBy()),
        items,
        list.unknownItems(),
        notes(
            query,
            list.servedBy() == RecommendationList.ServedBy.POPULARITY && !items.isEmpty(),
            list.unknownItems()));
  }

  private List<String> notes(Query query, boolean popular, List<String> unknownItems) {
    List<String> notes = new ArrayList<>();
    query
        .userId()
        .filter(user -> !hasUser(user))
        .ifPresent(
            user ->
                notes.add(
                    "User '"
                        + user
                        + "' is unknown"
                        + (popular ? ": these are the most popular items." : ".")));
    if (!unknownItems.isEmpty()) {
      notes.add(
          unknownItems.size() == 1
              ? "Item '" + unknownItems.get(0) + "' is unknown and was passed over."
              : unknownItems.size() + " items are unknown and were passed over.");
    }
    return notes;
  }

  /**
   * Explains an item for somebody.
   *
   * @param item an item that the model knows
   * @param limit how many reasons at the most, at least 1
   */
  public Explained explain(Query query, String item, int limit) {
    int index = data.items().index(item);
    List<String> unknown = new ArrayList<>();
    List<Query.Event> history = query.history();
    if (history != null) {
      history.stream()
          .map(Query.Event::item)
          .filter(id -> !hasItem(id))
          .distinct()
          .forEach(unknown::add);
    }
    Reasons reasons =
        recommender
            .explain(query, item, limit)
            .map(
                given ->
                    explanations
                        .of(given, new HashMap<>())
                        .looking(looksLike(query, List.of(item)).get(item)))
            .orElse(null);
    List<String> notes = new ArrayList<>(notes(query, false, unknown));
    if (reasons == null) {
      notes.add("Nothing in the history speaks for this item.");
    }
    Double rating =
        recommender.predict(query, List.of(item)).map(one -> (double) one[0]).orElse(null);
    return new Explained(
        name, query.userId().orElse(null), item(index), rating, reasons, unknown, notes);
  }

  /** What of the history looks most like each of some items, where pictures are shown. */
  private Map<String, Lookalike> looksLike(Query query, List<String> items) {
    Map<String, Lookalike> like = new HashMap<>();
    if (!settings.images || !looksAtPictures() || items.isEmpty()) {
      return like;
    }
    List<Optional<Neighbor>> found = recommender.looksLike(query, items);
    for (int i = 0; i < items.size(); i++) {
      Neighbor neighbor = found.get(i).orElse(null);
      if (neighbor != null) {
        Item item = itemOf(neighbor.id());
        like.put(
            items.get(i),
            new Lookalike(item.item(), item.title(), item.image(), neighbor.similarity()));
      }
    }
    return like;
  }

  /** The path of the picture of an item that the model knows. */
  public Optional<String> picture(String item) {
    return data.itemFeatures().picture(data.items().index(item));
  }

  /**
   * Which pixels of an item's picture speak for it. The last answers are kept, 256 or 16 MB of
   * them; asked for twice at once, one is computed once. Half of the processors compute at the
   * most.
   *
   * @param item an item that the model knows
   * @param picture the file of its picture
   * @throws io.kindred.KindredException unless {@link #looksAtPictures}, if nothing is known of the
   *     person, or the picture cannot be read
   * @throws BusyException if too many wait for maps already
   */
  public Saliency saliency(Query query, String item, Path picture) {
    String user = query.userId().orElse(null);
    SaliencyMap map = maps.get(digest(query, item), () -> recommender.saliency(query, picture));
    return new Saliency(name, user, item, map.width(), map.height(), map.score(), map.values());
  }

  /** Stands for a question: histories may be long. */
  private static String digest(Query query, String item) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      add(digest, item);
      query.userId().ifPresent(user -> add(digest, user));
      List<Query.Event> history = query.history();
      if (history != null) {
        add(digest, "history");
        history.forEach(event -> add(digest, event.item() + event.value() + ' ' + event.time()));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
    digest.update(bytes);
  }

  /**
   * Items like an item.
   *
   * @param item an item that the model knows
   * @throws io.kindred.KindredException unless {@link #knowsSimilarItems}
   */
  public SimilarItemList similarItems(String item, int n) {
    List<SimilarItem> list = new ArrayList<>();
    for (Neighbor neighbor : recommender.similarItems(item, n)) {
      list.add(
          new SimilarItem(
              item(data.items().index(neighbor.id())), neighbor.similarity(), overlap(neighbor)));
    }
    return new SimilarItemList(name, itemOf(item), list);
  }

  /**
   * People like a user.
   *
   * @param user a user that the model knows
   * @throws io.kindred.KindredException unless {@link #knowsSimilarUsers}
   */
  public SimilarUserList similarUsers(String user, int n) {
    List<SimilarUser> list = new ArrayList<>();
    for (Neighbor neighbor : recommender.similarUsers(Query.ofUser(user), n)) {
      list.add(
          new SimilarUser(
              "Person " + (list.size() + 1),
              settings.showUsers ? neighbor.id() : null,
              neighbor.similarity(),
              overlap(neighbor)));
    }
    return new SimilarUserList(name, user, !settings.showUsers, list);
  }

  private static @Nullable Integer overlap(Neighbor neighbor) {
    return neighbor.overlap() < 0 ? null : neighbor.overlap();
  }

  /** Items by words of their titles or by ids, the popular first. */
  public Answers.Items searchItems(String query, int limit) {
    NameSearch search = recommender.search();
    List<Integer> found = query.isBlank() ? search.frequent(0, limit) : search.find(query, limit);
    List<Item> items = found.stream().map(this::item).toList();
    return new Answers.Items(name, data.items().size(), items);
  }

  /** Users by ids, those with most interactions first. */
  public Users searchUsers(String query, int offset, int limit) {
    List<User> found = new ArrayList<>();
    for (int user :
        query.isBlank()
            ? users.frequent(offset, limit)
            : page(users.find(query, most(offset, limit)), offset)) {
      found.add(
          new User(
              data.users().id(user),
              data.userFeatures().title(user).orElse(null),
              data.interactions().userSize(user)));
    }
    return new Users(name, data.users().size(), found);
  }

  private static int most(int offset, int limit) {
    return (int) Math.min(Integer.MAX_VALUE, (long) offset + limit);
  }

  private static List<Integer> page(List<Integer> found, int offset) {
    return found.subList(Math.min(offset, found.size()), found.size());
  }

  /** An item with all its features, long texts too. */
  public Item fullItem(String item) {
    return item(data.items().index(item), Integer.MAX_VALUE);
  }

  /**
   * The newest part of what a user did, the newest last.
   *
   * @param user a user that the model knows
   */
  public UserHistory user(String user, int limit) {
    int index = data.users().index(user);
    History history = data.interactions().history(index);
    boolean times = data.interactions().hasTimes();
    List<Event> events = new ArrayList<>();
    for (int i = Math.max(0, history.size() - limit); i < history.size(); i++) {
      String time = times ? Instant.ofEpochSecond(history.times()[i]).toString() : null;
      events.add(new Event(item(history.items()[i]), history.values()[i], time));
    }
    return new UserHistory(name, user, history.size(), events);
  }

  /** Where the model comes from. */
  public ModelInfo info() {
    return model.info();
  }

  /** One line about the model. */
  public ModelLine line() {
    return new ModelLine(
        name,
        model.info().algorithm(),
        description(),
        data.name(),
        dataView.generated(),
        abilities());
  }

  private List<String> abilities() {
    List<String> can = new ArrayList<>();
    if (model instanceof Explainer) {
      can.add("explain");
    }
    if (knowsSimilarItems()) {
      can.add("similar-items");
    }
    if (knowsSimilarUsers()) {
      can.add("similar-users");
    }
    if (model instanceof RatingPredictor) {
      can.add("ratings");
    }
    if (knowsNewItems()) {
      can.add("new-items");
    }
    if (looksAtPictures()) {
      can.add("pictures");
    }
    return can;
  }

  /** All about the model. */
  public ModelCard card() {
    ModelInfo info = model.info();
    return new ModelCard(
        name,
        info.algorithm(),
        description(),
        info.parameters().asMap(),
        info.seed(),
        info.trainingSeconds(),
        info.fingerprint(),
        new TreeMap<>(info.metrics()),
        abilities(),
        dataView);
  }

  private @Nullable String description() {
    String algorithm = model.info().algorithm();
    return Algorithms.all().all().stream()
        .filter(one -> one.name().equals(algorithm))
        .map(Algorithm::description)
        .findFirst()
        .orElse(null);
  }

  // ------------------------------------------------------------------------------------------------------------------------------------ views

  private Item item(int index) {
    return item(index, LONGEST_TEXT);
  }

  private Item item(int index, int longestText) {
    Features features = data.itemFeatures();
    FeatureColumn titles = features.titleColumn().orElse(null);
    String image = null;
    Map<String, Object> shown = new LinkedHashMap<>();
    for (FeatureColumn column : features.columns()) {
      String text = column.display(index);
      if (text == null || column == titles || column instanceof FeatureColumn.Vectors) {
        continue;
      }
      if (column instanceof FeatureColumn.Image) {
        image = image == null && settings.images ? imageAddress(text) : image;
      } else if (column instanceof FeatureColumn.Tags tags) {
        shown.put(column.name(), tags(tags, index));
      } else if (column instanceof FeatureColumn.Numeric numeric) {
        shown.put(column.name(), numeric.numbers()[index]);
      } else if (text.length() <= longestText) {
        shown.put(column.name(), text);
      }
    }
    return new Item(
        data.items().id(index),
        features.title(index).orElse(null),
        image,
        shown,
        itemCounts[index]);
  }

  private static List<String> tags(FeatureColumn.Tags tags, int index) {
    List<String> names = new ArrayList<>();
    for (int p = tags.starts()[index]; p < tags.starts()[index + 1]; p++) {
      names.add(tags.tags().id(tags.codes()[p]));
    }
    return names;
  }

  private static String imageAddress(String path) {
    StringBuilder address = new StringBuilder("/images");
    for (String segment : path.split("/", -1)) {
      address
          .append('/')
          .append(URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20"));
    }
    return address.toString();
  }

  private Item itemOf(String id) {
    int index = data.items().index(id);
    return index < 0 ? new Item(id, null, null, Map.of(), null) : item(index);
  }
}
