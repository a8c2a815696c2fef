/**
 * The network: words in, verdicts out. In its plainest form, the article's,
 *
 *     h_t = tanh(x_t Wxh + h_{t-1} Whh + b_h)
 *     y   = h_n Why + b_y
 *
 * A word x_t is a one-hot row, so x_t Wxh is one row of Wxh: the product is a look-up, and its
 * gradient x_tᵀ dz adds dz to that row. Neither is ever written out. An embedding is one more such
 * look-up in front.
 *
 * @module
 */
import type { Indices, Tensor } from "./backend.ts";
import type { Batch } from "./batch.ts";
import type { State } from "./cells/cell.ts";
import {
  logitsOf,
  maxOverTime,
  maxOverTimeBackward,
  meanOverTime,
  meanOverTimeBackward,
} from "./head.ts";
import {
  layerBackward,
  layerForward,
  type LayerGradients,
  layerOutputs,
  type LayerPass,
} from "./layer.ts";
import { crossEntropyGradient } from "./loss.ts";
import { directions, type NetworkConfig, type Weights } from "./network_config.ts";
import type { Ops } from "./ops.ts";

/** What the forward pass leaves for the backward pass. */
export interface Forward {
  /** One for each layer, the lowest first. */
  layers: LayerPass[];
  /** What each layer read: nothing for words that are one-hot. */
  inputs: (Tensor | undefined)[];
  /** The top layer's h_1 to h_n, `[timeSteps * batch, width]`; none for the head `last`. */
  outputs?: Tensor;
  /** The states after pooling, `[batch, width]`, or the outputs for the head `token`. */
  pooled: Tensor;
  /** What the logits are made of: the same, after dropout. */
  read: Tensor;
  /** y: `[batch, labels]`, or `[timeSteps * batch, labels]` for the head `token`. */
  logits: Tensor;
}

/** What may be given to a pass besides weights and words. */
export interface PassOptions {
  /** The states before the first word, by layer and direction as in PyTorch; zeros without. */
  initial?: readonly State[];
  /**
   * For dropout, what the inputs of each layer are multiplied by, and after these what the head
   * reads: 0 or 1 / (1 - dropout). None for one-hot words.
   */
  masks?: readonly (Tensor | undefined)[];
}

/** From words to logits. */
export function forward(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  batch: Batch,
  { initial, masks }: PassOptions = {},
): Forward {
  const ways = directions(config).length;
  const layers: LayerPass[] = [], inputs: (Tensor | undefined)[] = [];
  let x = config.embedding > 0 ? ops.gatherRows(weights.embedding, batch.words) : undefined;
  for (let layer = 0; layer < config.layers; layer++) {
    if (layer > 0) x = layerOutputs(ops, layers[layer - 1], batch);
    if (x) x = masked(ops, x, masks?.[layer]);
    inputs.push(x);
    const before = initial?.slice(layer * ways, (layer + 1) * ways);
    layers.push(layerForward(ops, config, weights, layer, x, batch, before));
  }
  const top = layers[config.layers - 1];
  const outputs = config.head === "last" ? undefined : layerOutputs(ops, top, batch);
  const pooled = config.head === "mean"
    ? meanOverTime(ops, outputs!, batch)
    : config.head === "max"
    ? maxOverTime(ops, outputs!, batch)
    : outputs ?? lastStates(ops, top, batch);
  const read = masked(ops, pooled, masks?.[config.layers]);
  const logits = logitsOf(ops, read, weights.Why, weights.by);
  return { layers, inputs, outputs, pooled, read, logits };
}

function masked(ops: Ops, a: Tensor, mask: Tensor | undefined): Tensor {
  return mask ? ops.multiply(a, mask) : a;
}

/** Each direction's state after the whole sentence, side by side, `[batch, width]`. */
function lastStates(ops: Ops, { traces }: LayerPass, batch: Batch): Tensor {
  const last = traces.map(({ states }) => ops.gatherRows(states, batch.last));
  return last.length === 1 ? last[0] : ops.concatColumns(last);
}

/** A gradient: of a whole weight, or of those of its rows that `rows` lists. */
export interface Gradient {
  /** dL/dW. */
  values: Tensor;
  /** The rows of W that the rows of `values` are for; -1 for none. */
  rows?: Indices;
  /** Each component is still to be brought into [-clip, clip]. */
  clip?: number;
}

/** What the backward pass gives. */
export interface Backward {
  /** For every weight that is trained. */
  gradients: Weights<Gradient>;
  /** For each layer, the lowest first. */
  layers: LayerGradients[];
}

/**
 * The gradient of Σ rowWeights ⊙ losses for every weight, with rowWeights `[rows of y, 1]`: 1 / n
 * for the mean of n losses, 0 for padding.
 *
 * The loss sees no state after a sentence's end. Those get no gradient, so padding adds exact
 * zeros.
 */
export function backward(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  batch: Batch,
  pass: Forward,
  labels: Indices,
  rowWeights: Tensor,
  { masks }: PassOptions = {},
): Backward {
  const { pooled, outputs, read, logits } = pass;
  const dLogits = crossEntropyGradient(ops, logits, labels, rowWeights);
  const gradients: Weights<Gradient> = {
    Why: { values: ops.matmul(read, dLogits, { transposeA: true }) },
    by: { values: ops.sumRows(dLogits) },
  };
  const dRead = ops.matmul(dLogits, weights.Why, { transposeB: true });
  const dPooled = masked(ops, dRead, masks?.[config.layers]);
  const isLast = config.head === "last";
  let dOutputs = config.head === "mean"
    ? meanOverTimeBackward(ops, dPooled, batch)
    : config.head === "max"
    ? maxOverTimeBackward(ops, dPooled, pooled, outputs!, batch)
    : dPooled;
  const layers: LayerGradients[] = [];
  for (let layer = config.layers - 1; layer >= 0; layer--) {
    const atEnd = isLast && layer === config.layers - 1;
    const of = { layer, inputs: pass.inputs[layer], pass: pass.layers[layer] };
    layers[layer] = layerBackward(ops, config, weights, of, dOutputs, batch, atEnd);
    for (const [name, values] of Object.entries(layers[layer].weights)) {
      gradients[name] = { values };
    }
    const { dInputs } = layers[layer];
    if (dInputs) dOutputs = masked(ops, dInputs, masks?.[layer]);
  }
  if (batch.table) {
    const { rows, places } = batch.table;
    gradients.embedding = { values: ops.scatterRows(dOutputs, places), rows };
  }
  return { gradients, layers };
}
