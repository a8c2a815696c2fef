/**
 * The sequence-to-sequence network: an encoder reads the source, and a decoder, which starts from
 * the encoder's last state, predicts the target symbol by symbol (Sutskever, Vinyals and Le, 2014).
 * With attention (Luong, Pham and Manning, 2015), it attends to every state of the encoder:
 *
 *     h_1 … h_n  the encoder's states over the source
 *     s_0 = h_n,  s_t = the decoder's state after y_{t-1}, y_0 the start symbol
 *     a_t = softmax(s_t h_1ᵀ, …, s_t h_nᵀ)
 *     c_t = a_t1 h_1 + … + a_tn h_n
 *     logits_t = tanh([c_t, s_t] Wc) Why + b_y,  or without attention  s_t Why + b_y
 *
 * With a bidirectional encoder, h_j and s_0 are the sums of both directions.
 *
 * @module
 */
import type { AttentionSpans, Ops, Shape, Tensor } from "../backend.ts";
import type { Batch } from "../network/batch.ts";
import type { State } from "../network/cells/cell.ts";
import { logitsBackward, logitsOf } from "../network/head.ts";
import { directionOutputs, layerOutputs } from "../network/layer.ts";
import type { NetworkConfig } from "../network/config.ts";
import { directions, weightShapes } from "../network/shapes.ts";
import {
  type Backward,
  masked,
  type PassOptions,
  stackBackward,
  stackForward,
  type StackPass,
} from "../network/stack.ts";
import { prefixed, type Weights, withoutPrefix } from "../network/weights.ts";
import { attend, attendBackward, type AttentionBatches, type AttentionPass } from "./attention.ts";

/** How a decoder attends to the encoder's states: by dot products, or not at all. */
export type Attention = "dot" | "none";

/** Returns the decoder's configuration: the encoder's, in one direction. */
export function decoderConfig(config: NetworkConfig): NetworkConfig {
  return { ...config, bidirectional: false, head: "token" };
}

/** The prefixes of the encoder's and of the decoder's weight names. */
export const ENCODER = "encoder.", DECODER = "decoder.";

/** Returns the shape of each weight, for the sizes of the source and target vocabularies. */
export function seq2seqShapes(
  config: NetworkConfig,
  attention: Attention,
  sources: number,
  targets: number,
): Weights<Shape> {
  const { hidden } = config;
  const { Why: _, by: __, ...encoder } = weightShapes(config, sources, targets);
  const { Why, by: bY, ...decoder } = weightShapes(decoderConfig(config), targets, targets);
  return {
    ...prefixed(ENCODER, encoder),
    ...prefixed(DECODER, decoder),
    ...(attention === "dot" ? { Wc: [2 * hidden, hidden] as Shape } : {}),
    Why,
    by: bY,
  };
}

/** The encoder's pass over some sources. */
export interface Encoded {
  /** The pass of its layers, for the backward pass. */
  stack: StackPass;
  /** The states h_1 to h_n and padding, `[timeSteps * batch, hidden]`. */
  memory: Tensor;
  /** Each layer's states after the source's last symbol, `[batch, hidden]`. */
  final: State[];
}

/** Runs the encoder on a batch of sources. */
export function encodeSources(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  batch: Batch,
  masks?: PassOptions["masks"],
): Encoded {
  const stack = stackForward(ops, config, withoutPrefix(ENCODER, weights), batch, { masks });
  const outputs = directionOutputs(ops, stack.layers[config.layers - 1], batch);
  const atEnd = (a: Tensor) => ops.gatherRows(a, batch.last);
  const sum = (parts: Tensor[]) => parts.reduce((a, b) => ops.add(a, b));
  const final = stack.layers.map(({ traces }) => ({
    h: sum(traces.map(({ states }) => atEnd(states))),
    ...(traces[0].cells ? { c: sum(traces.map(({ cells }) => atEnd(cells!))) } : {}),
  }));
  return { stack, memory: sum(outputs), final };
}

/** The decoder's pass, with the tensors that its backward pass needs. */
export interface Decoded {
  /** The pass of its layers. */
  stack: StackPass;
  /** The states s_1 to s_m, `[timeSteps * batch, hidden]`. */
  outputs: Tensor;
  /** The attention pass, for a model with attention. */
  attention?: AttentionPass;
  /** The head's input, after dropout, `[timeSteps * batch, hidden]`. */
  read: Tensor;
  /** The logits, `[timeSteps * batch, targets]`. */
  logits: Tensor;
}

