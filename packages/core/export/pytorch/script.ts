/**
 * `train.py`, put together.
 *
 * @module
 */
import type { OptimizerName, SettledOptimizer } from "../../training/optimizer.ts";
import type { Schedule, ScheduleName } from "../../training/schedule.ts";
import type { SettledOptions } from "../../training/settled.ts";
import { FILES, HEAD, loopOf, RANDOM } from "./frame.ts";
import type { OwnParts } from "./text_scripts.ts";

/** torch's optimizers, with the same settings. */
const OPTIMIZERS: Record<OptimizerName, (options: SettledOptimizer) => string> = {
  sgd: ({ momentum }) => `SGD(weights, lr=LEARNING_RATE, momentum=${momentum}`,
  rmsprop: ({ alpha, epsilon }) =>
    `RMSprop(weights, lr=LEARNING_RATE, alpha=${alpha}, eps=${epsilon}`,
  adam: (options) => adam("Adam", options),
  adamw: (options) => adam("AdamW", options),
};

function adam(name: string, { betas, epsilon }: SettledOptimizer): string {
  return `${name}(weights, lr=LEARNING_RATE, betas=(${betas.join(", ")}), eps=${epsilon}`;
}

/** What the learning rate is multiplied by, as `learningRateFactor` has it. */
const SCHEDULES: Record<ScheduleName, (schedule: Schedule) => string> = {
  constant: () => "",
  step: ({ every, factor }) => ` * ${factor} ** ((run["epoch"] - 1) // ${every})`,
  cosine: () =>
    ` * (1 + math.cos(math.pi * (run["epoch"] - 1 + run["batch"] / batches) / EPOCHS)) / 2`,
  plateau: ({ factor }) => ` * ${factor} ** run["cuts"]`,
};

/** What follows an epoch without a gain. */
const WITHOUT_GAIN: Record<ScheduleName, (schedule: Schedule) => string> = {
  constant: () => "",
  step: () => "",
  cosine: () => "",
  plateau: ({ every }) =>
    `    else:
        run["since_cut"] += 1
        if run["since_cut"] >= ${every}:
            run.update(cuts=run["cuts"] + 1, since_cut=0)
`,
};

const SAVE_EVERY = 200; // steps between checkpoints: seconds of work

/** The text of `train.py`. */
export function scriptOf(
  { examples, network, settings = "", carries = false }: OwnParts,
  options: SettledOptions,
  dropout: number,
): string {
  const { epochs, batchSize, shuffle, seed, learningRate, schedule, optimizer } = options;
  const { clip, clipNorm, patience } = options;
  return `${HEAD}
EPOCHS, BATCH_SIZE, SHUFFLE, SEED = ${epochs}, ${batchSize}, ${shuffle ? "True" : "False"}, ${seed}
LEARNING_RATE, WARM_UP = ${learningRate}, ${schedule.warmUp}  # and the steps in which it rises
CLIP, CLIP_NORM = ${clip ?? "None"}, ${
    clipNorm ?? "None"
  }  # of each component, and of the whole norm
PATIENCE = ${patience ?? "math.inf"}  # epochs without a gain after which training ends
SAVE_EVERY = ${SAVE_EVERY}  # steps between checkpoints
${settings}
${RANDOM}
${examples}
${network}
${FILES}
${
    loopOf({
      optimizer: `torch.optim.${
        OPTIMIZERS[optimizer.name](optimizer)
      }, weight_decay=${optimizer.weightDecay})`,
      schedule: SCHEDULES[schedule.name](schedule),
      withoutGain: WITHOUT_GAIN[schedule.name](schedule),
      carries,
      draws: dropout > 0,
    })
  }`;
}
