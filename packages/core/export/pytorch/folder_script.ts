/**
 * `folder.py`: the module with which `train.py` reads and writes files and tracks its progress.
 *
 * @module
 */
import type { Schedule, ScheduleName } from "../../training/schedule.ts";

/** The first part of `folder.py`: the processes of a run. */
const PROCESSES =
  `"""Reads and writes the files of train.py, and tracks the progress of training."""
import json, math, os, struct, time, uuid
from pathlib import Path

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch.nn.utils.rnn import pad_sequence

HERE = Path(__file__).resolve().parent
RANK, WORLD = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))  # set by torchrun
LOCAL_RANK = int(os.environ.get("LOCAL_RANK", 0))
DEVICE = torch.device("cuda", LOCAL_RANK) if torch.cuda.is_available() else torch.device("cpu")


def start():
    """Connects to the other processes, if torchrun has started any."""
    if DEVICE.type == "cuda":
        torch.cuda.set_device(DEVICE)
    if WORLD > 1 and not dist.is_initialized():  # Ray Train has already done so
        kind = "nccl" if DEVICE.type == "cuda" else "gloo"
        dist.init_process_group(kind, store=own_store(), rank=RANK, world_size=WORLD)


def own_store():
    """The store where processes meet, without leftovers from before a restart:
    https://github.com/pytorch/pytorch/issues/135712. The first process names each start."""
    store, _, _ = next(dist.rendezvous("env://"))
    mine = name = uuid.uuid4().hex
    store.set(f"hello {RANK}", mine)
    if RANK > 0:
        name = store.get(f"start {mine}").decode()  # blocks until set
        store.set(f"ready {name} {RANK}", mine)
    for other in range(1, WORLD if RANK == 0 else 1):
        while not store.check([f"ready {name} {other}"]):
            if store.check([f"hello {other}"]):
                store.set(f"start {store.get(f'hello {other}').decode()}", name)
            time.sleep(0.02)
    return dist.PrefixStore(name, store)


def total(tensor):
    """The sum over all processes."""
    if WORLD > 1:
        dist.all_reduce(tensor)
    return tensor


def everyone(value):
    """The values of all processes, by rank."""
    values = [value] * WORLD
    if WORLD > 1:
        dist.all_gather_object(values, value)
    return values
`;

/** The random number generator for the order of examples, the same as in `random.ts`. */
const RANDOM = `
class Random:
    """sfc32 of PractRand, with the same numbers as in Unroll: stream 1 for order, 2 for dropout."""

    def __init__(self, seed, stream, part):
        self.a, self.b, self.c = seed & 0xFFFFFFFF, seed >> 32, stream + 8 * part & 0xFFFFFFFF
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

    def uniform(self):
        return ((self.next() >> 5) * 2**26 + (self.next() >> 6)) / 2**53

    def shuffle(self, items):
        for i in range(len(items) - 1, 0, -1):
            j = int(self.uniform() * (i + 1))
            items[i], items[j] = items[j], items[i]
`;

