#!/usr/bin/env python3
"""Reads safetensors files with nothing but the standard library and prints what is in them.

    read_safetensors.py FILE [NAME]   all arrays, or all values of one

The format: the length of the header as a little-endian 64-bit number, the header as JSON, then the arrays without gaps.
"""
import array
import json
import struct
import sys

CODES = {"F32": "f", "I32": "i", "I64": "q", "U8": "B"}


def read(path):
    """The arrays of a file: {name: (dtype, shape, values)}."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__", None)
    arrays = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = array.array(CODES[entry["dtype"]])
        values.frombytes(data[8 + length + begin : 8 + length + end])
        if sys.byteorder == "big":
            values.byteswap()
        count = 1
        for dimension in entry["shape"]:
            count *= dimension
        assert len(values) == count, f"{name}: {len(values)} values, shape {entry['shape']}"
        arrays[name] = (entry["dtype"], entry["shape"], values)
    return arrays


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    arrays = read(sys.argv[1])
    if len(sys.argv) == 3:
        for value in arrays[sys.argv[2]][2]:
            print(value)
        return
    for name, (dtype, shape, values) in arrays.items():
        some = ", ".join(f"{value:.6g}" for value in values[:4])
        print(f"{name:30} {dtype:4} {str(shape):14} sum {sum(values):<16.9g} [{some}{', ...' if len(values) > 4 else ''}]")


if __name__ == "__main__":
    main()
