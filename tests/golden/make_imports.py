"""Creates imports.json next to this file: networks as people write them in torch, with names and words of
their own, and what torch computes. Run by hand: python3 tests/golden/make_imports.py"""

import json
import pathlib

import torch
from crf import Crf
from torch import nn
from torch.nn.functional import one_hot

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
torch.manual_seed(5)

H, E = 3, 4
WORDS = ["<pad>", "[UNK]", "the", "food", "was", "not", "good", "bad"]
PLAIN = ["good", "bad", "not", "is", "it"]
TEXTS = ["the food was good", "bad", "not the xylophone", "the food was not bad"]
SYMBOLS = ["<unk>", "a", "b", "c", "<eos>"]
SOURCE = ["<unk>", "1", "2", "+"]
TARGET = ["<s>", "</s>", "<unk>", "3", "4"]


def ids(text, words, unknown):
    return torch.tensor([words.index(w) if w in words else unknown for w in text])


def pooled(states, final, head):
    if head == "last":
        return final
    mean, top = states.mean(0), states.amax(0)
    return {"mean": mean, "max": top, "mean-max": torch.cat([mean, top])}[head]


class Classifier(nn.Module):
    """Embedding, projection, layers and head; each is optional."""

    def __init__(self, cell, outputs, words=WORDS, head="last", embedding=E, narrow=0, **options):
        super().__init__()
        self.words, self.pooling = words, head
        ways = 2 if options.get("bidirectional") else 1
        if embedding:
            self.emb = nn.Embedding(len(words), embedding)
        if narrow:
            self.squeeze = nn.Linear(embedding, narrow, bias=False)
        self.encoder = cell(narrow or embedding or len(words), H, **options)
        self.fc = nn.Linear(H * ways * (2 if head == "mean-max" else 1), outputs)

    def forward(self, text):
        unknown = self.words.index("[UNK]") if "[UNK]" in self.words else 0
        x = ids(text.split(), self.words, unknown)
        x = self.emb(x) if hasattr(self, "emb") else one_hot(x, len(self.words)).to(torch.float64)
        if hasattr(self, "squeeze"):
            x = self.squeeze(x)
        states, final = self.encoder(x)
        final = final[0] if isinstance(final, tuple) else final
        if self.pooling == "token":
            return self.fc(states)
        ways = 2 if self.encoder.bidirectional else 1
        return self.fc(pooled(states, torch.cat(list(final[-ways:])), self.pooling))


class Stacked(nn.Module):
    """Two stacked modules without biases."""

    def __init__(self):
        super().__init__()
        self.word_vectors = nn.Embedding(len(WORDS), E)
        self.lstm1 = nn.LSTM(E, H, bidirectional=True, bias=False)
        self.lstm2 = nn.LSTM(2 * H, H, bidirectional=True, bias=False)
        self.classify = nn.Linear(2 * H, 3)

    def forward(self, text):
        x = self.word_vectors(ids(text.split(), WORDS, 1))
        return self.classify(self.lstm2(self.lstm1(x)[0])[0].amax(0))


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.tagger = Classifier(nn.LSTM, 3, head="token", bidirectional=True)
        self.crf = Crf(3)

    def forward(self, text):
        return self.crf.marginals(self.tagger(text))


class Tied(nn.Module):
    """A language model with tied embedding and head."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Embedding(len(SYMBOLS), H)
        self.rnn = nn.GRU(H, H, 2)
        self.decoder = nn.Linear(H, len(SYMBOLS))
        self.decoder.weight = self.encoder.weight

    def forward(self, text):
        x = ids(["<eos>", *text], SYMBOLS, 0)
        return self.decoder(self.rnn(self.encoder(x))[0])


class OneHot(nn.Module):
    """A language model on one-hot characters, without symbols for start, end and unknown."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, H)
        self.out = nn.Linear(H, 3, bias=False)

    def forward(self, text):
        return self.out(self.lstm(one_hot(ids(text, ["a", "b", "c"], 0), 3).to(torch.float64))[0])


