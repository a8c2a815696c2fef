/**
 * `train.py`: the settings, the network and the training loop.
 *
 * @module
 */
import type { CellName } from "../../network/cells/cells.ts";
import type { OptimizerName, SettledOptimizer } from "../../training/optimizer.ts";
import type { Schedule, ScheduleName } from "../../training/schedule.ts";
import type { SettledOptions } from "../../training/settled.ts";
import { torchCell } from "./cells.ts";
import type { OwnParts } from "./text_scripts.ts";

/** The calls that create torch's optimizers, with the same settings. */
const OPTIMIZERS: Record<OptimizerName, (options: SettledOptimizer) => string> = {
  sgd: ({ momentum }) => `SGD(weights, lr=LEARNING_RATE, momentum=${momentum}`,
  rmsprop: ({ alpha, epsilon }) =>
    `RMSprop(weights, lr=LEARNING_RATE, alpha=${alpha}, eps=${epsilon}`,
  adam: (options) => `Adam(weights, ${adam(options)}`,
  adamw: (options) => `AdamW(weights, ${adam(options)}`,
};

function adam({ betas, epsilon }: SettledOptimizer): string {
  return `lr=LEARNING_RATE, betas=(${betas.join(", ")}), eps=${epsilon}`;
}

/** Sparse steps, which update only the embedding rows of a batch's words, as Python code. */
interface Tables {
  /** The lines that create the optimizers. */
  made: string;
  /** The lines before an optimizer's step. */
  before: string;
}

function tablesOf(optimizer: SettledOptimizer, tables: readonly string[]): Tables {
  const dense = `torch.optim.${
    OPTIMIZERS[optimizer.name](optimizer)
  }, weight_decay=${optimizer.weightDecay})`;
  if (tables.length === 0) return { made: `    optimizers = [${dense}]\n`, before: "" };
  return {
    made: `    tables = [${tables.map((name) => `net.${name}`).join(", ")}]
    others = [weight for weight in weights if all(weight is not table for table in tables)]
    optimizers = [${dense.replace("weights", "others")},
                  torch.optim.SparseAdam(tables, ${adam(optimizer)})]
`,
    before: `            for table in tables:  # a step updates only the rows of the batch's words
                table.grad = table.grad.to_sparse(1)
`,
  };
}

/** The factor of the learning rate for each schedule, the same as in `learningRateFactor`. */
const SCHEDULES: Record<ScheduleName, (schedule: Schedule) => string> = {
  constant: () => "",
  step: ({ every, factor }) => ` * ${factor} ** ((run.epoch - 1) // ${every})`,
  cosine: () => ` * (1 + math.cos(math.pi * (run.epoch - 1 + run.batch / batches) / EPOCHS)) / 2`,
  plateau: ({ factor }) => ` * ${factor} ** run.cuts`,
};

/** The parts of the training loop that depend on whether states carry over between batches. */
const CARRIES = {
  yes: {
    resumed: `
        state = cut(saved["state"])`,
    saved: ", state=whole(state)",
    measure: "loss, state = net(*examples.batch(mine), examples.carried(state, mine))",
    step: "loss, state = network(*train.batch(mine or batch[:1]), train.carried(state, mine))",
    end: `
        state = None  # an epoch starts at the beginning of the documents`,
  },
  no: {
    resumed: "",
    saved: "",
    measure: "loss = net(*examples.batch(mine))",
    step: "loss = network(*train.batch(mine or batch[:1]))",
    end: "",
  },
};

const SAVE_EVERY = 200; // training steps between checkpoints, which take seconds

