/**
 * How well the same network predicts the same text when Unroll and PyTorch have trained it: from the
 * same weights, on the same chunks in the same order, with the same optimizer and as many steps.
 * Unroll has a budget of seconds, and PyTorch makes as many steps as Unroll has made in it.
 *
 *     deno task bench:shakespeare TEXT [SECONDS]
 *
 * The last 5 % of the text are held out. Their loss is in nats a character, the state carried along
 * each of a few streams.
 *
 * @module
 */
import { createCpuBackend } from "@unroll/backend-cpu";
import {
  createLanguageModel,
  evaluate,
  type LanguageModel,
  splitSymbols,
  train,
  type TrainOptions,
  writeModel,
} from "@unroll/core";
import { encodeDocuments } from "#core/language_model/encode.ts";
import { streamsFor } from "#core/language_model/measure.ts";
import { linesOf, peerPath } from "./peer.ts";
import { machine } from "./report.ts";

const NETWORK = { cell: "lstm", hidden: 256, layers: 1, embedding: 0, ends: false } as const;
const BATCH = 16, TIME_STEPS = 64, THREADS = 2, HELD = 0.05;
const OPTIONS = {
  batchSize: BATCH,
  timeSteps: TIME_STEPS,
  learningRate: 0.002,
  optimizer: { name: "adam" },
  clip: Infinity,
  clipNorm: 1,
} satisfies TrainOptions;
const PYTHON = "/usr/bin/python3"; // the system's, whose packages have PyTorch
const PACE = 50, TRIES = 3; // steps by which to tell how many epochs there is time for

interface Trained {
  steps: number;
  seconds: number;
}

const documentOf = (symbols: readonly string[]) => [{ text: symbols.join("") }];
const seconds = (began: number) => (performance.now() - began) / 1000;

/** Trains until its epochs or its seconds are over. */
async function learn(
  model: LanguageModel,
  symbols: readonly string[],
  epochs: number,
  budget: number,
  tell: (epoch: number, loss: number, time: number) => void = () => {},
): Promise<Trained> {
  const began = performance.now();
  const signal = {
    get aborted() {
      return seconds(began) >= budget;
    },
  };
  const backend = createCpuBackend({ threads: THREADS });
  const options = { ...OPTIONS, epochs, schedule: { name: "cosine" }, signal } as const;
  const perEpoch = symbols.length / (BATCH * TIME_STEPS);
  let steps = 0;
  for await (const event of train(backend, model, documentOf(symbols), options)) {
    if (event.type === "epoch") {
      steps = event.epoch * perEpoch;
      tell(event.epoch, event.train.loss, seconds(began));
    }
    if (event.type === "stopped") {
      steps = (event.epoch - 1) * perEpoch + event.done / (BATCH * TIME_STEPS);
    }
  }
  return { steps, seconds: seconds(began) };
}

const teller = (program: string) => (epoch: number, loss: number, time: number) =>
  console.log(`${program}: epoch ${epoch}, loss ${loss.toFixed(4)}, ${time.toFixed(0)} s`);

/**
 * How many epochs there is time for at the best pace of a few tries: on a busy machine time runs out
 * before the last one, when the learning rate is low already.
 */
async function epochsWithin(
  budget: number,
  model: LanguageModel,
  symbols: readonly string[],
): Promise<number> {
  const few = symbols.slice(0, PACE * BATCH * TIME_STEPS);
  let best = Infinity;
  for (let i = 0; i < TRIES; i++) {
    best = Math.min(best, (await learn(structuredClone(model), few, 1, Infinity)).seconds);
  }
  return Math.max(1, Math.floor(budget * few.length / (best * symbols.length)));
}

/** The same in PyTorch. */
async function learnElsewhere(
  job: object,
  weights: Uint8Array,
): Promise<Trained & { loss: number }> {
  const folder = await Deno.makeTempDir();
  const tell = teller("PyTorch");
  try {
    await Deno.writeFile(`${folder}/model.safetensors`, weights);
    await Deno.writeTextFile(`${folder}/job.json`, JSON.stringify(job));
    const args = [peerPath("shakespeare.py"), folder];
    const child = new Deno.Command(PYTHON, { args, stdout: "piped" }).spawn();
    for await (const line of linesOf(child.stdout)) {
      const told = JSON.parse(line);
      if (told.epoch === undefined) return told;
      tell(told.epoch, told.loss, told.seconds);
    }
    throw new Error(
      `PyTorch ended before its last step; is it there? ${PYTHON} -m pip install torch`,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const [file, budget = "600"] = Deno.args;
if (!file) throw new Error("give a text file: deno task bench:shakespeare TEXT [SECONDS]");
const symbols = splitSymbols(await Deno.readTextFile(file), "characters");
const cut = Math.floor(symbols.length * (1 - HELD));
const chunk = BATCH * TIME_STEPS;
const known = symbols.slice(0, Math.floor(cut / chunk) * chunk); // so that all streams end together
const held = symbols.slice(cut);
const model = createLanguageModel(documentOf(known), NETWORK);
const start = writeModel(model);
console.log(machine());
console.log(
  `${known.length} characters to learn from, ${held.length} held out, ` +
    `${model.labels.length} different; ${BATCH} streams, chunks of ${TIME_STEPS}`,
);
const epochs = await epochsWithin(Number(budget), model, known);
console.log(`Time for ${epochs} epochs`);
const ours = await learn(model, known, epochs, Number(budget), teller("Unroll"));
const backend = createCpuBackend({ threads: THREADS });
const { loss } = await evaluate(backend, model, documentOf(held));

const idsOf = (symbols: readonly string[]) => {
  const [{ words, labels }] = encodeDocuments(model, documentOf(symbols));
  return { words: [...words], labels: [...labels] };
};
const theirs = await learnElsewhere({
  hidden: NETWORK.hidden,
  layers: NETWORK.layers,
  symbols: model.vocabulary.length,
  labels: model.labels.length,
  threads: THREADS,
  batch: BATCH,
  timeSteps: TIME_STEPS,
  learningRate: OPTIONS.learningRate,
  clipNorm: OPTIONS.clipNorm,
  epochs,
  steps: ours.steps,
  text: idsOf(known),
  held: idsOf(held),
  heldStreams: streamsFor(held.length),
}, start);

const line = (name: string, loss: number, { steps, seconds }: Trained) =>
  console.log(
    `${name.padEnd(8)}${loss.toFixed(4)} nats a character held out, ${steps} steps in ` +
      `${seconds.toFixed(0)} s, ${(1000 * seconds / steps).toFixed(1)} ms a step`,
  );
console.log(`\nAfter ${(ours.steps * chunk / known.length).toFixed(2)} of ${epochs} epochs:`);
line("Unroll", loss, ours);
line("PyTorch", theirs.loss, theirs);
const difference = 100 * (loss / theirs.loss - 1);
console.log(
  `Unroll's loss is ${Math.abs(difference).toFixed(2)} % ${difference > 0 ? "above" : "below"}`,
);
