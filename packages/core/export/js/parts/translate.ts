/**
 * Translation in an exported module. As in `network.ts`, each function is emitted into the module
 * unchanged.
 *
 * @module
 */
import { logSumExp } from "../../../network/loss.ts";
import { joinSymbols } from "../../../text/symbols.ts";
import { demand } from "./generate.ts";
import { CELL, halves, inputs, LABELS, lookBack, UNIT, words } from "./model.ts";
import { addProduct, headOf, joined, layersOf, readLayers } from "./network.ts";
import { readSymbols } from "./texts.ts";
import type { Halves, Input, Numbers, Row, State } from "./types.ts";

/** A complete or partial target in beam search. */
interface Hypothesis {
  symbols: number[];
  logProbability: number;
  ended: boolean;
  attention: number[][];
  states: State[];
}

/** Returns the encoder and the decoder with the given weights. */
export function halvesOf(weights: Record<string, Numbers>): Halves {
  return {
    weights,
    encoder: layersOf(weights, "encoder."),
    decoder: layersOf(weights, "decoder."),
  };
}

/** Returns the embeddings of symbols. */
export function embeddedSymbols(embedding: Numbers, ids: number[]): Input[] {
  return inputs({ weights: { embedding }, letters: [] }, ids, []);
}

/** Encodes a source: returns the encoder's states, and the decoder's initial states. */
export function encodeSource(ids: number[]): { memory: Row[]; states: State[] } {
  const { weights, encoder } = halves();
  const embedding = weights["encoder.embedding"];
  const pass = readLayers(embeddedSymbols(embedding, ids), encoder, CELL);
  const sum = (a: Row, b: Row) => a.map((each, j) => each + b[j]);
  const folded = (row: Row) =>
    // the sum over directions
    row.length === CELL.hidden ? row : sum(row.subarray(0, CELL.hidden), row.subarray(CELL.hidden));
  return {
    memory: pass.outputs.map(folded),
    states: pass.final.map((directions) =>
      directions.reduce((a, b) => ({ h: sum(a.h, b.h), c: sum(a.c, b.c) }))
    ),
  };
}

/** Computes tanh([c, s] Wc), with the context c by dot-product attention (Luong et al. 2015). */
export function attend(s: Row, memory: Row[]): { read: Row; looked: number[] } {
  const scores = memory.map((h) => h.reduce((sum, each, j) => sum + each * s[j], 0));
  const all = logSumExp(scores), looked = scores.map((score) => Math.exp(score - all));
  const context = s.map((_, j) => memory.reduce((sum, h, i) => sum + looked[i] * h[j], 0));
  const z = addProduct(new Float64Array(s.length), joined([context, s]), halves().weights.Wc);
  return { read: z.map(Math.tanh), looked };
}

/** Returns the decoder's state unchanged, for a model without attention. */
export function stateAlone(s: Row): { read: Row; looked: number[] } {
  return { read: s, looked: [] };
}

/** Translates a text by beam search; a beam width of 1 is greedy decoding. */
export function translate(
  text: string,
  { beam = 1, maxLength = 200 }: { beam?: number; maxLength?: number } = {},
) {
  const source = readSymbols(text), end = LABELS.length - 1;
  demand(source.length > 0, "there is nothing to translate");
  demand(Number.isInteger(beam) && beam > 0 && beam <= end, `the beam width must be 1 to ${end}`);
  demand(Number.isInteger(maxLength) && maxLength > 0, "the maximum length must be at least 1");
  const ids = source.map((symbol) => words().get(symbol) ?? 0);
  const { memory, states } = encodeSource(ids);
  let beams: Hypothesis[] = [
    { symbols: [], logProbability: 0, ended: false, attention: [], states },
  ];
  const whole: Hypothesis[] = [];
  for (let length = 0; beams.length > 0; length++) {
    if (length === maxLength) { // cut
      whole.push(...beams);
      break;
    }
    const next = beams.flatMap((hypothesis, parent) => {
      const { y, states, looked } = decode(hypothesis, memory), all = logSumExp(y);
      return Array.from(y, (each, symbol) => ({
        ...{ parent, symbol, states, looked },
        logProbability: hypothesis.logProbability + (each - all),
      })).slice(1); // the unknown symbol is never output
    }).sort((a, b) =>
      b.logProbability - a.logProbability || a.parent - b.parent || a.symbol - b.symbol
    ).slice(0, beam - whole.length);
    const before = beams;
    beams = [];
    for (const { parent, symbol, logProbability, states, looked } of next) {
      const { symbols, attention } = before[parent];
      if (symbol === end) whole.push({ ...before[parent], logProbability, ended: true });
      else {
        beams.push({
          symbols: [...symbols, symbol],
          attention: [...attention, looked],
          ...{ logProbability, states, ended: false },
        });
      }
    }
  }
  const score = ({ logProbability, symbols, ended }: Hypothesis) =>
    logProbability / (symbols.length + (ended ? 1 : 0));
  const best = whole.reduce((best, each) => score(each) > score(best) ? each : best);
  const target = best.symbols.map((id) => LABELS[id]);
  return {
    target: joinSymbols(target, UNIT),
    probability: Math.exp(best.logProbability),
    ended: best.ended,
    unknown: source.filter((_, t) => ids[t] === 0),
    ...(memory.length > 0 && halves().weights.Wc
      ? { attention: { source, target, weights: best.attention } }
      : {}),
  };
}

/** Computes the logits of the next symbol of a hypothesis. */
export function decode(
  { symbols, states }: Hypothesis,
  memory: Row[],
): { y: Row; states: State[]; looked: number[] } {
  const { weights, decoder } = halves(), end = LABELS.length - 1;
  const embedding = weights["decoder.embedding"];
  const last = [symbols[symbols.length - 1] ?? end]; // the end symbol is also the start symbol
  const { outputs: [s], final } = readLayers(
    embeddedSymbols(embedding, last),
    decoder,
    CELL,
    states,
  );
  const { read, looked } = lookBack(s, memory);
  return { y: headOf(weights, read), states: final.map(([state]) => state), looked };
}
