"""Creates series.json next to this file: what torch computes for small networks that classify series. Run by hand: python3 tests/golden/make_series.py"""

import json
import pathlib

import torch
from torch.nn.functional import cross_entropy
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

SEED, COLUMNS, HIDDEN, LABELS = 5, 2, 3, 3
LENGTHS = [5, 1, 8, 3]

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
torch.manual_seed(SEED)


def uniform(*shape, limit=0.8):
    """Multiples of 1/256, which float32 and nine digits hold exactly."""
    return (torch.empty(shape).uniform_(-limit, limit) * 256).round() / 256


def flat(tensor):
    """Nine significant digits, and no negative zeros."""
    assert tensor.isfinite().all()
    return [float(f"{x:.9g}") + 0.0 for x in tensor.detach().flatten().tolist()]


series = [uniform(length, COLUMNS, limit=4) for length in LENGTHS]
targets = torch.tensor([0, 2, 1, 0])
# Of each column, and then of each column's differences.
means, deviations = torch.tensor([0.5, -0.25, 0.0, 0.125]), torch.tensor([2.0, 0.5, 1.0, 4.0])


def inputs_of(values, segment):
    """Columns and differences, scaled, in segments; the last row stays as it is to the end."""
    while len(values) % segment > 0:
        values = torch.cat([values, values[-1:]])
    changes = torch.cat([torch.zeros(1, COLUMNS), values[1:] - values[:-1]])
    scaled = (torch.cat([values, changes], dim=1) - means) / deviations
    return scaled.reshape(len(values) // segment, -1)


class Network(torch.nn.Module):
    def __init__(self, cell, layers, bidirectional, segment):
        super().__init__()
        kind = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[cell]
        self.segment = segment
        self.rnn = kind(2 * COLUMNS * segment, HIDDEN, layers, bidirectional=bidirectional)
        self.head = torch.nn.Linear((4 if bidirectional else 2) * HIDDEN, LABELS)
        for name, parameter in self.named_parameters():
            parameter.data = uniform(*parameter.shape)
            if "bias_hh" in name:  # the network here has one bias a gate, but two in the GRU's new gate
                kept = 2 * HIDDEN if cell == "gru" else len(parameter)
                parameter.data[:kept] = 0

    def forward(self):
        inputs = [inputs_of(each, self.segment) for each in series]
        lengths = torch.tensor([len(each) for each in inputs])
        packed = pack_padded_sequence(pad_sequence(inputs), lengths, enforce_sorted=False)
        outputs = pad_packed_sequence(self.rnn(packed)[0])[0]
        real = (torch.arange(len(outputs))[:, None] < lengths)[:, :, None]
        largest = outputs.masked_fill(~real, -torch.inf).amax(0)
        return self.head(torch.cat([outputs.sum(0) / lengths[:, None], largest], dim=1))


def entry(cell, layers, bidirectional, segment):
    network = Network(cell, layers, bidirectional, segment)
    logits = network()
    losses = cross_entropy(logits, targets, reduction="none")
    losses.mean().backward()
    gradients = {}
    for name, parameter in network.named_parameters():
        if cell == "gru" and "bias_hh" in name:
            parameter.grad[: 2 * HIDDEN] = 0
        if cell == "gru" or "bias_hh" not in name:
            gradients[name] = flat(parameter.grad)
    return {
        "config": {"cell": cell, "layers": layers, "bidirectional": bidirectional},
        "segment": segment,
        "weights": {name: flat(p) for name, p in network.named_parameters()},
        "logits": flat(logits),
        "losses": flat(losses),
        "gradients": gradients,
    }


def line(value):
    return json.dumps(value, separators=(",", ":"))


golden = {
    "made": f"tests/golden/make_series.py, PyTorch {torch.__version__}, seed {SEED}, one thread",
    "hidden": HIDDEN,
    "labels": LABELS,
    "series": [[flat(column) for column in each.T] for each in series],
    "targets": targets.tolist(),
    "scaling": {"means": flat(means), "deviations": flat(deviations)},
}
entries = [
    entry("gru", 1, True, 1),
    entry("gru", 1, True, 3),
    entry("lstm", 2, True, 2),
    entry("rnn", 1, False, 1),
]
text = line(golden)[:-1] + ',\n"networks":[\n' + ",\n".join(map(line, entries)) + "\n]}\n"
pathlib.Path(__file__).with_name("series.json").write_text(text)
