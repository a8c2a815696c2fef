import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { createCpuBackend } from "@unroll/backend-cpu";
import { createModel, type Example, train } from "@unroll/core";
import { taskOf } from "#core/tasks.ts";
import type { EncodedExample } from "#core/training/encoded.ts";
import { outcomeOf } from "../bench/board.ts";
import { type Course, learningRates, measuredSteps, orderOf, textCourse } from "../bench/course.ts";
import { QUALITIES, type Quality } from "../bench/goals.ts";
import { learn, type Mark } from "../bench/learn.ts";
import { crossEntropyOf } from "../bench/peers/loss.ts";
import { onnxClassifier } from "../bench/peers/onnx.ts";
import { compareVersions, newest } from "../bench/python.ts";
import { linesOfRows, markdownTable, rowOf } from "../bench/report.ts";
import { agreement, fastestOfEach, type Program, takeTurns } from "../bench/turns.ts";
import { WORKLOADS } from "../bench/workloads.ts";

const root = new URL("../", import.meta.url).pathname;

const examples: Example[] = [["up", "good"], ["down", "bad"]].flatMap(([label, word]) =>
  ["a", "b", "c"].map((other) => ({ text: `${word} ${other}`, label }))
);

/** Six texts in batches of two: three steps an epoch. */
function smallCourse(): Course {
  return {
    model: createModel(examples, { cell: "gru", hidden: 4, embedding: 4 }),
    examples,
    held: examples,
    options: {
      epochs: 2,
      batchSize: 2,
      learningRate: 0.1,
      schedule: { name: "cosine" },
      optimizer: { name: "adam" },
    },
    stepsPerEpoch: 3,
    measureEvery: 2,
    measure: () => Promise.resolve(0.5),
  };
}

const goal: Quality = {
  title: "a thing",
  value: 0.9,
  isLeast: false,
  seeds: 3,
  show: String,
  course: smallCourse,
};

Deno.test("the newest PyTorch is taken, whichever Python has it", () => {
  const python = (command: string, torch?: string) => ({ command, python: "3", torch });
  const all = [
    python("a", "1.13.0a0"),
    python("b"),
    python("c", "2.9.1"),
    python("d", "2.13.0+cpu"),
  ];
  assertEquals(newest(all, "torch")?.command, "d");
  assertEquals(newest(all, "numpy"), undefined);
  assertEquals(compareVersions("2.13.0+cpu", "2.13"), 0);
});

Deno.test("programs take turns, and a compiling first step does not count", async () => {
  let calls = 0;
  const program: Program = {
    name: "slow to start",
    run(steps) {
      calls += steps;
      const ms = Array.from({ length: steps }, () => calls === 1 ? 20_000 : 2000);
      return Promise.resolve({ ms, losses: ms.map(() => 1) });
    },
    close() {},
  };
  const [{ ms, losses }] = await takeTurns([program]);
  assertEquals(ms, [2000, 2000, 2000, 2000]);
  assertEquals(losses.length, 5);
});

Deno.test("of programs with one name the faster stands in the table", () => {
  const result = (name: string, ms: number) => ({ name, ms: [ms, ms, ms], losses: [1] });
  const results = [result("ours", 10), result("theirs", 30), result("theirs", 20)];
  const row = rowOf("work", fastestOfEach(results), agreement(results).line);
  assertEquals(
    markdownTable(linesOfRows([row])),
    "|        | work           |\n" +
      "| ------ | -------------- |\n" +
      "| ours   | 10.0 ms (1.00) |\n" +
      "| theirs | 20.0 ms (2.00) |",
  );
});

Deno.test("another program gets the learning rates and the batches that Unroll takes", async () => {
  const course = smallCourse();
  const rates = learningRates(course);
  assertEquals(rates.length, 6);
  for await (const event of train(createCpuBackend(), course.model, examples, course.options)) {
    if (event.type === "epoch") assertAlmostEquals(rates[3 * event.epoch - 1], event.learningRate);
  }
  const encoded = taskOf(course.model).encode(course.model, examples) as EncodedExample[];
  const order = orderOf(course, encoded);
  assertEquals(order.map(({ length }) => length), [2, 2, 2, 2, 2, 2]);
  for (const epoch of [order.slice(0, 3), order.slice(3)]) {
    assertEquals(epoch.flat().sort(), [0, 1, 2, 3, 4, 5]);
  }
});

