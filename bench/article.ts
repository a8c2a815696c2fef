/**
 * The article's run: hidden 64, batch 1, 1000 epochs over the built-in sentences, the test
 * sentences after each. Where python3 has numpy, its own way of doing it takes turns with ours, so
 * that the ratio holds on a noisy machine.
 *
 *     deno task bench:article [RUNS]
 *
 * @module
 */
import { createCpuBackend } from "@unroll/backend-cpu";
import { createModel, train, type TrainEvent } from "@unroll/core";
import sentences from "../packages/cli/sentences.json" with { type: "json" };

const EPOCHS = 1000, HIDDEN = 64;
const runs = Number(Deno.args[0] ?? 5);
const data = new URL("../packages/cli/sentences.json", import.meta.url).pathname;
const script = new URL("./peers/article.py", import.meta.url).pathname;

interface Result {
  version: string;
  seconds: number;
  train: { loss: number; accuracy: number };
  test: { loss: number; accuracy: number };
}

async function ours(): Promise<Result> {
  const model = createModel(sentences.train, { hidden: HIDDEN });
  const began = performance.now();
  let last: TrainEvent | undefined;
  const settings = { epochs: EPOCHS, test: sentences.test };
  for await (const event of train(createCpuBackend(), model, sentences.train, settings)) {
    last = event;
  }
  const seconds = (performance.now() - began) / 1000;
  if (last?.type !== "epoch") throw new Error("training did not come to its end");
  return { version: `Deno ${Deno.version.deno}`, seconds, train: last.train, test: last.test! };
}

/** Undefined where there is no python3, or no numpy. */
async function numpys(): Promise<Result | undefined> {
  try {
    const args = [script, data, String(EPOCHS), String(HIDDEN)];
    const { success, stdout } = await new Deno.Command("python3", { args, stderr: "null" })
      .output();
    return success ? JSON.parse(new TextDecoder().decode(stdout)) : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function show(name: string, results: Result[]): number {
  const seconds = median(results.map((result) => result.seconds));
  const each = seconds / EPOCHS / sentences.train.length * 1e6;
  const { version, train, test } = results[0];
  console.log(
    `${name.padEnd(12)}${seconds.toFixed(2).padStart(7)} s  ${
      each.toFixed(1).padStart(7)
    } µs a sentence` +
      `   loss ${train.loss.toFixed(4)} and ${
        test.loss.toFixed(4)
      }, accuracy ${train.accuracy} and ` +
      `${test.accuracy}   ${version}`,
  );
  return seconds;
}

const mine: Result[] = [], theirs: Result[] = [];
await ours(); // once for the compiler
for (let i = 0; i < runs; i++) {
  mine.push(await ours());
  const peer = await numpys();
  if (peer) theirs.push(peer);
}
console.log(
  `The article's run, ${EPOCHS} epochs over ${sentences.train.length} sentences; medians of ${runs}\n`,
);
const a = show("unroll, cpu", mine);
if (theirs.length === 0) console.log("numpy        not measured: python3 with numpy is not here");
else console.log(`\nnumpy takes ${(show("numpy", theirs) / a).toFixed(1)} times as long`);
