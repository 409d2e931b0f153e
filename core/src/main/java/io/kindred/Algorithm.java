package io.kindred;

import java.util.function.Function;

/**
 * One line of the registry: all that the rest of Kindred must know of an algorithm.
 *
 * @param name the name in recipes, on the command line and in bundles ("item-knn")
 * @param description one line for a person
 * @param trainer makes a trainer from hyperparameters; refuses unknown names and unreadable values
 *     with a {@link KindredException}, values out of range with an {@link
 *     IllegalArgumentException}, which {@link AlgorithmRegistry#trainer} makes one too
 * @param codec writes and reads its models
 * @param <M> the kind of model
 */
public record Algorithm<M extends Model>(
    String name,
    String description,
    Function<Parameters, ? extends Trainer<M>> trainer,
    ModelCodec<M> codec) {}
