"""The article's way of doing it: a vanilla RNN in numpy, one sentence at a time, gradients by hand.

    python3 bench/peers/article.py DATA.json EPOCHS HIDDEN

prints one line of JSON: the seconds that training took, and how it ended."""

import json
import platform
import random
import sys
import time

import numpy as np


class RNN:
    def __init__(self, input_size, output_size, hidden_size):
        self.Whh = np.random.randn(hidden_size, hidden_size) / 1000
        self.Wxh = np.random.randn(hidden_size, input_size) / 1000
        self.Why = np.random.randn(output_size, hidden_size) / 1000
        self.bh = np.zeros((hidden_size, 1))
        self.by = np.zeros((output_size, 1))

    def forward(self, inputs):
        h = np.zeros((self.Whh.shape[0], 1))
        self.inputs = inputs
        self.states = {0: h}
        for t, x in enumerate(inputs):
            h = np.tanh(self.Wxh @ x + self.Whh @ h + self.bh)
            self.states[t + 1] = h
        return self.Why @ h + self.by

    def backward(self, d_y, learn_rate=2e-2):
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


def run(path, epochs, hidden):
    data = json.load(open(path))
    words = sorted({word for item in data["train"] for word in item["text"].split(" ")})
    word_to_id = {word: i for i, word in enumerate(words)}
    labels = sorted({item["label"] for item in data["train"]})

    def one_hots(text):
        inputs = []
        for word in text.split(" "):
            x = np.zeros((len(words), 1))
            x[word_to_id[word]] = 1
            inputs.append(x)
        return inputs

    def process(items, learn):
        random.shuffle(items)
        loss = right = 0
        for item in items:
            label = labels.index(item["label"])
            p = softmax(rnn.forward(one_hots(item["text"])))
            loss -= np.log(p[label].item())
            right += int(np.argmax(p) == label)
            if learn:
                p[label] -= 1
                rnn.backward(p)
        return {"loss": loss / len(items), "accuracy": right / len(items)}

    rnn = RNN(len(words), len(labels), hidden)
    begin = time.perf_counter()
    for _ in range(epochs):
        train = process(data["train"], learn=True)
        test = process(data["test"], learn=False)
    seconds = time.perf_counter() - begin
    version = f"numpy {np.__version__}, Python {platform.python_version()}"
    print(json.dumps({"version": version, "seconds": seconds, "train": train, "test": test}))


random.seed(1)
np.random.seed(1)
run(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
