/**
 * A small suite that any host can run. It uses nothing that some hosts lack, such as `using`.
 *
 * @module
 */
import { type CpuBackendOptions, createCpuBackend } from "@unroll/backend-cpu";
import {
  type AnyModel,
  createLanguageModel,
  createModel,
  evaluate,
  fit,
  generate,
  predict,
  readModel,
  splitExamples,
  type TrainOptions,
  writeModel,
} from "@unroll/core";
import { conformanceCases } from "@unroll/core/conformance";
import sentences from "#cli/sentences.json" with { type: "json" };

/** The results. */
export interface HostReport {
  /** What passed. */
  passed: string[];
  /** What failed, with the reason. */
  failures: string[];
  /** A checksum of the weights' bits after each training. */
  hashes: Record<string, string>;
  /** The loss after each training. */
  losses: Record<string, number>;
}

const BACKENDS: CpuBackendOptions[] = [
  { kernels: "plain" },
  { dtype: "float64" },
  { fused: false },
  {}, // the fastest ones
];
const ADAM = {
  epochs: 8,
  batchSize: 4,
  optimizer: { name: "adam" },
  learningRate: 0.01,
} as const satisfies TrainOptions;

/** Runs the suite. */
export async function few(): Promise<HostReport> {
  const report: HostReport = { passed: [], failures: [], hashes: {}, losses: {} };
  const { hashes, losses } = report;
  const attempt = async (name: string, run: () => void | Promise<void>) => {
    try {
      await run();
      report.passed.push(name);
    } catch (error) {
      report.failures.push(`${name}: ${(error as Error).stack ?? error}`);
    }
  };
  for (const options of BACKENDS) {
    const backend = createCpuBackend(options);
    const on = `on ${backend.dtype}, ${backend.kernels}`;
    await attempt(`learns the article's sentences ${on}`, async () => {
      const model = createModel(sentences.train, { init: "scaled" });
      const { train } = await fit(backend, model, sentences.train, { epochs: 40 });
      hashes[`article ${on}`] = hashOf(model);
      losses[`article ${on}`] = train!.loss;
      const { accuracy } = await evaluate(backend, model, sentences.test);
      check(train!.loss < 0.6, `the loss is ${train!.loss} still`); // from 0.69
      check(accuracy > 0.5, `right about ${accuracy} of the test sentences`);
    });
    await attempt(`trains a GRU in batches, saves it, loads it and predicts ${on}`, async () => {
      const model = createModel(sentences.train, { cell: "gru", hidden: 16, embedding: 8 });
      const { train: examples, validation } = splitExamples(sentences.train, 0.2);
      const { train } = await fit(backend, model, examples, { ...ADAM, validation });
      hashes[`gru ${on}`] = hashOf(model);
      losses[`gru ${on}`] = train!.loss;
      const read = await readModel(new Blob([writeModel(model)])) as typeof model;
      check(hashOf(read) === hashOf(model), "the file changed the weights");
      const texts = sentences.test.map(({ text }) => text);
      const [before, after] = [model, read].map((each) => predict(backend, each, texts));
      const isSame = JSON.stringify(await before) === JSON.stringify(await after);
      check(isSame, "the file changed a prediction");
    });
    await attempt(`generates ${on}`, async () => {
      const examples = [{ text: "one two three ".repeat(20) }];
      const model = createLanguageModel(examples, { cell: "lstm", hidden: 24 });
      const options = { ...ADAM, epochs: 25, timeSteps: 14 };
      const { train } = await fit(backend, model, examples, options);
      losses[`language model ${on}`] = train!.loss;
      hashes[`language model ${on}`] = hashOf(model);
      let text = "one";
      const settings = { prompt: text, length: 24, temperature: 0 };
      for await (const symbol of generate(backend, model, settings)) text += symbol;
      check(text === "one two three one two three", `wrote ${text}`);
    });
    await attempt(`leaves nothing behind ${on}`, () => {
      check(backend.live === 0, `${backend.live} tensors are alive`);
      backend.dispose();
    });
  }
  await attempt("passes the conformance suite with the fastest kernels there are", async () => {
    const backend = createCpuBackend();
    for (const { name, run } of conformanceCases(() => backend, () => createCpuBackend())) {
      await run().catch((error) => report.failures.push(`${name}: ${error}`));
    }
    backend.dispose();
  });
  return report;
}

function check(isRight: boolean, otherwise: string): void {
  if (!isRight) throw new Error(otherwise);
}

/** FNV-1a, 64 bits. */
function hashOf({ weights }: AnyModel): string {
  let hash = 0xcbf29ce484222325n;
  for (const name of Object.keys(weights).sort()) {
    const { buffer, byteOffset, byteLength } = weights[name];
    for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) {
      hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
    }
  }
  return hash.toString(16);
}