class Translator(nn.Module):
    def __init__(self):
        super().__init__()
        self.src_embedding = nn.Embedding(len(SOURCE), E)
        self.tgt_embedding = nn.Embedding(len(TARGET), E)
        self.enc = nn.GRU(E, H)
        self.dec = nn.GRU(E, H)
        self.attn = nn.Linear(2 * H, H, bias=False)
        self.out = nn.Linear(H, len(TARGET))

    def forward(self, text):
        """ln p of the target after the bar, including its end."""
        source, target = text.split("|")
        memory, final = self.enc(self.src_embedding(ids(source, SOURCE, 0)))
        right = ids([*target, "</s>"], TARGET, 2)
        read = ids(["<s>", *target], TARGET, 2)
        states, _ = self.dec(self.tgt_embedding(read), final)
        context = (states @ memory.T).softmax(1) @ memory
        logits = self.out(self.attn(torch.cat([context, states], 1)).tanh())
        return logits.log_softmax(1)[range(len(right)), right].sum()


class Series(nn.Module):
    """Scaled columns; semicolons separate the rows."""

    def __init__(self, cell, outputs, head, scale, **options):
        super().__init__()
        self.scale, self.pooling = scale, head
        self.rnn = cell(2, H, **options)
        ways = 2 if options.get("bidirectional") else 1
        self.out = nn.Linear(H * ways, outputs)

    def forward(self, text):
        x = torch.tensor([[float(v) for v in row.split(",")] for row in text.split(";")])
        means, deviations = (torch.tensor(each, dtype=x.dtype) for each in self.scale.values())
        states, final = self.rnn((x - means) / deviations)
        final = final[0] if isinstance(final, tuple) else final
        y = self.out(pooled(states, torch.cat(list(final[-2 if self.rnn.bidirectional else -1 :])), self.pooling))
        return y.log_softmax(0) if len(y) > 1 else y


XY = {"means": [1, -2], "deviations": [2, 0.5]}
PLAIN_XY = {"means": [0, 0], "deviations": [1, 1]}
ROWS = ["1,2;2,0;0.5,-1", "3,-3", "0,1;1,0;1,1;2,-2"]

CASES = [
    ("classification", Classifier(nn.LSTM, 3, num_layers=2, bidirectional=True), WORDS, TEXTS, {}),
    ("classification", Classifier(nn.GRU, 3, PLAIN, "mean", 0), PLAIN, ["not bad", "it is good"], {"head": "mean"}),
    ("classification", Classifier(nn.RNN, 1, head="mean-max", nonlinearity="relu"), WORDS, TEXTS, {"activation": "relu"}),
    ("tagging", Tagger(), WORDS, TEXTS, {}),
    ("multi-label", Stacked(), WORDS, TEXTS, {"head": "max"}),
    ("regression", Classifier(nn.GRU, 1, narrow=2), WORDS, TEXTS, {"scale": {"mean": 3, "deviation": 2}}),
    ("language-model", Tied(), SYMBOLS, ["abca", "c"], {}),
    ("language-model", OneHot(), ["a", "b", "c"], ["abca", "cb"], {}),
    ("translate", Translator(), SOURCE, ["1+2|3", "2|43"], {"targetVocabulary": TARGET}),
    ("series-classification", Series(nn.GRU, 3, "mean", XY, bidirectional=True), [], ROWS, {"columns": ["x", "y"], "columnScale": XY, "head": "mean"}),
    ("series-regression", Series(nn.LSTM, 1, "last", PLAIN_XY), [], ROWS, {"columns": ["x", "y"], "scale": {"mean": 3, "deviation": 2}}),
]

entries = []
for task, network, words, texts, options in CASES:
    for parameter in network.parameters():
        # Multiples of 1/256 below 1, which bfloat16 holds exactly.
        parameter.data = (torch.empty(parameter.shape).uniform_(-0.9, 0.9) * 256).round() / 256
    tensors = {
        name: {"shape": list(tensor.shape), "data": tensor.flatten().tolist()}
        for name, tensor in network.state_dict().items()
        if not (name == "decoder.weight" and task == "language-model")  # as save_model() leaves out
    }
    with torch.no_grad():
        outputs = [network(text).flatten().tolist() for text in texts]
    entries.append(
        {"task": task, "options": options, "vocabulary": words, "texts": texts, "tensors": tensors}
        | {"outputs": [[float(f"{x:.9g}") for x in each] for each in outputs]}
    )

made = f"tests/golden/make_imports.py, PyTorch {torch.__version__}"
lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in entries)
text = f'{{"made":{json.dumps(made)},\n"cases":[\n{lines}\n]}}\n'
pathlib.Path(__file__).with_name("imports.json").write_text(text)
