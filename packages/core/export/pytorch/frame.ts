/**
 * What all `train.py` have in common: where they run, the order of batches, files, and the loop.
 *
 * @module
 */

/** From the first line to the settings. */
export const HEAD =
  `"""Trains the network of this folder with PyTorch as \`deno task train\` does: with the same batches,
loss, clipping, optimizer and learning rates.

    python train.py                                            one process
    torchrun --nproc-per-node 2 train.py                       two processes on this machine
    torchrun --nnodes 4 --nproc-per-node 8 --rdzv-backend c10d --rdzv-endpoint HOST:29400 train.py

A batch is shared out among the processes. trained.safetensors is what predict, evaluate and inspect
open; a run that was ended goes on from checkpoint.pt; losses.csv has the loss of each step.
"""
import json, math, os, struct, time
from pathlib import Path

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

HERE = Path(__file__).resolve().parent
RANK, WORLD = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
LOCAL_RANK = int(os.environ.get("LOCAL_RANK", 0))
DEVICE = torch.device("cuda", LOCAL_RANK) if torch.cuda.is_available() else torch.device("cpu")
`;

/** The generator of the order, as `random.ts` has it. */
export const RANDOM = `
class Random:
    """sfc32 of PractRand, which draws the same order as Unroll: a stream of its own for each epoch."""

    def __init__(self, seed, epoch):
        self.a, self.b, self.c = seed & 0xFFFFFFFF, seed >> 32, 1 + 8 * epoch & 0xFFFFFFFF
        self.counter = 1
        for _ in range(15):
            self.next()

    def next(self):
        sum = self.a + self.b + self.counter & 0xFFFFFFFF
        self.counter = self.counter + 1 & 0xFFFFFFFF
        self.a = self.b ^ self.b >> 9
        self.b = self.c + (self.c << 3) & 0xFFFFFFFF
        self.c = (self.c << 21 | self.c >> 11) + sum & 0xFFFFFFFF
        return sum

    def shuffle(self, items):
        for i in range(len(items) - 1, 0, -1):
            uniform = ((self.next() >> 5) * 2**26 + (self.next() >> 6)) / 2**53
            j = int(uniform * (i + 1))
            items[i], items[j] = items[j], items[i]
`;

/** Models and checkpoints on the disk. */
export const FILES = `
def read_model(path):
    """The metadata and the tensors of a .safetensors file."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        numbers = bytearray(file.read())
    metadata, tensors = header.pop("__metadata__"), {}
    for name, entry in header.items():
        kind = {"F32": torch.float32, "F64": torch.float64}[entry["dtype"]]
        size, start = math.prod(entry["shape"]), entry["data_offsets"][0]
        found = torch.frombuffer(numbers, dtype=kind, count=size, offset=start)
        tensors[name] = found.view(entry["shape"]).float()
    return metadata, tensors


def write_model(path, metadata, tensors):
    metadata = {name: text for name, text in metadata.items() if name != "crc32"}
    header, at = {"__metadata__": metadata}, 0
    for name, tensor in tensors.items():
        end = at + 4 * tensor.numel()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [at, end]}
        at = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(f"{path}.{RANK}.tmp", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in tensors.values():
            file.write(tensor.detach().float().cpu().contiguous().numpy().tobytes())
    os.replace(f"{path}.{RANK}.tmp", path)


def everyone(value):
    """What each process has."""
    if WORLD == 1:
        return [value]
    values = [None] * WORLD
    dist.all_gather_object(values, value)
    return values


def newest_checkpoint():
    """The newest checkpoint that a process finds, for all of them; None where there is none."""
    path = HERE / "checkpoint.pt"
    found = torch.load(path, map_location="cpu") if path.exists() else None
    steps = everyone(found["run"]["step"] if found else -1)
    box, first = [found], steps.index(max(steps))
    if WORLD > 1:
        dist.broadcast_object_list(box, src=first)
    return box[0] if max(steps) >= 0 else None
`;

/** What of the loop differs from script to script. */
export interface LoopParts {
  /** A call that makes the optimizer of \`weights\`. */
  optimizer: string;
  /** What stands behind the learning rate in the function that gives it. */
  schedule: string;
  /** What follows an epoch without a gain. */
  withoutGain: string;
  /** Whether states are carried from batch to batch. */
  carries: boolean;
  /** Whether a batch's random numbers are its step's. */
  draws: boolean;
}

