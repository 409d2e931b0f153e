#!/usr/bin/env python3
"""Writes the golden files of the sequence models: small random weights and a small batch, with the outputs, the loss and
all gradients of the same network written in plain PyTorch, in double precision. The tests of kindred-neural compare with
them (GoldenTest).

    golden_sequences.py FOLDER [NAME ...]   FOLDER: neural/src/test/resources/golden

Needs PyTorch (Debian: python3-torch). Made once; the same files come out again.
"""
import array
import json
import math
import os
import struct
import sys

import torch
import torch.nn.functional as F

ITEMS, D, HIDDEN, MAX_LENGTH = 9, 4, 6, 7
PAD = ITEMS
ROWS = [[3, 1, 4, 1, 5, 2, 6], [2, 7, 8], [0]]  # what was read; one row is as long as can be
NEXT = [5, 3, 8]  # what came after the last one
LENGTH = max(len(row) for row in ROWS)


class Weights:
    """Weights by name, made when they are asked for first, as doubles that floats hold exactly."""

    def __init__(self, seed):
        self.random = torch.Generator().manual_seed(seed)
        self.all = {}

    def get(self, name, *shape, around=0.0, scale=0.5):
        values = around + scale * torch.randn(*shape, generator=self.random)
        self.all[name] = values.double().requires_grad_()
        return self.all[name]

    def items(self, name="item", rows=ITEMS + 1):
        table = torch.zeros(rows, D)
        table[:ITEMS] = 0.5 * torch.randn(ITEMS, D, generator=self.random)
        table[ITEMS + 1 :] = 0.5 * torch.randn(rows - ITEMS - 1, D, generator=self.random)
        self.all[name] = table.double().requires_grad_()
        return self.all[name]

    def norm(self, name):
        return self.get(name + ".weight", D, around=1.0), self.get(name + ".bias", D)


class Batch:
    """Padded rows with targets; positions are counted from the end."""

    def __init__(self, rows, targets, length, max_length, gaps=None):
        self.items = torch.full((len(rows), length), PAD)
        self.positions = torch.zeros(len(rows), length, dtype=torch.long)
        self.gaps = torch.zeros(len(rows), length, dtype=torch.long)
        self.lengths = [len(row) for row in rows]
        for r, row in enumerate(rows):
            self.items[r, : len(row)] = torch.tensor(row)
            self.positions[r, : len(row)] = torch.arange(max_length - len(row), max_length)
            if gaps:
                self.gaps[r, : len(row)] = torch.tensor(gaps[r])
        self.places = [r * length + column for r, column, _ in targets]
        self.targets = torch.tensor([target for _, _, target in targets])

    def at_places(self, states):
        return states.reshape(-1, states.shape[-1])[self.places]


def next_items(steps=1, **more):
    targets = []
    for r, row in enumerate(ROWS):
        known = row + [NEXT[r]]
        for column in range(len(row)):
            for target in known[column + 1 : column + 1 + steps]:
                targets.append((r, column, target))
    return Batch(ROWS, targets, LENGTH, MAX_LENGTH, **more)


# ------------------------------------------------------------------------------------------------------------- networks
# Each gives the parameters of the trainer, the batch, the vectors at its places, the output items and their biases.


def recurrent_layer(x, weights, name, cell):
    """The states at all places, cell by cell from a state of zeros."""
    rows = {"rnn": 1, "gru": 3, "lstm": 4}[cell] * HIDDEN
    own = (
        weights.get(name + "input", rows, x.shape[2]),
        weights.get(name + "state", rows, HIDDEN),
        weights.get(name + "input.bias", rows),
        weights.get(name + "state.bias", rows),
    )
    state = torch.zeros(x.shape[0], HIDDEN).double()
    memory = torch.zeros_like(state)
    states = []
    for column in range(x.shape[1]):
        if cell == "lstm":
            state, memory = torch.lstm_cell(x[:, column], (state, memory), *own)
        else:
            step = torch.gru_cell if cell == "gru" else torch.rnn_tanh_cell
            state = step(x[:, column], state, *own)
        states.append(state)
    return torch.stack(states, dim=1)


