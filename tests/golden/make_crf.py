"""Creates crf.json: a conditional random field in PyTorch by float64, its losses by torch.logsumexp,
their gradients by autograd, and the best sequences by enumeration. Run by hand:

    python3 tests/golden/make_crf.py > tests/golden/crf.json
"""

import itertools
import json

import torch
from crf import Crf

torch.set_default_dtype(torch.float64)
torch.manual_seed(17)
LABELS, LENGTHS = 3, [4, 1, 5, 2]

crf = Crf(LABELS)
logits = [torch.randn(length, LABELS, requires_grad=True) for length in LENGTHS]
labels = [torch.randint(LABELS, (length,)) for length in LENGTHS]
losses = [crf.log_z(y) - crf.score(y, c) for y, c in zip(logits, labels)]
sum(losses).backward()
best = [
    max(itertools.product(range(LABELS), repeat=len(y)), key=lambda c: crf.score(y, c).item())
    for y in logits
]
OURS = {
    "startTransitions": crf.start_transitions,
    "endTransitions": crf.end_transitions,
    "transitions": crf.transitions,
}
as_rows = lambda a: a.tolist() if a.dim() == 2 else [a.tolist()]
print(
    json.dumps(
        {
            "weights": {name: as_rows(each.data) for name, each in OURS.items()},
            "lengths": LENGTHS,
            "logits": [y.tolist() for y in logits],
            "labels": [c.tolist() for c in labels],
            "losses": [loss.item() for loss in losses],
            "gradients": {
                "logits": [y.grad.tolist() for y in logits],
                **{name: as_rows(each.grad) for name, each in OURS.items()},
            },
            "best": best,
        },
        separators=(",", ":"),
    )
)
