import {
  type Checkpoint,
  createModel,
  createTranslationModel,
  type Example,
  nextBatch,
  tokenize,
  train,
} from "@unroll/core";
import { createCpuBackend } from "@unroll/backend-cpu";
import { assertEquals } from "@std/assert";

const WORDS = ["one", "two", "three", "four", "five", "six", "seven"];
const examples: Example[] = WORDS.map((word, i) => ({
  text: `${word} `.repeat(1 + i % 3).trim(),
  label: i % 2 ? "odd" : "even",
}));

Deno.test("nextBatch() returns the examples of the next step", async () => {
  for (const batchSize of [1, 3]) {
    const model = createModel(examples, { cell: "rnn", hidden: 4, init: "scaled", seed: 2 });
    const options = { batchSize, seed: 5 };
    let before = Float32Array.from(model.weights.Wxh);
    let expected = nextBatch(model, examples, options, 1, 0);
    const events = train(createCpuBackend(), model, examples, {
      ...{ ...options, epochs: 2, checkpointEvery: 1 },
    });
    for await (const event of events) {
      if (event.type !== "checkpoint") continue;
      const { model: { weights, vocabulary }, progress } = event.checkpoint as Checkpoint<
        typeof model
      >;
      const width = weights.Wxh.length / vocabulary.length;
      const moved = vocabulary.filter((_, id) =>
        weights.Wxh.subarray(id * width, (id + 1) * width).some((value, i) =>
          value !== before[id * width + i]
        )
      );
      const words = expected.flatMap((i) => tokenize(examples[i].text, model.tokenizer));
      assertEquals(moved.toSorted(), [...new Set(words)].toSorted());
      before = Float32Array.from(weights.Wxh);
      if (progress.epoch > 2) break;
      expected = nextBatch(model, examples, options, progress.epoch, progress.batches);
    }
  }
});

Deno.test("nextBatch() returns each translation pair once per epoch", () => {
  const pairs = WORDS.map((text, i) => ({ text, label: String(i) }));
  const model = createTranslationModel(pairs, { hidden: 4 });
  const options = { batchSize: 2, seed: 1 };
  const places = [0, 1, 2, 3].flatMap((batch) => nextBatch(model, pairs, options, 1, batch));
  assertEquals(places.toSorted((a, b) => a - b), [0, 1, 2, 3, 4, 5, 6]);
});
