import { createCpuBackend } from "@unroll/backend-cpu";
import {
  type Backend,
  createModel,
  DeviceError,
  DivergedError,
  InputError,
  type Model,
  predict,
} from "@unroll/core";
import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { FileError } from "#cli/files/file_errors.ts";
import { loadModel } from "#cli/files/files.ts";
import type { Signals } from "#cli/run/signals.ts";
import type { Report } from "#cli/output/train_report.ts";
import { runTraining, type TrainingRun } from "#cli/run/training_run.ts";
import { classification } from "#cli/tasks/classification.ts";
import { replacing } from "#tests/support/helpers.ts";
import { filesIn, inFolder } from "./helpers.ts";

const examples = ["good up", "bad down", "not good down", "not bad up"].map((line) => {
  const words = line.split(" ");
  return { text: words.slice(0, -1).join(" "), label: words.at(-1)! };
});
const full = () => {
  throw new Error("No space left on device (os error 28)");
};
const quiet: Report = { start() {}, event: () => false, print() {}, saved() {}, end() {} };
const signals: Signals = {
  signal: new AbortController().signal,
  status: () => 0,
  release() {},
  end() {},
};

/** Returns a training run in a folder, with some of its parts replaced. */
function runIn(folder: string, parts: Partial<TrainingRun>): TrainingRun & { untrained: Model } {
  const model = createModel(examples, { hidden: 4 });
  return {
    backend: createCpuBackend({ kernels: "plain" }),
    task: {
      ...classification,
      read: () => {
        throw new Error("unexpected call");
      },
      plan: () => Promise.reject(new Error("unexpected call")),
      table: () => {
        throw new Error("unexpected call");
      },
      results: () => Promise.resolve({ lines: [], records: [] }),
      report: () => Promise.resolve({ facts: [] }),
      hint: () => "",
    },
    sets: { examples, validation: [], test: [] },
    isFresh: true,
    options: { epochs: 5, batchSize: 2, checkpointEvery: 2 },
    report: quiet,
    signals,
    out: `${folder}/model`,
    outOptions: {},
    saveCheckpoint: () => Promise.resolve(),
    model,
    untrained: { ...model },
    ...parts,
  };
}

/** Throws unless a file contains a model whose weights differ from the untrained ones. */
async function assertTrained(path: string, { untrained }: { untrained: Model }): Promise<Model> {
  const model = await loadModel(path);
  assert(model.task === "classification");
  assertNotEquals(model.weights.by, untrained.weights.by);
  assertEquals((await predict(createCpuBackend(), model, ["good"])).length, 1);
  return model;
}

/** Returns a backend whose reads fail from the given one on, counted from 1. */
function failing(at: number, error: Error): Backend {
  const backend = createCpuBackend({ kernels: "plain" });
  let reads = 0;
  return replacing(backend, {
    read: (tensors) => ++reads >= at ? Promise.reject(error) : backend.read(tensors),
  });
}

const after = (calls: number, fn: () => void) => {
  let count = 0;
  return () => {
    if (++count > calls) fn();
    return false;
  };
};

const failures: Record<
  string,
  { parts: Partial<TrainingRun>; says: RegExp; kind: new (message: string) => Error }
> = {
  "a checkpoint cannot be written": {
    parts: { saveCheckpoint: () => Promise.reject(new FileError("run: cannot be written")) },
    says: /^run: cannot be written; the last good weights are in .*model$/,
    kind: FileError,
  },
  "the checkpoint folder is gone": {
    parts: { saveCheckpoint: () => Promise.reject(new InputError("run: does not exist")) },
    says: /^run: does not exist; the last good weights are in .*model$/,
    kind: FileError,
  },
  "standard output is full after two events": {
    parts: { report: { ...quiet, event: after(2, full) } },
    says:
      /^standard output: cannot be written: No space left on device; the last good weights are in/,
    kind: FileError,
  },
  "nobody reads standard output": {
    parts: {
      report: {
        ...quiet,
        event: after(1, () => {
          throw new Deno.errors.BrokenPipe("Broken pipe (os error 32)");
        }),
      },
    },
    says: /^standard output: cannot be written: Broken pipe; the last good weights are in/,
    kind: FileError,
  },
  "the device fails": {
    parts: { backend: failing(3, new DeviceError("matmul: lost")) },
    says: /^matmul: lost; the last good weights are in .*model$/,
    kind: DeviceError,
  },
  "memory runs out": {
    parts: { backend: failing(3, new RangeError("Array buffer allocation failed")) },
    says: /^Array buffer allocation failed; the last good weights are in .*model$/,
    kind: RangeError,
  },
  "the loss diverges": {
    parts: { backend: failing(3, new DivergedError("the loss became NaN")) },
    says: /^the loss became NaN; the last good weights are in .*model$/,
    kind: DivergedError,
  },
  "standard output is full at the end": {
    parts: { report: { ...quiet, print: full } },
    says: /^standard output: .*; the model is in .*model$/,
    kind: FileError,
  },
  "standard output is full at the very end": {
    parts: { report: { ...quiet, saved: full } },
    says: /^standard output: .*; the model is in .*model$/,
    kind: FileError,
  },
  "the report cannot be written": {
    parts: { page: "/nowhere/at/all/report.html" },
    says: /^\/nowhere\/at\/all\/report.html: .*; the model is in .*model$/,
    kind: FileError,
  },
};

