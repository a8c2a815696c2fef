/**
 * The texts of the form, and of data.
 *
 * @module
 */
import { cells } from "./cells.ts";
import type { FieldName } from "../settings.ts";
import { count } from "./numbers.ts";

/** The recommended settings that are described. */
interface Recommended {
  cell: string;
  hidden: number;
  bidirectional: boolean;
  optimizer: string;
  learningRate: number;
  epochs: number;
  /** The validation split, formatted. */
  validation: string;
}

/** The texts. */
export const setup = {
  setup: {
    name: "Settings",
    data: "Data",
    network: "Network",
    training: "Training",
    more: "More settings",
    open: "Settings",
    close: "Close",
    own: "Your own data…",
    counts: (counts: { train: number; validation: number; test: number }, inWords: boolean) => {
      const part = (name: string, n: number) =>
        `${count(n)} ${name} ${inWords ? "sentence" : "text"}${n === 1 ? "" : "s"}`;
      const { train, validation, test } = counts;
      const parts = [part("training", train)];
      if (validation > 0) parts.push(part("validation", validation));
      if (test > 0) parts.push(part("test", test));
      return `${parts.join(", ")}.`;
    },
    download: { train: "Download the data", test: "and the test data" },
    opened: (name: string) => `The network is from the file ${name}.`,
    backendsTitle: "Backends here",
    works: "works",
    worksSlowly: "works, but is software, not a graphics card: many times slower than cpu",
    worksNot: "does not work here",
  },
  sets: {
    moods: [
      "Moods",
      "Short sentences, positive or negative: the article's task. “Not” reverses them.",
    ],
    memory: [
      "The first word",
      "Only the first word matters; many meaningless ones follow. A test of memory.",
    ],
    requests: ["Requests", "Requests to a smart speaker, of five kinds."],
    tags: [
      "People, places, times",
      "Each word gets a tag: a person, a place, a date, a time, or none.",
    ],
    names: [
      "Rivers",
      "Names of European rivers, letter by letter. It predicts the next letter, so it can make up new names.",
    ],
    writer: [
      "Moods in reverse",
      "A mood goes in, and a sentence of that mood comes out, word by word.",
    ],
    reverse: [
      "Reversed letters",
      "Letters go in and come out in reverse order. Its attention shows how.",
    ],
    dates: ["Dates", "A date as people write it goes in; the date as year-month-day comes out."],
    own: ["Your own", "Read in this tab, and never sent."],
  } as Record<string, [name: string, about: string]>,
  fields: {
    cell: ["Cell", "The kind of unit: a plain RNN, or one with gates"],
    hidden: ["Hidden size", "The number of units in the state"],
    layers: ["Layers", "Number of stacked layers"],
    embedding: ["Embedding", "Numbers per word; 0 makes words one-hot"],
    bidirectional: ["Bidirectional", "A second cell reads the sentence from its end"],
    optimizer: ["Optimizer", "How a gradient becomes a step"],
    learningRate: ["Learning rate", "The size of a step"],
    batchSize: ["Batch size", "Examples per step"],
    epochs: ["Epochs", "Passes over the data"],
    clip: ["Clip at ±", "Clips each component of the gradient; 0 for none"],
    seed: ["Seed", "The same seed gives the same run"],
    backend: ["Backend", "What computes: WebAssembly, plain JavaScript, or a GPU"],
    unit: ["Symbols", "What a text is cut into: code points, graphemes, or words"],
    attention: ["Attention", "How the decoder attends to the encoder's states"],
    timeSteps: ["BPTT length", "Truncated BPTT length: symbols that gradients flow back through"],
    schedule: ["Schedule", "How the learning rate changes"],
    head: [
      "Prediction from",
      "The pooling of the states: the last, the mean, the maximum, or one for each token",
    ],
    activation: ["Activation", "The activation function of an RNN"],
    init: ["Initial weights", "Tiny as in the article, or scaled to the hidden size"],
    stripHtml: ["Strip HTML", "Remove tags, and decode entities such as &amp;"],
    dropout: ["Dropout", "The fraction zeroed between layers in training"],
    clipNorm: ["Clip norm at", "Clips the norm of the whole gradient; 0 for none"],
    validation: ["Validation split", "The fraction of the texts held out to choose the best epoch"],
    patience: ["Patience", "Epochs without improvement before it stops early; 0 for never"],
  } as Record<FieldName, [name: string, help: string]>,
  choices: {
    ...cells,
    relu: "ReLU",
    sgd: "SGD",
    rmsprop: "RMSprop",
    adam: "Adam",
    adamw: "AdamW",
    dot: "dot product",
    plateau: "on a plateau",
    last: "last state",
    mean: "mean",
    max: "maximum",
    token: "each token",
    tiny: "tiny",
    scaled: "scaled",
    orthogonal: "orthogonal",
  } as Record<string, string>,
  data: {
    title: "Your own data",
    lede:
      "CSV, TSV, JSON, CoNLL, CoNLL-U or fastText: a text and its label in each row; for tags, " +
      "one label per word. It is read in this tab and never sent.",
    file: "Choose files, or drop them here",
    task: "What to learn",
    pastedText: "pasted.txt",
    paste: "Or paste it here",
    placeholder:
      'text,label\n"Works well, and looks good.",positive\nBroke on the first day.,negative',
    pasted: "pasted.csv",
    read: "Preview",
    fields: {
      format: "Format",
      encoding: "Encoding",
      separator: "Separator",
      quotes: "Quotes",
      header: "First row",
      textColumn: "Text column",
      labelColumn: "Label column",
    },
    automatic: "automatic",
    encodings: {
      "utf-8": "UTF-8",
      "utf-16le": "UTF-16 LE",
      "utf-16be": "UTF-16 BE",
      latin1: "Latin-1, Windows-1252",
      "iso-8859-2": "ISO 8859-2",
      "windows-1250": "Windows-1250",
      "windows-1251": "Windows-1251",
      "koi8-r": "KOI8-R",
      gb18030: "GB 18030",
      big5: "Big5",
      shift_jis: "Shift JIS",
      "euc-jp": "EUC-JP",
      "euc-kr": "EUC-KR",
    },
    separators: { ",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", " ": "space" },
    quoting: {
      double: "enclose a field",
      backslash: 'enclose a field, \\" within',
      none: "are text",
      escapes: "are text, \\n and \\t escape",
    },
    headers: { true: "is a header", false: "is data" },
    reading: {
      bytes: (name: string, done: number, of: number) =>
        `${name}: ${count(Math.round(done / 1e6))} of ${count(Math.round(of / 1e6))} MB read `,
      rows: (name: string, done: number, of: number) =>
        `${name}: ${count(done)} of ${count(of)} rows checked `,
      done: (name: string) => `${name}: finding the examples `,
    },
    cancel: "Cancel",
    numbers: "These are numbers over time.",
    openNumbers: "Open under Numbers",
    noFiles: "There is no data file in that folder; drop CSV, TSV, JSON Lines or text files.",
    recommended: (
      { cell, hidden, bidirectional, optimizer, learningRate, epochs, validation }: Recommended,
    ) =>
      `Recommended: ${bidirectional ? "bidirectional " : ""}${cell} with ${hidden} ` +
      `hidden units; ${optimizer}, learning rate ${learningRate}; at most ${count(epochs)} epochs` +
      `${validation === "0.0%" ? "" : `, ${validation} of the data for validation`}. ` +
      "You can change these before you train.",
    use: "Use this data",
    close: "Close",
    preview: (n: number) => `${count(n)} ${n === 1 ? "example" : "examples"} can be used`,
    leftOut: (n: number) =>
      n === 1
        ? "1 row is left out; the reason is below."
        : `${count(n)} rows are left out; the reasons are below.`,
    labels: "Labels",
    problems: (name: string, n: number, rows: number) =>
      `${name}: left out ${count(n)} of ${count(rows)} rows`,
    warning: (message: string) => `Warning: ${message}.`,
    stripHtml: ", or check “Strip HTML” under “More settings”",
    line: (line: number) => `Line ${line}`,
    more: (n: number) => `and ${count(n)} more`,
    tagging: "Each word has a label: the network will tag words.",
    tooFew: "A classifier needs at least two labels.",
    headText: "text",
    headLabel: "label",
  },
};
