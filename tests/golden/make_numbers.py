"""Creates numbers.json next to this file: what torch computes for small networks for regression of
texts and series, and for multi-label classification. Run by hand: python3 tests/golden/make_numbers.py"""

import json
import pathlib

import torch
from torch.nn import functional
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

SEED, WORDS, HIDDEN, LABELS, COLUMNS = 7, 6, 3, 3, 2
LENGTHS = [4, 1, 6, 3]
HEADS = {"last": 1, "mean": 1, "max": 1, "mean-max": 2}  # how many states wide what is read is

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
torch.manual_seed(SEED)


def uniform(*shape, limit=0.8):
    """Multiples of 1/256, which float32 and nine digits hold exactly."""
    return (torch.empty(shape).uniform_(-limit, limit) * 256).round() / 256


def flat(tensor):
    """Ten significant digits, and no negative zeros."""
    assert tensor.isfinite().all()
    return [float(f"{x:.10g}") + 0.0 for x in tensor.detach().flatten().tolist()]


sentences = [torch.randint(WORDS, (length,)) for length in LENGTHS]
series = [uniform(length, COLUMNS, limit=4) for length in LENGTHS]
numbers = torch.tensor([[3.0], [-1.5], [0.25], [8.0]])
scale = {"mean": 2.0, "deviation": 4.0, "median": 1.0}
labels = torch.tensor([[1, 0, 1], [0, 0, 0], [1, 1, 1], [0, 1, 0]]).double()
means, deviations = torch.tensor([0.5, -0.25, 0.0, 0.125]), torch.tensor([2.0, 0.5, 1.0, 4.0])
LOSSES = {
    "squared": functional.mse_loss,
    "absolute": functional.l1_loss,
    "huber": functional.huber_loss,  # with a delta of 1
    "binary": functional.binary_cross_entropy_with_logits,
}


def changes_of(values):
    """Columns and their differences, scaled."""
    changes = torch.cat([torch.zeros(1, COLUMNS), values[1:] - values[:-1]])
    return (torch.cat([values, changes], dim=1) - means) / deviations


class Network(torch.nn.Module):
    def __init__(self, cell, layers, bidirectional, embedding, head, outputs, of_series):
        super().__init__()
        kind = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[cell]
        self.of_series, self.pooling, ways = of_series, head, 2 if bidirectional else 1
        if embedding:
            self.embedding = torch.nn.Embedding(WORDS, embedding)
        width = 2 * COLUMNS if of_series else embedding or WORDS
        self.rnn = kind(width, HIDDEN, layers, bidirectional=bidirectional)
        self.head = torch.nn.Linear(HEADS[head] * ways * HIDDEN, outputs)
        for name, parameter in self.named_parameters():
            parameter.data = uniform(*parameter.shape)
            if "bias_hh" in name:  # the network here has one bias a gate, but two in the GRU's new gate
                kept = 2 * HIDDEN if cell == "gru" else len(parameter)
                parameter.data[:kept] = 0

    def inputs(self):
        if self.of_series:
            return [changes_of(each) for each in series]
        if hasattr(self, "embedding"):
            return [self.embedding(each) for each in sentences]
        return [functional.one_hot(each, WORDS).double() for each in sentences]

    def forward(self):
        lengths = torch.tensor(LENGTHS)
        packed = pack_padded_sequence(pad_sequence(self.inputs()), lengths, enforce_sorted=False)
        outputs, final = self.rnn(packed)
        outputs = pad_packed_sequence(outputs)[0]
        real = (torch.arange(len(outputs))[:, None] < lengths)[:, :, None]
        mean = outputs.sum(0) / lengths[:, None]
        largest = outputs.masked_fill(~real, -torch.inf).amax(0)
        if self.pooling == "last":
            hidden = final[0] if isinstance(final, tuple) else final
            ways = 2 if self.rnn.bidirectional else 1
            return self.head(torch.cat(list(hidden[-ways:]), dim=1))
        pooled = {"mean": [mean], "max": [largest], "mean-max": [mean, largest]}[self.pooling]
        return self.head(torch.cat(pooled, dim=1))


def entry(loss, cell, layers, bidirectional, head, embedding=0, of_series=False):
    isBinary = loss == "binary"
    outputs = LABELS if isBinary else 1
    network = Network(cell, layers, bidirectional, embedding, head, outputs, of_series)
    targets = labels if isBinary else (numbers - scale["mean"]) / scale["deviation"]
    logits = network()
    losses = LOSSES[loss](logits, targets, reduction="none").mean(1)
    losses.mean().backward()
    gradients = {}
    for name, parameter in network.named_parameters():
        if cell == "gru" and "bias_hh" in name:
            parameter.grad[: 2 * HIDDEN] = 0
        if cell == "gru" or "bias_hh" not in name:
            gradients[name] = flat(parameter.grad)
    config = {"cell": cell, "layers": layers, "bidirectional": bidirectional}
    return {
        "config": {**config, "embedding": embedding, "head": head},
        "reads": "series" if of_series else "texts",
        "loss": loss,
        "weights": {name: flat(p) for name, p in network.named_parameters()},
        "outputs": flat(logits),
        "losses": flat(losses),
        "gradients": gradients,
    }


def line(value):
    return json.dumps(value, separators=(",", ":"))


golden = {
    "made": f"tests/golden/make_numbers.py, PyTorch {torch.__version__}, seed {SEED}, one thread",
    "words": WORDS,
    "hidden": HIDDEN,
    "sentences": [each.tolist() for each in sentences],
    "series": [[flat(column) for column in each.T] for each in series],
    "numbers": flat(numbers),
    "scale": scale,
    "labels": labels.int().tolist(),
    "scaling": {"means": flat(means), "deviations": flat(deviations)},
}
entries = [
    entry("squared", "gru", 1, True, "mean-max", embedding=2),
    entry("absolute", "lstm", 2, False, "last"),
    entry("huber", "rnn", 1, True, "max", embedding=2),
    entry("binary", "gru", 1, True, "mean-max", embedding=2),
    entry("binary", "lstm", 2, True, "max"),
    entry("binary", "rnn", 1, False, "mean", embedding=3),
    entry("squared", "lstm", 1, True, "mean-max", of_series=True),
    entry("absolute", "rnn", 1, False, "last", of_series=True),
    entry("huber", "gru", 2, True, "mean-max", of_series=True),
]
text = line(golden)[:-1] + ',\n"networks":[\n' + ",\n".join(map(line, entries)) + "\n]}\n"
pathlib.Path(__file__).with_name("numbers.json").write_text(text)
