"""The workloads in PyTorch, as its users write them.

    echo 5 | python3 bench/peers/pytorch.py WORKLOAD THREADS [passive]

Where there was a choice, the faster one for PyTorch: sequences are time-major, one-hot inputs are
created before the clock starts, Adam is fused, and the embedding's gradient is sparse, with
SparseAdam, so that a step updates only the rows of its own words, as in Unroll. The second bias of
nn.LSTM stays zero: Unroll has one, and two would learn twice as fast. With `passive`, waiting
threads sleep at once; otherwise they spin for some milliseconds first. The runner tries both."""

import os
import sys

if "passive" in sys.argv[3:]:
    os.environ["OMP_WAIT_POLICY"] = "passive"  # before torch is imported

import torch
from common import WORKLOADS, draw_batch, fastest_adam, sentences, serve, weight
from torch import nn
from torch.nn import functional as F

workload, threads = WORKLOADS[sys.argv[1]], int(sys.argv[2])
torch.set_num_threads(threads)
config = workload["config"]
hidden, embedding = config["hidden"], config.get("embedding", 0)
per_word = config.get("head") == "token"


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        width = embedding or workload["words"]
        layer = nn.LSTM if config["cell"] == "lstm" else nn.RNN
        if embedding:
            self.embedding = nn.Embedding(workload["words"], embedding, sparse=True)
        self.rnn = layer(width, hidden, config.get("layers", 1))
        self.head = nn.Linear(hidden, workload["labels"])

    def forward(self, x):
        states, _ = self.rnn(self.embedding(x) if embedding else x)
        return self.head(states.flatten(0, 1) if per_word else states[-1])


def create_network():
    network = Network()
    for stream, (name, parameter) in enumerate(network.named_parameters()):
        if "bias_hh" in name:
            parameter.requires_grad_(False).zero_()
        else:
            start = torch.from_numpy(weight(stream, tuple(parameter.shape), hidden))
            parameter.data.copy_(start)
    return network


def trained(*modules):
    return [p for module in modules for p in module.parameters() if p.requires_grad]


def inputs_of(words):
    ids = torch.as_tensor(words)
    return ids if embedding else F.one_hot(ids, workload["words"]).float()


def prepare_batch(step):
    words, labels = draw_batch(workload, step)
    return inputs_of(words), torch.from_numpy(labels)


def train_step(batch):
    x, labels = batch
    loss = F.cross_entropy(network(x), labels)
    for optimizer in optimizers:
        optimizer.zero_grad(set_to_none=True)
    loss.backward()
    for optimizer in optimizers:
        optimizer.step()
    return loss.item()


@torch.inference_mode()
def forward_pass(batch):
    x, labels = batch
    return F.cross_entropy(network(x), labels).item()


def prepare_article(_):
    _, *parts = sentences()
    data = [[(inputs_of([[w] for w in ids]), torch.tensor([y])) for ids, y in p] for p in parts]
    return create_network(), *data


def article_run(work):
    network, train, test = work
    parameters = trained(network)
    optimizer = torch.optim.SGD(parameters, lr=workload["learningRate"])
    for _ in range(workload["epochs"]):
        total = 0
        for x, label in train:
            loss = F.cross_entropy(network(x), label)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_value_(parameters, 1)
            optimizer.step()
            total += loss.item()
        with torch.no_grad():
            for x, label in test:
                F.cross_entropy(network(x), label).item()
    return total / len(train)


name = f"PyTorch {torch.__version__}, {threads} thread{'s' if threads > 1 else ''}"
network = create_network()
if workload["task"] == "article":
    serve(name, prepare_article, article_run)
elif workload["task"] == "forward":
    serve(name, prepare_batch, forward_pass)
else:
    rate = workload["learningRate"]
    optimizers = [fastest_adam(trained(network.rnn, network.head), rate)]
    if embedding:
        optimizers.append(torch.optim.SparseAdam(network.embedding.parameters(), lr=rate))
    serve(name, prepare_batch, train_step)
