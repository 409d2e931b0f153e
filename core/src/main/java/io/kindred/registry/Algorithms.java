package io.kindred.registry;

import io.kindred.Algorithm;
import io.kindred.AlgorithmProvider;
import io.kindred.AlgorithmRegistry;
import io.kindred.baseline.Bias;
import io.kindred.baseline.Popularity;
import io.kindred.baseline.RandomItems;
import io.kindred.blend.Blend;
import io.kindred.content.CategoryPopularity;
import io.kindred.content.ContentKnn;
import io.kindred.content.Rocchio;
import io.kindred.factor.Bpr;
import io.kindred.factor.ImplicitAls;
import io.kindred.factor.LogisticMf;
import io.kindred.factor.Warp;
import io.kindred.graph.P3Alpha;
import io.kindred.graph.RP3Beta;
import io.kindred.knn.ItemKnn;
import io.kindred.knn.ItemKnnRating;
import io.kindred.knn.UserKnn;
import io.kindred.knn.UserKnnRating;
import io.kindred.linear.Slim;
import io.kindred.linear.SlimAdmm;
import io.kindred.rating.BiasedMf;
import io.kindred.rating.ExplicitAls;
import io.kindred.rating.Nmf;
import io.kindred.rating.SvdPlusPlus;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** All algorithms that are on the class path. */
public final class Algorithms {
  private Algorithms() {}

  /** The algorithms of this module, one line each. */
  private static List<Algorithm<?>> core() {
    return List.of(
        Popularity.ALGORITHM,
        RandomItems.ALGORITHM,
        CategoryPopularity.ALGORITHM,
        Bias.ALGORITHM,
        ItemKnn.ALGORITHM,
        UserKnn.ALGORITHM,
        ItemKnnRating.ALGORITHM,
        UserKnnRating.ALGORITHM,
        ImplicitAls.ALGORITHM,
        Bpr.ALGORITHM,
        Warp.ALGORITHM,
        LogisticMf.ALGORITHM,
        Slim.ALGORITHM,
        SlimAdmm.ALGORITHM,
        RP3Beta.ALGORITHM,
        P3Alpha.ALGORITHM,
        BiasedMf.ALGORITHM,
        SvdPlusPlus.ALGORITHM,
        ExplicitAls.ALGORITHM,
        Nmf.ALGORITHM,
        ContentKnn.ALGORITHM,
        Rocchio.ALGORITHM);
  }

  /** Names of the algorithms whose models are {@link io.kindred.IncrementalModel}s. */
  public static List<String> incremental() {
    return List.of(
        "als",
        "bpr",
        "warp",
        "logistic-mf",
        "slim",
        "slim-admm",
        "rp3-beta",
        "p3-alpha",
        "biased-mf",
        "svd-plus-plus",
        "explicit-als",
        "nmf");
  }

  /**
   * The algorithms of this module and of every {@link AlgorithmProvider}, and blends of them, which
   * are of the last line.
   */
  public static AlgorithmRegistry all() {
    List<Algorithm<?>> all = new ArrayList<>(core());
    for (AlgorithmProvider provider : ServiceLoader.load(AlgorithmProvider.class)) {
      all.addAll(provider.algorithms());
    }
    all.add(Blend.algorithm(new AlgorithmRegistry(all)));
    return new AlgorithmRegistry(all);
  }
}
