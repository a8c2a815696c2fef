"""Loads a model saved by Unroll for classification or regression of series into torch.nn.RNN, LSTM or
GRU and Linear, strictly by name, and compares its predictions with those of Unroll. Run by hand:

    deno task predict --model model.safetensors --data series.csv --series id --probabilities \
      --out answers.csv
    python3 tests/golden/check_series.py model.safetensors series.csv id answers.csv

For tables with a row for each step and no missing numbers, and models with the head mean-max or last.
"""

import csv
import json
import sys

import torch
from model_file import read_model

model_path, data_path, series_column, answers_path = sys.argv[1:]
tensors, metadata = read_model(model_path)
config, labels = json.loads(metadata["config"]), json.loads(metadata["labels"])
columns, scaling = json.loads(metadata["columns"]), json.loads(metadata["scaling"])
segment, isNumber = int(metadata["segment"]), metadata["task"] == "series-regression"
ways = 2 if config["bidirectional"] else 1
states = 2 if config["head"] == "mean-max" else 1
assert config["head"] in ("mean-max", "last")

torch.set_default_dtype(torch.float64)
kind = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[config["cell"]]
options = {"nonlinearity": config["activation"]} if config["cell"] == "rnn" else {}
width = 2 * len(columns) * segment
network = torch.nn.ModuleDict(
    {
        "rnn": kind(
            width, config["hidden"], config["layers"], bidirectional=ways == 2, **options
        ),
        "head": torch.nn.Linear(states * ways * config["hidden"], 1 if isNumber else len(labels)),
    }
)
tensors = {name: each.double() for name, each in tensors.items()}
network.load_state_dict(tensors, strict=True)

series = {}
for row in csv.DictReader(open(data_path)):
    series.setdefault(row[series_column], []).append([float(row[name]) for name in columns])
means, deviations = torch.tensor(scaling["means"]), torch.tensor(scaling["deviations"])


def inputs_of(rows):
    values = torch.tensor(rows)
    while len(values) % segment > 0:
        values = torch.cat([values, values[-1:]])
    changes = torch.cat([torch.zeros(1, len(columns)), values[1:] - values[:-1]])
    scaled = (torch.cat([values, changes], dim=1) - means) / deviations
    return scaled.reshape(len(values) // segment, -1)


worst, count = 0, 0
with torch.no_grad():
    for answer in csv.DictReader(open(answers_path)):
        outputs, final = network["rnn"](inputs_of(series[answer[series_column]])[:, None])
        if config["head"] == "last":
            hidden = final[0] if isinstance(final, tuple) else final
            read = torch.cat(list(hidden[-ways:, 0]))
        else:
            read = torch.cat([outputs.mean(0)[0], outputs.amax(0)[0]])
        y = network["head"](read)
        if isNumber:
            scale = json.loads(metadata["scale"])
            value = scale["mean"] + scale["deviation"] * y[0].item()
            apart = abs(value - float(answer["prediction"])) / scale["deviation"]
        else:
            own = torch.tensor([float(answer[f"probability_{label}"]) for label in labels])
            apart = (torch.softmax(y, 0) - own).abs().max().item()
        worst, count = max(worst, apart), count + 1

print(f"{count} answers, at most {worst:.2g} apart")
assert count > 0 and worst < 1e-4
