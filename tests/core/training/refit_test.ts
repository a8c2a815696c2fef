import { createCpuBackend } from "@unroll/backend-cpu";
import {
  type Checkpoint,
  createModel,
  createRegressor,
  type Example,
  fit,
  InputError,
  readCheckpoint,
  recommend,
  settleOptions,
  train,
  type TrainEvent,
  type TrainOptions,
  writeCheckpoint,
  writeModel,
} from "@unroll/core";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";

const words = ["good", "bad", "not", "very", "so", "fine", "poor"];
const all: Example[] = Array.from({ length: 48 }, (_, i) => ({
  text: words.filter((_, k) => ((i * 5) >> k) % 2 === 1).join(" ") + " it",
  label: i % 3 === 0 ? "up" : "down",
}));
const examples = all.slice(0, 36), validation = all.slice(36);
const create = () => createModel(all, { cell: "gru", hidden: 4, embedding: 3, dropout: 0.3 });
const options: TrainOptions = {
  epochs: 12,
  batchSize: 8,
  optimizer: { name: "adam" },
  learningRate: 0.02,
  patience: 2,
  validation,
  refit: true,
};

type Of<Type> = Extract<TrainEvent, { type: Type }>;

Deno.test("the refit continues from the best weights on all examples", async () => {
  const whole = create();
  let best = whole.weights, refit: Of<"refit"> | undefined;
  const epochs: Of<"epoch">[] = [];
  for await (const event of train(createCpuBackend(), whole, examples, options)) {
    if (event.type === "epoch") epochs.push(event);
    if (event.type !== "refit") continue;
    refit = event;
    best = whole.weights;
  }
  assert(refit);
  assertEquals(refit.examples, 48);
  const first = epochs.filter(({ refit }) => !refit), kept = first.findLast(({ kept }) => kept)!;
  assertEquals(refit.epochs, Math.min(2 * kept.epoch, Math.round(first.length * 36 / 48)));
  const again = epochs.filter(({ refit }) => refit);
  assertEquals(again.map(({ epoch }) => epoch), Array.from(again, (_, i) => i + 1));
  assertEquals([again.length, again.some(({ validation }) => validation)], [refit.epochs, false]);
  // By its definition: a separate training run.
  const model = { ...create(), weights: best };
  const { patience: _, validation: __, refit: ___, ...plain } = options;
  await fit(createCpuBackend(), model, all, { ...plain, epochs: refit.epochs });
  assertEquals(writeModel(model), writeModel(whole));
});

Deno.test("until the refit, a run equals the one without it", async () => {
  const first = create(), second = create();
  const { refit: _, ...plain } = options;
  const without = await fit(createCpuBackend(), first, examples, plain);
  for await (const event of train(createCpuBackend(), second, examples, options)) {
    if (event.type === "refit") break;
  }
  assertEquals(writeModel(second), writeModel(first));
  const { refit, train: _t, ...found } = await fit(createCpuBackend(), create(), examples, options);
  const { train: __, ...expected } = without;
  assertEquals(found, expected);
  assert(refit! > 0);
});

Deno.test("a run with a refit is resumed bit for bit from each of its checkpoints", async () => {
  const backend = createCpuBackend();
  const whole = create(), checkpoints: Checkpoint[] = [];
  const events: TrainEvent[] = [];
  for await (
    const event of train(backend, whole, examples, { ...options, checkpointEvery: 3 })
  ) {
    if (event.type === "checkpoint") checkpoints.push(event.checkpoint);
    else if (event.type !== "progress") events.push(event);
  }
  assert(checkpoints.some(({ progress }) => progress.refit));
  assert(checkpoints.some(({ progress }) => !progress.refit));
  for (const checkpoint of checkpoints) {
    const { checkpoint: resume } = await readCheckpoint(new Blob([writeCheckpoint(checkpoint)]));
    assertEquals(resume.progress, checkpoint.progress);
    const rest = create(), after: TrainEvent[] = [];
    for await (const event of train(backend, rest, examples, { ...options, resume })) {
      if (event.type !== "progress") after.push(event);
    }
    assertEquals(writeModel(rest), writeModel(whole));
    assertEquals(after, after.length === 0 ? [] : events.slice(-after.length));
  }
  assertEquals(backend.live, 0);
});

