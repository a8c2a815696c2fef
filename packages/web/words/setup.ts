/**
 * The words of the form, and of data.
 *
 * @module
 */
import type { FieldName } from "../settings.ts";
import { count } from "./numbers.ts";

/** What of the recommended settings is named. */
interface Recommended {
  cell: string;
  hidden: number;
  bidirectional: boolean;
  optimizer: string;
  learningRate: number;
  epochs: number;
  /** The fraction for validation, as people read it. */
  validation: string;
}

/** The words. */
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
    counts: (train: number, validation: number, test: number) => {
      const parts = [`${count(train)} ${train === 1 ? "text" : "texts"} to learn`];
      if (validation > 0) parts.push(`${count(validation)} set aside to choose by`);
      if (test > 0) parts.push(`${count(test)} held out`);
      return `${parts.join(", ")}.`;
    },
    download: { train: "Download the data", test: "and those held out" },
    opened: (name: string) => `The network is from the file ${name}.`,
    backendsTitle: "Backends here",
    works: "works",
    worksSlowly: "is no graphics card but software, many times slower than cpu; it works",
    worksNot: "does not work here",
  },
  sets: {
    moods: [
      "Moods",
      "Short sentences, positive or negative: the article's task. “Not” turns them round.",
    ],
    memory: [
      "The first word",
      "Only the first word counts, and many that mean nothing follow. A task for memory.",
    ],
    requests: ["Requests", "What a speaker on a shelf is asked: five kinds of request."],
    tags: [
      "People, places, times",
      "Each word gets a tag: a name, a place, a date, a time, or none.",
    ],
    names: [
      "Rivers",
      "Names of European rivers, letter by letter. It predicts the next letter, and so makes up more.",
    ],
    writer: [
      "Moods, the other way round",
      "A mood goes in, and a sentence of that mood comes out, word by word.",
    ],
    reverse: [
      "Turned round",
      "Letters go in, and come out in the other order. Its attention shows how it does that.",
    ],
    dates: ["Dates", "A date as people write it goes in, and one as machines write it comes out."],
    own: ["Your own", "Read in this tab, and never sent."],
  } as Record<string, [name: string, about: string]>,
  fields: {
    cell: ["Cell", "The kind of unit: a vanilla rnn, or one with gates"],
    hidden: ["Hidden units", "How many numbers the state has"],
    layers: ["Layers", "How many stand upon each other"],
    embedding: ["Embedding", "Numbers for a word; 0 makes words one-hot"],
    bidirectional: ["Both directions", "A second cell reads from the sentence's end"],
    optimizer: ["Optimiser", "How the gradient is followed"],
    learningRate: ["Learning rate", "The length of a step"],
    batchSize: ["Batch", "How many texts make one step"],
    epochs: ["Epochs", "How often to go through all texts"],
    clip: ["Clip at ±", "The bound of each component of the gradient; 0 for none"],
    seed: ["Seed", "The same seed gives the same run"],
    backend: ["Backend", "What computes"],
    unit: [
      "Written in",
      "What a text is cut into: code points, what the eye takes for one character, or words",
    ],
    attention: ["Attention", "How the decoder looks back at what the encoder has read"],
    timeSteps: ["Time steps", "Symbols in a piece of a text, through which gradients go back"],
    schedule: ["Schedule", "How the learning rate changes"],
    head: ["Prediction from", "The last state, the mean or maximum of all, or one for each token"],
    activation: ["Activation", "What makes h of z in an rnn"],
    init: ["First weights", "Tiny as in the article, or scaled to the hidden size"],
    stripHtml: ["Strip HTML", "Leave out tags, and read entities such as &amp; as characters"],
    dropout: ["Dropout", "The share zeroed between layers in training"],
    clipNorm: ["Clip norm at", "The bound of the whole gradient's norm; 0 for none"],
    validation: ["Set aside", "The share of the texts that chooses the best epoch"],
    patience: ["Patience", "Epochs without a gain before it ends; 0 for never"],
  } as Record<FieldName, [name: string, help: string]>,
  choices: {
    sgd: "plain (sgd)",
    rmsprop: "rmsprop",
    adam: "adam",
    adamw: "adamw",
    last: "last state",
    mean: "mean",
    max: "maximum",
    token: "each token",
    tiny: "tiny",
    scaled: "scaled",
  } as Record<string, string>,
  data: {
    title: "Your own data",
    lede:
      "CSV, TSV, JSON, CoNLL, CoNLL-U or fastText: a text and its label in each row; for tags, as " +
      "many labels as words. It is read in this tab and never sent.",
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
      textColumn: "Column of the texts",
      labelColumn: "Column of the labels",
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
      `Recommended for it: a ${
        bidirectional ? "bidirectional " : ""
      }${cell} with ${hidden} hidden ` +
      `units; ${optimizer}, learning rate ${learningRate}; at most ${count(epochs)} epochs` +
      `${validation === "0.0%" ? "" : `, ${validation} of it set aside for validation`}. ` +
      "All of this can be changed under Settings.",
    use: "Use this data",
    close: "Close",
    preview: (n: number) => `${count(n)} ${n === 1 ? "example" : "examples"} can be used`,
    labels: "Labels",
    problems: (name: string, n: number, rows: number) =>
      `${name}: left out ${count(n)} of ${count(rows)} rows`,
    warning: (message: string) => `Warning: ${message}.`,
    stripHtml: ", or check “Strip HTML” under “More settings”",
    line: (line: number) => `Line ${line}`,
    more: (n: number) => `and ${count(n)} more`,
    tagging: "Each word has its label: the network will tag words.",
    tooFew: "Two or more different labels are needed, to tell apart.",
    headText: "text",
    headLabel: "label",
  },
};
