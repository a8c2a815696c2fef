/**
 * The texts of the numbers at the pointer: the equations of one unit, and a word's contribution.
 *
 * @module
 */
import { count } from "./numbers.ts";

/** The texts. */
export const equations = {
  tooltip: {
    hint: "Arrow keys: other numbers. Enter: as a table.",
    close: "Close",
    rest: (rows: number, all: number) => `The first ${count(rows)} of ${count(all)} rows.`,
    corner: "",
  },
  title: "The equations with their numbers",
  place: (word: string, unit: number, layer: number | undefined, isReverse: boolean) =>
    [
      `“${word}”, unit ${unit}`,
      layer === undefined ? "" : `layer ${layer}`,
      isReverse ? "reading backward" : "",
    ].filter(Boolean).join(", "),
  help: "Hover over a stripe, or focus a word and press ↑ or ↓, for another unit.",
  table: "All states as a table",
  together: "This cell normalizes all units together, so a single unit has no separate equations.",
  tableOf: (layer: number, isReverse: boolean) =>
    `States of layer ${layer}${isReverse ? ", reading backward" : ""}`,
  /** A description of each gate. */
  gates: {
    i: "input gate: how much of the candidate enters the cell state",
    f: "forget gate: how much of the cell state is kept",
    g: "candidate: what could be added to the cell state",
    o: "output gate: how much of the cell state reaches the hidden state",
    r: "reset gate: how much of the old state the candidate sees",
    z: "update gate: how much of the old state is kept",
    n: "candidate: what the new state could be",
    h: "hidden state",
    c: "cell state: the long memory",
  } as Record<string, string>,
  /** Descriptions for cells whose gate of the same name does something else. */
  gatesOf: {
    mingru: { z: "update gate: how much of the candidate is used" },
  } as Record<string, Record<string, string>>,
  gateGroup: "Gate to show in detail",
  parts: {
    word: "input",
    below: "layer below",
    input: "input",
    state: "previous state",
    bias: "bias",
  },
  from: {
    word: (word: string) => `“${word}”`,
    unit: (unit: number) => `unit ${unit}`,
    input: (number: number) => `input ${number}`,
    gate: (gate: string, unit: number) => `${gate}, unit ${unit}`,
    mean: (unit: number) => `mean of unit ${unit}`,
    max: (unit: number) => `maximum of unit ${unit}`,
  },
  others: (n: number) => (n === 1 ? "1 other" : `${count(n)} others`),
  bias: "bias",
  largest: (what: string) => `${what}: state × weight, largest first`,
  output: {
    title: (word: string) => `Prediction after “${word}”`,
    columns: { label: "label", logit: "y", exponential: "eʸ", probability: "eʸ / sum" },
    sum: "sum",
    others: (n: number) => `${count(n)} others`,
    logit: (label: string) => `y(${label})`,
    loss: (label: string) => `Loss: −ln p(${label})`,
    together:
      "There is no softmax: a conditional random field (CRF) scores the tags of the whole sentence " +
      "together.",
    elsewhere: "There is no softmax: the decoder, which has its own state, makes the prediction.",
    noLoss: "The loss is computed after the last word, where the right label is known.",
  },
  back: {
    title: "Gradient",
    above: "from above",
    next: "from the next step",
    sum: "From the next step: dL/dz × weight, largest first",
    none: "This is the last step: no gradient comes from a later one.",
    needs: "The gradient appears when the right answer is known.",
  },
  why: {
    sum: (label: string, score: string, words: string, baseline: string) =>
      `Log-odds of ${label}: ${score} = ${words} from the words + ${baseline} for a text of empty words.`,
    share: (word: string, share: string, label: string) => `${word}: ${share} for ${label}`,
    method: "Contributions by integrated gradients, in nats. Positive ones support the prediction.",
  },
};
