/**
 * The texts that the page shares with its worker, whose program contains no others.
 *
 * @module
 */
import { count } from "./numbers.ts";

const FEW_LABELS = 3; // up to which a question names them all

/** The texts. */
export const shared = {
  groups: {
    classify: "Classify",
    tag: "Tag words",
    write: "Generate",
    translate: "Translate",
  },
  tasks: {
    labels: "classify texts, or tag words",
    texts: "generate: continue a text",
    textsForLabels: "generate a text for a label",
    pairs: "translate a text (columns source and target)",
  },
  questions: {
    label: (labels: readonly string[]) =>
      labels.length > FEW_LABELS
        ? `Which of the ${count(labels.length)} labels does this text have?`
        : `Is this text ${labels.slice(0, -1).join(", ")} or ${labels.at(-1)}?`,
    tag: () => "Which tag does each word have?",
    next: () => "What comes next?",
    translate: () => "What does this text become?",
    /** For the built-in data. */
    ofSets: {
      moods: "Is this sentence positive or negative?",
      memory: "What was the first word?",
      requests: "What does this request ask for?",
      tags: "Which words are people, places or times?",
      names: "Which letter comes next?",
      writer: "Which word comes next in a sentence of this mood?",
      reverse: "What are these letters in reverse?",
      dates: "What is this date as year-month-day?",
    } as Record<string, string>,
  },
  ledes: {
    words:
      "One column for each word, from left to right. The strip is the state after it, a stripe for " +
      "each hidden unit. Above it is the prediction as if the sentence ended there.",
    tags:
      "One column for each word, from left to right. The strip is the state after it, a stripe for " +
      "each hidden unit. Below each word is its predicted tag.",
    symbols:
      "One column for each symbol, from left to right. The strip is the state after it. Above it " +
      "are the most probable next symbols.",
    pairs:
      "One column for each symbol that the encoder reads. Below is what the decoder writes, a row " +
      "for each symbol: the darker a cell, the more attention that symbol paid to the column.",
  },
  needs: {
    truth: "Choose the right answer to see the gradient of its loss.",
    pairs: "Pick a text from the data: a gradient needs its target.",
    tags: "Pick a sentence from the data: a gradient needs the right tag of each word.",
  },
  facts: {
    words: (parameters: number, known: number, labels: number) =>
      `${count(parameters)} weights. Vocabulary ${count(known)} words, ${count(labels)} classes.`,
    symbols: (parameters: number, known: number) =>
      `${count(parameters)} weights. Vocabulary ${count(known)} symbols.`,
  },
  backends: {
    cpu: (kernels: string, threads: number) =>
      kernels === "plain"
        ? "loops in JavaScript"
        : `WebAssembly with SIMD${kernels.includes("fma") ? " and FMA" : ""}, ` +
          (threads > 1 ? `${threads} threads` : "one thread"),
    gpujs: (mode: string, adapter: string) => `gpu.js ${mode} on ${adapter}`,
    noGpuJs: "this copy of the page was built without gpu.js",
  },
  problems: {
    title: "That did not work",
    close: "Close",
    noData: "There is no data of your own yet; choose “Your own data…” and add some.",
    noMatchingData:
      "This data has other labels than the network; choose matching data, and open the model again.",
    over: "All epochs are done. Increase Epochs to continue, or press Reset.",
    ensemble: (name: string) =>
      `${name}: an ensemble of several networks, but the page shows only one; use the command line`,
    nothingKept: "There is no earlier run to restore.",
    empty: "it is empty; choose or paste a text",
    tooLarge: (name: string, bytes: number) =>
      `${name}: more than ${Math.round(bytes / 2 ** 20)} MB; use the command line for it`,
    number: (name: string, least: number, most: number) =>
      `${name}: enter a number from ${least} to ${count(most)}, without commas, such as 0.05`,
    whole: (name: string, least: number, most: number) =>
      `${name}: enter a whole number from ${least} to ${count(most)}, without commas`,
    worker: "The worker could not be started. Serve the folder over HTTP, and reload the page.",
  },
  notSaved: {
    noRoom: "the browser has no room left for it",
    other: (message: string) => `the browser says: ${message}`,
  },
  latin: "; not UTF-8, so read as Latin-1",
  wholeText: (name: string, length: number) => `${name}: one text, ${count(length)} characters`,
};