/** The functions that read and write models and checkpoints. */
const FILES = `

def read_model(name):
    """The metadata and the tensors of a .safetensors file."""
    with open(HERE / name, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        numbers = bytearray(file.read())
    metadata, tensors = header.pop("__metadata__"), {}
    for tensor, entry in header.items():
        kind = {"F32": torch.float32, "F64": torch.float64}[entry["dtype"]]
        size, first = math.prod(entry["shape"]), entry["data_offsets"][0]
        found = torch.frombuffer(numbers, dtype=kind, count=size, offset=first)
        tensors[tensor] = found.view(entry["shape"]).float()
    return metadata, tensors


def write_model(name, metadata, tensors):
    """Writes a .safetensors file, one on each machine."""
    if LOCAL_RANK > 0:
        return
    metadata = {key: text for key, text in metadata.items() if key != "crc32"}
    header, at = {"__metadata__": metadata}, 0
    for tensor, numbers in tensors.items():
        end = at + 4 * numbers.numel()
        header[tensor] = {"dtype": "F32", "shape": list(numbers.shape), "data_offsets": [at, end]}
        at = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(HERE / f"{name}.{RANK}.tmp", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for numbers in tensors.values():
            file.write(numbers.detach().float().cpu().contiguous().numpy().tobytes())
    os.replace(HERE / f"{name}.{RANK}.tmp", HERE / name)


def write_checkpoint(everything):
    """Writes checkpoint.pt, one on each machine, by renaming: the file is never incomplete."""
    if LOCAL_RANK == 0:
        torch.save(everything, HERE / f"checkpoint.{RANK}.tmp")
        os.replace(HERE / f"checkpoint.{RANK}.tmp", HERE / "checkpoint.pt")


def newest_checkpoint():
    """The newest checkpoint of any machine, for all processes; None if there is no checkpoint."""
    path = HERE / "checkpoint.pt"
    found = torch.load(path, map_location="cpu") if path.exists() else None
    steps = everyone(found["run"]["step"] if found else -1)
    box = [found]
    if WORLD > 1:
        dist.broadcast_object_list(box, src=steps.index(max(steps)))
    return box[0]
`;

/** The lines of `end_epoch` for an epoch without improvement, for each schedule. */
const WITHOUT_GAIN: Record<ScheduleName, (schedule: Schedule) => string> = {
  constant: () => "",
  step: () => "",
  cosine: () => "",
  plateau: ({ every }) =>
    `        else:
            self.since_cut += 1
            if self.since_cut >= ${every}:  # the learning rate is cut
                self.cuts, self.since_cut = self.cuts + 1, 0
`,
};

const RUN = `

class Run:
    """The progress of training: what a checkpoint stores besides weights and optimizer state."""

    def __init__(self):
        self.epoch, self.batch, self.step = 1, 0, 0
        self.loss, self.targets = 0.0, 0  # so far in this epoch
        self.best_loss, self.gain_loss, self.gain_epoch = math.inf, math.inf, 0
        self.cuts, self.since_cut = 0, 0
        self.waiting = []  # losses that are still on the device

    def state(self):
        self.read_losses()
        return {name: value for name, value in vars(self).items() if name != "waiting"}

    def note_step(self, loss, targets):
        self.waiting.append((loss, targets))
        self.batch, self.step = self.batch + 1, self.step + 1

    def read_losses(self):
        """Writes the losses since the last call, and returns the epoch's mean loss so far."""
        if self.waiting:
            losses = total(torch.stack([loss for loss, _ in self.waiting]).double()).tolist()
            if not all(map(math.isfinite, losses)):
                raise SystemExit("a loss is not finite; try a smaller learning rate or a smaller clip")
            if RANK == 0:
                with open(HERE / "losses.csv", "a") as file:
                    for step, loss in enumerate(losses, self.step - len(losses) + 1):
                        file.write(f"{step},{self.epoch},{loss:.9g}\\n")
            self.loss += sum(loss * targets for loss, (_, targets) in zip(losses, self.waiting))
            self.targets += sum(targets for _, targets in self.waiting)
            self.waiting = []
        return self.loss / max(1, self.targets)

    def end_epoch(self, loss):
        """Starts the next epoch, and returns whether this epoch's loss is the lowest so far."""
        if loss < self.gain_loss - 0.001:
            self.gain_loss, self.gain_epoch, self.since_cut = loss, self.epoch, 0
WITHOUT_GAIN        is_best = loss < self.best_loss
        self.best_loss = min(loss, self.best_loss)
        self.epoch, self.batch, self.loss, self.targets = self.epoch + 1, 0, 0.0, 0
        return is_best
`;

/** Returns the text of `folder.py`. */
export function folderScript(examples: string, schedule: Schedule): string {
  const run = RUN.replace("WITHOUT_GAIN", WITHOUT_GAIN[schedule.name](schedule));
  return [PROCESSES, RANDOM, examples, FILES, run].join("");
}
