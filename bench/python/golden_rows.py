#!/usr/bin/env python3
"""Writes the golden files of the models that read histories as sets: weights, outputs, losses and
gradients of the same networks in Debian's python3-torch, which the tests of `neural` compare with.

    /usr/bin/python3 bench/python/golden_rows.py neural/src/test/resources/golden

One line an array: name, shape, values. Everybody u of USERS did the items i with
(3 u + 5 i + u i) mod 4 = 0, once each, with value 1 + (u + i) mod 5.
"""
import sys

import torch
import torch.nn.functional as F

USERS, ITEMS = 5, 11


def data(values):
    x = torch.zeros(USERS, ITEMS)
    for u in range(USERS):
        for i in range(ITEMS):
            if (3 * u + 5 * i + u * i) % 4 == 0:
                x[u, i] = 1 + (u + i) % 5 if values else 1
    return x


def normal(generator, *shape):
    return (torch.randn(*shape, generator=generator) * 0.5).requires_grad_(True)


def write(folder, name, weights, outputs, loss):
    loss.backward()
    with open(f"{folder}/{name}.txt", "w") as out:
        arrays = [(f"weight.{key}", w) for key, w in weights.items()]
        arrays += [(f"gradient.{key}", w.grad) for key, w in weights.items()]
        arrays += list(outputs.items()) + [("loss", loss.reshape(1))]
        for key, array in arrays:
            shape = ",".join(str(n) for n in array.shape)
            print(key, shape, *(f"{v:.7g}" for v in array.detach().flatten().tolist()), file=out)


def multinomial(scores, x):
    return -(F.log_softmax(scores, 1) * x).sum() / USERS


def multi_vae(folder):
    g = torch.Generator().manual_seed(1)
    h, z = 4, 3
    shapes = {
        "in": (ITEMS, h), "in.bias": (h,), "mean": (z, h), "mean.bias": (z,), "variance": (z, h),
        "variance.bias": (z,), "up": (h, z), "up.bias": (h,), "out": (ITEMS, h), "out.bias": (ITEMS,),
    }
    w = {name: normal(g, *shape) for name, shape in shapes.items()}
    x = data(False)
    hidden = torch.tanh(F.normalize(x) @ w["in"] + w["in.bias"])
    mean = F.linear(hidden, w["mean"], w["mean.bias"])
    log_variance = F.linear(hidden, w["variance"], w["variance.bias"])
    decoded = torch.tanh(F.linear(mean, w["up"], w["up.bias"]))  # no noise: z is the mean
    scores = F.linear(decoded, w["out"], w["out.bias"])
    divergence = -0.5 * (1 + log_variance - mean**2 - log_variance.exp()).sum() / USERS
    write(folder, "multi-vae", w, {"scores": scores}, multinomial(scores, x) + 0.3 * divergence)


def multi_dae(folder):
    g = torch.Generator().manual_seed(2)
    z = 3
    shapes = {"in": (ITEMS, z), "in.bias": (z,), "out": (ITEMS, z), "out.bias": (ITEMS,)}
    w = {name: normal(g, *shape) for name, shape in shapes.items()}
    x = data(False)
    hidden = torch.tanh(F.normalize(x) @ w["in"] + w["in.bias"])
    scores = F.linear(hidden, w["out"], w["out.bias"])
    write(folder, "multi-dae", w, {"scores": scores}, multinomial(scores, x))


def auto_rec(folder):
    g = torch.Generator().manual_seed(3)
    h = 4
    shapes = {"in": (ITEMS, h), "in.bias": (h,), "out": (ITEMS, h), "out.bias": (ITEMS,)}
    w = {name: normal(g, *shape) for name, shape in shapes.items()}
    r = data(True)
    scores = F.linear(torch.sigmoid(r @ w["in"] + w["in.bias"]), w["out"], w["out.bias"])
    weight = torch.where(r > 0, torch.ones_like(r), torch.full_like(r, 0.25))
    write(folder, "auto-rec", w, {"scores": scores}, (weight * (r - scores) ** 2).sum() / USERS)