def gru4rec(weights, cell, layers, tied):
    batch = next_items()
    item = weights.items()
    x = F.embedding(batch.items, item, padding_idx=PAD)
    for layer in range(layers):
        x = recurrent_layer(x, weights, f"layer{layer}.", cell)
    vectors = F.linear(batch.at_places(x), weights.get("project", D, HIDDEN), weights.get("project.bias", D))
    output = item if tied else weights.items("out")
    return {"cell": cell, "layers": layers, "tied": tied, "hidden": HIDDEN}, batch, vectors, output, weights.get("out.bias", ITEMS)


def attend(y, x, weights, name, heads, mask):
    """Multi-head attention with queries of y, keys and values of x; the mask [.., length, length] is added."""
    qkv, bias = weights.get(name + "qkv", 3 * D, D), weights.get(name + "qkv.bias", 3 * D)
    q, k, v = F.linear(x, qkv, bias).chunk(3, dim=2)
    if y is not x:
        q = F.linear(y, qkv, bias).chunk(3, dim=2)[0]
    width = D // heads
    parts = []
    for head in range(heads):
        own = slice(head * width, (head + 1) * width)
        scores = q[:, :, own] @ k[:, :, own].transpose(1, 2) / math.sqrt(width) + mask[head]
        parts.append(torch.softmax(scores, dim=2) @ v[:, :, own])
    return F.linear(torch.cat(parts, dim=2), weights.get(name + "out", D, D), weights.get(name + "out.bias", D))


def transformer_layer(x, weights, layer, heads, norms, mask, wide, activation):
    name = f"layer{layer}."
    attention = lambda y: attend(y, x if norms == "query" else y, weights, name, heads, mask)

    def feed_forward(y):
        up = F.linear(y, weights.get(name + "up", wide, D), weights.get(name + "up.bias", wide))
        return F.linear(activation(up), weights.get(name + "down", D, wide), weights.get(name + "down.bias", D))

    for number, part in enumerate((attention, feed_forward), 1):
        scale, shift = weights.norm(f"{name}norm{number}")
        norm = lambda y: F.layer_norm(y, (D,), scale, shift)
        if norms == "query":
            y = norm(x)
            x = y + part(y)
        else:
            x = x + part(norm(x)) if norms == "pre" else norm(x + part(x))
    return x


def sasrec(weights, norm, positions, heads, gaps, kernel=1):
    batch = next_items(gaps=[[0, 3, 1, 7, 0, 31, 2], [0, 4, 5], [0]] if gaps else None)
    item = weights.items()
    x = math.sqrt(D) * F.embedding(batch.items, item, padding_idx=PAD)
    causal = torch.full((LENGTH, LENGTH), -math.inf).triu(1).double()
    mask = [causal] * heads
    if kernel > 1:
        mix = weights.get("mix", D, kernel * D).reshape(D, kernel, D).transpose(1, 2)
        x = x + F.conv1d(F.pad(x.transpose(1, 2), (kernel - 1, 0)), mix).transpose(1, 2)
    if positions == "learned":
        x = x + F.embedding(batch.positions, weights.get("position", MAX_LENGTH, D))
    if positions == "relative":
        table = weights.get("position", MAX_LENGTH, heads)
        distance = (torch.arange(LENGTH)[:, None] - torch.arange(LENGTH)[None, :]).clamp(min=0)
        mask = [causal + table[:, head][distance] for head in range(heads)]
    if gaps:
        x = x + F.embedding(batch.gaps, weights.get("gap", 32, D))
    for layer in range(2):
        x = transformer_layer(x, weights, layer, heads, norm, mask, 2 * D, torch.relu)
    scale, shift = weights.norm("norm")
    vectors = F.layer_norm(batch.at_places(x), (D,), scale, shift)
    parameters = {"norm": norm, "positions": positions, "heads": heads, "timeGaps": gaps, "layers": 2, "feedForward": 2}
    if kernel > 1:
        parameters["kernel"] = kernel
    return parameters, batch, vectors, item, None


