"""Loads a model that Unroll has saved into torch.nn.RNN, LSTM or GRU, Embedding and Linear, as it
is, and compares the logits with those that Unroll gave. For texts of lower-case words and spaces, and
models that give one label to a text. Run by hand:

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
config = json.loads(metadata["config"])
part = lambda prefix: {n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)}

dtype = tensors["head.bias"].dtype
hidden, width = config["hidden"], config["hidden"] * (2 if config["bidirectional"] else 1)
kind = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[config["cell"]]
options = {"nonlinearity": config["activation"]} if config["cell"] == "rnn" else {}
rnn = kind(
    config["embedding"] or len(vocabulary),
    hidden,
    config["layers"],
    bidirectional=config["bidirectional"],
    **options,
).to(dtype)
head = torch.nn.Linear(width, len(labels)).to(dtype)
rnn.load_state_dict(part("rnn."), strict=True)
head.load_state_dict(part("head."), strict=True)
if config["embedding"]:
    embedding = torch.nn.Embedding(len(vocabulary), config["embedding"]).to(dtype)
    embedding.load_state_dict(part("embedding."), strict=True)


def logits_of(ids):
    if config["embedding"]:
        inputs = embedding(torch.tensor(ids))
    else:
        inputs = torch.nn.functional.one_hot(torch.tensor(ids), len(vocabulary)).to(dtype)
    outputs, final = rnn(inputs)
    if config["head"] == "last":
        final = final[0] if config["cell"] == "lstm" else final
        return head(torch.cat(list(final[-2 if config["bidirectional"] else -1 :])))
    return head(outputs.mean(0) if config["head"] == "mean" else outputs.amax(0))


largest = 0
answers = [json.loads(line) for line in open(answers_path)]
for answer in answers:
    ids = [vocabulary.index(w) if w in vocabulary else 0 for w in answer["text"].lower().split()]
    logits = logits_of(ids)
    difference = (logits - torch.tensor(answer["logits"], dtype=dtype)).abs().max().item()
    largest = max(largest, difference if difference == difference else float("inf"))
print(f"{len(answers)} texts, largest difference of a logit {largest:.2e}")
sys.exit(0 if answers and largest <= 1e-5 else 1)
