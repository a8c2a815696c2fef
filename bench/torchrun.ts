/**
 * Times training in Unroll, and its exported `train.py` in one process and in two under torchrun.
 * `docs/scaling.md` has the results.
 *
 * @module
 */
import { createCpuBackend } from "@unroll/backend-cpu";
import {
  createLanguageModel,
  createModel,
  type Example,
  type ExampleOf,
  type Model,
  Random,
  train,
  type TrainOptions,
} from "@unroll/core";
import { fail } from "./fail.ts";
import { GET_PYTORCH, newest, pythons } from "./python.ts";
import { markdownTable } from "./report.ts";
import { exportInto } from "./torch_folder.ts";

const EPOCHS = 2, TURNS = 3;

/** A model to train. */
interface Work {
  title: string;
  model: Model;
  // deno-lint-ignore no-explicit-any
  examples: ExampleOf<any>[];
  // deno-lint-ignore no-explicit-any
  options: TrainOptions<any>;
  /** The number of sentences, or characters, per epoch. */
  count: number;
}

const random = new Random(1);
const below = (n: number) => Math.floor(random.uniform() * n);
const words = Array.from({ length: 5000 }, (_, i) => `w${i.toString(36)}`);
const sentence = () => Array.from({ length: 10 + below(21) }, () => words[below(5000)]).join(" ");

function sentences(count: number): Example[] {
  return Array.from({ length: count }, (_, i) => ({ text: sentence(), label: i % 2 ? "a" : "b" }));
}

function classifier(title: string, hidden: number, layers: number, count: number): Work {
  const examples = sentences(count);
  const model = createModel(examples, {
    ...{ cell: "lstm", hidden, layers, bidirectional: true, head: "max", embedding: hidden },
    init: "scaled",
  });
  return { title, model, examples, options: OPTIONS, count };
}

const OPTIONS = {
  epochs: EPOCHS,
  batchSize: 32,
  learningRate: 0.002,
  optimizer: { name: "adam", dense: true },
} as const;

function writer(title: string, hidden: number, characters: number): Work {
  const letters = "abcdefghijklmnopqrstuvwxyz .,";
  const text = Array.from({ length: characters }, () => letters[below(letters.length)]).join("");
  const examples = [{ text }];
  const model = createLanguageModel(examples, { cell: "lstm", hidden, layers: 2, embedding: 64 });
  const options = { ...OPTIONS, batchSize: 50, timeSteps: 50 };
  return { title, model, examples, options, count: characters };
}

const WORKS = [
  classifier("sentences, 2 x 64 units", 64, 1, 2000),
  classifier("sentences, 2 x 256 units, 2 layers", 256, 2, 500),
  writer("characters, 512 units, 2 layers", 512, 30_000),
];

/** Returns the seconds of the fastest epoch in Unroll. */
async function secondsHere({ model, examples, options }: Work, threads: number): Promise<number> {
  const backend = createCpuBackend({ threads });
  let fastest = Infinity, before = performance.now();
  for await (const event of train(backend, structuredClone(model), examples, options)) {
    if (event.type !== "epoch") continue;
    const now = performance.now();
    fastest = Math.min(fastest, (now - before) / 1000);
    before = now;
  }
  backend.dispose();
  return fastest;
}

/** Returns the seconds of the fastest epoch of `train.py`. */
async function secondsThere(python: string, work: Work, processes: number): Promise<number> {
  const folder = await Deno.makeTempDir();
  try {
    await exportInto(folder, work.model, work.examples, work.options);
    const start = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node"];
    const { success, stdout, stderr } = await new Deno.Command(python, {
      args: [...(processes > 1 ? [...start, String(processes)] : []), "train.py"],
      cwd: folder,
      env: { OMP_NUM_THREADS: processes > 1 ? "1" : "2" },
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    if (!success) fail(text(stderr).slice(-2000));
    const found = [...text(stdout).matchAll(/, ([\d.]+) s$/gm)];
    return Math.min(...found.map(([, seconds]) => Number(seconds)));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const python = newest(await pythons(), "torch");
if (!python) fail(`PyTorch is not installed; to install it: ${GET_PYTORCH}`);
const rows: string[][] = [];
for (const work of WORKS) {
  const seconds = [Infinity, Infinity, Infinity];
  for (let turn = 0; turn < TURNS; turn++) {
    const measured = [
      await secondsHere(work, 2),
      await secondsThere(python!.command, work, 1),
      await secondsThere(python!.command, work, 2),
    ];
    for (const [i, each] of measured.entries()) seconds[i] = Math.min(seconds[i], each);
  }
  const rates = seconds.map((each) => Math.round(work.count / each).toLocaleString("en"));
  rows.push([work.title, ...rates]);
  console.error(rows.at(-1)!.join("  "));
}
console.log(`PyTorch ${python!.torch}, ${EPOCHS} epochs in ${TURNS} turns, the fastest epoch:\n`);
console.log(markdownTable([
  ["per second", "Unroll, 2 threads", "train.py, 2 threads", "train.py, 2 processes"],
  ...rows,
]));
