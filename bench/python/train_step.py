"""Training steps of the same networks in Debian's python3-torch, for NeuralBench.

usage: python3 train_step.py MODEL THREADS STEPS        MODEL: gru4rec, sasrec, sasrec-bce, caser
       python3 train_step.py epoch THREADS SEQUENCES    one epoch of SasRec over a file of sequences
       python3 train_step.py call THREADS COUNT         additions of one number
Prints milliseconds: of each step, of the epoch, or of a call.
"""
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

ITEMS, D = 10_000, 64


class Gru4Rec(nn.Module):
    def __init__(self, items):
        super().__init__()
        self.item = nn.Embedding(items + 1, D, padding_idx=items)
        self.gru = nn.GRU(D, 128, batch_first=True)
        self.project = nn.Linear(128, D)
        self.bias = nn.Parameter(torch.zeros(items))
        self.drop = nn.Dropout(0.3)

    def forward(self, x):
        h, _ = self.gru(self.drop(self.item(x)))
        return self.project(self.drop(h[:, -1]))


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(D), nn.LayerNorm(D)
        self.qkv, self.out = nn.Linear(D, 3 * D), nn.Linear(D, D)
        self.up, self.down = nn.Linear(D, D), nn.Linear(D, D)
        self.drop = nn.Dropout(0.3)

    def forward(self, x, mask):
        q, k, v = self.qkv(self.norm1(x)).split(D, dim=2)
        a = torch.softmax(q @ k.transpose(1, 2) / D**0.5 + mask, dim=-1) @ v
        x = x + self.drop(self.out(a))
        return x + self.drop(self.down(self.drop(F.relu(self.up(self.norm2(x))))))


class SasRec(nn.Module):
    def __init__(self, items, length):
        super().__init__()
        self.item = nn.Embedding(items + 1, D, padding_idx=items)
        self.position = nn.Embedding(length, D)
        self.layers = nn.ModuleList([Layer(), Layer()])
        self.norm, self.drop = nn.LayerNorm(D), nn.Dropout(0.3)
        self.register_buffer("mask", torch.full((length, length), -1e9).triu(1))
        nn.init.normal_(self.item.weight, std=0.03)

    def forward(self, x):
        h = self.drop(self.item(x) * D**0.5 + self.position.weight)
        for layer in self.layers:
            h = layer(h, self.mask)
        return self.norm(h)


class Caser(nn.Module):
    """Horizontal and vertical convolutions over the last five items, the next one as target."""

    def __init__(self, items):
        super().__init__()
        self.item = nn.Embedding(items + 1, D, padding_idx=items)
        self.horizontal = nn.ModuleList([nn.Conv2d(1, 16, (h, D)) for h in range(1, 6)])
        self.vertical = nn.Conv2d(1, 4, (5, 1))
        self.dense = nn.Linear(4 * D + 16 * 5, D)
        self.bias = nn.Parameter(torch.zeros(items))
        self.drop = nn.Dropout(0.3)

    def forward(self, x):
        e = self.item(x).unsqueeze(1)
        parts = [self.vertical(e).flatten(1)]
        for conv in self.horizontal:
            parts.append(F.relu(conv(e)).squeeze(3).max(dim=2).values)
        return F.relu(self.dense(self.drop(torch.cat(parts, 1))))


def steps(name, count):
    torch.manual_seed(1)
    items = ITEMS
    batch, length = {"gru4rec": (256, 50), "caser": (510, 5)}.get(name, (128, 50))
    model = {"gru4rec": lambda: Gru4Rec(items), "caser": lambda: Caser(items)}.get(
        name, lambda: SasRec(items, length)
    )()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for _ in range(count):
        x = torch.randint(0, items, (batch, length))
        y = torch.randint(0, items, (batch, length))
        start = time.perf_counter()
        optimizer.zero_grad()
        h = model(x)
        weight = model.item.weight[:items]
        if name in ("gru4rec", "caser"):
            loss = F.cross_entropy(h @ weight.t() + model.bias, y[:, -1])
        elif name == "sasrec":
            loss = F.cross_entropy(h.reshape(-1, D) @ weight.t(), y.reshape(-1))
        else:
            z = torch.randint(0, items, (batch, length))
            positive = (h * model.item(y)).sum(-1)
            negative = (h * model.item(z)).sum(-1)
            loss = F.softplus(-positive).mean() + F.softplus(negative).mean()
        loss.backward()
        optimizer.step()
        loss.item()
        print((time.perf_counter() - start) * 1e3, flush=True)


def epoch(path):
    """The plain loop: the last 200 items of everybody, padded to 200, batches of 128."""
    torch.manual_seed(1)
    length, batch = 200, 128
    people, known = [], {}
    with open(path) as lines:
        for line in lines:
            words = line.split()[1:]
            people.append([known.setdefault(w, len(known)) for w in words][-length - 1 :])
    items = len(known)
    x = torch.full((len(people), length), items)
    y = torch.full((len(people), length), items)
    for row, history in enumerate(people):
        n = len(history) - 1
        x[row, length - n :] = torch.tensor(history[:-1])
        y[row, length - n :] = torch.tensor(history[1:])
    model = SasRec(items, length)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    start = time.perf_counter()
    for rows in torch.randperm(len(people)).split(batch):
        optimizer.zero_grad()
        h = model(x[rows])
        z = torch.randint(0, items, (len(rows), length))
        mask = (y[rows] != items).float()
        positive = (h * model.item(y[rows])).sum(-1)
        negative = (h * model.item(z)).sum(-1)
        loss = ((F.softplus(-positive) + F.softplus(negative)) * mask).sum() / mask.sum()
        loss.backward()
        optimizer.step()
        loss.item()
    print((time.perf_counter() - start) * 1e3, flush=True)


def calls(count):
    best = float("inf")
    with torch.no_grad():
        for _ in range(20):
            one = torch.zeros(1)
            start = time.perf_counter()
            for _ in range(count):
                one = one.add(1)
            best = min(best, (time.perf_counter() - start) * 1e3 / count)
    print(best, flush=True)


if __name__ == "__main__":
    torch.set_num_threads(int(sys.argv[2]))
    if sys.argv[1] == "epoch":
        epoch(sys.argv[3])
    elif sys.argv[1] == "call":
        calls(int(sys.argv[3]))
    else:
        steps(sys.argv[1], int(sys.argv[3]))
