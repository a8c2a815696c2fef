"""Creates layer_norm.json next to this file: what torch computes for small taggers of layer-normalized
LSTMs. Run by hand: python3 tests/golden/make_layer_norm.py"""

import json
import pathlib

import torch
from layer_norm_lstm import LayerNormLSTM
from torch.nn.functional import cross_entropy
from torch.nn.utils.rnn import pad_sequence

SEED, WORDS, EMBEDDING, HIDDEN, LABELS = 7, 7, 4, 6, 3
LENGTHS = [5, 1, 3, 2]
LIMIT = 0.8

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
torch.manual_seed(SEED)

# Word 0 is padding only, so no sentence has it.
sentences = [
    {
        "words": torch.randint(1, WORDS, (length,)).tolist(),
        "tags": torch.randint(LABELS, (length,)).tolist(),
    }
    for length in LENGTHS
]


def uniform(*shape):
    """Multiples of 1/256, which float32 and nine digits hold exactly."""
    return (torch.empty(shape).uniform_(-LIMIT, LIMIT) * 256).round() / 256


def flat(tensor):
    """Nine significant digits, and no negative zeros."""
    assert tensor.isfinite().all()
    return [float(f"{x:.9g}") + 0.0 for x in tensor.detach().flatten().tolist()]


def case(layers, bidirectional):
    width = HIDDEN * (2 if bidirectional else 1)
    network = torch.nn.ModuleDict(
        {
            "embedding": torch.nn.Embedding(WORDS, EMBEDDING),
            "rnn": LayerNormLSTM(EMBEDDING, HIDDEN, layers, bidirectional),
            "head": torch.nn.Linear(width, LABELS),
        }
    )
    for name, parameter in network.named_parameters():
        parameter.data = uniform(*parameter.shape)
        # The network here has one bias for the sum of both parts.
        if "layernorm_hh" in name and name.endswith("bias"):
            parameter.data.zero_()
            parameter.requires_grad = False
    words = pad_sequence([torch.tensor(s["words"]) for s in sentences])
    tags = pad_sequence([torch.tensor(s["tags"]) for s in sentences])
    lengths = torch.tensor(LENGTHS)
    real = torch.arange(len(words))[:, None] < lengths
    outputs, (h, c) = network["rnn"](network["embedding"](words), lengths=lengths)
    logits = network["head"](outputs) * real[:, :, None]
    loss = (cross_entropy(logits.transpose(1, 2), tags, reduction="none") * real).sum()
    (loss / real.sum()).backward()
    return {
        "layers": layers,
        "bidirectional": bidirectional,
        "weights": {name: flat(p) for name, p in network.named_parameters()},
        "logits": flat(logits),
        "loss": flat(loss / real.sum())[0],
        "hn": [flat(each) for each in h],
        "cn": [flat(each) for each in c],
        "gradients": {
            name: flat(p.grad) for name, p in network.named_parameters() if p.requires_grad
        },
    }


result = {
    "torch": torch.__version__,
    **{"words": WORDS, "embedding": EMBEDDING, "hidden": HIDDEN, "labels": LABELS},
    "sentences": sentences,
    "cases": [case(layers, both) for layers in (1, 2) for both in (False, True)],
}
path = pathlib.Path(__file__).with_name("layer_norm.json")
path.write_text(json.dumps(result) + "\n")
