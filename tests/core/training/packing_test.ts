/**
 * Training on packed batches, without most of their padding: the same weights, bit for bit.
 *
 * @module
 */
import {
  type Backend,
  createModel,
  type ModelOptions,
  train,
  type TrainOptions,
} from "@unroll/core";
import { createCpuBackend } from "@unroll/backend-cpu";
import { assert, assertEquals } from "@std/assert";
import { replacing } from "#tests/support/helpers.ts";

const WORDS = "a b c d e f g h".split(" ");

/** Texts of 1 to 41 words. */
const EXAMPLES = Array.from({ length: 60 }, (_, i) => {
  const length = 1 + (i * i * 7) % 41;
  const text = Array.from({ length }, (_, t) => WORDS[(i + t * t) % WORDS.length]).join(" ");
  return { text, label: length % 3 === 0 ? "up" : "down" };
});

const CASES: [string, ModelOptions, TrainOptions][] = [
  ["last", { cell: "lstm", hidden: 9, embedding: 6 }, {}],
  ["last, two bidirectional layers", { cell: "gru", layers: 2, bidirectional: true }, {}],
  ["mean", { cell: "gru", head: "mean", embedding: 6, layers: 2, dropout: 0.3 }, {}],
  [
    "max, bidirectional",
    { cell: "lstm", head: "max", embedding: 6, bidirectional: true, dropout: 0.5 },
    {},
  ],
  ["mean and max of one-hot words", { cell: "rnn", head: "mean-max", bidirectional: true }, {}],
  ["minGRU, bidirectional", { cell: "mingru", head: "max", embedding: 5, bidirectional: true }, {}],
  [
    "layer normalization, bidirectional",
    { cell: "lnlstm", head: "max", embedding: 6, bidirectional: true, layers: 2 },
    {},
  ],
  ["recurrent dropout", { cell: "gru", head: "max", embedding: 6, recurrentDropout: 0.3 }, {}],
  ["truncated BPTT", { cell: "lstm", embedding: 6, layers: 2 }, { timeSteps: 12 }],
];

for (const [name, network, options] of CASES) {
  Deno.test(`packed batches train to the same weights as padded ones: ${name}`, async () => {
    for (const threads of [1, 2]) {
      const backend = createCpuBackend({ kernels: "simd", threads });
      let packed = 0;
      const found = [];
      const counting = replacing(backend, {
        gatherRows(table, rows) {
          packed++;
          return backend.gatherRows(table, rows);
        },
      });
      const counts: number[] = [];
      for (const on of [counting, replacing(counting, { attention: undefined })] as Backend[]) {
        packed = 0;
        const model = createModel(EXAMPLES, { hidden: 10, seed: 3, init: "scaled", ...network });
        const settings: TrainOptions = {
          epochs: 2,
          batchSize: 12,
          learningRate: 0.01,
          optimizer: { name: "adam" },
          shuffle: false,
          ...options,
        };
        await Array.fromAsync(train(on, model, EXAMPLES, settings));
        found.push(model.weights);
        counts.push(packed);
      }
      assert(counts[0] > counts[1], "no batch was packed");
      assertEquals(found[0], found[1], `${threads} threads`);
      assertEquals(backend.live, 0);
      backend.dispose();
    }
  });
}
