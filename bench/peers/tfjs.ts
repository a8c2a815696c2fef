/**
 * The LSTM workloads in TensorFlow.js, with its own layers, as its users write them.
 *
 *     echo 1 | deno run --allow-read --allow-env bench/peers/tfjs.ts WORKLOAD BACKEND
 *
 * The backend is `cpu`, or `wasm`, which has no kernels for training an LSTM.
 *
 * Its layers have one bias, like Unroll's. They require batch-major sequences, and one-hot inputs
 * and targets, which are created before the clock starts. The initial weights are those of all
 * programs, and the defaults that differ are set: the gates' activation, which is a hard sigmoid
 * there, and Adam's epsilon.
 *
 * @module
 */
import { suffix } from "#core/network/shapes.ts";
import type { EncodedExample } from "#core/training/encoded.ts";
import { timed } from "../turns.ts";
import { drawBatch, startWeights, WORKLOADS } from "../workloads.ts";
import { NPM } from "./npm.ts";
import { serve } from "./serve.ts";

const [name, backend] = Deno.args;
console.warn = () => {}; // it recommends other packages
const { default: tf } = await import(NPM.tfjs);
if (backend === "wasm") await import(NPM.tfjsWasm);
if (!await tf.setBackend(backend)) throw new Error(`error: there is no backend ${backend}`);

const workload = WORKLOADS[name];
const { config, words, labels, timeSteps, learningRate } = workload;
const { hidden, embedding, layers } = config;
const perWord = config.head === "token";

const model = tf.sequential();
if (embedding > 0) {
  const sizes = { inputDim: words, outputDim: embedding, inputLength: timeSteps };
  model.add(tf.layers.embedding(sizes));
}
for (let layer = 0; layer < layers; layer++) {
  model.add(tf.layers.lstm({
    units: hidden,
    returnSequences: perWord || layer < layers - 1,
    recurrentActivation: "sigmoid",
    kernelInitializer: "zeros", // set below; the default one takes seconds
    recurrentInitializer: "zeros",
    ...(layer === 0 && embedding === 0 ? { inputShape: [timeSteps, words] } : {}),
  }));
}
model.add(tf.layers.dense({ units: labels, activation: "softmax" }));

const start = startWeights(workload);
const names = [
  ...(embedding > 0 ? ["embedding"] : []),
  ...Array.from(
    { length: layers },
    (_, layer) => ["Wxh", "Whh", "bh"].map((name) => name + suffix(layer, false)),
  ).flat(),
  "Why",
  "by",
];
const shapes: number[][] = model.getWeights().map(({ shape }: { shape: number[] }) => shape);
model.setWeights(shapes.map((shape, i) => tf.tensor(Float32Array.from(start[names[i]]), shape)));
if (workload.task === "train") {
  const optimizer = tf.train.adam(learningRate, 0.9, 0.999, 1e-8);
  model.compile({ optimizer, loss: "categoricalCrossentropy" });
}

function prepare(step: number) {
  const examples = drawBatch(workload, step);
  const table = (of: (example: EncodedExample) => Int32Array) =>
    tf.tensor2d(examples.map((example) => [...of(example)]), undefined, "int32");
  const ids = table(({ words }) => words), right = table(({ labels }) => labels);
  return {
    x: embedding > 0 ? ids : tf.oneHot(ids, words),
    y: perWord ? tf.oneHot(right, labels) : tf.oneHot(right.flatten(), labels),
  };
}

async function step({ x, y }: ReturnType<typeof prepare>): Promise<number> {
  if (workload.task === "train") return await model.trainOnBatch(x, y);
  const loss = tf.tidy(() => tf.metrics.categoricalCrossentropy(y, model.predict(x)).mean());
  const [value] = await loss.data();
  loss.dispose();
  return value;
}

await serve(`TensorFlow.js ${tf.version.tfjs}, ${backend}`, timed(prepare, step));
