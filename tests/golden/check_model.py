"""Loads a model that Unroll has saved into torch.nn.RNN and torch.nn.Linear, as it is, and compares
the logits with those that Unroll gave. For texts of lower-case words and spaces. Run by hand:

    deno task predict --json --model model.safetensors < texts.txt > answers.jsonl
    python3 tests/golden/check_model.py model.safetensors answers.jsonl
"""

import json
import struct
import sys

import numpy
import torch

model_path, answers_path = sys.argv[1:]
data = open(model_path, "rb").read()
(length,) = struct.unpack("<Q", data[:8])
header = json.loads(data[8 : 8 + length])
metadata = header.pop("__metadata__")


def tensor(entry):
    start, end = (8 + length + offset for offset in entry["data_offsets"])
    kind = {"F32": "<f4", "F64": "<f8"}[entry["dtype"]]
    return torch.from_numpy(numpy.frombuffer(data[start:end], kind).reshape(entry["shape"]).copy())


tensors = {name: tensor(entry) for name, entry in header.items()}
vocabulary, labels = json.loads(metadata["vocabulary"]), json.loads(metadata["labels"])
hidden = json.loads(metadata["config"])["hidden"]
part = lambda prefix: {n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)}

dtype = tensors["head.bias"].dtype
rnn = torch.nn.RNN(len(vocabulary), hidden).to(dtype)
head = torch.nn.Linear(hidden, len(labels)).to(dtype)
rnn.load_state_dict(part("rnn."), strict=True)
head.load_state_dict(part("head."), strict=True)

largest = 0
answers = [json.loads(line) for line in open(answers_path)]
for answer in answers:
    ids = [vocabulary.index(w) if w in vocabulary else 0 for w in answer["text"].lower().split()]
    one_hot = torch.nn.functional.one_hot(torch.tensor(ids), len(vocabulary)).to(dtype)
    logits = head(rnn(one_hot)[1][0])
    difference = (logits - torch.tensor(answer["logits"], dtype=dtype)).abs().max().item()
    largest = max(largest, difference if difference == difference else float("inf"))
print(f"{len(answers)} texts, largest difference of a logit {largest:.2e}")
sys.exit(0 if answers and largest <= 1e-5 else 1)
