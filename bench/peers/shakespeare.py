"""What shakespeare.ts does, in PyTorch:

    python3 bench/peers/shakespeare.py FOLDER

The folder has job.json and model.safetensors, the weights to start from. Threads sleep while they
wait, one-hot inputs are made by the way, and the second bias of nn.LSTM stays zero, as Unroll has
one."""

import json
import math
import os
import struct
import sys
import time
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # as in pytorch.py

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

folder = Path(sys.argv[1])
job = json.loads((folder / "job.json").read_text())
torch.set_num_threads(job["threads"])
batch, time_steps = job["batch"], job["timeSteps"]


def weights():
    data = (folder / "model.safetensors").read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    del header["__metadata__"]
    for name, entry in header.items():
        start, end = (8 + length + offset for offset in entry["data_offsets"])
        kind = {"F32": "<f4", "F64": "<f8"}[entry["dtype"]]
        numbers = np.frombuffer(data[start:end], kind).reshape(entry["shape"])
        yield name, torch.from_numpy(numbers.astype(np.float32))


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(job["symbols"], job["hidden"], job["layers"])
        self.head = nn.Linear(job["hidden"], job["labels"])

    def forward(self, words, state):
        """Logits, and the state to go on from."""
        outputs, state = self.rnn(F.one_hot(words, job["symbols"]).float(), state)
        return self.head(outputs), tuple(each.detach() for each in state)


network = Network()
network.load_state_dict(dict(weights()))
for name, parameter in network.named_parameters():
    parameter.requires_grad_("bias_hh" not in name)
trained = [p for p in network.parameters() if p.requires_grad]
optimizer = torch.optim.Adam(trained, lr=job["learningRate"])

# A stream is a column, and a piece some rows of it.
words, labels = (torch.tensor(job["text"][k]).view(batch, -1).T for k in ("words", "labels"))
per_epoch = len(words) // time_steps
begin, total, state = time.perf_counter(), 0, None
for step in range(job["steps"]):
    at = step % per_epoch
    if at == 0:
        state, total = None, 0
    rows = slice(at * time_steps, (at + 1) * time_steps)
    rate = (1 + math.cos(math.pi * step / per_epoch / job["epochs"])) / 2
    optimizer.param_groups[0]["lr"] = job["learningRate"] * rate
    logits, state = network(words[rows], state)
    loss = F.cross_entropy(logits.flatten(0, 1), labels[rows].flatten())
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(trained, job["clipNorm"])
    optimizer.step()
    total = total + loss.detach()
    if at == per_epoch - 1:
        told = {"epoch": step // per_epoch + 1, "loss": total.item() / per_epoch}
        print(json.dumps({**told, "seconds": time.perf_counter() - begin}), flush=True)
taken = time.perf_counter() - begin

# Streams of whole pieces, as even as can be, each from a state of zeros; see streams.ts.
words, labels = (torch.tensor(job["held"][k])[:, None] for k in ("words", "labels"))
piece = 64
count, streams, total = math.ceil(len(words) / piece), job["heldStreams"], 0
with torch.no_grad():
    for stream in range(streams):
        first, end = (piece * (count * each // streams) for each in (stream, stream + 1))
        logits, _ = network(words[first:end], None)
        total += F.cross_entropy(logits[:, 0], labels[first:end, 0], reduction="sum").item()
print(json.dumps({"loss": total / len(words), "steps": job["steps"], "seconds": taken}))
