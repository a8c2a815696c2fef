"""Loads a model saved by Unroll into torch.nn.RNN, LSTM or GRU, Embedding and Linear, as it
is and strictly by name, and compares its outputs with those of Unroll. Run by hand:

    deno task predict --json --model model.safetensors < texts.txt > answers.jsonl
    python3 tests/golden/check_model.py model.safetensors answers.jsonl

For models of lowercase texts with spaces. Each answer of a classifier, with one label or several,
has a `text` and its `logits`; of a regression model, its `value`; of a translation model: `text`,
`target`, `ended`, and the `probability` of that target; of a tagger: `words`, each with its `word`,
`label` and `probability`; of a language model without labels: `text`, and its `loss` in nats per
symbol. Symbols are characters or words.
"""

import copy
import json
import math
import re
import sys

import torch
from crf import Crf
from layer_norm_lstm import LayerNormLSTM
from model_file import read_model
from torch.nn.functional import one_hot

EDGE = "<start or end>"

model_path, answers_path = sys.argv[1:]
tensors, metadata = read_model(model_path)
vocabulary, labels = json.loads(metadata["vocabulary"]), json.loads(metadata["labels"])
config, task = json.loads(metadata["config"]), metadata.get("task", "classification")
if config["head"] == "token" and task == "classification":
    task = "tagging"
dtype = next(tensor for name, tensor in tensors.items() if name.endswith("head.bias")).dtype
ways = 2 if config["bidirectional"] else 1


def stack(symbols, bidirectional=False):
    """Recurrent layers on symbols, with the names in the file."""
    kinds = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}
    kind = {**kinds, "lnlstm": LayerNormLSTM}[config["cell"]]
    options = {"nonlinearity": config["activation"]} if config["cell"] == "rnn" else {}
    width = config["embedding"] or symbols
    read = config.get("projection") or width
    beside = 2 * config.get("letters", 0)  # what is made of the letters of a word
    rnn = kind(
        read + beside, config["hidden"], config["layers"], bidirectional=bidirectional, **options
    )
    embedding = {"embedding": torch.nn.Embedding(symbols, width)} if config["embedding"] else {}
    if config.get("projection"):
        embedding["projection"] = torch.nn.Linear(width, read, bias=False)
    return torch.nn.ModuleDict({**embedding, "rnn": rnn})


if task == "translate":
    width = config["hidden"]
    network = torch.nn.ModuleDict(
        {"encoder": stack(len(vocabulary), config["bidirectional"]), "decoder": stack(len(labels))}
    )
    if metadata["attention"] == "dot":
        network["attention"] = torch.nn.Linear(2 * width, width, bias=False)
else:
    width = config["hidden"] * ways
    network = stack(len(vocabulary), config["bidirectional"])
if "alphabet" in metadata:
    alphabet = json.loads(metadata["alphabet"])
    network["letters"] = torch.nn.ModuleDict(
        {
            "embedding": torch.nn.Embedding(len(alphabet), 24),
            "rnn": torch.nn.GRU(24, config["letters"], bidirectional=True),
        }
    )
network["head"] = torch.nn.Linear(width, 1 if task == "regression" else len(labels))
if config.get("crf"):
    network["crf"] = Crf(len(labels))
# A classifier may have a linear one beside its network.
own = {name: tensor for name, tensor in tensors.items() if not name.startswith("linear.")}
# An ensemble has several networks, with their numbers before the names.
count = int(metadata.get("ensemble", 1))
networks = torch.nn.ModuleList([copy.deepcopy(network) for _ in range(count)]).to(dtype)
(networks if count > 1 else networks[0]).load_state_dict(own, strict=True)
network = networks[0]


def mean_of(read):
    """The mean of the results of `read` with each network."""
    global network
    outputs = []
    for network in networks:
        outputs.append(read())
    return torch.stack(outputs).mean(0)


if "crf" in network:
    crf = copy.deepcopy(network["crf"])
    for name, scores in crf.named_parameters():
        scores.data = mean_of(lambda: network["crf"].get_parameter(name).data)


def run(layers, ids, symbols, state=None):
    ids = torch.tensor(ids)
    is_embedded = config["embedding"] > 0
    inputs = layers["embedding"](ids) if is_embedded else one_hot(ids, symbols).to(dtype)
    if "projection" in layers:
        inputs = layers["projection"](inputs)
    return layers["rnn"](inputs, state)