Deno.test("training is measured where it is to be, and stops at its goal or its limit", async () => {
  const stepsOf = async (measure: Course["measure"], limit: number) => {
    const course = { ...smallCourse(), measure };
    const marks = await Array.fromAsync(learn(createCpuBackend(), course, { limit, goal }));
    return marks.map(({ step }) => step);
  };
  assertEquals(measuredSteps(smallCourse()), [2, 3, 4, 6]);
  assertEquals(await stepsOf(() => Promise.resolve(0), Infinity), [2, 3, 4, 6]);
  let value = 0;
  assertEquals(await stepsOf(() => Promise.resolve(value += 0.4), Infinity), [2, 3, 4]);
  assertEquals(await stepsOf(() => Promise.resolve(0), 1e-9), [0]);
});

Deno.test("the clock stands while a network is measured", async () => {
  const measure = async () => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    return 0;
  };
  const course = { ...smallCourse(), measure };
  const marks = await Array.fromAsync(learn(createCpuBackend(), course, { limit: 60 }));
  assert(marks.at(-1)!.seconds < 1, `${marks.at(-1)!.seconds} s`);
});

Deno.test("an outcome is the median run, and one that fell short is the slowest", () => {
  const run = (seconds: number, value: number): Mark[] => [{ step: 100, seconds, value }];
  const { seconds, msPerStep } = outcomeOf("a", goal, [run(5, 0.9), run(1, 0.8), run(3, 0.95)]);
  assertEquals([seconds, msPerStep], [5, 30]);
  assertEquals(outcomeOf("a", goal, [run(9, 0.5), run(7, 0.4)]).seconds, Infinity);
});

Deno.test("a text's end is held out, and the rest is whole chunks", () => {
  const text = "to be or not to be ".repeat(100);
  const options = { epochs: 1, batchSize: 4, timeSteps: 8, learningRate: 0.01 };
  const { examples: [known], held: [held], stepsPerEpoch } = textCourse(
    text,
    { hidden: 4 },
    options,
  );
  assertEquals([known.text.length, held.text.length, stepsPerEpoch], [1792, 95, 56]);
  assert(text.startsWith(known.text) && text.endsWith(held.text));
});

Deno.test("what a quality lacks is said", async () => {
  assertEquals(await QUALITIES.shakespeare({}), "give --text FILE");
  const { title, course } = await QUALITIES.dates({}) as Quality;
  assertMatch(title, /99% exact/);
  assertEquals(course(1).stepsPerEpoch, 157);
});

Deno.test("the file for ONNX Runtime has the network's nodes and weights", () => {
  const config = { ...WORKLOADS.sentence.config, hidden: 8, embedding: 4 };
  const bytes = onnxClassifier({ ...WORKLOADS.sentence, config, words: 10 });
  const text = new TextDecoder("latin1").decode(bytes);
  for (const name of ["Gather", "LSTM", "Squeeze", "Gemm", "hidden_size"]) {
    assert(text.includes(name));
  }
  const numbers = 10 * 4 + 4 * 8 * (4 + 8 + 2) + 2 * 8 + 2;
  assert(bytes.length > 4 * numbers && bytes.length < 4 * numbers + 1000);
});

Deno.test("logits alone give the mean cross-entropy", () => {
  assertAlmostEquals(crossEntropyOf(Float32Array.of(0, 0, 0, 0), [0, 1]), Math.log(2));
});

Deno.test("bench:quality refuses with one line what it does not know", async () => {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", `${root}bench/quality.ts`, "poems"],
    env: { NO_COLOR: "1" },
  }).output();
  assertEquals(code, 2);
  assertEquals(
    new TextDecoder().decode(stderr),
    "there is no poems; there is shakespeare, dates, reviews\n",
  );
});
