package io.kindred.server;

import io.kindred.CandidateIndex;
import io.kindred.Model;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a server serves, and where.
 *
 * @param models the models by name, at least one; the first is the one that answers where a request
 *     names none
 * @param host the address to listen on
 * @param port the port from 0 to 65535; 0 takes any free one
 * @param images the folder that the paths of the items' image column are in; {@code null}: no
 *     pictures are served
 * @param showUsers whether similar people are named by their ids; else they are "Person 1", "Person
 *     2"
 * @param indexes for the models of these names, the indexes that find their candidates; other
 *     models score all items. New items are added to them. Whoever opened them closes them after
 *     the server
 * @param newItems the file that keeps the items that come in while it runs; what is there is added
 *     at the start; pictures that come with them are kept in a folder beside it, of its name and
 *     {@code .pictures}. {@code null}: no items are taken
 * @param allowedHosts the names by which it may be asked ({@code Host}), beside {@code localhost},
 *     {@code host}, addresses in numbers and, where it listens on more than the loopback, the name
 *     of the machine; {@code "*"} allows all. Others are answered with 421, since a page of
 *     somebody else can have its own name point to this machine
 */
public record ServerOptions(
    Map<String, Model> models,
    String host,
    int port,
    @Nullable Path images,
    boolean showUsers,
    Map<String, CandidateIndex> indexes,
    @Nullable Path newItems,
    Set<String> allowedHosts) {
  /** The port where none is given. */
  public static final int STANDARD_PORT = 8080;

  /** Checks and copies. */
  public ServerOptions {
    if (models.isEmpty()) {
      throw new IllegalArgumentException("models must not be empty");
    }
    if (models.containsKey("")) {
      throw new IllegalArgumentException("the name of a model must not be empty");
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port must be from 0 to 65535, got " + port);
    }
    models = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(models));
    indexes = Map.copyOf(indexes);
    allowedHosts = Set.copyOf(allowedHosts);
    for (String name : indexes.keySet()) {
      if (!models.containsKey(name)) {
        throw new IllegalArgumentException(
            "there is an index of '" + name + "', but no such model");
      }
    }
  }

  /** The same without indexes; new items are not taken. */
  public ServerOptions(
      Map<String, Model> models, String host, int port, @Nullable Path images, boolean showUsers) {
    this(models, host, port, images, showUsers, Map.of(), null);
  }

  /** The same, asked by its own names only. */
  public ServerOptions(
      Map<String, Model> models,
      String host,
      int port,
      @Nullable Path images,
      boolean showUsers,
      Map<String, CandidateIndex> indexes,
      @Nullable Path newItems) {
    this(models, host, port, images, showUsers, indexes, newItems, Set.of());
  }

  /**
   * One model under the name of its algorithm, on 127.0.0.1, port 8080, without pictures, similar
   * people anonymous.
   */
  public static ServerOptions of(Model model) {
    return new ServerOptions(
        Map.of(model.info().algorithm(), model), "127.0.0.1", STANDARD_PORT, null, false);
  }

  /** The same with one more model. */
  public ServerOptions withModel(String name, Model model) {
    Map<String, Model> more = new LinkedHashMap<>(models);
    more.put(name, model);
    return new ServerOptions(more, host, port, images, showUsers, indexes, newItems, allowedHosts);
  }

  /** The same on another address. */
  public ServerOptions withHost(String newHost) {
    return new ServerOptions(
        models, newHost, port, images, showUsers, indexes, newItems, allowedHosts);
  }

  /** The same on another port. */
  public ServerOptions withPort(int newPort) {
    return new ServerOptions(
        models, host, newPort, images, showUsers, indexes, newItems, allowedHosts);
  }

  /** The same with the pictures of a folder. */
  public ServerOptions withImages(Path folder) {
    return new ServerOptions(
        models, host, port, folder, showUsers, indexes, newItems, allowedHosts);
  }

  /** The same with similar people named or not. */
  public ServerOptions withShowUsers(boolean newShowUsers) {
    return new ServerOptions(
        models, host, port, images, newShowUsers, indexes, newItems, allowedHosts);
  }

  /** The same with an index that finds the candidates of one of the models. */
  public ServerOptions withIndex(String name, CandidateIndex index) {
    Map<String, CandidateIndex> more = new LinkedHashMap<>(indexes);
    more.put(name, index);
    return new ServerOptions(models, host, port, images, showUsers, more, newItems, allowedHosts);
  }

  /** The same, taking new items and keeping them in a file. */
  public ServerOptions withNewItems(Path file) {
    return new ServerOptions(models, host, port, images, showUsers, indexes, file, allowedHosts);
  }

  /** The same, which may be asked by these names, too. */
  public ServerOptions withAllowedHosts(Set<String> names) {
    return new ServerOptions(models, host, port, images, showUsers, indexes, newItems, names);
  }

  /** The file of new items, if they are taken. */
  public Optional<Path> itemFile() {
    return Optional.ofNullable(newItems);
  }

  /** The folder of pictures, if there is one. */
  public Optional<Path> imageFolder() {
    return Optional.ofNullable(images);
  }
}
