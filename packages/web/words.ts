/**
 * All words of the page in English. A translation is one more file of the same shape.
 *
 * @module
 */
import type { FieldName } from "./settings.ts";

const number = new Intl.NumberFormat("en");

/** A share from 0 to 1 in hundredths. */
export function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(share < 0.9995 ? 1 : 0)}%` : "–";
}

/** A whole number with its thousands set apart. */
export function count(value: number): string {
  return number.format(value);
}

/** A number with so many digits that matter; very small ones as a power of ten. */
export function figure(value: number, digits = 2): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size > 0 && size < 0.0005) return value.toExponential(0).replace("e-", "e−");
  return value.toFixed(size < 0.01 ? 4 : size < 10 ? digits : 1).replace("-", "−");
}

/** The words. */
export const words = {
  page: {
    title: "Unroll: watch a recurrent network learn",
    skip: "Skip to the network",
    name: "Unroll",
    playground: "playground",
    lede:
      "Watch a recurrent network learn, word by word. It trains in this tab, on your machine; " +
      "nothing is sent anywhere.",
    foot: "The page runs the same core as the command line: the same seed gives the same weights.",
  },
  transport: {
    name: "Training",
    play: "Start training",
    pause: "Pause training",
    step: "One step",
    epoch: "One epoch",
    reset: "Start afresh",
    pace: "Pace",
    paces: { slow: "slow motion", watch: "to watch", full: "full speed" },
    facts: {
      epoch: "epoch",
      loss: "loss",
      accuracy: "accuracy",
      speed: "speed",
      left: "time left",
    },
    ofEpochs: (epochs: number) => `of ${count(epochs)}`,
    held: { test: "test", validation: "held", train: "train" },
    speed: (perSecond: number) =>
      perSecond >= 10
        ? `${count(Math.round(perSecond))} epochs/s`
        : `${perSecond.toFixed(1)} epochs/s`,
    left: (seconds: number) =>
      seconds < 1
        ? "under 1 s"
        : seconds < 100
        ? `${Math.round(seconds)} s`
        : seconds < 6000
        ? `${Math.round(seconds / 60)} min`
        : `${(seconds / 3600).toFixed(1)} h`,
    phases: {
      fresh: "A fresh network. Press start.",
      running: "Training.",
      paused: (epoch: number, done: number, of: number) =>
        done > 0 && of > 0
          ? `Paused in epoch ${count(epoch)}, at ${count(done)} of ${count(of)}.`
          : `Paused after epoch ${count(epoch - 1)}.`,
      done: (epochs: number) => `Done: ${count(epochs)} epochs. Raise the epochs to go on.`,
      patience: (best: number | undefined) =>
        best
          ? `Ended early, as nothing became better; it has the weights of epoch ${count(best)}.`
          : "Ended early, as nothing became better.",
      failed: "Stopped. The network has its last good weights.",
    },
  },
  groups: {
    classify: "Tell sentences apart",
    tag: "Tag each word",
    write: "Write",
    translate: "A text for a text",
  } as Record<string, string>,
  setup: {
    name: "What to train",
    data: "Data",
    network: "Network",
    training: "Training",
    more: "More settings",
    own: "Your own data…",
    counts: (train: number, validation: number, test: number) => {
      const parts = [`${count(train)} ${train === 1 ? "text" : "texts"} to learn`];
      if (validation > 0) parts.push(`${count(validation)} set aside to choose by`);
      if (test > 0) parts.push(`${count(test)} held out`);
      return `${parts.join(", ")}.`;
    },
    facts: (parameters: number, known: number, labels: number) =>
      `${count(parameters)} weights. It knows ${count(known)} words and ${count(labels)} labels.`,
    factsOfSymbols: (parameters: number, known: number) =>
      `${count(parameters)} weights. It knows ${count(known)} symbols.`,
    download: { train: "Download the data", test: "and those held out" },
    opened: (name: string) => `The network is from the file ${name}.`,
    backendsTitle: "Backends here",
    works: "works",
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
      "Names of European rivers, letter by letter. It foretells the next letter, and so makes up more.",
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
    head: ["Verdict from", "The last state, the mean or maximum of all, or one for each token"],
    activation: ["Activation", "What makes h of z in an rnn"],
    init: ["First weights", "Tiny as in the article, or scaled to the hidden size"],
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
    article: "tiny",
    scaled: "scaled",
  } as Record<string, string>,
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
  unrolled: {
    title: "The network, unrolled",
    lede:
      "One column for each word, from left to right. The strip is the state after it, a stripe for " +
      "each hidden unit. Above it stands what the network would say if the sentence ended there.",
    ledeTags:
      "One column for each word, from left to right. The strip is the state after it, a stripe for " +
      "each hidden unit. Below each word stands the tag that the network gives it.",
    ledeWrite:
      "One column for each symbol, from left to right. The strip is the state after it. Above it " +
      "stand the candidates for the next one.",
    ledeTranslate:
      "One column for each symbol that the encoder reads. Below stands what the decoder writes, a row " +
      "for each symbol: the fuller a field, the more it looked at that column while it wrote.",
    sentence: "Sentence",
    wrote: "It writes",
    sure: (share: string) => `${share} sure`,
    looked: (target: string, source: string, share: string) =>
      `${target} looked at ${source}: ${share}`,
    marks: { start: "⊢", end: "⊣", space: "␣", newline: "↵", unknown: "?" },
    samples: "Or one of these",
    forward: "Forward",
    backward: "Backward",
    pass: "Which pass to show",
    gates: "Open the gates",
    layer: "Layer",
    layerOf: (layer: number, layers: number) => `${layer} of ${layers}`,
    start: "h₀ = 0",
    figure: (sentence: string, said: string) =>
      `The network over the sentence “${sentence}”. After the last word it says ${said}.`,
    unknown: "not in the vocabulary: the network reads it as the unknown word",
    equations: "The equations",
    cut: (most: number) => `The first ${most} words are shown.`,
    oneHot: (id: number, all: number) =>
      id === 0
        ? `The unknown word: place 0 of ${all}, whose row of Wxh is zeros`
        : `One-hot: a one at place ${id} of ${all}, and zeros`,
    scale: "state",
    scaleBack: "gradient at each unit",
    shouldBe: (label: string) => `is ${label}`,
    gradientHelp: "How much of the loss reaches this step",
    empty: "Type a sentence to send it through the network.",
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
    up: "Read alone, these push it up",
    down: "and these down",
    none: "No word moves it yet.",
    value: (word: string, value: string) => `${word}: ${value}`,
  },
  word: {
    title: (word: string) => `What “${word}” changed`,
    before: "before",
    after: "after",
    start: "nothing read yet",
    units: "Units that moved most",
    without: "Without it, the whole sentence is",
    moved: (unit: number, from: string, to: string) => `unit ${unit}: ${from} to ${to}`,
  },
  writer: {
    title: "What it writes",
    lede: "It goes on from the sentence above, symbol by symbol, and reads each one that it wrote.",
    temperature: "Temperature",
    temperatureHelp: "Below 1 it is bolder in what is likely; above, in what is not",
    label: "Write for",
    again: "Write again",
  },
  backward: {
    title: "Backwards through time",
    lede:
      "The loss looks at the answer. Its gradient flows back through the same arrows, word by word, " +
      "to every weight. What is larger than the clip is cut to it, and marked here.",
    truth: "The right answer",
    choose: "choose one",
    needTruth: "Say what the right answer is, and the gradient of its loss appears.",
    needPairs: "Pick a text from the data: a gradient needs what it should become.",
    needTags: "Pick a sentence from the data: a gradient needs a right tag for each word.",
    loss: (loss: string) => `Loss ${loss} nats`,
    perWord: "Gradient at each time step",
    weight: "Gradient of each weight",
    clipped: (clipped: number, size: number) =>
      clipped === 0 ? "none clipped" : `${count(clipped)} of ${count(size)} clipped`,
    norm: (norm: string) => `norm ${norm}`,
    scaled: (norm: string, scale: string) =>
      `The whole norm is ${norm}; all of it is multiplied by ${scale}.`,
    axis: "norm of dL/dz at each word",
  },
  reach: {
    title: "Why the one forgets",
    lede:
      "The same long text through a fresh rnn, a fresh lstm and your network. The answer stands at " +
      "the end; each point is how much of the loss reaches that word. A product of many factors " +
      "below one fades fast; the cell of an lstm lets it through.",
    length: "Words in the text",
    axisX: "words back from the end",
    axisY: "norm of dL/dz, each step of the scale ten times less",
    names: { rnn: "fresh rnn", lstm: "fresh lstm", own: "your network" },
  },
  learning: {
    title: "Learning",
    loss: "Loss",
    lossAxis: "nats",
    accuracy: "Accuracy",
    epochAxis: "epoch",
    series: { train: "train", validation: "held", test: "test" },
    download: (name: string) => `Download the chart “${name}” as SVG`,
    save: "SVG",
    none: "Nothing yet. Press start.",
    summary: (name: string, parts: string[]) =>
      `${name} by epoch. At the last: ${parts.join(", ")}.`,
  },
  review: {
    title: "What it takes for what",
    lede: {
      test: (n: number) => `On the ${count(n)} sentences held out of training. Rows are the truth.`,
      validation: (n: number) => `On the ${count(n)} sentences set aside. Rows are the truth.`,
      train: (n: number) => `On the ${count(n)} sentences it learns from. Rows are the truth.`,
    },
    truth: "truth",
    wrong: "Wrong, and surest of it",
    titleTexts: "How well it foretells",
    titlePairs: "Where it is wrong",
    texts: (bits: string, unit: string, perplexity: string, right: string) =>
      `${bits} bits for each of the ${unit}, a perplexity of ${perplexity}. The likeliest one is right in ${right}.`,
    pairs: (exact: string, symbols: string) =>
      `${exact} of the texts are right as a whole, and ${symbols} of the symbols after right ones.`,
    ledePlain: {
      test: (n: number) => `On the ${count(n)} held out of training.`,
      validation: (n: number) => `On the ${count(n)} set aside.`,
      train: (n: number) => `On the ${count(n)} that it learns from.`,
    },
    gives: "gives",
    allRight: "Nothing is wrong: every one of them is right.",
    says: "says",
    is: "is",
    cell: (n: number, truth: string, verdict: string) =>
      `${n} that are ${truth}, taken for ${verdict}`,
    cut: (shown: number, all: number) => `The ${shown} commonest of ${all} labels.`,
    majority: (label: string, share: string) =>
      `Always saying ${label} would be right in ${share}.`,
    look: (text: string) => `Show “${text}” in the picture`,
  },
  weights: {
    title: "The weights, before and now",
    lede: "Training moves nothing but these. Each small square is one number.",
    before: "before",
    now: "now",
    roles: {
      embedding: "words to numbers",
      Wxh: "word to state",
      Whh: "state to state",
      bh: "bias of the state",
      Why: "state to answer",
      by: "bias of the answer",
      bhn: "bias in the reset",
    } as Record<string, string>,
    shape: (rows: number, columns: number) => `${rows} × ${columns}`,
    name: (name: string, when: string) => `Heat map of ${name}, ${when}`,
    at: (name: string, row: string, column: number, value: string) =>
      `${name}, ${row}, column ${column}: ${value}`,
    row: (row: number) => `row ${row}`,
    hint: "Point at a square to read its number.",
  },
  data: {
    title: "Your own data",
    lede:
      "CSV with a header, TSV, or JSON Lines, in UTF-8. It is read in this tab and never sent. " +
      "Each line is a text and its label; for tags, as many labels as words.",
    file: "Choose a file",
    task: "What to learn",
    tasks: {
      "classification": "labels of texts, or tags of words",
      "language-model": "to go on with a text",
      "generate-from-label": "to write a text for a label",
      "translate": "a text for a text (columns source and target)",
    } as Record<string, string>,
    pastedText: "pasted.txt",
    paste: "Or paste it here",
    placeholder:
      'text,label\n"Works well, and looks good.",positive\nBroke on the first day.,negative',
    pasted: "pasted.csv",
    read: "Read it",
    format: "Form",
    formats: { csv: "CSV", tsv: "TSV", jsonl: "JSON Lines" },
    text: "Column of the texts",
    label: "Column of the labels",
    use: "Train on it",
    close: "Close",
    preview: (n: number) => `${count(n)} ${n === 1 ? "example" : "examples"} can be used`,
    labels: "Labels",
    problems: (n: number) =>
      n === 1
        ? "One line cannot be used, and is left out"
        : `${count(n)} lines cannot be used, and are left out`,
    line: (line: number) => `Line ${line}`,
    more: (n: number) => `and ${count(n)} more`,
    tagging: "Each word has its label: the network will tag words.",
    tooFew: "Two or more different labels are needed, to tell apart.",
    headText: "text",
    headLabel: "label",
  },
  files: {
    open: "Open a model",
    save: "Save the model",
    link: "Copy link",
    command: "Copy command",
    copied: "Copied.",
    copy: "Select and copy",
    commandTitle: "The same run on the command line",
    linkTitle: "A link to these settings",
    linkOwn: "The link has the settings, not your data.",
    modelName: "model.safetensors",
    saved: (name: string, writes: boolean) =>
      writes
        ? `Saved as ${name}. Let it write: deno task generate --model ${name}`
        : `Saved as ${name}. Ask it: deno task predict --model ${name} "…"`,
    opened: (name: string) => `${name} is open. Ask it, or train it on.`,
    notHere: (data: string) =>
      `Save the data first, as ${data}, with “Download the data”; those held out too.`,
  },
  resume: {
    offer: (set: string, epoch: number, epochs: number, when: string) =>
      `You were training on “${set}”: epoch ${count(epoch)} of ${count(epochs)}, ${when}.`,
    go: "Go on",
    no: "Discard",
    justNow: "just now",
    minutes: (n: number) => (n === 1 ? "a minute ago" : `${n} minutes ago`),
    hours: (n: number) => (n === 1 ? "an hour ago" : `${n} hours ago`),
    days: (n: number) => (n === 1 ? "yesterday" : `${n} days ago`),
  },
  tour: {
    start: "Take the tour",
    name: "Guided tour",
    next: "Next",
    back: "Back",
    end: "End the tour",
    of: (step: number, steps: number) => `${step} of ${steps}`,
    tryIt: "Try it",
  },
  problems: {
    title: "That did not work",
    close: "Close",
    noData: "There is no data of your own yet; choose “Your own data…” and give some.",
    noMatchingData:
      "The data here has other labels than this network; choose data that fits, and open the model again.",
    over: "All epochs are done. Raise the number of epochs to go on, or start afresh.",
    nothingKept: "There is no run to go on with any more.",
    empty: "there is nothing in it; give a text",
    tooLarge: (name: string, bytes: number) =>
      `${name}: is larger than ${Math.round(bytes / 2 ** 20)} MB; use the command line for it`,
    number: (name: string, least: number, most: number) =>
      `${name}: give a number from ${least} to ${count(most)}`,
    worker: "The worker could not be started. Serve the folder by http, and reload the page.",
  },
};

/** The eight steps of the tour: a title, what to look at, and what to do. */
export const tour: { title: string; text: string; act: string }[] = [
  {
    title: "Why sequences",
    text:
      "A sentence is words in an order. “Great, not awful” and “awful, not great” have the same " +
      "words. A network that reads one word after the other can tell them apart.",
    act: "Turn the sentence round",
  },
  {
    title: "Words as one-hot rows",
    text:
      "To the network a word is a row of zeros with a single one, at the word's own place. Times " +
      "Wxh, that picks one row of Wxh: everything the network knows about the word.",
    act: "Use an unknown word",
  },
  {
    title: "The state",
    text:
      "What was read so far is kept in h: one number from −1 to 1 for each hidden unit. Follow one " +
      "stripe from left to right to see what that unit remembers.",
    act: "Follow another unit",
  },
  {
    title: "The equations",
    text:
      "The new state is made of the word and of the old state: hₜ = tanh(xₜ Wxh + hₜ₋₁ Whh + b). " +
      "The same three arrows in every column: that is what recurrent means.",
    act: "Use fewer units",
  },
  {
    title: "Forward",
    text:
      "Word by word the state changes, and the verdict with it. Look for the word that turns it " +
      "round, and point at it.",
    act: "Train",
  },
  {
    title: "The loss",
    text:
      "The loss is −ln of the probability that the right answer got: nothing when the network was " +
      "sure and right, much when it was sure and wrong. Training makes its mean small.",
    act: "Train one epoch",
  },
  {
    title: "Back through time",
    text:
      "To find what to change, the gradient of the loss goes back along the same arrows, from the " +
      "last word to the first. Each step back multiplies it once more, and mostly shrinks it.",
    act: "Make one step",
  },
  {
    title: "Clipping",
    text:
      "Multiplied by more than one at each step, the gradient explodes instead. So each number of " +
      "it is cut to ±1 before the step is made. Make the bound small, and see what gets cut.",
    act: "Clip at ±0.01",
  },
];
