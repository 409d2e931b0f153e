#!/usr/bin/env python3
"""Writes the golden file of ImageCnn: weights, layer outputs, loss and gradients of the same network
in Debian's python3-torch, which the tests of `neural` compare with.

    /usr/bin/python3 bench/python/golden_images.py neural/src/test/resources/golden

Pictures of 8 x 12 pixels follow from the indexes: item i has at row y, column x, channel c the value
(37 i + 11 y + 5 x + 83 c + x y) mod 256. Everybody u of 5 did the items i of 11 with
(3 u + 5 i + u i) mod 4 = 0; the batch is all items, with all pairs, user by user.
"""
import sys

import torch
import torch.nn.functional as F

from golden_rows import data, normal, write

USERS, ITEMS, WIDTH, HEIGHT, CHANNELS, D = 5, 11, 8, 12, 2, 3


def pixels():
    x = torch.zeros(ITEMS, 3, HEIGHT, WIDTH)
    for i in range(ITEMS):
        for c in range(3):
            for y in range(HEIGHT):
                for k in range(WIDTH):
                    x[i, c, y, k] = ((37 * i + 11 * y + 5 * k + 83 * c + k * y) % 256 - 128) / 64
    return x


def image_cnn(folder, loss_kind):
    g = torch.Generator().manual_seed(7)
    shapes = {
        "vectors": (ITEMS, D + 1), "read": (ITEMS, D),
        "conv1": (CHANNELS, 27), "conv1.bias": (CHANNELS,),
        "conv2": (2 * CHANNELS, 9 * CHANNELS), "conv2.bias": (2 * CHANNELS,),
        "out": (D + 1, 2 * CHANNELS * 2 * 3), "out.bias": (D + 1,),
    }
    w = {name: normal(g, *shape) for name, shape in shapes.items()}
    x = pixels()
    for layer, channels in ((1, 3), (2, CHANNELS)):
        kernel = w[f"conv{layer}"].reshape(-1, channels, 3, 3)
        x = F.max_pool2d(F.relu(F.conv2d(x, kernel, w[f"conv{layer}.bias"], padding=1)), 2)
        if layer == 1:
            first = x
    vectors = F.linear(x.flatten(1), w["out"], w["out.bias"])
    done = data(False)
    sums = done @ w["read"]
    loss, pairs = 0, 0
    for u in range(USERS):
        own = [i for i in range(ITEMS) if done[u, i]]
        for i in own:
            person = (sums[u] - w["read"][i]) / max(1, len(own) - 1) ** 0.5
            scores = vectors[:, :D] @ person + vectors[:, D]
            others = [k for k in range(ITEMS) if k == i or not done[u, k]]
            if loss_kind == "softmax":
                loss = loss + torch.logsumexp(scores[others], 0) - scores[i]
            else:
                # Other positives have a score of -1e9: they give nothing.
                loss = loss + F.softplus(scores[others] - scores[i]).sum() / ITEMS
            pairs += 1
    loss = loss / pairs + 0 * w["vectors"].sum()
    write(folder, f"image-cnn-{loss_kind}", w, {"first": first, "vectors": vectors}, loss)


if __name__ == "__main__":
    for kind in ("softmax", "bpr"):
        image_cnn(sys.argv[1], kind)