def ids_of(text, known):
    """The indices of a text's symbols; 0 for an unknown one."""
    if task in ("classification", "multi-label", "regression"):
        symbols = text.lower().split()
    else:
        text = re.sub("\r\n?", "\n", text)
        symbols = list(text) if metadata["unit"] == "characters" else re.findall(r"\n|\S+", text)
    return [known.index(symbol) if symbol in known else 0 for symbol in symbols]


def log_probability(logits, right):
    return logits.log_softmax(1)[range(len(right)), right].sum().item()


def outputs_of(answer):
    """The outputs of the networks for a text."""
    return mean_of(lambda: own_outputs_of(answer))


def own_outputs_of(answer):
    """The output of one network for a text."""
    outputs, final = run(network, ids_of(answer["text"], vocabulary), len(vocabulary))
    if config["head"] == "last":
        final = final[0] if config["cell"] in ("lstm", "lnlstm") else final
        read = torch.cat(list(final[-ways:]))
    else:
        read = outputs.mean(0) if config["head"] == "mean" else outputs.amax(0)
    return network["head"](read)


def classified(answer):
    """The difference of a text's logits from the expected ones."""
    return (outputs_of(answer) - torch.tensor(answer["logits"], dtype=dtype)).abs().max().item()


def estimated(answer):
    """The difference of a text's number from the expected one, in standard deviations."""
    scale = json.loads(metadata["scale"])
    expected = (answer["value"] - scale["mean"]) / scale["deviation"]
    return abs(outputs_of(answer).item() - expected)


def vector_of(word):
    """A tagger's input for a word: its embedding, and the last states of the letter GRU."""
    id = vocabulary.index(word.lower()) if word.lower() in vocabulary else 0
    vector = network["embedding"].weight[id]
    if "projection" in network:
        vector = network["projection"](vector)
    if "letters" not in network:
        return vector
    letters = list(word) if len(word) <= 20 else list(word[:10] + word[-10:])
    ids = torch.tensor([alphabet.index(each) if each in alphabet else 0 for each in letters])
    _, final = network["letters"]["rnn"](network["letters"]["embedding"](ids))
    return torch.cat([vector, *final])


def tagged(answer):
    """The difference of a word's label probability from the expected one."""
    read = lambda: torch.stack([vector_of(each["word"]) for each in answer["words"]])
    y = mean_of(lambda: network["head"](network["rnn"](read())[0]))
    if "crf" in network:
        p = crf.marginals(y)
        best = [labels[label] for label in crf.viterbi(y)]
        assert best == [each["label"] for each in answer["words"]], answer["text"]
    else:
        p = y.softmax(1)
    pairs = zip(p, answer["words"])
    return max(abs(row[labels.index(w["label"])].item() - w["probability"]) for row, w in pairs)


def translated(answer):
    """The difference of a target's ln p from the expected one."""
    outputs, final = run(network["encoder"], ids_of(answer["text"], vocabulary), len(vocabulary))
    added = lambda state: state.reshape(config["layers"], ways, -1).sum(1)
    memory = outputs.reshape(len(outputs), ways, -1).sum(1)
    state = tuple(map(added, final)) if isinstance(final, tuple) else added(final)
    right = ids_of(answer["target"], labels) + ([labels.index(EDGE)] if answer["ended"] else [])
    states, _ = run(network["decoder"], [labels.index(EDGE)] + right[:-1], len(labels), state)
    if metadata["attention"] == "dot":
        context = (states @ memory.T).softmax(1) @ memory
        states = network["attention"](torch.cat([context, states], 1)).tanh()
    return abs(log_probability(network["head"](states), right) - math.log(answer["probability"]))


def foretold(answer):
    """The difference of a text's loss from the expected one."""
    ids = ids_of(answer["text"], labels)
    right = ids + ([labels.index(EDGE)] if EDGE in labels else [])
    words = [vocabulary.index(EDGE)] + right[:-1]
    logits = network["head"](run(network, words, len(vocabulary))[0])
    return abs(-log_probability(logits, right) / len(right) - answer["loss"])


compare, what = {
    "classification": (classified, "a logit"),
    "multi-label": (classified, "a logit"),
    "regression": (estimated, "a scaled number"),
    "tagging": (tagged, "a probability"),
    "translate": (translated, "ln p of a target"),
    "language-model": (foretold, "a loss"),
}[task]
with torch.no_grad():
    answers = [json.loads(line) for line in open(answers_path)]
    differences = [compare(answer) for answer in answers]
largest = max((d if d == d else math.inf for d in differences), default=math.inf)
print(f"{len(answers)} texts, largest difference of {what} {largest:.2e}")
sys.exit(0 if largest <= 1e-5 else 1)
