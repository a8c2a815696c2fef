/**
 * From a sequence to a sequence: an encoder reads the source, and a decoder, which begins with the
 * encoder's last state, gives the target symbol by symbol (Sutskever, Vinyals and Le, 2014). With
 * attention (Luong, Pham and Manning, 2015) it looks back at every state of the encoder:
 *
 *     h_1 … h_n  the encoder's states over the source
 *     s_0 = h_n,  s_t = the decoder's state after y_{t-1}, y_0 the start
 *     a_t = softmax(s_t h_1ᵀ, …, s_t h_nᵀ)
 *     c_t = a_t1 h_1 + … + a_tn h_n
 *     logits_t = tanh([c_t, s_t] Wc) Why + b_y,  or without attention  s_t Why + b_y
 *
 * Of a bidirectional encoder, h_j and s_0 are the sums of both directions.
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

/** How a decoder attends to what its encoder has read: by dot products, or not at all. */
export type Attention = "dot" | "none";

/** The decoder's network: the encoder's, in one direction. */
export function decoderConfig(config: NetworkConfig): NetworkConfig {
  return { ...config, bidirectional: false, head: "token" };
}

/** The names before which a weight of the encoder, or of the decoder, stands. */
export const ENCODER = "encoder.", DECODER = "decoder.";

/** The shape of each weight, for so many source symbols and target symbols. */
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

/** What the encoder has made of some sources. */
export interface Encoded {
  /** Its pass, for the backward one. */
  stack: StackPass;
  /** h_1 to h_n and padding, `[timeSteps * batch, hidden]`. */
  memory: Tensor;
  /** Each layer's states after the source's last symbol, `[batch, hidden]`. */
  final: State[];
}

/** Reads sources. */
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

/** What the decoder leaves for the backward pass. */
export interface Decoded {
  /** Its layers' pass. */
  stack: StackPass;
  /** s_1 to s_m, `[timeSteps * batch, hidden]`. */
  outputs: Tensor;
  /** What it looked at, if it does. */
  attention?: AttentionPass;
  /** What the logits are made of, after dropout. */
  read: Tensor;
  /** `[timeSteps * batch, targets]`. */
  logits: Tensor;
}

/** What a decoder reads besides symbols and states. */
export interface Memory {
  /** The encoder's states, `[sourceSteps * batch, hidden]`. */
  memory: Tensor;
  /** Which rows of the decoder's may look at which of the memory. Without, all at all. */
  groups?: AttentionBatches | AttentionSpans;
}

/** Gives the logits after some target symbols. */
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

/** A whole pass, forward. */
export interface Seq2seqPass {
  /** The encoder's. */
  encoded: Encoded;
  /** The decoder's. */
  decoded: Decoded;
}

/** What both halves read. */
export interface Seq2seqBatch {
  /** The sources. */
  source: Batch;
  /** The start and the targets, without their last symbol. */
  target: Batch;
  /** See {@linkcode Memory}. */
  groups?: AttentionBatches | AttentionSpans;
}

/** Dropout in both halves. */
export interface Seq2seqMasks {
  /** In the encoder. */
  encoder?: PassOptions["masks"];
  /** In the decoder. */
  decoder?: PassOptions["masks"];
}

/** From sources and the targets' symbols so far to the logits of the next ones. */
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
 * From the gradient of the logits to that of every weight, and the encoder's layers: back through the
 * decoder's time, from its first step and from all that it attended to into the encoder, and back
 * through the encoder's time.
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
