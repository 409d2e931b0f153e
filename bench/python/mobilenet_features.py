"""MobileNetV2 of the same weights in Debian's python3-torch, for ImageBench.

usage: python3 mobilenet_features.py WEIGHTS.safetensors FOLDER COUNT THREADS BATCH
Reads the first COUNT pictures *.jpg of FOLDER (by name), resizes them to 224 x 224 (bilinear) and
computes the 1,280 features. Batch normalizations are folded, memory is channels-last, and each of
plain, channels-last and scripted runs is tried on two batches: the fastest form does the work.
Prints: seconds of decoding and resizing, seconds of the network, the form, the sum of all features.
"""
import json
import os
import struct
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn


def weights(path):
    with open(path, "rb") as file:
        size = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(size))
        data = file.read()
    arrays = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            arrays[name] = np.frombuffer(data[begin:end], "<f4").reshape(entry["shape"])
    return arrays


class Conv(nn.Module):
    def __init__(self, arrays, name, norm, stride, relu6, depthwise=False):
        super().__init__()
        kernel = arrays[name + ("/depthwise_kernel" if depthwise else "/kernel")]
        kernel = kernel.transpose(2, 3, 0, 1) if depthwise else kernel.transpose(3, 2, 0, 1)
        scale = arrays[norm + "/gamma"] / np.sqrt(arrays[norm + "/moving_variance"] + 1e-3)
        shift = arrays[norm + "/beta"] - arrays[norm + "/moving_mean"] * scale
        out, inner, size, _ = kernel.shape
        self.conv = nn.Conv2d(
            out if depthwise else inner, out, size, stride,
            padding=1 if size == 3 and stride == 1 else 0, groups=out if depthwise else 1)
        self.conv.weight.data = torch.tensor(kernel * scale[:, None, None, None]).float()
        self.conv.bias.data = torch.tensor(shift).float()
        self.pads, self.relu6 = stride == 2, relu6

    def forward(self, x):
        x = self.conv(F.pad(x, (0, 1, 0, 1)) if self.pads else x)
        return F.hardtanh_(x, 0.0, 6.0) if self.relu6 else x


class Block(nn.Module):
    def __init__(self, arrays, index):
        super().__init__()
        name = "block_%d" % index if index else "expanded_conv"
        stride = 2 if index in (1, 3, 6, 13) else 1
        layers = [Conv(arrays, name + "_expand", name + "_expand_BN", 1, True)] if index else []
        layers.append(Conv(arrays, name + "_depthwise", name + "_depthwise_BN", stride, True, True))
        layers.append(Conv(arrays, name + "_project", name + "_project_BN", 1, False))
        self.layers = nn.Sequential(*layers)
        inner = layers[0].conv.in_channels
        self.adds = stride == 1 and inner == layers[-1].conv.out_channels

    def forward(self, x):
        y = self.layers(x)
        return x + y if self.adds else y


def network(arrays):
    return nn.Sequential(
        Conv(arrays, "Conv1", "bn_Conv1", 2, True),
        *[Block(arrays, index) for index in range(17)],
        Conv(arrays, "Conv_1", "Conv_1_bn", 1, True),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
    ).eval()


def main():
    path, folder, count, threads, size = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
    torch.set_num_threads(threads)
    net = network(weights(path))
    names = sorted(name for name in os.listdir(folder) if name.endswith(".jpg"))[:count]
    start = time.perf_counter()
    pictures = np.stack([
        np.asarray(Image.open(os.path.join(folder, name)).convert("RGB").resize(
            (224, 224), Image.BILINEAR)) for name in names])
    decoding = time.perf_counter() - start
    batches = [torch.from_numpy(pictures[at:at + size]) for at in range(0, len(names), size)]

    def plain(batch):
        return net(batch.permute(0, 3, 1, 2).float().div_(255).contiguous())

    last = network(weights(path)).to(memory_format=torch.channels_last)

    def channels_last(batch):
        return last(batch.permute(0, 3, 1, 2).float().div_(255).contiguous(
            memory_format=torch.channels_last))

    forms = {"plain": plain, "channels-last": channels_last}
    with torch.inference_mode():
        try:
            frozen = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.script(
                network(weights(path)))))
            forms["scripted"] = lambda batch: frozen(
                batch.permute(0, 3, 1, 2).float().div_(255).contiguous())
            forms["scripted"](batches[0])
        except Exception:  # not all builds can
            forms.pop("scripted", None)
        best, name = None, ""
        for form, run in forms.items():
            run(batches[0])
            begin = time.perf_counter()
            for batch in batches[:2]:
                run(batch)
            took = time.perf_counter() - begin
            if best is None or took < best:
                best, name = took, form
        run, total = forms[name], 0.0
        start = time.perf_counter()
        for batch in batches:
            total += float(run(batch).double().sum())
        print(decoding, time.perf_counter() - start, name, total)


main()
