"""The article's implementation: a vanilla RNN in numpy, one sentence at a time, manual gradients.

    echo 1 | python3 bench/peers/article.py

trains once, and prints in JSON how long it took and the last epoch's loss."""

import numpy as np
from common import WORKLOADS, sentences, serve, weight


class RNN:
    def __init__(self, input_size, output_size, hidden_size):
        self.Wxh = weight(0, (hidden_size, input_size), hidden_size)
        self.Whh = weight(1, (hidden_size, hidden_size), hidden_size)
        self.bh = weight(2, (hidden_size, 1), hidden_size)
        self.Why = weight(4, (output_size, hidden_size), hidden_size)
        self.by = weight(5, (output_size, 1), hidden_size)

    def forward(self, inputs):
        h = np.zeros((self.Whh.shape[0], 1))
        self.inputs = inputs
        self.states = {0: h}
        for t, x in enumerate(inputs):
            h = np.tanh(self.Wxh @ x + self.Whh @ h + self.bh)
            self.states[t + 1] = h
        return self.Why @ h + self.by

    def backward(self, d_y, learn_rate):
        n = len(self.inputs)
        d_Why = d_y @ self.states[n].T
        d_by = d_y
        d_Whh = np.zeros(self.Whh.shape)
        d_Wxh = np.zeros(self.Wxh.shape)
        d_bh = np.zeros(self.bh.shape)
        d_h = self.Why.T @ d_y
        for t in reversed(range(n)):
            d_z = (1 - self.states[t + 1] ** 2) * d_h
            d_bh += d_z
            d_Whh += d_z @ self.states[t].T
            d_Wxh += d_z @ self.inputs[t].T
            d_h = self.Whh.T @ d_z
        for d in [d_Wxh, d_Whh, d_Why, d_bh, d_by]:
            np.clip(d, -1, 1, out=d)
        self.Whh -= learn_rate * d_Whh
        self.Wxh -= learn_rate * d_Wxh
        self.Why -= learn_rate * d_Why
        self.bh -= learn_rate * d_bh
        self.by -= learn_rate * d_by


def softmax(y):
    return np.exp(y) / sum(np.exp(y))


workload = WORKLOADS["article"]
words, train, test = sentences()


def one_hots(ids):
    inputs = []
    for word in ids:
        x = np.zeros((len(words), 1))
        x[word] = 1
        inputs.append(x)
    return inputs


def process(rnn, items, learn):
    loss = 0
    for ids, label in items:
        p = softmax(rnn.forward(one_hots(ids)))
        loss -= np.log(p[label].item())
        if learn:
            p[label] -= 1
            rnn.backward(p, workload["learningRate"])
    return loss / len(items)


def run(rnn):
    for _ in range(workload["epochs"]):
        loss = process(rnn, train, learn=True)
        process(rnn, test, learn=False)
    return loss


def prepare(_):
    return RNN(len(words), workload["labels"], workload["config"]["hidden"])


serve(f"numpy {np.__version__}", prepare, run)
