"""Creates rnn.json next to this file: what torch.nn.RNN and torch.nn.Linear compute for a few
sentences, for the tests to compare with. Run by hand: python3 tests/golden/make.py"""

import json
import pathlib

import torch

SEED, WORDS, HIDDEN, LABELS = 1, 7, 5, 3
LENGTHS = [1, 2, 3, 5, 8]
LEARNING_RATE, CLIP = 0.5, 0.1  # large and tight enough to matter

torch.manual_seed(SEED)
torch.set_num_threads(1)

rnn = torch.nn.RNN(WORDS, HIDDEN)
head = torch.nn.Linear(HIDDEN, LABELS)
parameters = {f"rnn.{name}": p for name, p in rnn.named_parameters()}
parameters |= {f"head.{name}": p for name, p in head.named_parameters()}
for name, parameter in parameters.items():
    torch.nn.init.uniform_(parameter, -0.8, 0.8)
torch.nn.init.zeros_(rnn.bias_hh_l0)  # the network here has one bias
rnn.bias_hh_l0.requires_grad = False

sentences = [
    {"words": torch.randint(WORDS, (length,)).tolist(), "label": torch.randint(LABELS, ()).item()}
    for length in LENGTHS
]


def numbers():
    return {name: p.detach().flatten().tolist() for name, p in parameters.items()}


def gradients():
    return {name: p.grad.flatten().tolist() for name, p in parameters.items() if p.requires_grad}


def run(words):
    """All states, and the logits of the last one."""
    one_hot = torch.nn.functional.one_hot(torch.tensor(words), WORDS).float()
    states, last = rnn(one_hot)
    return states, head(last[0])


def loss_of(logits, label):
    return torch.nn.functional.cross_entropy(logits[None], torch.tensor([label]))


golden = {
    "made": f"tests/golden/make.py, PyTorch {torch.__version__}, seed {SEED}, one thread",
    "hidden": HIDDEN,
    "weights": numbers(),
    "sentences": [],
}
for sentence in sentences:
    rnn.zero_grad(), head.zero_grad()
    states, logits = run(sentence["words"])
    loss = loss_of(logits, sentence["label"])
    loss.backward()
    golden["sentences"].append({
        **sentence,
        "states": states.flatten().tolist(),
        "logits": logits.tolist(),
        "loss": loss.item(),
        "gradients": gradients(),
    })

rnn.zero_grad(), head.zero_grad()
mean = sum(loss_of(run(s["words"])[1], s["label"]) for s in sentences) / len(sentences)
mean.backward()
golden["batch"] = {"loss": mean.item(), "gradients": gradients()}

trained = [p for p in parameters.values() if p.requires_grad]
optimizer = torch.optim.SGD(trained, lr=LEARNING_RATE)
for sentence in sentences:
    optimizer.zero_grad()
    loss_of(run(sentence["words"])[1], sentence["label"]).backward()
    torch.nn.utils.clip_grad_value_(trained, CLIP)
    optimizer.step()
golden["sgd"] = {"learningRate": LEARNING_RATE, "clip": CLIP, "weights": numbers()}

path = pathlib.Path(__file__).with_name("rnn.json")
path.write_text(json.dumps(golden, separators=(",", ":")).replace('},{"words"', '},\n{"words"') + "\n")