Deno.test("more epochs are refused in a refit, and accepted before it", async () => {
  const longer = { ...options, epochs: 20, patience: undefined };
  const whole = create();
  await fit(createCpuBackend(), whole, examples, longer);
  const checkpoints: Checkpoint<typeof whole>[] = [];
  const shorter = { ...longer, epochs: 12, checkpointEvery: 1000 };
  for await (const event of train(createCpuBackend(), create(), examples, shorter)) {
    if (event.type === "checkpoint") checkpoints.push(structuredClone(event.checkpoint));
  }
  const before = checkpoints.findLast(({ progress }) => !progress.refit)!;
  assertEquals(before.progress.epoch, 13);
  const rest = create();
  await fit(createCpuBackend(), rest, examples, { ...longer, resume: before });
  assertEquals(writeModel(rest), writeModel(whole));
  assertThrows(
    () => train(createCpuBackend(), create(), examples, { ...longer, resume: checkpoints.at(-1) }),
    InputError,
    "the checkpoint is from a refit, which fixes the epochs at 12, got 20; use the same number, " +
      "or start over",
  );
});

Deno.test("a stopped refit keeps its weights, and can be resumed", async () => {
  const whole = create();
  await fit(createCpuBackend(), whole, examples, options);
  const model = create(), signal = { aborted: false };
  let last: Checkpoint | undefined, best = model.weights;
  const more = { ...options, signal, checkpointEvery: 1000 };
  const stops: Of<"stopped">["reason"][] = [];
  for await (const event of train(createCpuBackend(), model, examples, more)) {
    if (event.type === "refit") best = model.weights;
    if (event.type === "epoch" && event.refit) signal.aborted = true;
    if (event.type === "checkpoint") last = event.checkpoint;
    if (event.type === "stopped") stops.push(event.reason);
  }
  assertEquals(stops, ["patience", "request"]);
  assert(model.weights !== best);
  assertEquals(last!.progress.refit! >= last!.progress.epoch - 1, true);
  const rest = create();
  await fit(createCpuBackend(), rest, examples, { ...options, resume: last });
  assertEquals(writeModel(rest), writeModel(whole));
});

Deno.test("the refit is refused where it does not apply", () => {
  const refused = (given: TrainOptions) =>
    assertThrows(() => train(createCpuBackend(), create(), examples, given), InputError).message;
  assertEquals(
    refused({ refit: true }),
    "refit needs validation examples to choose the best epoch; provide some",
  );
  assertEquals(
    refused({ refit: 1 as unknown as boolean, validation }),
    "refit must be true or false, got 1",
  );
  const numbers = examples.map((example, i) => ({ ...example, label: String(i) }));
  assertThrows(
    () =>
      train(createCpuBackend(), createRegressor(numbers), numbers, {
        validation: numbers,
        refit: true,
      }),
    InputError,
    '"refit"',
  );
  // The refit trains on the validation examples, so the model must have their labels.
  const unseen = [{ text: "good", label: "sideways" }];
  assertThrows(
    () => train(createCpuBackend(), create(), examples, { ...options, validation: unseen }),
    InputError,
    '"sideways"',
  );
  const few = recommend(all.slice(0, 20)), many = recommend([...all, ...all, ...all]);
  assertEquals([few.refit, many.refit], [false, true]);
  assertEquals("refit" in settleOptions({}), false);
});

Deno.test("a checkpoint with an invalid refit is refused", async () => {
  let inRefit: Checkpoint | undefined;
  const run = { ...options, checkpointEvery: 2 };
  for await (const event of train(createCpuBackend(), create(), examples, run)) {
    if (event.type === "checkpoint" && event.checkpoint.progress.refit) {
      inRefit ??= event.checkpoint;
    }
  }
  const { progress } = inRefit!;
  const { refit: _, ...withoutRefit } = inRefit!.options;
  const cases: [Partial<Checkpoint>, string][] = [
    [{ progress: { ...progress, refit: 0 } }, "refit 0 instead of a whole number of at least 1"],
    [{ progress: { ...progress, refit: 99 } }, "is in a refit of 99 epochs, in a run of 12"],
    [{ best: inRefit!.model.weights }, "it has best weights in a refit"],
    [{ options: withoutRefit }, "its progress has a refit, but its options have none"],
  ];
  for (const [change, message] of cases) {
    const bytes = writeCheckpoint({ ...inRefit!, ...change });
    await assertRejects(() => readCheckpoint(new Blob([bytes])), InputError, message);
  }
});
