"""Creates forecasts.json next to this file: what PyTorch's modules, put together as SegRNN (Lin et al.
2023) with covariates, forecast for a few windows, and the gradients of the loss.
Run by hand: python3 tests/golden/make_forecasts.py"""

import json
import pathlib

import torch

SEED, HIDDEN, SEGMENT, WINDOW, HORIZON, ROWS, TARGETS = 3, 4, 2, 6, 5, 24, 2
QUANTILES = [0.1, 0.8]
SCALE, LIMIT = 64, 96  # weights are whole numbers up to the limit over the scale: short, and exact
WINDOWS = [(0, 6), (1, 9), (0, 13), (1, 19)]  # of a target, before a row
CELLS = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}

torch.manual_seed(SEED)
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

N, M = WINDOW // SEGMENT, -(-HORIZON // SEGMENT)


def whole(*shape):
    return torch.randint(-LIMIT, LIMIT + 1, shape).double() / SCALE


def flat(tensor):
    return [float(f"{x:.10g}") + 0.0 for x in tensor.detach().flatten().tolist()]


class Forecaster(torch.nn.Module):
    def __init__(self, cell, layers, features, known):
        super().__init__()
        width = SEGMENT * (1 + features + known)
        self.segment = torch.nn.Linear(width, HIDDEN)
        self.rnn = CELLS[cell](HIDDEN, HIDDEN, layers)
        self.position = torch.nn.Embedding(M, HIDDEN - HIDDEN // 2)
        self.column = torch.nn.Embedding(TARGETS, HIDDEN // 2)
        if known:
            self.known = torch.nn.Linear(SEGMENT * known, HIDDEN, bias=False)
        self.head = torch.nn.Linear(HIDDEN, SEGMENT * (1 + len(QUANTILES)))

    def forward(self, target, column, features, known, origin):
        """The forecasts of a window, and as many again for each quantile."""
        last = target[origin - 1]
        steps = []
        for n in range(N):
            rows = slice(origin - WINDOW + n * SEGMENT, origin - WINDOW + (n + 1) * SEGMENT)
            parts = [target[rows] - last, *(each[rows] for each in [*features, *known])]
            steps.append(torch.relu(self.segment(torch.cat(parts))))
        _, state = self.rnn(torch.stack(steps)[:, None])
        out = []
        for m in range(M):
            u = torch.cat([self.position.weight[m], self.column.weight[column]])
            if len(known):
                ahead = torch.zeros(len(known), SEGMENT)
                for s in range(SEGMENT):
                    if m * SEGMENT + s < HORIZON:
                        ahead[:, s] = torch.stack([k[origin + m * SEGMENT + s] for k in known])
                u = u + self.known(ahead.flatten())
            y, _ = self.rnn(u[None, None], state)
            out.append(self.head(y[0, 0]).reshape(1 + len(QUANTILES), SEGMENT))
        return torch.cat(out, 1)[:, :HORIZON] + last


def case(cell, layers, features, known):
    network = Forecaster(cell, layers, features, known)
    for name, parameter in network.named_parameters():
        parameter.data = whole(*parameter.shape)
        # The network here has one bias a gate, but two in the GRU's new gate: the last third.
        if "bias_hh" in name:
            parameter.data[: 2 * HIDDEN if cell == "gru" else None] = 0
    targets, beside, ahead = whole(TARGETS, ROWS), whole(features, ROWS), whole(known, ROWS)
    forecasts = [network(targets[c], c, beside, ahead, at) for c, at in WINDOWS]
    right = [targets[c, at : at + HORIZON] for c, at in WINDOWS]
    loss = 0
    for forecast, y in zip(forecasts, right):
        u = y - forecast[1:]
        q = torch.tensor(QUANTILES)[:, None]
        loss = loss + (y - forecast[0]).abs().mean() + torch.maximum(q * u, (q - 1) * u).mean()
    loss = loss / len(WINDOWS)
    loss.backward()
    return {
        "cell": cell,
        "layers": layers,
        "targets": [flat(each) for each in targets],
        "features": [flat(each) for each in beside],
        "known": [flat(each) for each in ahead],
        "weights": {name: flat(each) for name, each in network.named_parameters()},
        "forecasts": [flat(each) for each in forecasts],
        "loss": loss.item(),
        "gradients": {name: flat(each.grad) for name, each in network.named_parameters()},
    }


golden = {
    "made": f"tests/golden/make_forecasts.py, PyTorch {torch.__version__}, seed {SEED}, float64",
    "hidden": HIDDEN,
    "segment": SEGMENT,
    "window": WINDOW,
    "horizon": HORIZON,
    "quantiles": QUANTILES,
    "windows": WINDOWS,
    "cases": [
        case("gru", 1, 0, 0),
        case("gru", 2, 1, 2),
        case("lstm", 2, 1, 1),
        case("rnn", 1, 0, 1),
    ],
}

file = pathlib.Path(__file__).parent / "forecasts.json"
file.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
