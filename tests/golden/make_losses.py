"""Creates losses.json next to this file: what PyTorch's regression and multi-label losses
are for a few rows. Run by hand: python3 tests/golden/make_losses.py"""

import json
import pathlib

import torch

SEED, ROWS, COLUMNS = 1, 4, 3
DELTA, QUANTILES, POSITIVE = 0.7, [0.1, 0.5, 0.9], [0.5, 1.0, 3.0]

torch.manual_seed(SEED)
torch.set_default_dtype(torch.float64)

outputs = torch.empty(ROWS, COLUMNS).uniform_(-2, 2)
targets = torch.empty(ROWS, COLUMNS).uniform_(-2, 2)
labels = torch.randint(2, (ROWS, COLUMNS)).double()
bands = torch.empty(ROWS, len(QUANTILES), COLUMNS).uniform_(-2, 2)
far = outputs * 100  # where ln(1 + e^y) by itself would overflow in 32 bits


def pinball(y, t):
    u = t[:, None, :] - y
    q = torch.tensor(QUANTILES)[None, :, None]
    return torch.maximum(q * u, (q - 1) * u).mean()


def case(loss, y, t):
    y = y.clone().requires_grad_()
    value = loss(y, t)
    value.backward()
    return {
        "outputs": y.detach().flatten().tolist(),
        "targets": t.flatten().tolist(),
        "loss": value.item(),
        "gradient": y.grad.flatten().tolist(),
    }


golden = {
    "made": f"tests/golden/make_losses.py, PyTorch {torch.__version__}, seed {SEED}, float64",
    "rows": ROWS,
    "delta": DELTA,
    "quantiles": QUANTILES,
    "positive": POSITIVE,
    "cases": {
        "squared": case(torch.nn.MSELoss(), outputs, targets),
        "absolute": case(torch.nn.L1Loss(), outputs, targets),
        "huber": case(torch.nn.HuberLoss(delta=DELTA), outputs, targets),
        "quantiles": case(pinball, bands, targets),
        "binary": case(torch.nn.BCEWithLogitsLoss(), outputs, labels),
        "binaryFar": case(torch.nn.BCEWithLogitsLoss(), far, labels),
        "binaryWeighted": case(
            torch.nn.BCEWithLogitsLoss(pos_weight=torch.tensor(POSITIVE)), outputs, labels
        ),
    },
}

file = pathlib.Path(__file__).parent / "losses.json"
file.write_text(json.dumps(golden, indent=1) + "\n")