def caser(weights, window, steps, long_term, tied):
    batch = next_items(steps)
    n, m = 3, 2
    item = weights.items()
    embedded = F.embedding(batch.items, item, padding_idx=PAD)
    rows, means = [], []
    for place in batch.places:
        row, column = divmod(place, LENGTH)
        before = torch.zeros(max(0, window - column - 1), D).double()
        rows.append(torch.cat([before, embedded[row, max(0, column - window + 1) : column + 1]]))
        older = embedded[row, : max(0, column - window + 1)]
        means.append(older.mean(0) if len(older) else torch.zeros(D).double())
    pictures = torch.stack(rows).unsqueeze(1)  # [P, 1, window, d]
    found = []
    for height in range(1, window + 1):
        filters, bias = weights.get(f"filter{height}", n, height, D), weights.get(f"filter{height}.bias", n)
        found.append(torch.relu(F.conv2d(pictures, filters.unsqueeze(1), bias)).squeeze(3).max(dim=2)[0])
    found.reverse()  # the highest filters first
    vertical = weights.get("vertical", m, window)
    found.append(F.conv2d(pictures, vertical.reshape(m, 1, window, 1)).reshape(len(rows), m * D))
    z = torch.relu(F.linear(torch.cat(found, dim=1), weights.get("dense", HIDDEN, window * n + m * D), weights.get("dense.bias", HIDDEN)))
    if long_term:
        z = torch.cat([z, torch.stack(means)], dim=1)
    vectors = F.linear(z, weights.get("project", D, z.shape[1]), weights.get("project.bias", D))
    output = item if tied else weights.items("out")
    parameters = {"window": window, "targets": steps, "longTerm": long_term, "tied": tied, "horizontal": n, "vertical": m, "hidden": HIDDEN}
    return parameters, batch, vectors, output, weights.get("out.bias", ITEMS)


def nextitnet(weights, kernel):
    batch = next_items()
    item = weights.items()
    x = F.embedding(batch.items, item, padding_idx=PAD)
    for block in range(2):
        y = x
        for half in range(2):
            name, dilation = f"layer{2 * block + half}.", 2 ** (2 * block + half)
            filters = weights.get(name + "conv", D, kernel * D).reshape(D, kernel, D).transpose(1, 2)
            padded = F.pad(y.transpose(1, 2), ((kernel - 1) * dilation, 0))
            y = F.conv1d(padded, filters, weights.get(name + "conv.bias", D), dilation=dilation).transpose(1, 2)
            scale, shift = weights.norm(name + "norm")
            y = torch.relu(F.layer_norm(y, (D,), scale, shift))
        x = x + y
    vectors = F.linear(batch.at_places(x), weights.get("project", D, D), weights.get("project.bias", D))
    return {"kernel": kernel, "blocks": 2}, batch, vectors, item, weights.get("out.bias", ITEMS)


def narm(weights):
    batch = next_items()
    width = 5
    item = weights.items()
    states = recurrent_layer(F.embedding(batch.items, item, padding_idx=PAD), weights, "layer0.", "gru")
    asking, asked = weights.get("asking", width, HIDDEN), weights.get("asked", width, HIDDEN)
    weighing, decode = weights.get("weighing", 1, width), weights.get("decode", D, 2 * HIDDEN)
    vectors = []
    for place in batch.places:
        row, column = divmod(place, LENGTH)
        last, seen = states[row, column], states[row, : column + 1]
        shares = torch.sigmoid(asking @ last + seen @ asked.T) @ weighing[0]
        vectors.append(decode @ torch.cat([last, shares @ seen]))
    return {"hidden": HIDDEN, "attention": width}, batch, torch.stack(vectors), item, None