for (const [what, { parts, says, kind }] of Object.entries(failures)) {
  Deno.test(`training saves its model if ${what}`, () =>
    inFolder(async (folder) => {
      const run = runIn(folder, parts);
      const error = await assertRejects(() => runTraining(run), kind);
      assertMatch(error.message, says);
      assertEquals(error.message.includes("\n"), false);
      await assertTrained(run.out, run);
      assertEquals(await filesIn(folder), ["model"]);
    }));
}

Deno.test("training saves its model and report if the evaluation throws", () =>
  inFolder(async (folder) => {
    const run = runIn(folder, { page: `${folder}/page` });
    run.task.results = () => Promise.reject(new DeviceError("matmul: lost"));
    const error = await assertRejects(() => runTraining(run), DeviceError);
    assertMatch(error.message, /^matmul: lost; the model is in .*model$/);
    await assertTrained(run.out, run);
    assertEquals(await filesIn(folder), ["model", "page"]);
  }));

Deno.test("training that fails saves the weights of the last step", () =>
  inFolder(async (folder) => {
    const saved: Model[] = [];
    const run = runIn(folder, {
      options: { epochs: 1, batchSize: 1, checkpointEvery: 1 },
      saveCheckpoint({ model }) {
        saved.push(model);
        return saved.length < 3 ? Promise.resolve() : Promise.reject(new FileError("full"));
      },
    });
    await assertRejects(() => runTraining(run), FileError, "full");
    assertEquals(saved.length, 3);
    assertEquals((await loadModel(run.out)).weights, saved[2].weights);
  }));

Deno.test("a model that cannot be written to its path is written elsewhere", () =>
  inFolder(async (folder) => {
    const run = runIn(folder, { folder });
    run.out = `${folder}/model/within`;
    await Deno.writeTextFile(`${folder}/model`, "a file");
    const here = await Deno.makeTempDir();
    const before = Deno.cwd();
    Deno.chdir(here);
    try {
      const error = await assertRejects(() => runTraining(run), FileError);
      const place = /; the model is in (\S+)$/.exec(error.message)![1];
      assertMatch(place, /^model-[0-9a-f]{8}\.safetensors$/);
      await assertTrained(`${here}/${place}`, run);
      assertEquals(await filesIn(here), [place]);
    } finally {
      Deno.chdir(before);
      await Deno.remove(here, { recursive: true });
    }
    assertEquals(await Deno.readTextFile(`${folder}/model`), "a file");
  }));

Deno.test("training that ends before its first step keeps the existing model file", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/model`, "an older model");
    const start = () => full();
    const broken = runIn(folder, { report: { ...quiet, start } });
    await assertRejects(() => runTraining(broken), FileError, "standard output");
    const lost = runIn(folder, { backend: failing(1, new DeviceError("matmul: lost")) });
    const error = await assertRejects(() => runTraining(lost), DeviceError);
    assertEquals(error.message, "matmul: lost");
    const ended = { ...signals, signal: AbortSignal.abort(), status: () => 143 };
    let checkpoints = 0;
    const early = runIn(folder, {
      signals: ended,
      saveCheckpoint: () => Promise.resolve(void checkpoints++),
    });
    assertEquals([await runTraining(early), checkpoints], [143, 0]);
    assertEquals(await Deno.readTextFile(`${folder}/model`), "an older model");
    assertEquals(await filesIn(folder), ["model"]);
  }));

Deno.test("an unexpected error prints its stack trace after the model is saved", () =>
  inFolder(async (folder) => {
    const printed: string[] = [];
    const { writeSync } = Deno.stderr;
    Deno.stderr.writeSync = (bytes) => {
      printed.push(new TextDecoder().decode(bytes));
      return bytes.length;
    };
    try {
      const run = runIn(folder, {
        report: {
          ...quiet,
          event: after(1, () => {
            throw new TypeError("x is not a function");
          }),
        },
      });
      await assertRejects(() => runTraining(run), TypeError, "x is not a function");
      await assertTrained(run.out, run);
      assertEquals(printed.length, 1);
      assertStringIncludes(printed[0], `the last good weights are in ${run.out}`);
    } finally {
      Deno.stderr.writeSync = writeSync;
    }
    assert(await Deno.stat(`${folder}/model`));
  }));
