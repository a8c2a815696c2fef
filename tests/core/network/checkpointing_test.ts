import { createCpuBackend } from "@unroll/backend-cpu";
import { type Backend, createModel, type Example, train, type TrainOptions } from "@unroll/core";
import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { CELL_NAMES } from "#core/network/cells/cells.ts";
import { longForward } from "#core/network/checkpointing.ts";
import { networkConfig } from "#core/network/config.ts";
import { drawMasks, dropoutRandom } from "#core/network/dropout.ts";
import { crossEntropyLoss } from "#core/network/loss.ts";
import { weightShapes } from "#core/network/shapes.ts";
import { mapWeights, uploadAll } from "#core/network/weights.ts";
import { opsOf } from "#core/ops/checked_ops.ts";
import {
  distance,
  passes,
  randomExamples,
  randomWeights,
  replacing,
  withoutFused,
} from "#tests/support/helpers.ts";

const WORDS = 5, LABELS = 3;
const BACKENDS: [string, Backend][] = [
  ["fused ops", createCpuBackend({ dtype: "float64" })],
  ["plain ops", withoutFused(createCpuBackend({ dtype: "float64" }))],
];

for (const cell of CELL_NAMES) {
  for (const head of ["last", "mean", "max"] as const) {
    Deno.test(`checkpointed gradients of ${cell} with the head ${head} equal those of whole sentences`, async () => {
      for (const [path, backend] of BACKENDS) {
        for (const [bidirectional, layers] of [[false, 1], [false, 2], [true, 1]] as const) {
          for (const [embedding, frozen] of [[0, false], [3, false], [3, true]] as const) {
            for (const dropout of embedding > 0 ? [0, 0.5] : [0]) {
              const config = networkConfig({
                ...{ cell, head, bidirectional, layers, embedding, frozen, dropout },
                hidden: 3,
              });
              const weights = randomWeights(2, config, WORDS, LABELS);
              const examples = randomExamples(4, [11, 1, 8, 0, 4, 5], WORDS, LABELS);
              examples[3].labels = new Int32Array(0); // padding
              const whole = await passes(backend, config, weights, examples, { dropout: true });
              for (const chunk of [1, 4, 5, 16]) {
                const { logits, gradients } = await inChunks(
                  backend,
                  config,
                  weights,
                  examples,
                  chunk,
                );
                const what = `${path}, ${layers} layers, embedding ${embedding}, chunk ${chunk}`;
                assertLess(distance(logits, whole.logits), 1e-12, what);
                assertEquals(Object.keys(gradients).sort(), Object.keys(whole.gradients).sort());
                for (const [name, values] of Object.entries(whole.gradients)) {
                  assertLess(distance(gradients[name], values), 1e-12, `${what}: ${name}`);
                }
              }
              assertEquals(backend.live, 0);
            }
          }
        }
      }
    });
  }
}

async function inChunks(
  backend: Backend,
  config: ReturnType<typeof networkConfig>,
  numbers: ReturnType<typeof randomWeights>,
  examples: ReturnType<typeof randomExamples>,
  chunk: number,
) {
  const ops = opsOf(backend);
  const shapes = weightShapes(config, WORDS, LABELS);
  const longest = Math.max(...examples.map(({ words }) => words.length));
  let names: string[] = [];
  const made = ops.scope(() => {
    const weights = uploadAll(ops, shapes, numbers);
    const drawn = drawMasks(config, examples.length, longest, dropoutRandom(7, 1));
    const sentences = examples.map(({ words }) => words);
    const pass = longForward(ops, config, weights, sentences, chunk, drawn);
    const targets = examples.map(({ labels }) => labels[0] ?? -1);
    const count = targets.filter((label) => label >= 0).length;
    const dLogits = crossEntropyLoss.gradient(
      ops,
      pass.logits,
      ops.indices(targets, LABELS),
      ops.tensor(targets.map((label) => label < 0 ? 0 : 1 / count), [targets.length, 1]),
    );
    const gradients = mapWeights(
      pass.backward(dLogits),
      ({ values, rows }, name) =>
        rows ? ops.update(ops.zeros(shapes[name]), values, { keep: 1, add: 1, rows }) : values,
    );
    names = Object.keys(gradients);
    return [pass.logits, ...Object.values(gradients)];
  });
  const [logits, ...rest] = await ops.read(made);
  ops.dispose(made);
  return { logits, gradients: Object.fromEntries(names.map((name, i) => [name, rest[i]])) };
}

const LONG: Example[] = Array.from({ length: 6 }, (_, i) => ({
  text: `${"and so it goes on ".repeat(i * 60)}${i % 2 ? "good" : "bad"}`,
  label: i % 2 ? "up" : "down",
}));

Deno.test("train() on long texts works in chunks, and resumes bit for bit", async () => {
  const network = {
    cell: "gru",
    hidden: 6,
    embedding: 5,
    bidirectional: true,
    dropout: 0.3,
    head: "max",
  } as const;
  const options: TrainOptions = { batchSize: 3, optimizer: { name: "adam" } };
  let tallest = 0; // the most time steps in a call
  const cpu = createCpuBackend();
  const backend = replacing(cpu, {
    gruForward(inputs, h0, ...rest) {
      tallest = Math.max(tallest, inputs.shape[0] / h0.shape[0]);
      return cpu.gruForward!(inputs, h0, ...rest);
    },
  });
  const whole = createModel(LONG, network);
  const losses: number[] = [];
  let resume: TrainOptions["resume"];
  for await (
    const event of train(backend, whole, LONG, { ...options, epochs: 4, checkpointEvery: 3 })
  ) {
    if (event.type === "epoch") losses.push(event.train.loss);
    if (event.type === "checkpoint") resume ??= structuredClone(event.checkpoint);
  }
  assertEquals([tallest <= 1000, tallest >= 256, losses.length], [true, true, 4]);
  const again = structuredClone(resume!.model) as typeof whole;
  await Array.fromAsync(train(cpu, again, LONG, { ...options, epochs: 4, resume }));
  assertEquals(again.weights, whole.weights);
  const threads = createCpuBackend({ threads: 2 });
  const other = createModel(LONG, network);
  await Array.fromAsync(train(threads, other, LONG, { ...options, epochs: 4 }));
  threads.dispose();
  assertEquals(other.weights, whole.weights);
  assertAlmostEquals(losses[0], Math.LN2, 0.5);
});