/** Returns the text of `train.py`. */
export function trainScript(
  { network, carries = false, hides = false, weighs = false, imports = "", settings = "" }: Omit<
    OwnParts,
    "examples"
  >,
  options: SettledOptions,
  { cell, dropout, tables }: { cell: CellName; dropout: number; tables: readonly string[] },
): string {
  const { epochs, batchSize, shuffle, seed, learningRate, schedule, optimizer } = options;
  const { clip, clipNorm, patience } = options;
  const { resumed, saved, measure, step, end } = CARRIES[carries ? "yes" : "no"];
  const { module, source } = torchCell(cell);
  const own = source === undefined ? "" : `\nfrom cells import ${module}`;
  const { made, before } = tablesOf(optimizer, tables);
  const divisor = weighs ? "(train.targets(batch) or 1)" : "train.targets(batch)";
  const scale = weighs ? "weight * " : "";
  const weight = weighs
    ? `            weight = train.targets(batch) / train.count(batch)  # averages 1; scales the clip bounds
`
    : "";
  const examples = (set: string, order: string) =>
    `Examples("${set}", BATCH_SIZE${order}${carries ? ", time_steps=TIME_STEPS" : ""})`;
  return `"""Trains the network in this folder with PyTorch as \`deno task train\` does: with the same batches,
loss, gradient clipping, optimizer and learning rates.

    python train.py                                            one process
    torchrun --nproc-per-node 2 train.py                       two processes on this machine
    torchrun --nnodes 4 --nproc-per-node 8 --rdzv-backend c10d --rdzv-endpoint HOST:29400 train.py

Each batch is split among the processes. Open trained.safetensors with predict, evaluate or inspect.
An interrupted run resumes from checkpoint.pt. losses.csv has the loss of each training step.
"""
import math, time

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import nn${imports}

from folder import DEVICE, RANK, WORLD, Examples, Run, newest_checkpoint, read_model, start, total
from folder import write_checkpoint, write_model${carries ? ", cut, whole" : ""}${
    weighs ? ", LABEL_WEIGHTS" : ""
  }${own}

EPOCHS, BATCH_SIZE, SHUFFLE, SEED = ${epochs}, ${batchSize}, ${shuffle ? "True" : "False"}, ${seed}
LEARNING_RATE, WARM_UP = ${learningRate}, ${schedule.warmUp}  # and the number of linear warm-up steps
CLIP, CLIP_NORM = ${clip ?? "math.inf"}, ${
    clipNorm ?? "math.inf"
  }  # clip the gradient by value and by norm
PATIENCE = ${patience ?? "math.inf"}  # early stopping after this many epochs without improvement
SAVE_EVERY = ${SAVE_EVERY}  # training steps between checkpoints
${settings}

${network.trimStart()}

def learning_rate(run, batches):
    warm_up = min(1, (run.step + 1) / (WARM_UP + 1))
    return LEARNING_RATE * warm_up${SCHEDULES[schedule.name](schedule)}


@torch.no_grad()
def measure(net, examples):
    """The mean loss per target; each process measures its part of the examples."""
    net.eval()
    sums${carries ? ", state" : ""} = torch.zeros(2, dtype=torch.float64, device=DEVICE)${
    carries ? ", None" : ""
  }
    for batch in examples.batches():
        mine = batch[RANK::WORLD]
        if mine:
            ${measure}
            sums[0], sums[1] = sums[0] + loss, sums[1] + examples.targets(mine)
    loss, targets = total(sums).tolist()
    return loss / targets


def main():
    start()
    torch.manual_seed(SEED)
    metadata, tensors = read_model("model.safetensors")
    net = Network()
    net.load_state_dict(tensors)
    net.to(DEVICE)
    network = nn.parallel.DistributedDataParallel(net) if WORLD > 1 else net
    weights = [weight for weight in net.parameters() if weight.requires_grad]
${made}    train = ${examples("train", ", SEED if SHUFFLE else None")}
    validation = ${examples("validation", "")}
    run, saved${carries ? ", state" : ""} = Run(), newest_checkpoint()${carries ? ", None" : ""}
    if saved:
        vars(run).update(saved["run"])
        net.load_state_dict(saved["weights"])
        for optimizer, kept in zip(optimizers, saved["optimizers"]):
            optimizer.load_state_dict(kept)${resumed}

    def save():
        write_checkpoint(dict(run=run.state(), weights=net.state_dict()${saved},
                              optimizers=[each.state_dict() for each in optimizers]))

    while run.epoch <= EPOCHS and run.epoch - 1 - run.gain_epoch < PATIENCE:
        network.train()
        batches, began = train.batches(run.epoch), time.time()
        for batch in batches[run.batch :]:
            mine = batch[RANK::WORLD]  # this process's part of the batch, which may be empty
${
    dropout > 0
      ? "            torch.manual_seed(SEED + (run.step + 1) * WORLD + RANK)  # for this step's dropout\n"
      : ""
  }            ${
    hides ? "train.hide_rare_words(batch, SEED, run.step + 1)\n            " : ""
  }${step}
            loss = loss * bool(mine) / ${divisor}
            network.zero_grad()
${weight}            (loss * ${scale}WORLD).backward()  # DistributedDataParallel averages the gradients
            nn.utils.clip_grad_value_(weights, ${scale}CLIP)
            nn.utils.clip_grad_norm_(weights, ${scale}CLIP_NORM)
${before}            for optimizer in optimizers:
                optimizer.param_groups[0]["lr"] = learning_rate(run, len(batches))
                optimizer.step()
            run.note_step(loss.detach(), train.targets(batch))
            if run.step % SAVE_EVERY == 0 and run.batch < len(batches):
                save()
        epoch, loss = run.epoch, run.read_losses()
        measured = measure(net, validation) if len(validation) else None
        if run.end_epoch(loss if measured is None else measured) or measured is None:
            write_model("trained.safetensors", metadata, net.state_dict())
        if RANK == 0:
            also = "" if measured is None else f", validation {measured:.4f}"
            print(f"epoch {epoch}: loss {loss:.4f}{also}, {time.time() - began:.2f} s", flush=True)${end}
        save()
    if WORLD > 1:
        dist.barrier()  # so that none ends while another still connects to it
        dist.destroy_process_group()


if __name__ == "__main__":
    main()
`;
}
