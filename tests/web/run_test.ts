import { type Checkpoint, createModel, type Model, train } from "@unroll/core";
import { createCpuBackend } from "@unroll/backend-cpu";
import { assertEquals, assertNotEquals } from "@std/assert";
import { pack, unpack } from "#web/packed_bytes.ts";
import { liveOf } from "#web/live_settings.ts";
import { ARTICLE, readField } from "#web/settings.ts";
import { Run } from "#web/worker/run.ts";

const examples = ["good", "not bad", "bad", "not good"].map((text, i) => ({
  text,
  label: i < 2 ? "up" : "down",
}));
const OPTIONS = { epochs: 2, learningRate: 0.1, batchSize: 2 };
const modelOf = () => createModel(examples, { cell: "gru", hidden: 6, layers: 2, seed: 3 });

async function end(run: Run): Promise<void> {
  while (run.isRunning) await run.next();
}

Deno.test("a changed run continues like one that was resumed with those settings", async () => {
  const backend = createCpuBackend(), model: Model = modelOf();
  const run = new Run({ backend, model, examples, options: { ...OPTIONS } });
  run.start("epoch");
  await end(run);
  run.change({ ...liveOf(ARTICLE), epochs: 4, learningRate: 0.01, clip: 0.5, dropout: 0.5 });
  run.start("end");
  await end(run);

  const same: Model = modelOf();
  let last: Checkpoint<Model> | undefined;
  for await (
    const event of train(backend, same, examples, { ...OPTIONS, epochs: 1, checkpointEvery: 1000 })
  ) {
    if (event.type === "checkpoint") last = event.checkpoint;
  }
  const unchanged = structuredClone(last!);
  const config = { ...same.config, dropout: 0.5 };
  const resumed: Model = { ...same, config } as Model;
  const resume = {
    ...last!,
    model: { ...last!.model, config } as Model,
    options: { ...last!.options, learningRate: 0.01, clip: 0.5 },
  };
  const options = { ...OPTIONS, epochs: 4, learningRate: 0.01, clip: 0.5, resume };
  for await (const _ of train(backend, resumed, examples, options));
  assertEquals(model.weights, resumed.weights);

  const plain: Model = modelOf(); // what it would have become
  for await (
    const _ of train(backend, plain, examples, { ...OPTIONS, epochs: 4, resume: unchanged })
  );
  assertNotEquals(model.weights, plain.weights);
});

Deno.test("a number in the form has a decimal point and is in range, or is refused", () => {
  assertEquals(readField("learningRate", "0.05"), 0.05);
  assertEquals(readField("learningRate", " 5e-2 "), 0.05);
  for (const wrong of ["0,05", "", "fast", "0x10", "11", "1 2"]) {
    assertEquals(readField("learningRate", wrong), undefined);
  }
  assertEquals(readField("epochs", "1000"), 1000);
  for (const wrong of ["1,000", "1.5", "0", "-3"]) {
    assertEquals(readField("epochs", wrong), undefined);
  }
  assertEquals(readField("cell", "gru"), "gru");
});

Deno.test("packed bytes are restored", async () => {
  for (const length of [0, 1, 7, 8, 1001]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * i) % 251);
    assertEquals(await unpack(await pack(bytes)), bytes);
  }
});
