/**
 * Time to quality: seconds of training until a network reaches a goal on a held-out set, with each
 * of Unroll's backends, and in PyTorch with the same network, from the same weights, on the same
 * batches with the same learning rates.
 *
 *     deno task bench:quality [--text FILE] [--reviews FILE.csv] [--held FILE.csv]
 *         [--backends cpu,blas] [--threads 1,2] [--limit SECONDS] [--seeds COUNT] [--no-pytorch]
 *         [--json FILE] [shakespeare] [dates] [reviews]
 *
 * They train one after another. Evaluation time is not counted. PyTorch is found as in
 * `bench:peers`.
 *
 * @module
 */
import { createBlasBackend } from "@unroll/backend-blas";
import { createCpuBackend } from "@unroll/backend-cpu";
import { parseArgs } from "@std/cli/parse-args";
import type { Backend } from "@unroll/core";
import { boardOf, type Outcome, outcomeOf } from "./board.ts";
import { fail, orFail } from "./fail.ts";
import { QUALITIES, type Quality } from "./goals.ts";
import { fastestPyTorch, learn, learnInPyTorch, type Mark, type PyTorch } from "./learn.ts";
import { GET_PYTORCH, newest, pythons } from "./python.ts";
import { machine, writeResults } from "./report.ts";

const BACKENDS: Record<string, (threads: number) => Backend> = {
  cpu: (threads) => createCpuBackend({ threads }),
  blas: (threads) => createBlasBackend({ threads }),
};

/** A program that trains, and the evaluations of its run with a seed. */
interface Learner {
  name: string;
  marks(quality: Quality, seed: number): AsyncGenerator<Mark>;
}

/** Replaces the current line if stderr is a terminal. */
function onTerminal(line: string): void {
  if (Deno.stderr.isTerminal()) {
    Deno.stderr.writeSync(new TextEncoder().encode(`\r\x1b[K${line}`));
  }
}

/** Runs a training, and prints its last evaluation. */
async function watch(learner: Learner, quality: Quality, seed: number): Promise<Mark[]> {
  const marks: Mark[] = [];
  let line = "";
  for await (const mark of learner.marks(quality, seed)) {
    marks.push(mark);
    const { step, value, seconds } = mark;
    const run = `${quality.show(value)} after ${step} steps, ${seconds.toFixed(1)} s`;
    line = `  ${learner.name}, seed ${seed}: ${run}`;
    onTerminal(line);
  }
  onTerminal("");
  console.log(line);
  return marks;
}

const args = parseArgs(Deno.args, {
  string: ["text", "reviews", "held", "backends", "threads", "limit", "seeds", "json"],
  boolean: ["no-pytorch"],
  unknown: (name) => name.startsWith("-") ? fail(`there is no option ${name}`) : true,
});
const numberOf = (name: string, text: string) => {
  const value = Number(text);
  return value > 0 ? value : fail(`--${name}: expected a number above 0, got ${text}`);
};
const limit = numberOf("limit", args.limit ?? "600");
const threads = (args.threads ?? "2").split(",").map((each: string) => numberOf("threads", each));
const asked = args._.length > 0 ? args._.map(String) : Object.keys(QUALITIES);
const wrong = asked.find((name) => !(name in QUALITIES));
if (wrong !== undefined) {
  fail(`there is no ${wrong}; there is ${Object.keys(QUALITIES).join(", ")}`);
}

const notes: string[] = [];
const learners: Learner[] = [];
for (const name of (args.backends ?? "cpu,blas").split(",").filter((name: string) => name !== "")) {
  if (!(name in BACKENDS)) fail(`--backends: expected any of cpu, blas, got ${name}`);
  for (const count of threads) {
    try {
      BACKENDS[name](count)[Symbol.dispose]();
    } catch (error) {
      notes.push(`${name} is skipped: ${(error as Error).message}`);
      break;
    }
    learners.push({
      name: `Unroll, ${name}, ${count} thread${count > 1 ? "s" : ""}`,
      async *marks(quality, seed) {
        using backend = BACKENDS[name](count);
        yield* learn(backend, quality.course(seed), { limit, goal: quality });
      },
    });
  }
}
const isAsked = !args["no-pytorch"];
const python = isAsked ? newest(await pythons(), "torch") : undefined;
if (isAsked && !python) notes.push(`PyTorch is skipped; to install it: ${GET_PYTORCH}`);
for (const count of python ? threads : []) {
  const chosen = new Map<Quality, PyTorch>();
  learners.push({
    name: `PyTorch ${python!.torch}, ${count} thread${count > 1 ? "s" : ""}`,
    async *marks(quality, seed) {
      const course = quality.course(seed);
      const fastest = chosen.get(quality) ??
        await fastestPyTorch(python!.command, count, course);
      chosen.set(quality, fastest);
      yield* learnInPyTorch(fastest, course, { limit, goal: quality });
    },
  });
}

const about = [machine()];
if (python) about.push(`PyTorch ${python.torch}: ${python.torchKernels}`);
console.log(about.join("\n"));
const qualities: Quality[] = [], outcomes: Outcome[] = [];
for (const name of asked) {
  const { text, reviews, held: heldReviews } = args;
  const quality = await orFail(() => QUALITIES[name]({ text, reviews, heldReviews }));
  if (typeof quality === "string") {
    notes.push(`${name} is skipped: ${quality}`);
    continue;
  }
  qualities.push(quality);
  console.log(`\n${quality.title}`);
  const seeds = args.seeds === undefined ? quality.seeds : numberOf("seeds", args.seeds);
  for (const learner of learners) {
    const runs: Mark[][] = [];
    for (let seed = 1; seed <= seeds; seed++) {
      runs.push(await orFail(() => watch(learner, quality, seed)));
    }
    outcomes.push(outcomeOf(learner.name, quality, runs));
  }
}
console.log("\n" + await boardOf(about, qualities, outcomes, limit));
if (notes.length > 0) console.log("\n" + notes.join("\n"));
if (args.json) await writeResults(args.json, { about, outcomes, notes });
