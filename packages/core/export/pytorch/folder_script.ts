/**
 * `folder.py`: what `train.py` reads and writes beside it, and how far its training is.
 *
 * @module
 */
import type { Schedule, ScheduleName } from "../../training/schedule.ts";

/** What it begins with: the processes of this run. */
const PROCESSES = `"""What train.py reads and writes in its folder, and how far its training is."""
import json, math, os, struct, time, uuid
from pathlib import Path

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch.nn.utils.rnn import pad_sequence

HERE = Path(__file__).resolve().parent
RANK, WORLD = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))  # of torchrun
LOCAL_RANK = int(os.environ.get("LOCAL_RANK", 0))
DEVICE = torch.device("cuda", LOCAL_RANK) if torch.cuda.is_available() else torch.device("cpu")


def start():
    """Finds the other processes, if torchrun has started some."""
    if DEVICE.type == "cuda":
        torch.cuda.set_device(DEVICE)
    if WORLD > 1 and not dist.is_initialized():  # as Ray Train has done already
        kind = "nccl" if DEVICE.type == "cuda" else "gloo"
        dist.init_process_group(kind, store=own_store(), rank=RANK, world_size=WORLD)


def own_store():
    """Where the processes find each other, without what a start before a restart has left there:
    https://github.com/pytorch/pytorch/issues/135712. The first process gives this start a name."""
    store, _, _ = next(dist.rendezvous("env://"))
    mine = name = uuid.uuid4().hex
    store.set(f"hello {RANK}", mine)
    if RANK > 0:
        name = store.get(f"start {mine}").decode()  # which waits
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
    """What each process has."""
    values = [value] * WORLD
    if WORLD > 1:
        dist.all_gather_object(values, value)
    return values
`;

/** The generator of the order, as `random.ts` has it. */
const RANDOM = `
class Random:
    """sfc32 of PractRand, which draws what Unroll draws: streams 1 and 2 are of order and dropout."""

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

/** Models, checkpoints and losses on the disk. */
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
    """Writes a .safetensors file, on each machine one."""
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
    """Writes checkpoint.pt, on each machine one: it is whole at every moment."""
    if LOCAL_RANK == 0:
        torch.save(everything, HERE / f"checkpoint.{RANK}.tmp")
        os.replace(HERE / f"checkpoint.{RANK}.tmp", HERE / "checkpoint.pt")


def newest_checkpoint():
    """The newest checkpoint that a machine has, for all processes; None where there is none."""
    path = HERE / "checkpoint.pt"
    found = torch.load(path, map_location="cpu") if path.exists() else None
    steps = everyone(found["run"]["step"] if found else -1)
    box = [found]
    if WORLD > 1:
        dist.broadcast_object_list(box, src=steps.index(max(steps)))
    return box[0]
`;

/** What follows an epoch without a gain. */
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
    """How far training is: what a checkpoint has besides weights."""

    def __init__(self):
        self.epoch, self.batch, self.step = 1, 0, 0
        self.loss, self.targets = 0.0, 0  # of this epoch so far
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
        """Writes the losses of the steps since the last time, and gives the epoch's mean so far."""
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
        """Goes on to the next epoch, and gives whether this one's loss is the least so far."""
        if loss < self.gain_loss - 0.001:
            self.gain_loss, self.gain_epoch, self.since_cut = loss, self.epoch, 0
WITHOUT_GAIN        is_best = loss < self.best_loss
        self.best_loss = min(loss, self.best_loss)
        self.epoch, self.batch, self.loss, self.targets = self.epoch + 1, 0, 0.0, 0
        return is_best
`;

/** The text of `folder.py`. */
export function folderScript(examples: string, schedule: Schedule): string {
  const run = RUN.replace("WITHOUT_GAIN", WITHOUT_GAIN[schedule.name](schedule));
  return [PROCESSES, RANDOM, examples, FILES, run].join("");
}
