/**
 * The words that the page shares with its worker, whose program has no others.
 *
 * @module
 */
import { count } from "./numbers.ts";

/** The words. */
export const shared = {
  groups: {
    classify: "Tell sentences apart",
    tag: "Tag each word",
    write: "Write",
    translate: "A text for a text",
  },
  tasks: {
    labels: "labels of texts, or tags of words",
    texts: "to go on with a text",
    textsForLabels: "to write a text for a label",
    pairs: "a text for a text (columns source and target)",
  },
  ledes: {
    words:
      "One column for each word, from left to right. The strip is the state after it, a stripe for " +
      "each hidden unit. Above it stands what the network would say if the sentence ended there.",
    tags:
      "One column for each word, from left to right. The strip is the state after it, a stripe for " +
      "each hidden unit. Below each word stands the tag that the network gives it.",
    symbols:
      "One column for each symbol, from left to right. The strip is the state after it. Above it " +
      "stand the candidates for the next one.",
    pairs:
      "One column for each symbol that the encoder reads. Below stands what the decoder writes, a row " +
      "for each symbol: the fuller a field, the more it looked at that column while it wrote.",
  },
  needs: {
    truth: "Say what the right answer is, and the gradient of its loss appears.",
    pairs: "Pick a text from the data: a gradient needs what it should become.",
    tags: "Pick a sentence from the data: a gradient needs a right tag for each word.",
  },
  facts: {
    words: (parameters: number, known: number, labels: number) =>
      `${count(parameters)} weights. It knows ${count(known)} words and ${count(labels)} labels.`,
    symbols: (parameters: number, known: number) =>
      `${count(parameters)} weights. It knows ${count(known)} symbols.`,
  },
  backends: {
    cpu: (kernels: string, threads: number) =>
      kernels === "plain"
        ? "loops in JavaScript"
        : `WebAssembly, four numbers at a time${
          kernels.includes("fma") ? ", fused products" : ""
        }, ` +
          (threads > 1 ? `${threads} threads` : "one thread"),
    gpujs: (mode: string, adapter: string) => `gpu.js ${mode} on ${adapter}`,
    noGpuJs: "this copy of the page was built without gpu.js",
  },
  problems: {
    title: "That did not work",
    close: "Close",
    noData: "There is no data of your own yet; choose “Your own data…” and give some.",
    noMatchingData:
      "The data here has other labels than this network; choose data that fits, and open the model again.",
    over: "All epochs are done. Raise the number of epochs to go on, or start afresh.",
    ensemble: (name: string) =>
      `${name}: an ensemble of several networks, and the page shows one; open it with the command line`,
    nothingKept: "There is no run to go on with any more.",
    empty: "there is nothing in it; give a text",
    tooLarge: (name: string, bytes: number) =>
      `${name}: more than ${Math.round(bytes / 2 ** 20)} MB; use the command line for it`,
    number: (name: string, least: number, most: number) =>
      `${name}: give a number from ${least} to ${count(most)}`,
    worker: "The worker could not be started. Serve the folder by http, and reload the page.",
  },
  wholeText: (name: string, length: number) => `${name}: one text, ${count(length)} characters`,
};
