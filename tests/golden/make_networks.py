"""Creates networks.json, pooling.json and projection.json next to this file: what torch computes for small networks of every cell,
depth, direction, head and input, and what its optimizers make of an LSTM in three steps. Run by
hand: python3 tests/golden/make_networks.py"""

import json
import pathlib

import torch
from torch.nn.functional import cross_entropy, one_hot
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

SEED, WORDS, EMBEDDING, HIDDEN, LABELS = 3, 7, 4, 3, 3
LENGTHS = [5, 1, 3, 2]
LIMIT = 0.8

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
torch.manual_seed(SEED)

# Word 0 is padding only, so no sentence has it.
sentences = [
    {
        "words": torch.randint(1, WORDS, (length,)).tolist(),
        "label": torch.randint(LABELS, ()).item(),
        "tags": torch.randint(LABELS, (length,)).tolist(),
    }
    for length in LENGTHS
]
assert any(len(set(s["words"])) < len(s["words"]) for s in sentences)
assert {s["label"] for s in sentences} == set(range(LABELS))


def uniform(*shape):
    """Multiples of 1/256, which float32 and nine digits hold exactly."""
    return (torch.empty(shape).uniform_(-LIMIT, LIMIT) * 256).round() / 256


def flat(tensor):
    """Nine significant digits, and no negative zeros."""
    assert tensor.isfinite().all()
    return [float(f"{x:.9g}") + 0.0 for x in tensor.detach().flatten().tolist()]


class Network(torch.nn.Module):
    """Its parameters have the names of the JSON: embedding.weight, rnn.*, head.*"""

    def __init__(self, config, seed, sparse=False):
        super().__init__()
        self.config = config
        self.directions = 2 if config["bidirectional"] else 1
        self.states = (config["layers"] * self.directions, len(LENGTHS), HIDDEN)
        if config["embedding"]:
            self.embedding = torch.nn.Embedding(WORDS, config["embedding"], sparse=sparse)
        if config.get("projection"):
            self.projection = torch.nn.Linear(config["embedding"], config["projection"], bias=False)
        cell = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[config["cell"]]
        self.rnn = cell(
            config.get("projection") or config["embedding"] or WORDS,
            HIDDEN,
            config["layers"],
            bidirectional=config["bidirectional"],
            **({"nonlinearity": config["activation"]} if "activation" in config else {}),
        )
        pooled = 2 if config["head"] == "mean-max" else 1
        self.head = torch.nn.Linear(pooled * self.directions * HIDDEN, LABELS)
        torch.manual_seed(seed)  # here, as the modules above draw too
        for name, parameter in self.named_parameters():
            parameter.data = uniform(*parameter.shape)
            if config.get("activation") == "relu" and "bias_ih" in name:
                # Positive, or too many states are 0; and by an odd 1/512, or the first word's sum
                # can be exactly 0, where relu has no gradient.
                parameter.data = parameter.data.abs() + 1 / 512
            # The network here has one bias a gate, but two in the GRU's new gate: the last third.
            if "bias_hh" in name and config["cell"] == "gru":
                parameter.data[: 2 * HIDDEN] = 0
            elif "bias_hh" in name:
                parameter.data.zero_()
                parameter.requires_grad = False

    def forward(self, batch, initial=None):
        """Outputs, final states and logits of some of the sentences."""
        words = pad_sequence([torch.tensor(s["words"]) for s in batch])
        lengths = torch.tensor([len(s["words"]) for s in batch])
        if self.config["embedding"]:
            inputs = self.embedding(words)
            if self.config.get("projection"):
                inputs = self.projection(inputs)
        else:
            inputs = one_hot(words, WORDS).to(torch.get_default_dtype())
        packed = pack_padded_sequence(inputs, lengths, enforce_sorted=False)
        outputs, final = self.rnn(packed, initial)
        outputs = pad_packed_sequence(outputs)[0]
        real = (torch.arange(len(words))[:, None] < lengths)[:, :, None]
        assert (outputs[~real.expand_as(outputs)] == 0).all()
        final = final if self.config["cell"] == "lstm" else (final,)
        head = self.config["head"]
        if head == "last":  # of each direction its own last, so backward's is at the first word
            features = torch.cat(list(final[0][-self.directions :]), dim=1)
        elif head == "mean":
            features = outputs.sum(0) / lengths[:, None]
        elif head == "max":
            features = outputs.masked_fill(~real, -torch.inf).amax(0)
        elif head == "mean-max":
            mean = outputs.sum(0) / lengths[:, None]
            features = torch.cat([mean, outputs.masked_fill(~real, -torch.inf).amax(0)], dim=1)
        else:
            return outputs, final, self.head(outputs) * real, real[:, :, 0]
        return outputs, final, self.head(features), None

    def losses(self, batch, logits, real):
        """One a sentence, or one a token and 0 at padding."""
        if real is None:
            return cross_entropy(logits, labels_of(batch), reduction="none")
        tags = pad_sequence([torch.tensor(s["tags"]) for s in batch])
        return cross_entropy(logits.transpose(1, 2), tags, reduction="none") * real

    def trained(self):
        return {name: p for name, p in self.named_parameters() if p.requires_grad}

    def weights(self):
        return {name: flat(p) for name, p in self.named_parameters()}

    def gradients(self):
        if self.config["cell"] == "gru":  # the other biases of these gates are the trained ones
            for name, parameter in self.named_parameters():
                if "bias_hh" in name:
                    parameter.grad[: 2 * HIDDEN] = 0
        return {name: flat(p.grad) for name, p in self.trained().items()}


