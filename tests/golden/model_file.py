"""Reads the model files that Unroll saves, for the scripts that check them by hand."""

import json
import struct

import numpy
import torch


def read_model(path):
    """The tensors of a .safetensors file by name, and its metadata."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop("__metadata__")

    def tensor(entry):
        start, end = (8 + length + offset for offset in entry["data_offsets"])
        kind = {"F32": "<f4", "F64": "<f8"}[entry["dtype"]]
        numbers = numpy.frombuffer(data[start:end], kind).reshape(entry["shape"])
        return torch.from_numpy(numbers.copy())

    return {name: tensor(entry) for name, entry in header.items()}, metadata
