/**
 * Decoding of targets symbol by symbol: greedily, or by beam search.
 *
 * @module
 */
import type { FloatArray, Indices, Ops, Tensor } from "../backend.ts";
import { createBatch } from "../network/batch.ts";
import type { State } from "../network/cells/cell.ts";
import { argmaxKnown, logSumExp } from "../network/loss.ts";
import { readAndDispose } from "../ops/reading.ts";
import { finalStates, tensorsOf } from "../network/states.ts";
import type { NetworkConfig } from "../network/config.ts";
import type { Weights } from "../network/weights.ts";
import { type AttentionBatches, createAttentionBatches, groupHandles } from "./attention.ts";
import { decoderConfig, decodeTargets, encodeSources, type Memory } from "./network.ts";

/** A target, complete or partial, in decoding. */
export interface Hypothesis {
  /** Its symbols' ids, without the end symbol. */
  symbols: number[];
  /** ln p of the sequence, including the end symbol. */
  logProbability: number;
  /** Whether the model predicted its end; if not, it was cut off at the maximum length. */
  ended: boolean;
  /** For each symbol, the attention weights over the source; undefined without attention. */
  attention?: number[][];
}

/** Encoded sources on a device, for a decoder. */
export interface Sources extends Memory {
  groups?: AttentionBatches;
  /** The decoder's initial states, one for each layer. */
  states: State[];
  /** The number of symbols of each source. */
  lengths: number[];
}

/** Runs the encoder on some sources. */
export function readSources(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  sources: readonly Int32Array[],
  symbols: number,
): Sources {
  const lengths = sources.map(({ length }) => length);
  let read: Sources | undefined;
  ops.scope(() => {
    const batch = createBatch(ops, config, sources, symbols);
    const { memory, final } = encodeSources(ops, config, weights, batch);
    const steps = memory.shape[0] / batch.size;
    const isGrouped = weights.Wc && batch.size > 1;
    const groups = isGrouped ? createAttentionBatches(ops, lengths, steps, 1) : undefined;
    read = { memory, groups, states: final, lengths };
    return handlesOf(read);
  });
  return read!;
}

function handlesOf({ memory, groups, states }: Sources): (Tensor | Indices)[] {
  return [memory, ...(groups ? groupHandles(groups) : []), ...tensorsOf(states)];
}

/** Frees the tensors of sources on the device. */
export function disposeSources(ops: Ops, sources: Sources): void {
  ops.dispose(handlesOf(sources));
}

/** The output of one decoder step. */
export interface DecoderStep {
  /** The logits of the next symbol, `[batch, targets]`. */
  logits: FloatArray;
  /** Returns a row's attention weights over its source; undefined without attention. */
  attention?: (row: number) => number[];
}

/**
 * A decoder with its current states: for one target per source, or for any number of partial
 * targets of a single source.
 */
export class Decoder {
  readonly #ops: Ops;
  readonly #config: NetworkConfig;
  readonly #weights: Weights<Tensor>;
  readonly #sources: Sources;
  #states: State[];

  /** Creates a decoder at the start of its targets. */
  constructor(ops: Ops, config: NetworkConfig, weights: Weights<Tensor>, sources: Sources) {
    this.#ops = ops;
    this.#config = decoderConfig(config);
    this.#weights = weights;
    this.#sources = sources;
    this.#states = sources.states;
  }