def labels_of(batch):
    return torch.tensor([s["label"] for s in batch])


def network_entry(config, seed, with_initial=False):
    network = Network(config, seed)
    lstm = config["cell"] == "lstm"
    entry = {"config": config, "weights": network.weights()}
    initial = None
    if with_initial:
        names = ["h0", "c0"] if lstm else ["h0"]
        initial = [uniform(*network.states).requires_grad_() for _ in names]
        entry["initial"] = {name: flat(state) for name, state in zip(names, initial)}
    given = initial and (tuple(initial) if lstm else initial[0])
    outputs, final, logits, real = network(sentences, given)
    # States that are mostly 0 would hide mistakes.
    nonzero, steps = (outputs != 0).sum().item(), sum(LENGTHS)
    assert 3 * nonzero >= steps * network.directions * HIDDEN, config

    losses = network.losses(sentences, logits, real)
    (losses.sum() / (len(sentences) if real is None else real.sum())).backward()
    entry["outputs"] = flat(outputs)
    entry |= {name: flat(state) for name, state in zip(["hn", "cn"], final)}
    entry |= {"logits": flat(logits), "losses": flat(losses), "gradients": network.gradients()}
    if with_initial:
        entry["initialGradients"] = {n: flat(state.grad) for n, state in zip(names, initial)}
    return entry


CELLS = [
    {"cell": "rnn", "activation": "tanh"},
    {"cell": "rnn", "activation": "relu"},
    {"cell": "lstm"},
    {"cell": "gru"},
]


def config_of(cell, layers=1, bidirectional=False, head="last", embedding=0):
    return {
        **cell,
        "layers": layers,
        "bidirectional": bidirectional,
        "head": head,
        "embedding": embedding,
    }


def network_entries():
    seed = 100  # each its own, so that a change of one leaves the others
    for cell in CELLS:
        configs = [config_of(cell, n, two) for n in (1, 2) for two in (False, True)]
        configs += [config_of(cell, 2, True, head) for head in ("mean", "max", "token")]
        configs += [config_of(cell, 2, True, embedding=EMBEDDING)]
        for config in configs:
            yield network_entry(config, seed)
            seed += 1
        yield network_entry(config_of(cell), seed, with_initial=True)
        seed += 1


def pooling_entries():
    for seed, cell in enumerate(CELLS, 200):
        yield network_entry(config_of(cell, 2, True, "mean-max"), seed)


def projection_entries():
    for seed, cell in enumerate(CELLS, 300):
        config = config_of(cell, 2, True, embedding=EMBEDDING) | {"projection": 2}
        yield network_entry(config, seed)
        yield network_entry(config | {"head": "token"}, seed)


BETAS, ALPHA, EPSILON = (0.9, 0.999), 0.99, 1e-8
ALL = [[0, 1, 2, 3]] * 3
PARTS = [[0, 1], [2, 3], [0, 1, 2, 3]]  # words that pause for a step show laziness
# Some word of each of the first two steps is not in the other.
first, second = ({w for i in part for w in sentences[i]["words"]} for part in PARTS[:2])
assert first - second and second - first


def optimizers_of(network, name, rate, momentum, decay, is_dense):
    """More than one where the embedding, whose gradient is sparse, has its own."""
    trained = network.trained()
    has_own = network.config["embedding"] and not is_dense
    sparse = [trained.pop("embedding.weight")] if has_own else []
    dense = list(trained.values())
    if name == "sgd":
        return [torch.optim.SGD(sparse + dense, rate, momentum=momentum, weight_decay=decay)]
    if name == "rmsprop":
        return [torch.optim.RMSprop(dense, rate, ALPHA, EPSILON, weight_decay=decay)]
    kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[name]
    lazy = [torch.optim.SparseAdam(sparse, rate, BETAS, EPSILON)] if sparse else []
    return [kind(dense, rate, BETAS, EPSILON, weight_decay=decay)] + lazy