def bert4rec(weights):
    """The last items of all rows and one in the middle of the first are masked."""
    mask = ITEMS + 1
    rows = [row + [mask] for row in ROWS]
    rows[0][2] = mask
    targets = [(r, len(row) - 1, NEXT[r]) for r, row in enumerate(rows)] + [(0, 2, ROWS[0][2])]
    targets.sort()
    batch = Batch(rows, targets, LENGTH + 1, MAX_LENGTH + 1)
    item = weights.items(rows=ITEMS + 2)
    x = math.sqrt(D) * F.embedding(batch.items, item, padding_idx=PAD)
    x = x + F.embedding(batch.positions, weights.get("position", MAX_LENGTH + 1, D))
    padded = torch.zeros(len(rows), 1, LENGTH + 1).double()
    for r, row in enumerate(rows):
        padded[r, 0, len(row) :] = -math.inf
    x = transformer_layer(x, weights, 0, 2, "pre", [padded] * 2, 2 * D, F.gelu)
    scale, shift = weights.norm("norm")
    states = F.layer_norm(batch.at_places(x), (D,), scale, shift)
    vectors = F.gelu(F.linear(states, weights.get("project", D, D), weights.get("project.bias", D)))
    return {"layers": 1, "heads": 2, "feedForward": 2}, batch, vectors, item, weights.get("out.bias", ITEMS)


MODELS = {
    "sasrec-pre": lambda w: sasrec(w, "pre", "learned", 1, False),
    "sasrec-post": lambda w: sasrec(w, "post", "relative", 2, True),
    "gru4rec-rnn": lambda w: gru4rec(w, "rnn", 2, True),
    "gru4rec-gru": lambda w: gru4rec(w, "gru", 1, True),
    "gru4rec-lstm": lambda w: gru4rec(w, "lstm", 1, False),
    "caser": lambda w: caser(w, 3, 1, False, True),
    "caser-long": lambda w: caser(w, 2, 2, True, False),
    "nextitnet": lambda w: nextitnet(w, 3),
    "narm": narm,
    "bert4rec": bert4rec,
    "sasrec-query": lambda w: sasrec(w, "query", "learned", 2, False),
    "sasrec-kernel": lambda w: sasrec(w, "pre", "learned", 1, False, kernel=3),
}


# ---------------------------------------------------------------------------------------------------------------- files


def write(path, arrays):
    """A safetensors file of floats, longs and bytes."""
    header, data = {}, b""
    for name, (kind, shape, values) in arrays.items():
        raw = values if kind == "U8" else array.array({"F32": "f", "I64": "q"}[kind], values).tobytes()
        header[name] = {"dtype": kind, "shape": list(shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def floats(tensor):
    return "F32", tensor.shape, tensor.detach().reshape(-1).tolist()


def longs(values):
    flat = values.reshape(-1).tolist() if torch.is_tensor(values) else list(values)
    return "I64", [len(flat)], flat


def make(name, seed):
    weights = Weights(seed)
    parameters, batch, vectors, output, bias = MODELS[name](weights)
    scores = vectors @ output[:ITEMS].T + (0 if bias is None else bias)
    loss = F.cross_entropy(scores, batch.targets)
    loss.backward()
    text = "\n".join(f"{key}={str(value).lower()}" for key, value in parameters.items())
    arrays = {
        "parameters": ("U8", [len(text)], text.encode()),
        "items": longs(batch.items),
        "positions": longs(batch.positions),
        "gaps": longs(batch.gaps),
        "lengths": longs(batch.lengths),
        "places": longs(batch.places),
        "targets": longs(batch.targets),
        "hidden": floats(vectors),
        "loss": floats(loss.reshape(1)),
    }
    for key, weight in weights.all.items():
        arrays["weight." + key] = floats(weight)
        arrays["gradient." + key] = floats(torch.zeros_like(weight) if weight.grad is None else weight.grad)
    return arrays


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for number, name in enumerate(MODELS):
        if len(sys.argv) == 2 or name in sys.argv[2:]:
            write(os.path.join(sys.argv[1], name, "checkpoint.safetensors"), make(name, number))


if __name__ == "__main__":
    main()
