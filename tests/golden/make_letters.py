"""Creates letters.json next to this file: what torch computes for a small tagger that reads words
and their letters. Run by hand: python3 tests/golden/make_letters.py"""

import json
import pathlib

import torch
from torch.nn.functional import cross_entropy
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

SEED, WORDS, ALPHABET, LABELS = 5, 5, 6, 3
EMBEDDING, LETTER_EMBEDDING, LETTERS, HIDDEN = 3, 24, 2, 3
LENGTHS = [4, 1, 3]
LIMIT = 0.8

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
torch.manual_seed(SEED)

# Spellings 0 and 1 are of one word, and word 0 is the unknown one.
spellings = [
    {"word": word, "letters": torch.randint(ALPHABET, (length,)).tolist()}
    for word, length in [(1, 3), (1, 4), (0, 7), (2, 1), (3, 5), (0, 2)]
]
sentences = [
    {
        "words": torch.randint(len(spellings), (length,)).tolist(),
        "tags": torch.randint(LABELS, (length,)).tolist(),
    }
    for length in LENGTHS
]
used = {word for s in sentences for word in s["words"]}
assert {0, 1} <= used and used & {2, 5} and sum(LENGTHS) > len(used)


def uniform(*shape):
    """Multiples of 1/256, which float32 and nine digits hold exactly."""
    return (torch.empty(shape).uniform_(-LIMIT, LIMIT) * 256).round() / 256


def flat(tensor):
    """Nine significant digits, and no negative zeros."""
    assert tensor.isfinite().all()
    return [float(f"{x:.9g}") + 0.0 for x in tensor.detach().flatten().tolist()]


class Tagger(torch.nn.Module):
    """Its parameters have the names of a model file: letters.embedding.weight, letters.rnn.*, …"""

    def __init__(self, cell):
        super().__init__()
        self.cell = cell
        kind = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[cell]
        self.letters = torch.nn.ModuleDict(
            {
                "embedding": torch.nn.Embedding(ALPHABET, LETTER_EMBEDDING),
                "rnn": torch.nn.GRU(LETTER_EMBEDDING, LETTERS, bidirectional=True),
            }
        )
        self.embedding = torch.nn.Embedding(WORDS, EMBEDDING)
        self.rnn = kind(EMBEDDING + 2 * LETTERS, HIDDEN, bidirectional=True)
        self.head = torch.nn.Linear(2 * HIDDEN, LABELS)
        for name, parameter in self.named_parameters():
            parameter.data = uniform(*parameter.shape)
            # The network here has one bias a gate, but two in the GRU's new gate: the last third.
            if "bias_hh" in name and ("letters" in name or cell == "gru"):
                size = LETTERS if "letters" in name else HIDDEN
                parameter.data[: 2 * size] = 0
            elif "bias_hh" in name:
                parameter.data.zero_()
                parameter.requires_grad = False

    def vectors(self):
        """A row for each spelling: its word's embedding, and the last states over its letters."""
        letters = [torch.tensor(s["letters"]) for s in spellings]
        lengths = torch.tensor([len(each) for each in letters])
        inputs = self.letters["embedding"](pad_sequence(letters))
        packed = pack_padded_sequence(inputs, lengths, enforce_sorted=False)
        final = self.letters["rnn"](packed)[1]
        words = torch.tensor([s["word"] for s in spellings])
        return torch.cat([self.embedding(words), *final], dim=1)

    def forward(self):
        words = pad_sequence([torch.tensor(s["words"]) for s in sentences])
        lengths = torch.tensor(LENGTHS)
        inputs = self.vectors()[words]
        packed = pack_padded_sequence(inputs, lengths, enforce_sorted=False)
        logits = self.head(pad_packed_sequence(self.rnn(packed)[0])[0])
        real = torch.arange(len(words))[:, None] < lengths
        tags = pad_sequence([torch.tensor(s["tags"]) for s in sentences])
        losses = cross_entropy(logits.transpose(1, 2), tags, reduction="none") * real
        return logits * real[:, :, None], losses.sum() / real.sum()


def entry(cell):
    tagger = Tagger(cell)
    logits, loss = tagger()
    loss.backward()
    gradients = {}
    for name, parameter in tagger.named_parameters():
        if not parameter.requires_grad:
            continue
        # The other biases of these gates are the trained ones.
        if "bias_hh" in name:
            parameter.grad[: 2 * (LETTERS if "letters" in name else HIDDEN)] = 0
        gradients[name] = flat(parameter.grad)
    return {
        "config": {
            "cell": cell,
            "hidden": HIDDEN,
            "bidirectional": True,
            "embedding": EMBEDDING,
            "head": "token",
            "letters": LETTERS,
        },
        "weights": {name: flat(p) for name, p in tagger.named_parameters()},
        "logits": flat(logits),
        "loss": loss.item(),
        "gradients": gradients,
    }


made = {
    "torch": torch.__version__,
    "words": WORDS,
    "alphabet": ALPHABET,
    "labels": LABELS,
    "spellings": spellings,
    "sentences": sentences,
    "taggers": [entry(cell) for cell in ["rnn", "lstm", "gru"]],
}
path = pathlib.Path(__file__).with_name("letters.json")
path.write_text(json.dumps(made) + "\n")
