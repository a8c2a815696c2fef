/**
 * Many steps of plain stochastic gradient descent on the article's network in one fused op, for
 * backends that have it. The steps of `trainStep`, made of single ops, define its result; the
 * conformance suite compares the two.
 *
 * @module
 */
import type { Ops, Tensor } from "../backend.ts";
import { ARTICLE_NETWORK, type NetworkConfig } from "../network/config.ts";
import { crossEntropy } from "../network/loss.ts";
import type { Weights } from "../network/weights.ts";
import type { EncodedExample } from "../training/encoded.ts";
import type { Step, StepSettings } from "../training/step.ts";

/** Returns whether {@linkcode sgdSteps} can make many steps on single sentences at once. */
export function canMakeSgdSteps(
  ops: Ops,
  config: NetworkConfig,
  { optimizer, clipping, labelWeights }: Pick<
    StepSettings,
    "optimizer" | "clipping" | "labelWeights"
  >,
): boolean {
  const free = ["hidden", "activation"];
  const isArticles =
    Object.entries(ARTICLE_NETWORK).every(([name, value]) =>
      free.includes(name) || config[name as keyof NetworkConfig] === value
    ) && !config.recurrentDropout;
  const isPlain = optimizer.name === "sgd" && optimizer.momentum === 0 &&
    optimizer.weightDecay === 0 && clipping.norm === Infinity && labelWeights === undefined;
  return ops.rnnSgdSteps !== undefined && isArticles && isPlain;
}

/** Takes a step on each sentence, like {@linkcode trainStep}, in one op. Consumes the weights. */
export function sgdSteps(
  ops: Ops,
  { activation }: NetworkConfig,
  weights: Weights<Tensor>,
  examples: readonly EncodedExample[],
  learningRates: readonly number[],
  clip: number,
): Step {
  const targets = Int32Array.from(examples, ({ labels }) => labels[0]);
  const step: Step = { slots: {}, targets, count: examples.length } as Step;
  ops.scope(() => {
    const { Wxh, Whh, bh, Why, by: bY } = weights;
    const steps = examples.map(({ words }, i) => ({
      words,
      label: targets[i],
      learningRate: learningRates[i],
    }));
    const after = ops.rnnSgdSteps!({ Wxh, Whh, bh, Why, bY }, steps, clip, activation);
    const { bY: by, ...others } = after.weights;
    step.weights = { ...others, by };
    step.outputs = after.logits;
    step.losses = crossEntropy(ops, step.outputs, ops.indices(targets, bY.shape[1]));
    return [step.losses, step.outputs, ...Object.values(step.weights)];
  });
  return step;
}