def history_cnn(folder):
    g = torch.Generator().manual_seed(4)
    n, h, side = 2, 3, 8
    shapes = {
        "first": (n, 9), "first.bias": (n,), "second": (2 * n, 9 * n), "second.bias": (2 * n,),
        "dense": (h, 2 * n * 4), "dense.bias": (h,), "out": (ITEMS, h), "out.bias": (ITEMS,),
    }
    w = {name: normal(g, *shape) for name, shape in shapes.items()}
    x = data(True)
    grid = torch.zeros(USERS, side * side)
    grid[:, [(7 * i + 3) % 64 for i in range(ITEMS)]] = F.normalize(x)  # item i lies in cell 7 i + 3 mod 64
    grid = grid.reshape(USERS, 1, side, side)
    a = F.max_pool2d(F.relu(F.conv2d(grid, w["first"].reshape(n, 1, 3, 3), w["first.bias"], padding=1)), 2)
    c = F.conv2d(a, w["second"].reshape(2 * n, n, 3, 3), w["second.bias"], padding=1)
    c = F.max_pool2d(F.relu(c), 2).flatten(1)
    hidden = F.relu(F.linear(c, w["dense"], w["dense.bias"]))
    scores = F.linear(hidden, w["out"], w["out.bias"])
    write(folder, "history-cnn", w, {"scores": scores}, multinomial(scores, data(False)))


def light_gcn(folder):
    g = torch.Generator().manual_seed(5)
    w = {"embedding": normal(g, USERS + ITEMS, 3)}
    x = data(False)
    edges = torch.zeros(USERS + ITEMS, USERS + ITEMS)
    edges[:USERS, USERS:] = x
    edges[USERS:, :USERS] = x.t()
    scale = edges.sum(1).clamp(min=1).rsqrt()
    edges = edges * scale[:, None] * scale[None, :]
    layers = [w["embedding"]]
    for _ in range(3):
        layers.append(edges @ layers[-1])
    items = sum(layers)[USERS:] / 4
    users = sum(layers[1:])[:USERS] / 4
    scores = users @ items.t()
    loss = -(F.log_softmax(scores, 1) * x).sum() / x.sum()
    write(folder, "light-gcn", w, {"scores": scores}, loss)


def neu_mf(folder):
    g = torch.Generator().manual_seed(6)
    d, h = 3, 4
    shapes = {
        "read": (ITEMS, 2 * d), "item": (ITEMS, 2 * d), "person": (h, d), "first": (h, d),
        "first.bias": (h,), "deep1": (h // 2, h), "deep1.bias": (h // 2,), "products": (1, d),
        "top": (1, h // 2), "bias": (ITEMS,),
    }
    w = {name: normal(g, *shape) for name, shape in shapes.items()}
    x = data(False)

    def score(p, i):
        q = w["item"][i]
        product = (p[:d] * q[:d] * w["products"][0]).sum()
        z = F.relu(w["person"] @ p[d:] + w["first"] @ q[d:] + w["first.bias"])
        z = F.relu(w["deep1"] @ z + w["deep1.bias"])
        return product + (w["top"][0] * z).sum() + w["bias"][i]

    scores = torch.stack(
        [score(x[u] @ w["read"] / x[u].sum().clamp(min=1).sqrt(), i) for u in range(USERS) for i in range(ITEMS)]
    ).reshape(USERS, ITEMS)
    loss = torch.zeros(())
    for u in range(USERS):
        n = x[u].sum()
        for i in range(ITEMS):
            if x[u, i] == 1:  # the negative is the next item, whatever it is
                positive = score((x[u] @ w["read"] - w["read"][i]) / (n - 1).clamp(min=1).sqrt(), i)
                negative = score(x[u] @ w["read"] / n.sqrt(), (i + 1) % ITEMS)
                loss = loss + F.softplus(-positive) + F.softplus(negative)
    write(folder, "neu-mf", w, {"scores": scores}, loss / x.sum())


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for model in (multi_vae, multi_dae, auto_rec, history_cnn, light_gcn, neu_mf):
        model(sys.argv[1])


if __name__ == "__main__":
    main()
