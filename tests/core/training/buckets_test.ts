import { Random } from "@unroll/core";
import { assert, assertEquals, assertLess } from "@std/assert";
import { drawBatches, roomFor } from "#core/training/buckets.ts";
import { randomExamples } from "#tests/support/helpers.ts";

const random = new Random(1);
const lengths = Array.from({ length: 1003 }, () => 1 + Math.floor(60 * random.uniform() ** 2));
const examples = randomExamples(1, lengths, 9, 2);

Deno.test("drawBatches() uses every example once, and pads the last batch", () => {
  for (const batchSize of [1, 2, 32, 2000]) {
    const batches = [...drawBatches(examples, batchSize, new Random(1))];
    const drawn = batches.flatMap((batch) => batch.examples);
    const real = drawn.filter(({ words }) => words.length > 0);
    assertEquals(new Set(real), new Set(examples));
    assertEquals(real.length, examples.length);
    const size = Math.min(batchSize, examples.length);
    assert(batches.every((batch) => batch.examples.length === size));
  }
});

Deno.test("drawBatches() has room for every sentence, with little padding and few lengths", () => {
  const batches = [...drawBatches(examples, 32, new Random(1))];
  let room = 0;
  for (const { examples, timeSteps } of batches) {
    assert(examples.every(({ words }) => words.length <= timeSteps));
    room += timeSteps * examples.length;
  }
  const words = lengths.reduce((sum, length) => sum + length);
  const shuffled = examples.toSorted(() => random.uniform() - 0.5); // without buckets
  const longest = Array.from(
    { length: 31 },
    (_, i) => Math.max(...shuffled.slice(32 * i, 32 * i + 32).map(({ words }) => words.length)),
  );
  const plain = longest.reduce((sum, length) => sum + 32 * length, 0);
  assertLess(room / words, 1.35);
  assertLess(room, 0.6 * plain);
  assertLess(new Set(batches.map(({ timeSteps }) => timeSteps)).size, 20);
});

Deno.test("drawBatches() without a generator keeps the given order", () => {
  const batches = [...drawBatches(examples.slice(0, 7), 3)];
  const drawn = batches.flatMap((batch) => batch.examples);
  assertEquals(drawn.slice(0, 7), examples.slice(0, 7));
  assertEquals(drawn.length, 9);
});

Deno.test("drawBatches() adds no padding at batch size 1", () => {
  const batches = [...drawBatches(examples, 1, new Random(2))];
  assert(batches.every(({ examples, timeSteps }) => examples[0].words.length === timeSteps));
});

Deno.test("roomFor() returns at least the length, and at most a quarter more", () => {
  for (let length = 1; length <= 5000; length++) {
    const room = roomFor(length);
    assert(room >= length && room <= 1.25 * length);
  }
  assertEquals([1, 5, 8, 9, 17, 33].map(roomFor), [1, 5, 8, 10, 20, 40]);
});
