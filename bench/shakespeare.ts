/**
 * Compares how well the same network predicts the same text after training in Unroll and in
 * PyTorch: from the same weights, on the same chunks in the same order, with the same optimizer and
 * number of steps. Unroll has a budget of seconds, and PyTorch runs as many steps as Unroll did.
 *
 *     deno task bench:shakespeare TEXT [SECONDS]
 *
 * The last 5% of the text is held out. Its loss is in nats per character, with carried state in
 * each of a few streams.
 *
 * @module
 */
import { createCpuBackend } from "@unroll/backend-cpu";
import { type Course, textCourse } from "./course.ts";
import { fail, readText } from "./fail.ts";
import { fastestPyTorch, learn, learnInPyTorch, type Mark } from "./learn.ts";
import { GET_PYTORCH, newest, pythons } from "./python.ts";
import { machine } from "./report.ts";

const NETWORK = { cell: "lstm", hidden: 256, layers: 1, embedding: 0, ends: false } as const;
const BATCH = 16, TIME_STEPS = 64, THREADS = 2;
const OPTIONS = {
  batchSize: BATCH,
  timeSteps: TIME_STEPS,
  learningRate: 0.002,
  optimizer: { name: "adam" },
  schedule: { name: "cosine" },
  clip: Infinity,
  clipNorm: 1,
} as const;
const PACE = 50, TRIES = 3; // steps per try, to estimate how many epochs fit

const [file, budget = "600"] = Deno.args;
if (!file) fail("give a text file: deno task bench:shakespeare TEXT [SECONDS]");
const text = await readText(file);
const courseOf = (text: string, epochs: number) =>
  textCourse(text, NETWORK, { ...OPTIONS, epochs });

/** Returns the last evaluation, and prints a line for each. */
async function last(name: string, marks: AsyncGenerator<Mark>): Promise<Mark> {
  let mark: Mark | undefined;
  for await (mark of marks) {
    const { step, loss, seconds } = mark;
    const shown = loss === undefined ? "" : `, loss ${loss.toFixed(4)}`;
    console.log(`${name}: step ${step}${shown}, ${seconds.toFixed(0)} s`);
  }
  if (!mark) throw new Error(`${name} ran no step`);
  return mark;
}

/**
 * Returns how many epochs fit in the budget at the best pace of a few tries: on a busy machine,
 * time runs out before the last one, when the learning rate is already low.
 */
async function epochsWithin(budget: number, { model, examples, stepsPerEpoch }: Course) {
  const backend = createCpuBackend({ threads: THREADS });
  const few = [{ text: examples[0].text.slice(0, PACE * BATCH * TIME_STEPS) }];
  const options = { ...OPTIONS, epochs: 1 };
  let best = Infinity;
  for (let i = 0; i < TRIES; i++) {
    const own = structuredClone(model);
    const measure = () => Promise.resolve(0);
    const course = { model: own, examples: few, held: few, options, stepsPerEpoch: PACE, measure };
    for await (const { seconds } of learn(backend, course, { limit: Infinity })) {
      best = Math.min(best, seconds);
    }
  }
  return Math.max(1, Math.floor(budget * PACE / (best * stepsPerEpoch)));
}

const python = newest(await pythons(), "torch");
if (!python) fail(`PyTorch is not installed; to install it: ${GET_PYTORCH}`);
console.log(machine());
const epochs = await epochsWithin(Number(budget), courseOf(text, 1));
const course = courseOf(text, epochs);
const { length } = course.examples[0].text;
console.log(
  `${length} training characters, ${course.held[0].text.length} held out, ` +
    `${course.model.labels.length} distinct; ${BATCH} streams, chunks of ${TIME_STEPS}\n` +
    `Time for ${epochs} epochs`,
);
const start = structuredClone(course.model);
const backend = createCpuBackend({ threads: THREADS });
const ours = await last("Unroll", learn(backend, course, { limit: Number(budget) }));
const their = { ...course, model: start };
const pytorch = await fastestPyTorch(python.command, THREADS, their);
const limits = { limit: Infinity, steps: ours.step };
const theirs = await last("PyTorch", learnInPyTorch(pytorch, their, limits));

const line = (name: string, { step, value, seconds }: Mark) =>
  console.log(
    `${name.padEnd(8)}${value.toFixed(4)} nats per held-out character, ${step} steps in ` +
      `${seconds.toFixed(0)} s, ${(1000 * seconds / step).toFixed(1)} ms per step`,
  );
console.log(`\nAfter ${(ours.step / course.stepsPerEpoch).toFixed(2)} of ${epochs} epochs:`);
line("Unroll", ours);
line("PyTorch", theirs);
const difference = 100 * (ours.value / theirs.value - 1);
console.log(
  `Unroll's loss is ${Math.abs(difference).toFixed(2)}% ${difference > 0 ? "above" : "below"}`,
);
