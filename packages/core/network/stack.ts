/**
 * Layers upon each other: from words to the states of the top one, and back.
 *
 * @module
 */
import type { Indices, Tensor } from "../backend.ts";
import type { Batch } from "./batch.ts";
import type { State } from "./cells/cell.ts";
import {
  layerBackward,
  layerForward,
  type LayerGradients,
  layerOutputs,
  type LayerPass,
} from "./layer.ts";
import { directions, type NetworkConfig, type Weights } from "./config.ts";
import type { Ops } from "../ops/checked_ops.ts";

/** What the layers leave for the backward pass. */
export interface StackPass {
  /** One for each layer, the lowest first. */
  layers: LayerPass[];
  /** What each layer read: nothing for words that are one-hot. */
  inputs: (Tensor | undefined)[];
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

/** From words to the states of all layers. */
export function stackForward(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  batch: Batch,
  { initial, masks }: PassOptions = {},
): StackPass {
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
  return { layers, inputs };
}

/** What is left of a under dropout. */
export function masked(ops: Ops, a: Tensor, mask: Tensor | undefined): Tensor {
  return mask ? ops.multiply(a, mask) : a;
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

/** What reaches the layers directly. */
export interface StackGradients {
  /** The gradient for the top layer's outputs, `[timeSteps * batch, width]`. */
  dOutputs?: Tensor;
  /**
   * The gradients for the states after each sentence's last word, `[batch, hidden]`, by layer and
   * direction; undefined where nothing reaches a layer's.
   */
  dFinal?: readonly (State | undefined)[];
}

/** What the backward pass gives. */
export interface Backward {
  /** For every weight that is trained. */
  gradients: Weights<Gradient>;
  /** For each layer, the lowest first. */
  layers: LayerGradients[];
}

/** From the gradients for the states to those for the layers' weights. */
export function stackBackward(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  batch: Batch,
  pass: StackPass,
  { dOutputs, dFinal }: StackGradients,
  masks?: PassOptions["masks"],
): Backward {
  const ways = directions(config).length;
  const gradients: Weights<Gradient> = {};
  const layers: LayerGradients[] = [];
  for (let layer = config.layers - 1; layer >= 0; layer--) {
    const of = { layer, inputs: pass.inputs[layer], pass: pass.layers[layer] };
    const atEnd = dFinal?.slice(layer * ways, (layer + 1) * ways);
    layers[layer] = layerBackward(ops, config, weights, of, dOutputs, atEnd, batch);
    for (const [name, values] of Object.entries(layers[layer].weights)) {
      gradients[name] = { values };
    }
    const { dInputs } = layers[layer];
    if (dInputs) dOutputs = masked(ops, dInputs, masks?.[layer]);
  }
  if (batch.table) {
    const { rows, places } = batch.table;
    gradients.embedding = { values: ops.scatterRows(dOutputs!, places), rows };
  }
  return { gradients, layers };
}
