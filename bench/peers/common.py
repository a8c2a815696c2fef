"""What the Python programs share: the workloads, their data, and turns with the runner."""

import json
import sys
import time
from pathlib import Path

import numpy as np

BENCH = Path(__file__).resolve().parent.parent
WORKLOADS = json.loads((BENCH / "workloads.json").read_text())
BATCHES = 1000  # as in workloads.ts


def numbers(stream, count):
    """Random numbers, at least 0 and below 1, the same in every program; see workloads.ts."""
    x = np.arange(count, dtype=np.uint32) + np.uint32(stream * 0x9E3779B1 % 2**32)
    x = (x ^ (x >> np.uint32(16))) * np.uint32(0x7FEB352D)
    x = (x ^ (x >> np.uint32(15))) * np.uint32(0x846CA68B)
    return (x ^ (x >> np.uint32(16))) / 2**32


def weight(stream, shape, hidden):
    """An initial weight: uniform within ±1 / √hidden."""
    return ((2 * numbers(stream, int(np.prod(shape))) - 1) / np.sqrt(hidden)).reshape(shape)


def draw_batch(workload, step):
    """Random words, time-major, and labels that can be learned from them; see workloads.ts."""
    steps, batch = workload["timeSteps"], workload["batch"]
    u = numbers(BATCHES + step, steps * batch)
    words = (u * workload["words"]).astype(np.int64).reshape(steps, batch)
    labels = (u * workload["labels"]).astype(np.int64)
    return words, labels if workload["config"].get("head") == "token" else labels[-batch:]


def sentences():
    """The article's data: its words, and lists of (word ids, label) for training and testing."""
    data = json.loads((BENCH / "../packages/cli/sentences.json").read_text())
    words = ["<unk>"] + sorted({w for item in data["train"] for w in item["text"].split(" ")})
    labels = sorted({item["label"] for item in data["train"]})
    parts = [
        [([words.index(w) for w in item["text"].split(" ")], labels.index(item["label"]))
         for item in data[part]]
        for part in ["train", "test"]
    ]
    return words, parts[0], parts[1]


def fastest_adam(parameters, rate):
    """Adam, fused if this PyTorch supports it on the CPU."""
    from torch.optim import Adam

    try:
        return Adam(parameters, lr=rate, fused=True)
    except (RuntimeError, TypeError):
        return Adam(parameters, lr=rate)


def serve(program, prepare, step):
    """Times as many steps as each line read requests. Preparation is not timed."""
    print(json.dumps({"program": program}), flush=True)
    done = 0
    for line in sys.stdin:
        turn = {"ms": [], "losses": []}
        for _ in range(int(line)):
            work = prepare(done)
            done += 1
            begin = time.perf_counter()
            turn["losses"].append(step(work))
            turn["ms"].append((time.perf_counter() - begin) * 1000)
        print(json.dumps(turn), flush=True)
