/**
 * Stacked layers: from the inputs to the top layer's states, and back.
 *
 * @module
 */
import type { Ops, Tensor } from "../backend.ts";
import type { Batch, SpelledWords } from "./batch.ts";
import type { State } from "./cells/cell.ts";
import type { NetworkConfig } from "./config.ts";
import { denseInputs, type Inputs, inputsOf } from "./inputs.ts";
import {
  layerBackward,
  layerForward,
  type LayerGradients,
  layerOutputs,
  type LayerPass,
} from "./layer.ts";
import { LETTERS, lettersConfig, lettersWeights } from "./letters.ts";
import { directions } from "./shapes.ts";
import { type Gradient, prefixed, type Weights } from "./weights.ts";

/** What the layers' forward pass keeps for the backward pass. */
export interface StackPass {
  /** One pass per layer, the lowest first. */
  layers: LayerPass[];
  /** The pass of the network that reads the letters of the batch's words. */
  letters?: StackPass;
}

/** Optional inputs of a forward pass, in addition to weights and words. */
export interface PassOptions {
  /** The states before the first word, by layer and direction as in PyTorch. Default: zeros. */
  initial?: readonly State[];
  /**
   * For dropout, the factors of each layer's inputs, followed by those of the head's input: 0 or
   * 1 / (1 - dropout). Undefined for one-hot words.
   */
  masks?: readonly (Tensor | undefined)[];
  /** The lowest layer's inputs. Default: the batch's words. */
  inputs?: Inputs;
}

/** Computes the states of all layers from the words. */
export function stackForward(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  batch: Batch,
  { initial, masks, inputs }: PassOptions = {},
): StackPass {
  const count = directions(config).length;
  const layers: LayerPass[] = [];
  const read = inputs || !batch.spelled
    ? undefined
    : readLetters(ops, config, weights, batch.spelled);
  let x = inputs ?? inputsOf(config).read(ops, weights, batch, masks?.[0], read?.last);
  for (let layer = 0; layer < config.layers; layer++) {
    if (layer > 0) {
      x = denseInputs(masked(ops, layerOutputs(ops, layers[layer - 1], batch), masks?.[layer]));
    }
    const before = initial?.slice(layer * count, (layer + 1) * count);
    layers.push(layerForward(ops, config, weights, layer, x, batch, before));
  }
  return read ? { layers, letters: read.pass } : { layers };
}

/** Reads the distinct words of a batch letter by letter, and returns the last states of each. */
export function readLetters(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  { letters }: SpelledWords,
): { pass: StackPass; last: Tensor } {
  const pass = stackForward(ops, lettersConfig(config), lettersWeights(weights), letters);
  return { pass, last: lastStates(ops, pass.layers[0], letters) };
}

/** Applies a dropout mask, if there is one. */
export function masked(ops: Ops, a: Tensor, mask: Tensor | undefined): Tensor {
  return mask ? ops.multiply(a, mask) : a;
}

/** The gradients that reach the layers directly from above. */
export interface StackGradients {
  /** The gradient of the top layer's outputs, `[timeSteps * batch, width]`. */
  dOutputs?: Tensor;
  /**
   * The gradients of the states after each sentence's last word, `[batch, hidden]`, by layer and
   * direction; undefined for those that no gradient reaches.
   */
  dFinal?: readonly (State | undefined)[];
}

/** The results of the backward pass. */
export interface Backward {
  /** Gradients of every trained weight. */
  gradients: Weights<Gradient>;
  /** The gradients of each layer, the lowest first. */
  layers: LayerGradients[];
}

/** Computes the gradients of the layers' weights from those of the states. */
export function stackBackward(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  batch: Batch,
  pass: StackPass,
  { dOutputs, dFinal }: StackGradients,
  { masks, inputs }: Pick<PassOptions, "masks" | "inputs"> = {},
): Backward {
  const count = directions(config).length;
  const gradients: Weights<Gradient> = {};
  const layers: LayerGradients[] = [];
  for (let layer = config.layers - 1; layer >= 0; layer--) {
    const above = { dOutputs, dFinal: dFinal?.slice(layer * count, (layer + 1) * count) };
    layers[layer] = layerBackward(ops, config, weights, layer, pass.layers[layer], above, batch);
    for (const [name, values] of Object.entries(layers[layer].weights)) {
      gradients[name] = { values };
    }
    const { dInputs } = layers[layer];
    dOutputs = dInputs && masked(ops, dInputs, masks?.[layer]);
  }
  if (inputs) return { gradients, layers };
  const read = inputsOf(config).backward(ops, config, dOutputs, batch, weights);
  Object.assign(gradients, read.gradients);
  if (batch.spelled && read.dLetters) {
    const own = lettersConfig(config);
    const direct = lastStatesBackward(ops, own, read.dLetters);
    const { letters } = batch.spelled, w = lettersWeights(weights);
    const below = stackBackward(ops, own, w, letters, pass.letters!, direct);
    Object.assign(gradients, prefixed(LETTERS, below.gradients));
  }
  return { gradients, layers };
}

/** Returns each direction's state after the whole sentence, concatenated, `[batch, width]`. */
export function lastStates(ops: Ops, { traces }: LayerPass, batch: Batch): Tensor {
  const last = traces.map(({ states }) => ops.gatherRows(states, batch.last));
  return last.length === 1 ? last[0] : ops.concatColumns(last);
}

/** Returns the gradients of each layer's last states: only those of the top layer are read. */
export function lastStatesBackward(
  ops: Ops,
  config: NetworkConfig,
  dLast: Tensor,
): StackGradients {
  const { hidden, layers } = config;
  const count = directions(config).length;
  const below = new Array<undefined>((layers - 1) * count).fill(undefined);
  const top = directions(config).map((_, direction) => ({
    h: count === 1 ? dLast : ops.sliceColumns(dLast, direction * hidden, (direction + 1) * hidden),
  }));
  return { dFinal: [...below, ...top] };
}
