"""The training runs of quality.ts and shakespeare.ts in PyTorch:

    python3 bench/peers/learn.py FOLDER

The folder has job.json (the network, the data, the examples and the learning rate of each step,
when to evaluate) and model.safetensors, the initial weights. Each evaluation is printed as a line
of JSON. Evaluation time is not counted; the time to create one-hot inputs is. Unroll has one bias
where nn.LSTM and nn.GRU have two: the redundant part of the second stays constant."""

import json
import math
import struct
import sys
import time
from pathlib import Path

import numpy as np
import torch
from common import fastest_adam
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

folder = Path(sys.argv[1])
job = json.loads((folder / "job.json").read_text())
config = job["config"]
hidden = config["hidden"]
torch.set_num_threads(job["threads"])
torch.manual_seed(job["seed"])


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


class Reader(nn.Module):
    """Recurrent layers over an embedding; texts of different lengths are packed."""

    def __init__(self, symbols, both_ways):
        super().__init__()
        cell = {"lstm": nn.LSTM, "gru": nn.GRU}[config["cell"]]
        width = config["embedding"]
        self.embedding = nn.Embedding(symbols, width)
        self.rnn = cell(width, hidden, config["layers"], bidirectional=both_ways)
        self.dropout = nn.Dropout(config["dropout"])

    def forward(self, ids, lengths=None, state=None):
        x = self.dropout(self.embedding(ids))
        if lengths is None:
            return self.rnn(x, state)
        packed = pack_padded_sequence(x, lengths, enforce_sorted=False)
        states, last = self.rnn(packed, state)
        return pad_packed_sequence(states)[0], last


def padded(examples, key, fill=0):
    rows = [torch.tensor(each[key]) for each in examples]
    return nn.utils.rnn.pad_sequence(rows, padding_value=fill), torch.tensor([len(r) for r in rows])


class Classifier(Reader):
    """The maximum over the states of each text, and a label from it."""

    def __init__(self):
        super().__init__(job["symbols"], config["bidirectional"])
        self.head = nn.Linear(hidden * (2 if config["bidirectional"] else 1), job["labels"])

    def logits(self, examples):
        ids, lengths = padded(examples, "words")
        states, _ = super().forward(ids, lengths)
        padding = torch.arange(len(ids))[:, None] >= lengths
        pooled = states.masked_fill(padding[:, :, None], -math.inf).amax(0)
        return self.head(self.dropout(pooled))

    def loss(self, step):
        examples = batch_of(step)
        right = torch.tensor([each["labels"][0] for each in examples])
        return F.cross_entropy(self.logits(examples), right)

    def measure(self):
        held = job["held"]
        right = torch.tensor([each["labels"][0] for each in held])
        return (self.logits(held).argmax(1) == right).float().mean().item()


class Translator(nn.Module):
    """An encoder, which may be bidirectional, and a decoder with attention over its states."""

    def __init__(self):
        super().__init__()
        self.encoder = Reader(job["symbols"], config["bidirectional"])
        self.decoder = Reader(job["labels"], False)
        self.attention = nn.Linear(2 * hidden, hidden, bias=False)
        self.head = nn.Linear(hidden, job["labels"])

    def read(self, examples):
        ids, lengths = padded(examples, "words")
        states, last = self.encoder(ids, lengths)
        if config["bidirectional"]:
            states = states[:, :, :hidden] + states[:, :, hidden:]
            last = last.view(-1, 2, *last.shape[1:]).sum(1)
        padding = torch.arange(len(ids))[None, :] >= lengths[:, None]
        return states.transpose(0, 1), padding[:, None, :], last

    def decode(self, ids, memory, padding, state):
        states, state = self.decoder(ids, state=state)
        queries = states.transpose(0, 1)
        scores = (queries @ memory.transpose(1, 2)).masked_fill(padding, -math.inf)
        context = scores.softmax(2) @ memory
        combined = torch.tanh(self.attention(torch.cat([context, queries], 2)))
        return self.head(self.decoder.dropout(combined)).transpose(0, 1), state

    def loss(self, step):
        examples = batch_of(step)
        targets, _ = padded(examples, "labels", -100)
        end = job["labels"] - 1  # also the start
        inputs = torch.cat([torch.full_like(targets[:1], end), targets[:-1].clamp(min=0)])
        memory, padding, state = self.read(examples)
        logits, _ = self.decode(inputs, memory, padding, state)
        return F.cross_entropy(logits.flatten(0, 1), targets.flatten())

    def measure(self):
        """The exact match of greedy decoding."""
        exact, held, end = 0, job["held"], job["labels"] - 1
        longest = max(len(each["labels"]) for each in held)
        for start in range(0, len(held), 250):
            some = held[start : start + 250]
            memory, padding, state = self.read(some)
            ids = torch.full((1, len(some)), end)
            given = []
            for _ in range(longest):
                logits, state = self.decode(ids, memory, padding, state)
                ids = logits[:, :, 1:].argmax(2) + 1  # skips the unknown symbol, which is the first
                given.append(ids)
            for row, each in zip(torch.cat(given).T.tolist(), some):
                exact += row[: len(each["labels"])] == each["labels"]
        return exact / len(held)


