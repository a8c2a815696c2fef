"""Creates sequences.json next to this file: what torch computes for small sequence-to-sequence
networks, what greedy and beam search find with them, and the results of truncated backpropagation
through time for language models. Run by hand: python3 tests/golden/make_sequences.py"""

import json
import math
import pathlib

import torch
from torch.nn.functional import cross_entropy, log_softmax, one_hot
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

SEED, HIDDEN, EMBEDDING = 5, 3, 2
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
torch.manual_seed(SEED)

CELLS = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}
SCALE, LIMIT = 64, 96  # weights are whole numbers up to the limit over the scale: short, and exact


def flat(tensor):
    """Eight significant digits, and no negative zeros."""
    assert tensor.isfinite().all()
    return [float(f"{x:.8g}") + 0.0 for x in tensor.detach().flatten().tolist()]


class Stack(torch.nn.Module):
    """Layers on symbols, that are one-hot or embedded."""

    def __init__(self, config, symbols, bidirectional=False):
        super().__init__()
        self.symbols = symbols
        if config["embedding"]:
            self.embedding = torch.nn.Embedding(symbols, config["embedding"])
        self.rnn = CELLS[config["cell"]](
            config["embedding"] or symbols,
            HIDDEN,
            config["layers"],
            bidirectional=bidirectional,
        )

    def inputs(self, ids):
        if hasattr(self, "embedding"):
            return self.embedding(ids)
        return one_hot(ids, self.symbols).to(torch.get_default_dtype())


def start(network, config, seed):
    """Gives a network its weights."""
    torch.manual_seed(seed)
    for name, parameter in network.named_parameters():
        drawn = torch.randint(-LIMIT, LIMIT + 1, parameter.shape)
        parameter.data = drawn.to(torch.get_default_dtype()) / SCALE
        # The network here has one bias a gate, but two in the GRU's new gate: the last third.
        if "bias_hh" in name:
            parameter.data[: 2 * HIDDEN if config["cell"] == "gru" else None] = 0


def weights_of(network):
    """As whole numbers over the scale; those that are all 0 are left out."""
    numbers = {n: (p * SCALE).round().int() for n, p in network.named_parameters()}
    return {n: value.flatten().tolist() for n, value in numbers.items() if value.any()}


def gradients_of(network, config):
    gradients = {}
    for name, parameter in network.named_parameters():
        if "bias_hh" in name:
            if config["cell"] != "gru":
                continue
            parameter.grad[: 2 * HIDDEN] = 0
        gradients[name] = flat(parameter.grad)
    return gradients


# From a sequence to a sequence. The last of the targets' symbols is their start and their end.

SOURCES, TARGETS = 5, 5
LENGTHS = [(4, 2), (1, 4), (3, 1), (2, 3)]  # of a source, and of its target without the end
MAX_LENGTH, WIDTHS = 6, (2, 3)
EDGE = TARGETS - 1

pairs = [
    {
        "source": torch.randint(SOURCES, (source,)).tolist(),
        "target": torch.randint(EDGE, (target,)).tolist() + [EDGE],
    }
    for source, target in LENGTHS
]