def optimizer_entry(
    name, rates, momentum=0, decay=0, clip=None, clip_norm=None, label_weights=None, embedding=0,
    is_dense=False,
):
    config = config_of({"cell": "lstm"}, embedding=embedding)
    # The same weights for all optimizers. Those that divide by the size of a gradient magnify
    # the rounding of a tiny one, and where epsilon is added (SparseAdam adds it before it corrects
    # the bias): with this seed these change a weight by less than 1e-6 and 5e-6.
    network = Network(config, seed=282, sparse=not is_dense)
    batches = PARTS if embedding else ALL
    before, losses = network.weights(), []
    optimizers = optimizers_of(network, name, rates[0], momentum, decay, is_dense)
    trained = list(network.trained().values())
    class_weights = torch.tensor(label_weights) if label_weights else None
    for rate, batch in zip(rates, batches):
        batch = [sentences[i] for i in batch]
        network.zero_grad(set_to_none=True)
        # With weights the mean is sum(w * loss) / sum(w).
        loss = cross_entropy(network(batch)[2], labels_of(batch), weight=class_weights)
        loss.backward()
        losses.append(loss)
        if clip:
            assert any(p.grad.abs().max() > clip for p in trained)  # or it tests nothing
            torch.nn.utils.clip_grad_value_(trained, clip)
        if clip_norm:
            assert torch.nn.utils.clip_grad_norm_(trained, clip_norm) > clip_norm
        for optimizer in optimizers:
            optimizer.param_groups[0]["lr"] = rate
            optimizer.step()
    after = network.weights()
    assert all(
        after[name] == before[name] if "bias_hh" in name else after[name] != before[name]
        for name in after
    )
    return {
        "config": config,
        "optimizer": {
            "name": name,
            "learningRates": rates,
            "momentum": momentum,
            "weightDecay": decay,
            "alpha": ALPHA,
            "betas": BETAS,
            "epsilon": EPSILON,
            **({"dense": True} if is_dense else {}),
        },
        "clip": clip,
        "clipNorm": clip_norm,
        "labelWeights": label_weights,
        "batches": batches,
        "weights": before,
        "losses": flat(torch.stack(losses)),
        "after": after,
    }


def optimizer_entries():
    yield optimizer_entry("sgd", [0.5] * 3)
    yield optimizer_entry("sgd", [0.1] * 3, momentum=0.9)
    yield optimizer_entry("sgd", [0.1] * 3, momentum=0.9, decay=0.1)
    for name in ("rmsprop", "adam"):
        yield optimizer_entry(name, [0.05] * 3)
        yield optimizer_entry(name, [0.05] * 3, decay=0.1)
    yield optimizer_entry("adamw", [0.05] * 3, decay=0.1)
    yield optimizer_entry("sgd", [0.5] * 3, clip=0.05)
    yield optimizer_entry("adam", [0.05] * 3, clip_norm=0.1)
    yield optimizer_entry("adam", [0.05, 0.025, 0.0125])
    yield optimizer_entry("sgd", [0.5] * 3, label_weights=[0.5, 1.0, 3.0])
    yield optimizer_entry("sgd", [0.5] * 3, embedding=EMBEDDING)
    yield optimizer_entry("adam", [0.05] * 3, embedding=EMBEDDING)
    yield optimizer_entry("adam", [0.05] * 3, embedding=EMBEDDING, is_dense=True)
    yield optimizer_entry("sgd", [0.1] * 3, momentum=0.9, embedding=EMBEDDING, is_dense=True)
    yield optimizer_entry(
        "adamw", [0.05] * 3, decay=0.1, clip_norm=0.1, embedding=EMBEDDING, is_dense=True
    )


def line(value):
    return json.dumps(value, separators=(",", ":"))


golden = {
    "made": f"tests/golden/make_networks.py, PyTorch {torch.__version__}, seed {SEED}, one thread",
    "words": WORDS,
    "hidden": HIDDEN,
    "labels": LABELS,
    "embedding": EMBEDDING,
    "lengths": LENGTHS,
    "sentences": sentences,
}
lists = {"networks": network_entries(), "optimizers": optimizer_entries()}
text = line(golden)[:-1]
for name, entries in lists.items():
    text += f',\n"{name}":[\n' + ",\n".join(map(line, entries)) + "\n]"
pathlib.Path(__file__).with_name("networks.json").write_text(text + "}\n")

for name, entries in {"pooling": pooling_entries(), "projection": projection_entries()}.items():
    text = line({"made": golden["made"], "sentences": sentences})[:-1]
    text += ',\n"networks":[\n' + ",\n".join(map(line, entries)) + "\n]}\n"
    pathlib.Path(__file__).with_name(f"{name}.json").write_text(text)