class LanguageModel(nn.Module):
    """One-hot symbols in streams, whose state is carried from one chunk to the next."""

    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(job["symbols"], hidden, config["layers"])
        self.head = nn.Linear(hidden, job["labels"])
        # A stream is a column, and a chunk is some of its rows.
        streams = (torch.tensor(job["text"][key]) for key in ("words", "labels"))
        self.words, self.right = (each.view(job["batch"], -1).T for each in streams)
        self.state = None

    def forward(self, words, state):
        outputs, state = self.rnn(F.one_hot(words, job["symbols"]).float(), state)
        return self.head(outputs), tuple(each.detach() for each in state)

    def loss(self, step):
        at = step % job["stepsPerEpoch"]
        rows = slice(at * job["timeSteps"], (at + 1) * job["timeSteps"])
        logits, self.state = self(self.words[rows], self.state if at > 0 else None)
        return F.cross_entropy(logits.flatten(0, 1), self.right[rows].flatten())

    def measure(self):
        """Nats per symbol, in streams of whole chunks, as equal as possible; see streams.ts."""
        words, labels = (torch.tensor(job["held"][key])[:, None] for key in ("words", "labels"))
        chunk, streams, total = 64, job["heldStreams"], 0
        count = math.ceil(len(words) / chunk)
        for stream in range(streams):
            first, end = (chunk * (count * each // streams) for each in (stream, stream + 1))
            logits, _ = self(words[first:end], None)
            total += F.cross_entropy(logits[:, 0], labels[first:end, 0], reduction="sum").item()
        return total / len(words)


def batch_of(step):
    return [job["examples"][place] for place in job["order"][step]]


def one_bias(network):
    """Freezes the redundant part of the second biases: all of an LSTM's, all but n of a GRU's."""
    for name, parameter in network.named_parameters():
        if "bias_hh" not in name:
            continue
        if config["cell"] == "lstm":
            parameter.requires_grad_(False)
        else:
            own = torch.zeros_like(parameter)
            own[2 * hidden :] = 1
            parameter.register_hook(lambda gradient, own=own: gradient * own)


def measured(step, loss, seconds):
    network.eval()
    with torch.inference_mode():
        value = network.measure()
    network.train()
    print(json.dumps({"step": step, "loss": loss, "value": value, "seconds": seconds}), flush=True)
    return value


KINDS = {"classification": Classifier, "translate": Translator, "language-model": LanguageModel}
network = KINDS[job["task"]]()
network.load_state_dict(dict(weights()))
one_bias(network)
trained = [p for p in network.parameters() if p.requires_grad]
optimizer = fastest_adam(trained, 0)
marks = set(job["measureAt"])
clock, total, since = 0, 0, 0
begin = time.perf_counter()
for step, rate in enumerate(job["learningRates"], 1):
    optimizer.param_groups[0]["lr"] = rate
    loss = network.loss(step - 1)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(trained, job["clipNorm"])
    optimizer.step()
    total, since = total + loss.detach(), since + 1
    over = step % 16 == 0 and clock + time.perf_counter() - begin >= job["limit"]
    if step in marks or step == len(job["learningRates"]) or over:
        mean = (total / since).item()
        clock += time.perf_counter() - begin
        value = measured(step, mean, clock)
        goal = job.get("goal")
        if over or (goal and (value <= goal["value"] if goal["isLeast"] else value >= goal["value"])):
            break
        total, since = 0, 0
        begin = time.perf_counter()
