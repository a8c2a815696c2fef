/**
 * Fused SGD training steps that a backend may offer, compared with the same steps by single ops.
 *
 * @module
 */
import type { Activation, Tensor } from "../backend.ts";
import { networkConfig } from "../network/config.ts";
import { weightShapes } from "../network/shapes.ts";
import { OPTIMIZER_DEFAULTS } from "../training/optimizer.ts";
import { opsOf } from "../ops/checked_ops.ts";
import { type Trained, trainStep } from "../training/step.ts";
import {
  type BackendCase,
  checkNumbers,
  checkShape,
  checkThrows,
  randomNumbers,
} from "./compare.ts";

const WORDS = 5, LABELS = 3, RATE = 0.5;
// Repeated words, words without a row, a single word, no words, and many words.
const SENTENCES = [[1, 2, 1], [0], [], [4, -1, 3, -1], [2, 2, 2, 2, 3, 0, 1, 4, 0, 2, 1]];
const EXAMPLES = SENTENCES.map((words, i) => ({
  words: Int32Array.from(words),
  labels: Int32Array.of(i % LABELS),
}));

/** Returns the cases. */
export function sgdStepsCases(): BackendCase[] {
  const activations: Activation[] = ["tanh", "relu"];
  return [1, 4, 7, 64].flatMap((hidden) =>
    activations.flatMap((activation) =>
      [Infinity, 0.05].map((clip) => sgdStepsCase(hidden, activation, clip))
    )
  );
}

function sgdStepsCase(hidden: number, activation: Activation, clip: number): BackendCase {
  return {
    name: `rnnSgdSteps() with ${activation}, hidden ${hidden}, clip ${clip}, equals single steps`,
    async run(backend) {
      const ops = opsOf(backend);
      if (!ops.rnnSgdSteps) return; // not offered: core takes single steps
      const config = networkConfig({ hidden, activation });
      const initialWeights = () =>
        Object.fromEntries(
          Object.entries(weightShapes(config, WORDS, LABELS)).map(([name, shape], i) => {
            // Small, because a chaotic recurrence would amplify rounding errors.
            const numbers = randomNumbers(shape[0] * shape[1], i);
            return [name, ops.tensor(numbers.map((x) => 0.5 * x / Math.sqrt(hidden)), shape)];
          }),
        );
      let single: Trained<Tensor> = { weights: initialWeights(), slots: {} };
      const losses: Tensor[] = [], logits: Tensor[] = [];
      const optimizer = OPTIMIZER_DEFAULTS, clipping = { value: clip, norm: Infinity };
      for (const [i, example] of EXAMPLES.entries()) {
        const settings = { optimizer, clipping, learningRate: RATE / (i + 1), t: i + 1, seed: 1 };
        const timeSteps = Math.max(1, example.words.length);
        const step = trainStep(ops, config, single, [example], timeSteps, settings);
        single = step;
        losses.push(step.losses);
        logits.push(step.outputs);
      }
      const { Wxh, Whh, bh, Why, by: bY } = initialWeights();
      const examples = EXAMPLES.map(({ words, labels: [label] }, i) => ({
        words,
        label,
        learningRate: RATE / (i + 1),
      }));
      const given = { Wxh, Whh, bh, Why, bY };
      const after = ops.rnnSgdSteps(given, examples, clip, activation);
      checkThrows(() => backend.scale(Wxh, 1), "using weights that rnnSgdSteps() has consumed");
      checkShape(after.logits.shape, [EXAMPLES.length, LABELS], "the logits");
      const right: Record<string, Tensor> = { ...single.weights, logits: ops.concatRows(logits) };
      const { bY: by, ...others } = after.weights;
      const actual: Record<string, Tensor> = { ...others, by, logits: after.logits };
      const names = Object.keys(right);
      const values = await ops.read(names.flatMap((name) => [actual[name], right[name]]));
      for (const [i, name] of names.entries()) {
        checkNumbers(values[2 * i], values[2 * i + 1], backend, name);
      }
      const done = [...Object.values(right), ...Object.values(actual), ...losses, ...logits];
      ops.dispose(done);
    },
  };
}
