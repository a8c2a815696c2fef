import { createCpuBackend } from "@unroll/backend-cpu";
import { createModel, InputError, predict } from "@unroll/core";
import { assertEquals, assertLess, assertRejects } from "@std/assert";
import { allLogits, arrange } from "#core/classification/measure.ts";
import { createBatch } from "#core/network/batch.ts";
import { CELL_NAMES } from "#core/network/cells/cells.ts";
import { canReadInChunks, logitsInChunks } from "#core/network/chunks.ts";
import { networkConfig } from "#core/network/config.ts";
import { forward } from "#core/network/network.ts";
import { weightShapes } from "#core/network/shapes.ts";
import { uploadAll } from "#core/network/weights.ts";
import { opsOf } from "#core/ops/checked_ops.ts";
import { CPU_BACKENDS, distance, randomExamples, randomWeights } from "#tests/support/helpers.ts";

const WORDS = 5, LABELS = 3;
const LENGTHS = [40, 1, 23, 0, 8, 16, 17];

for (const cell of CELL_NAMES) {
  for (const head of ["last", "mean", "max"] as const) {
    Deno.test(`logits of ${cell} with the head ${head} are the same when computed in chunks`, async () => {
      for (const dtype of ["float32", "float64"] as const) {
        for (const kernels of ["plain", "simd"] as const) {
          if (kernels === "simd" && dtype === "float64") continue;
          const backend = createCpuBackend({ dtype, kernels });
          const ops = opsOf(backend);
          for (const bidirectional of [false, true]) {
            for (const layers of bidirectional ? [1] : [1, 2]) {
              for (const embedding of [0, 3]) {
                const config = networkConfig({
                  ...{ cell, head, bidirectional, layers, embedding },
                  hidden: 5,
                });
                const numbers = randomWeights(2, config, WORDS, LABELS);
                const sentences = randomExamples(4, LENGTHS, WORDS, LABELS)
                  .map(({ words }) => words);
                const made = ops.scope(() => {
                  const weights = uploadAll(ops, weightShapes(config, WORDS, LABELS), numbers);
                  const batch = createBatch(ops, config, sentences, WORDS);
                  return [
                    forward(ops, config, weights, batch).logits,
                    ...[1, 7, 8, 64].map((chunk) =>
                      logitsInChunks(ops, config, weights, sentences, chunk)
                    ),
                  ];
                });
                const [whole, ...parts] = await ops.read(made);
                // The backward direction's states are summed from the end of the text.
                const isRounded = head === "mean" && bidirectional;
                const most = dtype === "float32" ? 1e-6 : 1e-12;
                for (const part of parts) {
                  if (isRounded) assertLess(distance(part, whole), most);
                  else assertEquals(part, whole);
                }
                ops.dispose(made);
                assertEquals(backend.live, 0);
              }
            }
          }
        }
      }
    });
  }
}

Deno.test("canReadInChunks() is false for stacked bidirectional networks and for taggers", () => {
  assertEquals(canReadInChunks(networkConfig({ bidirectional: true, layers: 2 })), false);
  assertEquals(canReadInChunks(networkConfig({ head: "token" })), false);
});

Deno.test("long and short sentences evaluated together have the same logits as each alone", async () => {
  const lengths = [1200, 3, 2100, 1001, 1000, 7];
  for (const create of Object.values(CPU_BACKENDS)) {
    const backend = create();
    const ops = opsOf(backend);
    for (const network of [{}, { head: "max", bidirectional: true }, { head: "mean" }] as const) {
      const config = networkConfig({ cell: "gru", hidden: 4, ...network });
      const sentences = randomExamples(4, lengths, WORDS, LABELS).map(({ words }) => words);
      const vocabulary = ["<unk>", "a", "b", "c", "d"];
      const numbers = randomWeights(2, config, WORDS, LABELS);
      const made = ops.scope(() => {
        const weights = uploadAll(ops, weightShapes(config, WORDS, LABELS), numbers);
        const alone = sentences.map((each) =>
          forward(ops, config, weights, createBatch(ops, config, [each], WORDS)).logits
        );
        return [
          ops.concatRows(alone),
          allLogits(ops, config, weights, arrange(ops, { config, vocabulary }, sentences)),
        ];
      });
      const [alone, together] = await ops.read(made);
      ops.dispose(made);
      for (const [i, value] of alone.entries()) assertLess(Math.abs(value - together[i]), 1e-5);
    }
    assertEquals(backend.live, 0);
  }
});

Deno.test("predict() needs a few megabytes for a text of any length", async () => {
  const model = createModel([{ text: "good so", label: "up" }, { text: "bad", label: "down" }], {
    cell: "lstm",
    hidden: 32,
  });
  const backend = createCpuBackend();
  const text = "so ".repeat(33_000) + "good";
  await predict(backend, model, ["so ".repeat(1100)]);
  const before = Deno.memoryUsage();
  const [{ words }] = await predict(backend, model, [text]);
  const after = Deno.memoryUsage();
  assertEquals(words, 33_001);
  const grown = after.external - before.external; // read whole, it is 33,000 x 32 x 9 x 4 bytes
  assertLess(grown, 8e6, `${grown} bytes`);
});

Deno.test("predict() accepts texts of any length if memory does not grow with them", async () => {
  const examples = [{ text: "good so", label: "up" }, { text: "bad", label: "down" }];
  const backend = createCpuBackend();
  const text = "so ".repeat(100_000) + "good";
  for (const network of [{}, { head: "max", bidirectional: true }] as const) {
    const [{ words }] = await predict(backend, createModel(examples, { hidden: 4, ...network }), [
      text,
    ]);
    assertEquals(words, 100_001);
  }
  const tokenizer = { lowerCase: true, punctuation: "drop", maxLength: 5 } as const;
  const deep = { hidden: 4, bidirectional: true, layers: 2 } as const;
  const [{ words }] = await predict(backend, createModel(examples, { ...deep, tokenizer }), [text]);
  assertEquals(words, 5);
  await assertRejects(
    () => predict(backend, createModel(examples, deep), [text]),
    InputError,
    "at most 100000 are read, so cut it into pieces",
  );
});