  /**
   * Reads one symbol of each target, and returns the logits of the next one.
   *
   * @param keepAttention Whether to return attention weights too. Default: true.
   */
  async step(symbols: ArrayLike<number>, keepAttention = true): Promise<DecoderStep> {
    const ops = this.#ops, config = this.#config, weights = this.#weights;
    const targets = weights.by.shape[1];
    const before = this.#states;
    let asked: Tensor[] = [];
    ops.scope(() => {
      const each = Array.from(symbols, (symbol) => Int32Array.of(symbol));
      const batch = createBatch(ops, config, each, targets, 1);
      const pass = decodeTargets(ops, config, weights, batch, this.#sources, { initial: before });
      this.#states = finalStates(ops, pass.stack.layers, each.length);
      const parts = keepAttention ? pass.attention?.parts : undefined;
      const looked = parts?.map(({ weights }) => weights) ?? [];
      asked = [pass.logits, ...looked];
      return [...asked, ...tensorsOf(this.#states)];
    });
    if (before !== this.#sources.states) ops.dispose(tensorsOf(before));
    const [logits, ...looked] = await readAndDispose(ops, asked);
    if (looked.length === 0) return { logits };
    return { logits, attention: (row) => lookedAt(looked, row, this.#sources) };
  }

  /** Reorders the states: row i becomes a copy of row `parents[i]`. */
  reorder(parents: readonly number[]): void {
    const ops = this.#ops, before = this.#states;
    ops.scope(() => {
      const rows = ops.indices(parents, before[0].h.shape[0]);
      this.#states = before.map(({ h, c }) => ({
        h: ops.gatherRows(h, rows),
        ...(c ? { c: ops.gatherRows(c, rows) } : {}),
      }));
      return tensorsOf(this.#states);
    });
    if (before !== this.#sources.states) ops.dispose(tensorsOf(before));
  }

  /** Frees the decoder's states on the device. */
  dispose(): void {
    if (this.#states !== this.#sources.states) this.#ops.dispose(tensorsOf(this.#states));
    this.#states = this.#sources.states;
  }
}

/** Options of decoding. */
export interface DecodeOptions {
  /** Called with each symbol's logits; it may throw. */
  check?: (logits: FloatArray) => void;
  /** Whether to keep attention weights, if the model has attention. Default: true. */
  keepAttention?: boolean;
}

/** Decodes greedily: always the most probable symbol, for many sources in one batch. */
export async function greedy(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  sources: Sources,
  maxLength: number,
  { check, keepAttention = true }: DecodeOptions = {},
): Promise<Hypothesis[]> {
  const targets = weights.by.shape[1], end = targets - 1;
  const { lengths } = sources;
  const isAttended = keepAttention && Boolean(weights.Wc);
  const hypotheses = lengths.map((): Hypothesis => ({
    symbols: [],
    logProbability: 0,
    ended: false,
    ...(isAttended ? { attention: [] } : {}),
  }));
  const decoder = new Decoder(ops, config, weights, sources);
  try {
    let symbols = hypotheses.map(() => end); // the end symbol also marks the start
    while (hypotheses.some(({ ended, symbols }) => !ended && symbols.length < maxLength)) {
      const { logits, attention } = await decoder.step(symbols, isAttended);
      symbols = hypotheses.map((hypothesis, i) => {
        const symbol = argmaxKnown(logits, i, targets);
        if (hypothesis.ended || hypothesis.symbols.length === maxLength) return end;
        const row = logits.subarray(i * targets, (i + 1) * targets) as FloatArray;
        check?.(row);
        hypothesis.logProbability += row[symbol] - logSumExp(row);
        if (symbol === end) hypothesis.ended = true;
        else {
          hypothesis.symbols.push(symbol);
          if (attention) hypothesis.attention!.push(attention(i));
        }
        return symbol;
      });
    }
  } finally {
    decoder.dispose();
  }
  return hypotheses;
}

/** Returns a row's attention weights over its source. */
function lookedAt(looked: FloatArray[], row: number, { groups, lengths }: Sources): number[] {
  if (!groups) return [...looked[0].subarray(row * lengths[0], (row + 1) * lengths[0])];
  const { size, sourceSteps } = groups;
  const group = Math.floor(row / size), i = row % size;
  const columns = looked[group].length / Math.min(size, lengths.length - group * size);
  const start = i * columns + i * sourceSteps;
  return [...looked[group].subarray(start, start + lengths[row])];
}

/**
 * Decodes by beam search: at each symbol it continues the `width` most probable hypotheses, and
 * returns the best one. Hypotheses are compared by their mean ln p per symbol, the end
 * symbol included, so that short ones have no advantage. A beam width of 1 is {@linkcode greedy}.
 *
 * @param sources One source.
 */
export async function beamSearch(
  ops: Ops,
  config: NetworkConfig,
  weights: Weights<Tensor>,
  sources: Sources,
  maxLength: number,
  width: number,
  { check }: Pick<DecodeOptions, "check"> = {},
): Promise<Hypothesis> {
  const targets = weights.by.shape[1], end = targets - 1;
  const decoder = new Decoder(ops, config, weights, sources);
  const first: Hypothesis = {
    symbols: [],
    logProbability: 0,
    ended: false,
    ...(weights.Wc ? { attention: [] } : {}),
  };
  let beams = [first];
  const whole: Hypothesis[] = [];
  try {
    for (let length = 0; beams.length > 0; length++) {
      if (length === maxLength) { // cut off
        for (const beam of beams) whole.push(beam);
        break;
      }
      const last = beams.map(({ symbols }) => symbols.at(-1) ?? end);
      const { logits, attention } = await decoder.step(last);
      const next = beams.flatMap((beam, parent) => {
        const row = logits.subarray(parent * targets, (parent + 1) * targets) as FloatArray;
        check?.(row);
        const whole = logSumExp(row);
        return Array.from(
          row,
          (y, symbol) => ({ parent, symbol, logProbability: beam.logProbability + (y - whole) }),
        ).slice(1); // without the unknown symbol, which is never written
      }).sort((a, b) =>
        b.logProbability - a.logProbability || a.parent - b.parent || a.symbol - b.symbol
      ).slice(0, width - whole.length);
      const going = [];
      for (const each of next) {
        const { parent, symbol, logProbability } = each;
        if (symbol === end) whole.push({ ...beams[parent], logProbability, ended: true });
        else going.push(each);
      }
      if (going.length === 0) break;
      decoder.reorder(going.map(({ parent }) => parent));
      beams = going.map(({ parent, symbol, logProbability }) => {
        const before = beams[parent];
        return {
          symbols: [...before.symbols, symbol],
          logProbability,
          ended: false,
          ...(attention ? { attention: [...before.attention!, attention(parent)] } : {}),
        };
      });
    }
  } finally {
    decoder.dispose();
  }
  const score = ({ logProbability, symbols, ended }: Hypothesis) =>
    logProbability / (symbols.length + (ended ? 1 : 0));
  return whole.reduce((best, each) => score(each) > score(best) ? each : best);
}
