"""Loads a tagger that Unroll has saved into torch.nn modules, strictly by name, its conditional random
field as pytorch-crf names it, and compares tags and probabilities with what Unroll gave: the best
sequence by Viterbi, the marginals by autograd of ln Z. Run by hand:

    deno task predict --json --model model.safetensors < texts.txt > answers.jsonl
    python3 tests/golden/check_tagger.py model.safetensors answers.jsonl

For models with a CRF, with letters or without, of texts of words and spaces.
"""

import json
import sys

import torch
from model_file import read_model

model_path, answers_path = sys.argv[1:]
tensors, metadata = read_model(model_path)
tensors = {name: each.double() for name, each in tensors.items()}
torch.set_default_dtype(torch.float64)
config, labels = json.loads(metadata["config"]), json.loads(metadata["labels"])
words = {word: i for i, word in enumerate(json.loads(metadata["vocabulary"]))}
letters = {letter: i for i, letter in enumerate(json.loads(metadata.get("alphabet", "[]")))}
ways = 2 if config["bidirectional"] else 1
kind = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[config["cell"]]

crf = torch.nn.Module()
for name in ("start_transitions", "end_transitions", "transitions"):
    setattr(crf, name, torch.nn.Parameter(tensors[f"crf.{name}"]))
width, small = config["embedding"], config.get("letters", 0)
network = torch.nn.ModuleDict(
    {
        "embedding": torch.nn.Embedding(len(words), width),
        "rnn": kind(width + 2 * small, config["hidden"], config["layers"], bidirectional=ways == 2),
        "head": torch.nn.Linear(config["hidden"] * ways, len(labels)),
        "crf": crf,
    }
)
if small:
    letter_width = tensors["letters.embedding.weight"].shape[1]
    network["letters"] = torch.nn.ModuleDict(
        {
            "embedding": torch.nn.Embedding(len(letters), letter_width),
            "rnn": torch.nn.GRU(letter_width, small, bidirectional=True),
        }
    )
network.load_state_dict(tensors, strict=True)


def read(word):
    """A word as the network reads it."""
    vector = network["embedding"].weight[words.get(word.lower(), 0)]
    if not small:
        return vector
    own = word if len(word) <= 20 else word[:10] + word[-10:]
    ids = torch.tensor([letters.get(letter, 0) for letter in own])
    _, final = network["letters"]["rnn"](network["letters"]["embedding"](ids))
    return torch.cat([vector, final[0], final[1]])


def log_z(y):
    alpha = crf.start_transitions + y[0]
    for row in y[1:]:
        alpha = torch.logsumexp(alpha[:, None] + crf.transitions, 0) + row
    return torch.logsumexp(alpha + crf.end_transitions, 0)


def viterbi(y):
    best, back = crf.start_transitions + y[0], []
    for row in y[1:]:
        best, before = (best[:, None] + crf.transitions).max(0)
        best = best + row
        back.append(before)
    path = [(best + crf.end_transitions).argmax().item()]
    for before in reversed(back):
        path.append(before[path[-1]].item())
    return path[::-1]


worst, count = 0, 0
for line in open(answers_path):
    answer = json.loads(line)
    given = answer["words"]
    outputs, _ = network["rnn"](torch.stack([read(each["word"]) for each in given]))
    y = network["head"](outputs).detach().requires_grad_()
    path = viterbi(y)
    (marginals,) = torch.autograd.grad(log_z(y), y)
    assert [labels[label] for label in path] == [each["label"] for each in given], answer["text"]
    for each, row, label in zip(given, marginals, path):
        worst = max(worst, abs(each["probability"] - row[label].item()))
        count += 1

print(f"{count} words with the same labels, probabilities at most {worst:.2g} apart")
assert worst < 1e-4