/** The memory that a decoder attends to. */
export interface Memory {
  /** The encoder's states, `[sourceSteps * batch, hidden]`. */
  memory: Tensor;
  /** The memory rows that each decoder row may attend to. Default: all. */
  groups?: AttentionBatches | AttentionSpans;
}

/** Runs the decoder on some target symbols, and returns the logits of the next ones. */
export function decodeTargets(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  batch: Batch,
  { memory, groups }: Memory,
  { initial, masks }: PassOptions,
): Decoded {
  const own = decoderConfig(config);
  const decoder = withoutPrefix(DECODER, weights);
  const stack = stackForward(ops, own, decoder, batch, { initial, masks });
  const outputs = layerOutputs(ops, stack.layers[config.layers - 1], batch);
  const attention = weights.Wc ? attend(ops, outputs, memory, weights.Wc, groups) : undefined;
  const read = masked(ops, attention?.combined ?? outputs, masks?.[config.layers]);
  const logits = logitsOf(ops, read, weights.Why, weights.by);
  return { stack, outputs, attention, read, logits };
}

/** A forward pass of encoder and decoder. */
export interface Seq2seqPass {
  /** The encoder's pass. */
  encoded: Encoded;
  /** The decoder's pass. */
  decoded: Decoded;
}

/** The inputs of encoder and decoder. */
export interface Seq2seqBatch {
  /** The sources. */
  source: Batch;
  /** The start symbol, then the targets without their last symbol. */
  target: Batch;
  /** See {@linkcode Memory}. */
  groups?: AttentionBatches | AttentionSpans;
}

/** Dropout masks of encoder and decoder. */
export interface Seq2seqMasks {
  /** Those of the encoder. */
  encoder?: PassOptions["masks"];
  /** Those of the decoder. */
  decoder?: PassOptions["masks"];
}

/** Runs encoder and decoder, and returns the logits of each next target symbol. */
export function seq2seqForward(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  { source, target, groups }: Seq2seqBatch,
  masks: Seq2seqMasks = {},
): Seq2seqPass {
  const encoded = encodeSources(ops, config, weights, source, masks.encoder);
  const decoded = decodeTargets(ops, config, weights, target, { memory: encoded.memory, groups }, {
    initial: encoded.final,
    masks: masks.decoder,
  });
  return { encoded, decoded };
}

/**
 * Computes the gradient of every weight from that of the logits, and the backward pass of the
 * encoder's layers: back through the decoder's time steps, into the encoder by way of the initial
 * state and of attention, and back through the encoder's time steps.
 *
 * @param dLogits dL/dy, `[targetSteps * batch, targets]`.
 */
export function seq2seqBackward(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  { source, target, groups }: Seq2seqBatch,
  { encoded, decoded }: Seq2seqPass,
  dLogits: Tensor,
  masks: Seq2seqMasks = {},
): Backward {
  const { read, attention } = decoded;
  const { gradients: head, dh } = logitsBackward(ops, read, dLogits, weights.Why);
  let dOutputs = masked(ops, dh, masks.decoder?.[config.layers]);
  let dMemory: Tensor | undefined;
  if (attention) {
    const back = attendBackward(ops, dOutputs, attention, weights.Wc, groups);
    head.Wc = { values: back.dWc };
    [dOutputs, dMemory] = [back.dQueries, back.dMemory];
  }
  const decoder = stackBackward(
    ops,
    decoderConfig(config),
    withoutPrefix(DECODER, weights),
    target,
    decoded.stack,
    { dOutputs },
    { masks: masks.decoder },
  );
  const dFinal = decoder.layers.flatMap(({ cells: [cell] }) => {
    const dInitial = cell.dInitial();
    return directions(config).map(() => dInitial); // h_n is the sum of both directions
  });
  const encoder = stackBackward(
    ops,
    config,
    withoutPrefix(ENCODER, weights),
    source,
    encoded.stack,
    {
      dOutputs: dMemory && config.bidirectional ? ops.concatColumns([dMemory, dMemory]) : dMemory,
      dFinal,
    },
    { masks: masks.encoder },
  );
  const gradients = {
    ...prefixed(ENCODER, encoder.gradients),
    ...prefixed(DECODER, decoder.gradients),
    ...head,
  };
  return { gradients, layers: encoder.layers };
}
