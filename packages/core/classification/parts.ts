/**
 * Predictions of a model's parts, network and linear model, for examples that are measured.
 *
 * @module
 */
import type { Example } from "../data/examples.ts";
import { viterbi } from "../network/crf_sequences.ts";
import { argmax } from "../network/loss.ts";
import { mapped, type Sequence } from "../sequence.ts";
import type { Combine, Combiner } from "./combine.ts";
import type { MeasureSet } from "./measure.ts";

/** The labels that each part of a model predicts for the targets. */
export interface PartLabels {
  /** Those of the network alone. */
  network: Int32Array;
  /** Those of the linear model alone. */
  linear?: Int32Array;
}

/** Wraps a combiner so that each part's predictions are recorded; empty for a network alone. */
export function parted(
  combiner: Combiner | undefined,
  examples: Sequence<Example>,
  { sizes, truth, starts }: MeasureSet,
): { combine?: Combine; parts?: PartLabels } {
  if (!combiner) return {};
  const classes = sizes.labels.length;
  const parts: PartLabels = { network: new Int32Array(truth.length) };
  return {
    parts,
    combine(logits, places, crf) {
      const found = combiner(logits, mapped(places, (i) => examples.at(i)!.text));
      if (found.linear) parts.linear ??= new Int32Array(truth.length);
      let row = 0;
      for (const i of places) {
        const end = row + starts[i + 1] - starts[i];
        for (const name of ["network", "linear"] as const) {
          const own = found[name]?.subarray(row * classes, end * classes);
          if (!own) continue;
          const labels = name === "network" && crf
            ? viterbi(crf, own)
            : Array.from({ length: end - row }, (_, t) => argmax(own, t, classes));
          parts[name]!.set(labels, starts[i]);
        }
        row = end;
      }
      return found.answer;
    },
  };
}

/** Computes the accuracy of each part of a model. */
export function accuraciesOf(
  { network, linear }: PartLabels,
  truth: Int32Array,
): { network: number; linear?: number } {
  const accuracy = (labels: Int32Array) =>
    labels.reduce((right, id, k) => right + Number(id === truth[k]), 0) / truth.length;
  return { network: accuracy(network), ...(linear ? { linear: accuracy(linear) } : {}) };
}
