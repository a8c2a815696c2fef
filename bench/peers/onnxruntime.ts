/**
 * The forward pass in ONNX Runtime, which cannot train, from a file that `onnx.ts` writes.
 *
 *     echo 1 | deno run --allow-read --allow-env --allow-ffi bench/peers/onnxruntime.ts WORKLOAD THREADS
 *
 * @module
 */
import { crossEntropyOf } from "./loss.ts";
import { timed } from "../turns.ts";
import { drawBatch, WORKLOADS } from "../workloads.ts";
import { NPM, versionOf } from "./npm.ts";
import { onnxClassifier } from "./onnx.ts";
import { serve } from "./serve.ts";

const { default: { InferenceSession, Tensor } } = await import(NPM.onnxruntime);

const [name, given] = Deno.args;
const workload = WORKLOADS[name], threads = Number(given);
const { batch, timeSteps } = workload;
const session = await InferenceSession.create(onnxClassifier(workload), {
  executionProviders: ["cpu"],
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
});

function prepare(step: number) {
  const examples = drawBatch(workload, step);
  const ids = new BigInt64Array(timeSteps * batch);
  for (const [i, { words }] of examples.entries()) {
    for (const [t, word] of words.entries()) ids[t * batch + i] = BigInt(word);
  }
  const words = new Tensor("int64", ids, [timeSteps, batch]);
  return { words, right: examples.map(({ labels: [label] }) => label) };
}

const label = threads > 1 ? `, ${threads} threads` : "";
await serve(
  `ONNX Runtime ${versionOf("onnxruntime")}${label}`,
  timed(prepare, async ({ words, right }) => {
    const { logits } = await session.run({ words });
    return crossEntropyOf(logits.data, right);
  }),
);
