/**
 * The texts of the unrolled network.
 *
 * @module
 */
import { cells } from "./cells.ts";
import { count } from "./numbers.ts";

/** The texts. */
export const picture = {
  unrolled: {
    title: "The network, unrolled",
    sentence: "Sentence",
    wrote: "Output:",
    repeats: (unit: string) =>
      `It repeats “${unit}” and does not stop: the network has not learned to stop yet.`,
    more: (left: number) => `${count(left)} more symbols are not drawn.`,
    sure: (share: string) => `probability ${share}`,
    looked: (target: string, source: string, share: string) =>
      `attention of ${target} to ${source}: ${share}`,
    marks: { start: "⊢", end: "⊣", space: "␣", newline: "↵", unknown: "?" },
    samples: "Or one of these",
    forward: "Forward",
    backward: "Backward",
    pass: "Which pass to show",
    gates: "Show the gates",
    layerOf: (layer: number) => `Layer ${layer}`,
    openLayer: (layer: number) => `Open layer ${layer}: its gates and units`,
    rows: {
      prediction: "prediction",
      state: "state hₜ",
      input: "input xₜ",
      gradient: "gradient",
    },
    start: "h₀ = 0",
    figure: (sentence: string, said: string) =>
      `The network on the sentence “${sentence}”. After the last word it predicts ${said}.`,
    unknown: "not in the vocabulary: the network reads it as the unknown word",
    equations: "The equations",
    cut: (most: number, unit: string) => `The first ${count(most)} ${unit} are read and shown.`,
    noAnswer: "no answer: no known word so far",
    oneHot: (id: number, all: number) =>
      id === 0
        ? `The unknown word: entry 0 of ${all}, whose row of W_xh is zeros`
        : `One-hot: a one at entry ${id} of ${all}, zeros elsewhere`,
    scale: "state",
    scaleBack: "gradient size",
    shouldBe: (label: string) => `is ${label}`,
    gradientHelp: "How much of the loss gradient reaches this step",
    empty: "Type a sentence to send it through the network.",
    unit: (unit: number) => `unit ${unit}`,
    afterWord: (word: string, name: string) =>
      name === "gradient" ? `gradient at “${word}”` : `${name} after “${word}”`,
    predictionAfter: (word: string) => `After “${word}”`,
    gradientAt: (word: string, size: string) => `norm of dL/dz at “${word}”: ${size}`,
    why: "Why?",
    whyHelp: "Why? Each word's contribution to the prediction",
    gateNames: {
      i: "input gate",
      f: "forget gate",
      g: "candidate",
      o: "output gate",
      r: "reset gate",
      z: "update gate",
      n: "candidate",
      c: "cell",
      h: "state",
    } as Record<string, string>,
  },
  unit: {
    title: "Unit",
    choose: "Unit to follow",
    through: (unit: number, values: string[]) =>
      `Unit ${unit} through the sentence. ${values.join(", ")}`,
    up: "On their own, these raise it",
    down: "and these lower it",
    none: "Nothing moves it yet.",
    value: (word: string, value: string) => `${word}: ${value}`,
  },
  word: {
    title: (word: string) => `What “${word}” changed`,
    before: "before",
    after: "after",
    start: "nothing read yet",
    unknown: (word: string) =>
      `“${word}” is not in the vocabulary: the network reads it as the unknown word, like ` +
      "every word that it has not seen.",
    noneKnown: "no word known yet",
    units: "Units that changed most",
    without: "Without it, the sentence is",
    withoutAny: "Without it, no word of the sentence is known.",
    moved: (unit: number, from: string, to: string) => `unit ${unit}: ${from} to ${to}`,
  },
  writer: {
    title: "Generated text",
    lede: "It continues the text above symbol by symbol, and reads each one that it writes.",
    temperature: "Temperature",
    temperatureHelp: "Lower: safer. Higher: more surprising",
    label: "Generate for",
    again: "Generate again",
  },
  backward: {
    title: "Backpropagation through time",
    lede:
      "The loss compares the prediction with the right answer. Its gradient flows back through the " +
      "same arrows, word by word, to every weight. What exceeds the clipping bound is cut to it, and marked.",
    actual: "The right answer",
    choose: "choose one",
    loss: (loss: string) => `Loss ${loss} nats`,
    perWord: "Gradient at each time step",
    weight: "Gradient of each weight",
    of: (name: string) => `Gradient of ${name}`,
    clipped: (clipped: number, size: number) =>
      clipped === 0 ? "none clipped" : `${count(clipped)} of ${count(size)} clipped`,
    norm: (norm: string) => `norm ${norm}`,
    scaled: (norm: string, scale: string) =>
      `The norm of the whole gradient is ${norm}; it is scaled by ${scale}.`,
    axis: "norm of dL/dz at each word",
  },
  reach: {
    title: "Why plain RNNs forget",
    lede:
      "The same long text through an untrained RNN, an untrained LSTM and your network. The loss is " +
      "at the end; each point shows how much of its gradient reaches that word. A product of many " +
      "factors below one vanishes; the cell state of an LSTM lets it through.",
    length: "Words in the text",
    axisX: "words back from the end",
    axisY: "norm of dL/dz, logarithmic scale",
    names: { fresh: (cell: string) => `untrained ${cells[cell]}`, own: "your network" },
  },
  weights: {
    title: "The weights, before and now",
    lede: "Training changes only these numbers. Each cell of a map is one of them.",
    before: "before",
    now: "now",
    roles: {
      embedding: "words to vectors",
      Wxh: "input to state",
      Whh: "state to state",
      bh: "bias of the state",
      Why: "state to output",
      by: "bias of the output",
      bhn: "bias in the reset",
    } as Record<string, string>,
    shape: (rows: number, columns: number) => `${rows} × ${columns}`,
    name: (name: string, when: string) => `Heat map of ${name}, ${when}`,
    row: (row: number) => `row ${row}`,
    layer: (layer: number) => `layer ${layer}`,
    reverse: "reverse",
    column: (column: number) => `column ${column}`,
    hint: "Hover over a cell to read its number, or focus a map and use the arrow keys.",
  },
};