/** From the learning rate to the end. */
export function loopOf({ optimizer, schedule, withoutGain, carries, draws }: LoopParts): string {
  const some = (is: boolean, text: string) => is ? text : "";
  return `
def learning_rate(run, batches):
    climb = min(1, (run["step"] + 1) / (WARM_UP + 1))
    return LEARNING_RATE * climb${schedule}


def note_loss(run, loss):
    """Notes the loss of the epoch that is over: on the validation examples where there are some."""
    if loss < run["gain_loss"] - 0.001:
        run.update(gain_loss=loss, gain_epoch=run["epoch"], since_cut=0)
${withoutGain}    is_best = loss < run["best_loss"]
    run["best_loss"] = min(loss, run["best_loss"])
    return is_best


@torch.no_grad()
def measure(net, examples):
    """The mean loss of a target, each process on some of the examples."""
    net.eval()
    sums = torch.zeros(2, dtype=torch.float64, device=DEVICE)
${carries ? "    state = None\n" : ""}    for batch in examples.batches():
        mine = batch[RANK::WORLD]
        if mine:
${
    carries
      ? `            loss, state = net(*examples.batch(mine), examples.carried(state, mine))`
      : `            loss = net(*examples.batch(mine))`
  }
            sums[0], sums[1] = sums[0] + loss, sums[1] + examples.targets(mine)
    if WORLD > 1:
        dist.all_reduce(sums)
    return (sums[0] / sums[1]).item()


def main():
    if DEVICE.type == "cuda":
        torch.cuda.set_device(DEVICE)
    if WORLD > 1:
        dist.init_process_group("nccl" if DEVICE.type == "cuda" else "gloo")
    torch.manual_seed(SEED)
    metadata, tensors = read_model(HERE / "model.safetensors")
    net = Network()
    net.load_state_dict(tensors)
    net.to(DEVICE)
    network = nn.parallel.DistributedDataParallel(net) if WORLD > 1 else net
    weights = [weight for weight in net.parameters() if weight.requires_grad]
    optimizer = ${optimizer}
    train, validation = Examples("train"), Examples("validation")
    run = dict(epoch=1, batch=0, step=0, loss=0.0, targets=0, best_loss=math.inf,
               gain_loss=math.inf, gain_epoch=0, cuts=0, since_cut=0)
    waiting${some(carries, ", state")} = []${some(carries, ", None")}
    saved = newest_checkpoint()
    if saved:
        run = saved["run"]
        net.load_state_dict(saved["weights"])
        optimizer.load_state_dict(saved["optimizer"])
${
    some(
      carries,
      `        state = cut(saved["state"])
`,
    )
  }
    def note_steps():
        """Reads the losses of the steps since the last time."""
        if not waiting:
            return
        losses = torch.stack([loss for loss, _ in waiting]).double()
        if WORLD > 1:
            dist.all_reduce(losses)
        if not losses.isfinite().all():
            raise SystemExit("a loss is not finite; try a smaller learning rate or a smaller clip")
        first = run["step"] - len(waiting) + 1
        lines = [f"{first + i},{run['epoch']},{loss:.9g}\\n" for i, loss in enumerate(losses.tolist())]
        if RANK == 0:
            with open(HERE / "losses.csv", "a") as file:
                file.writelines(lines)
        run["loss"] += sum(loss * targets for (_, targets), loss in zip(waiting, losses.tolist()))
        run["targets"] += sum(targets for _, targets in waiting)
        waiting.clear()

    def save():
        note_steps()
        everything = dict(run=run, weights=net.state_dict(), optimizer=optimizer.state_dict()${
    some(carries, ",\n                          state=whole(state)")
  })
        if LOCAL_RANK == 0:
            torch.save(everything, HERE / f"checkpoint.{RANK}.tmp")
            os.replace(HERE / f"checkpoint.{RANK}.tmp", HERE / "checkpoint.pt")

    while run["epoch"] <= EPOCHS and run["epoch"] - 1 - run["gain_epoch"] < PATIENCE:
        network.train()
        batches, began = train.batches(run["epoch"]), time.time()
        for batch in batches[run["batch"]:]:
            mine = batch[RANK::WORLD]
${some(draws, `            torch.manual_seed(SEED + (run["step"] + 1) * WORLD + RANK)\n`)}${
    carries
      ? `            loss, state = network(*train.batch(mine or batch[:1]), train.carried(state, mine))
`
      : `            loss = network(*train.batch(mine or batch[:1]))
`
  }            loss = loss * (1 if mine else 0) / train.targets(batch)
            optimizer.zero_grad()
            (loss * WORLD).backward()  # of which DistributedDataParallel takes the mean
            if CLIP is not None:
                nn.utils.clip_grad_value_(weights, CLIP)
            if CLIP_NORM is not None:
                nn.utils.clip_grad_norm_(weights, CLIP_NORM)
            for group in optimizer.param_groups:
                group["lr"] = learning_rate(run, len(batches))
            optimizer.step()
            waiting.append((loss.detach(), train.targets(batch)))
            run["batch"], run["step"] = run["batch"] + 1, run["step"] + 1
            if run["step"] % SAVE_EVERY == 0 and run["batch"] < len(batches):
                save()
        note_steps()
        loss = run["loss"] / run["targets"]
        report = f"epoch {run['epoch']}: loss {loss:.4f}"
        if len(validation) > 0:
            watched = measure(net, validation)
            report += f", validation {watched:.4f}"
        is_best = note_loss(run, watched if len(validation) > 0 else loss)
        if LOCAL_RANK == 0 and (is_best or len(validation) == 0):
            write_model(HERE / "trained.safetensors", metadata, net.state_dict())
        if RANK == 0:
            print(f"{report}, {time.time() - began:.2f} s", flush=True)
        run.update(epoch=run["epoch"] + 1, batch=0, loss=0.0, targets=0)
${some(carries, "        state = None\n")}        save()
    if RANK == 0:
        print("Saved trained.safetensors.")
    if WORLD > 1:
        dist.destroy_process_group()


if __name__ == "__main__":
    main()
`;
}
