"""Loads a forecaster saved by Unroll into torch.nn.Linear, RNN, LSTM or GRU and Embedding,
strictly by name, and compares their forecasts with those of Unroll. Run by hand:

    deno task predict --model model.safetensors --data sales.csv --out forecast.csv
    python3 tests/golden/check_forecast.py model.safetensors sales.csv forecast.csv

For models of one series without missing numbers, calendar features or known-ahead columns.
"""

import csv
import json
import sys

import torch
from model_file import read_model

model_path, data_path, forecast_path = sys.argv[1:]
tensors, metadata = read_model(model_path)
tensors = {name: each.double() for name, each in tensors.items()}
config, form = json.loads(metadata["config"]), json.loads(metadata["forecast"])
series, scales = json.loads(metadata["series"]), json.loads(metadata["scales"])
assert not series["knownAhead"] and not form["calendar"]
targets, features, hidden = series["targets"], series["features"], config["hidden"]
segment, window, horizon = form["segment"], form["window"], form["horizon"]
N, M, kinds = window // segment, -(-horizon // segment), 1 + len(form["quantiles"])

torch.set_default_dtype(torch.float64)
kind = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[config["cell"]]
options = {"nonlinearity": config["activation"]} if config["cell"] == "rnn" else {}
network = torch.nn.ModuleDict(
    {
        "segment": torch.nn.Linear(segment * (1 + len(features)), hidden),
        "rnn": kind(hidden, hidden, config["layers"], **options),
        "position": torch.nn.Embedding(M, hidden - hidden // 2),
        "column": torch.nn.Embedding(len(targets), hidden // 2),
        "head": torch.nn.Linear(hidden, segment * kinds),
    }
)
network.load_state_dict(tensors, strict=True)

rows = list(csv.DictReader(open(data_path)))[-window:]
columns = []
for c, name in enumerate([*targets, *features]):
    values = torch.tensor([float(row[name]) for row in rows])
    values = values.log() if form["log"] and c < len(targets) else values
    columns.append((values - scales["means"][c]) / scales["deviations"][c])

answers = list(csv.DictReader(open(forecast_path)))
worst = 0
with torch.no_grad():
    for c, name in enumerate(targets):
        last = columns[c][-1]
        beside = [columns[c] - last, *columns[len(targets) :]]
        x = torch.stack(beside).reshape(len(beside), N, segment).transpose(0, 1).reshape(N, -1)
        _, state = network["rnn"](torch.relu(network["segment"](x))[:, None])
        forecast = []
        for m in range(M):
            u = torch.cat([network["position"].weight[m], network["column"].weight[c]])
            y, _ = network["rnn"](u[None, None], state)
            forecast.append(network["head"](y[0, 0])[:segment])
        values = torch.cat(forecast)[:horizon] + last
        values = values * scales["deviations"][c] + scales["means"][c]
        values = values.exp() if form["log"] else values
        column = "forecast" if len(targets) == 1 else f"{name}_forecast"
        own = [float(row[column]) for row in answers]
        worst = max(worst, ((torch.tensor(own) - values).abs() / values.abs()).max().item())

print(f"{len(answers)} forecasts, at most {worst:.2g} of their size apart")
assert worst < 1e-4