class Translator(torch.nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.ways = 2 if config["bidirectional"] else 1
        self.encoder = Stack(config, SOURCES, config["bidirectional"])
        self.decoder = Stack(config, TARGETS)
        if config["attention"] == "dot":
            self.attention = torch.nn.Linear(2 * HIDDEN, HIDDEN, bias=False)
        self.head = torch.nn.Linear(HIDDEN, TARGETS)

    def encode(self, sources):
        """The states over the sources and those the decoder begins with: sums over directions."""
        padded = pad_sequence([torch.tensor(ids) for ids in sources])
        lengths = torch.tensor([len(ids) for ids in sources])
        packed = pack_padded_sequence(self.encoder.inputs(padded), lengths, enforce_sorted=False)
        outputs, final = self.encoder.rnn(packed)
        outputs = pad_packed_sequence(outputs)[0]
        memory = outputs.reshape(len(padded), len(sources), self.ways, HIDDEN).sum(2)
        added = lambda state: state.reshape(-1, self.ways, len(sources), HIDDEN).sum(1)
        final = tuple(map(added, final)) if isinstance(final, tuple) else added(final)
        return memory, lengths, final

    def decode(self, ids, memory, lengths, state):
        """Logits and attention after some symbols, `[steps, batch, …]`, and the state then."""
        states, state = self.decoder.rnn(self.decoder.inputs(ids), state)
        if self.config["attention"] == "none":
            return self.head(states), None, state
        scores = torch.einsum("tbh,jbh->tbj", states, memory)
        beyond = torch.arange(len(memory)) >= lengths[:, None]
        looked = scores.masked_fill(beyond, -torch.inf).softmax(2)
        context = torch.einsum("tbj,jbh->tbh", looked, memory)
        combined = self.attention(torch.cat([context, states], 2)).tanh()
        return self.head(combined), looked, state


def steps_of(network, source):
    """A function from the symbols so far to ln p of each next one, for one source. The unknown one,
    whose id is 0, is never given."""
    memory, lengths, state = network.encode([source])

    def after(symbols):
        ids = torch.tensor([EDGE] + symbols)[:, None]
        logs = log_softmax(network.decode(ids, memory, lengths, state)[0][-1, 0], 0).tolist()
        return [-math.inf] + logs[1:]

    return after


class Close(Exception):
    """A choice that rounding could turn."""


def ranked(values, count):
    """The places of the largest ones, the largest first."""
    order = sorted(range(len(values)), key=lambda i: -values[i])
    for a, b in list(zip(order, order[1:]))[:count]:
        if values[a] - values[b] < 1e-3:
            raise Close
    return order[:count]


def answer(symbols, total, ended):
    return {"symbols": symbols, "logProbability": float(f"{total:.8g}"), "ended": ended}


def greedy(after):
    symbols, total = [], 0
    while len(symbols) < MAX_LENGTH:
        logs = after(symbols)
        (best,) = ranked(logs, 1)
        total += logs[best]
        if best == EDGE:
            return answer(symbols, total, True)
        symbols = symbols + [best]
    return answer(symbols, total, False)


def beam(after, width):
    going, whole = [([], 0)], []
    while going and len(going[0][0]) < MAX_LENGTH:
        longer = [(s, t + log, i) for s, t in going for i, log in enumerate(after(s))]
        chosen = [longer[i] for i in ranked([t for _, t, _ in longer], width - len(whole))]
        whole += [(s, t, True) for s, t, i in chosen if i == EDGE]
        going = [(s + [i], t) for s, t, i in chosen if i != EDGE]
    whole += [(s, t, False) for s, t in going]
    means = [t / (len(s) + ended) for s, t, ended in whole]
    return answer(*whole[ranked(means, 1)[0]])


def searches(network):
    """What is found for each source; none where it was a near thing."""
    found = []
    for pair in pairs:
        after = steps_of(network, pair["source"])
        try:
            found.append([greedy(after)] + [beam(after, width) for width in WIDTHS])
        except Close:
            found.append(None)
    return found


def pair_entry(config, seed):
    network = Translator(config)
    start(network, config, seed)
    network.head.bias.data[EDGE] += 0.5  # or most targets would never end
    memory, lengths, state = network.encode([pair["source"] for pair in pairs])
    targets = [pair["target"] for pair in pairs]
    inputs = pad_sequence([torch.tensor([EDGE] + ids[:-1]) for ids in targets])
    logits, looked, _ = network.decode(inputs, memory, lengths, state)
    right = pad_sequence([torch.tensor(ids) for ids in targets], padding_value=-1)
    loss = cross_entropy(logits.flatten(0, 1), right.flatten(), ignore_index=-1)
    loss.backward()
    entry = {
        "config": config,
        "weights": weights_of(network),
        "logits": [flat(logits[: len(ids), i]) for i, ids in enumerate(targets)],
        "loss": float(f"{loss.item():.9g}"),
        "gradients": gradients_of(network, config),
    }
    if looked is not None:
        shapes = [(len(pair["target"]), len(pair["source"])) for pair in pairs]
        entry["attention"] = [flat(looked[:t, i, :s]) for i, (t, s) in enumerate(shapes)]
    with torch.no_grad():
        entry["searches"] = searches(network)
    return entry


def pair_config(cell, attention, bidirectional, layers, embedding):
    return {
        "cell": cell,
        "attention": attention,
        "bidirectional": bidirectional,
        "layers": layers,
        "embedding": embedding,
    }


def pair_entries():
    seed = 100  # each its own, so that a change of one leaves the others
    for cell in CELLS:
        configs = [
            pair_config(cell, attention, two, layers, EMBEDDING if layers == 2 else 0)
            for attention in ("dot", "none")
            for two in (False, True)
            for layers in (1, 2)
        ]
        configs += [pair_config(cell, "dot", True, 1, EMBEDDING)]
        configs += [pair_config(cell, "dot", False, 2, 0)]
        for config in configs:
            yield pair_entry(config, seed)
            seed += 1


# Language models: documents in pieces, in streams side by side.

SYMBOLS = 5  # these are foretold, the end is the last; the start is the same
DOCUMENTS, STREAMS, TIME_STEPS, RATE = [8, 2, 5, 11], 3, 3, 0.1

documents = [torch.randint(SYMBOLS - 1, (length,)).tolist() for length in DOCUMENTS]


def pieces():
    """For each step, and each stream: the symbols, the next ones, and whether it begins afresh."""
    cut = []
    for ids in documents:
        words, labels = [SYMBOLS - 1] + ids, ids + [SYMBOLS - 1]
        for at in range(0, len(words), TIME_STEPS):
            end = at + TIME_STEPS
            cut.append((words[at:end], labels[at:end], at == 0))
    firsts = [len(cut) * stream // STREAMS for stream in range(STREAMS + 1)]
    streams = [cut[a:b] for a, b in zip(firsts, firsts[1:])]
    for step in range(max(map(len, streams))):
        rows = [stream[step] if step < len(stream) else ([], [], True) for stream in streams]
        yield [(words, labels, fresh or step == 0) for words, labels, fresh in rows]


class LanguageModel(Stack):
    def __init__(self, config):
        super().__init__(config, SYMBOLS)
        self.head = torch.nn.Linear(HIDDEN, SYMBOLS)


def language_entry(config, seed):
    """Steps of gradient descent, each on the next piece of every stream."""
    network = LanguageModel(config)
    start(network, config, seed)
    trained = [p for n, p in network.named_parameters() if "bias_hh" not in n]
    if config["cell"] == "gru":
        trained = list(network.parameters())
    entry = {"config": config, "weights": weights_of(network), "steps": []}
    optimizer = torch.optim.SGD(trained, RATE)
    states = [None] * STREAMS
    for step in pieces():
        network.zero_grad()
        total, count, names, values = 0, 0, ("h", "c"), []
        for stream, (words, labels, fresh) in enumerate(step):
            if not words:
                continue
            state = None if fresh else states[stream]
            outputs, state = network.rnn(network.inputs(torch.tensor(words)[:, None]), state)
            logits = network.head(outputs[:, 0])
            total = total + cross_entropy(logits, torch.tensor(labels), reduction="sum")
            count += len(labels)
            final = state if isinstance(state, tuple) else (state,)
            final = tuple(each.detach() for each in final)
            states[stream] = final if isinstance(state, tuple) else final[0]
            values.append(final)
        loss = total / count
        loss.backward()
        entry["steps"].append(
            {
                "loss": float(f"{loss.item():.9g}"),
                # Of each stream that is not over, each layer's.
                "states": [{n: flat(v) for n, v in zip(names, each)} for each in values],
                "gradients": gradients_of(network, config),
            }
        )
        optimizer.step()
    return entry


def language_entries():
    seed = 200
    for cell in CELLS:
        for layers, embedding in ((1, 0), (2, EMBEDDING)):
            yield language_entry({"cell": cell, "layers": layers, "embedding": embedding}, seed)
            seed += 1


def line(value):
    return json.dumps(value, separators=(",", ":"))


found = list(pair_entries())
told = [each for entry in found for each in entry["searches"] if each]
# Or the searches would test little.
assert len(told) > len(found) * len(pairs) / 2
assert sum(a["symbols"] != b["symbols"] for a, *_, b in told) > 5
assert 10 < sum(a["ended"] for a, *_ in told) < len(told) - 10

golden = {
    "made": f"tests/golden/make_sequences.py, PyTorch {torch.__version__}, seed {SEED}, one thread",
    "hidden": HIDDEN,
    "scale": SCALE,
    "pairs": {
        "sources": SOURCES,
        "targets": TARGETS,
        "maxLength": MAX_LENGTH,
        "widths": [1, *WIDTHS],
        "examples": pairs,
    },
    "documents": {
        "symbols": SYMBOLS,
        "examples": documents,
        "streams": STREAMS,
        "timeSteps": TIME_STEPS,
        "learningRate": RATE,
        "pieces": [
            [{"words": w, "labels": l, "fresh": f} for w, l, f in step] for step in pieces()
        ],
    },
}
lists = {"translators": found, "languageModels": language_entries()}
text = line(golden)[:-1]
for name, entries in lists.items():
    text += f',\n"{name}":[\n' + ",\n".join(map(line, entries)) + "\n]"
pathlib.Path(__file__).with_name("sequences.json").write_text(text + "}\n")
