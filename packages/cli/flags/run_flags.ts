/**
 * The flags that settle what a run computes.
 *
 * @module
 */
import {
  CELL_NAMES,
  cellOf,
  DATA_FORMATS,
  type DataFormat,
  type Pretrained,
  QUOTES,
  TRUNCATE,
} from "@unroll/core";
import { choice, file, list, separator, text, toggle, type Values } from "./flags.ts";
import {
  atLeastOne,
  bound,
  factor,
  fraction,
  fractionBelowOne,
  integer,
  positive,
  probability,
} from "./number_flags.ts";
import {
  BACKTEST_FLAGS,
  FORECAST_FLAGS,
  HOLD_OUT_FLAGS,
  LAYOUT_FLAGS,
  NOISE_FLAGS,
  SERIES_FLAGS,
  type SeriesSettings,
  TARGET_FLAGS,
} from "./series_flags.ts";

/** The values of --size. */
export const SIZES = ["small", "medium", "large"] as const;

/** The flags that name the columns of a data file. */
export const COLUMN_FLAGS = {
  "text-column": text("NAME", "column of the texts, by name or number, or key", "text"),
  "label-column": text("NAME", "column of the labels, by name or number, or key", "label"),
};

/** The flag that says when a text is given a label, where it may have any number of them. */
export const THRESHOLD_FLAG = {
  "threshold": {
    ...probability("probability from which on a text is given a label, for --multi-label"),
    shown: "that of each label with the best F1 on the validation part, or 0.5",
  },
};

/** The flags that name the columns of a file of pairs. */
export const PAIR_FLAGS = {
  "source-column": text("NAME", "column or key of the source texts", "source"),
  "target-column": text("NAME", "column or key of the target texts", "target"),
};

/** The flag that says what form data files have. */
export const FORMAT_FLAGS = {
  "format": {
    ...choice(
      Object.keys(DATA_FORMATS) as DataFormat[],
      "format of the data files",
      undefined,
    ),
    shown: "by the file's name, or else by its beginning",
  },
};

/** The flags that say how data files are written. */
export const TABLE_FLAGS = {
  "separator": separator(),
  "quotes": {
    ...choice(
      QUOTES,
      "quotes in tables: double: a quote within a quoted field is doubled; backslash: it has a " +
        "backslash before it; none: quotes are text; escapes: so they are, and \\t, \\n, \\\\ and " +
        "\\N (no value) escape, as databases write them",
      undefined,
    ),
    shown: "what the file looks like",
  },
  "no-header": toggle("the first row of a table is data; columns are 1, 2, …"),
  "encoding": {
    ...text("NAME", "encoding of data files, such as latin1 or shift_jis", undefined),
    shown: "UTF-8, or UTF-16 by its mark",
  },
};

/** How a data file is read: its format, and the names of all columns. */
export type ColumnSettings =
  & Values<typeof COLUMN_FLAGS>
  & Values<typeof PAIR_FLAGS>
  & Partial<Values<typeof FORMAT_FLAGS>>
  & Partial<SeriesSettings>;

/** How data files are written. */
export type TableSettings = Values<typeof TABLE_FLAGS>;

const ACTIVATIONS = [...new Set(CELL_NAMES.flatMap((name) => cellOf(name).activations))];
const CELLS_WITH_A_CHOICE = CELL_NAMES.filter((name) => cellOf(name).activations.length > 1);

/** The flags that say what to do about rows. */
export const ROW_FLAGS = {
  "strict": toggle("stop at the first row that cannot be used, instead of leaving such rows out"),
};

/** The flags that say what to learn from. */
export const DATA_FLAGS = {
  "data": {
    ...list(file(
      "training examples: a table, JSON, or tagged words (see --format), or a folder of these; for a " +
        "language model any file but .csv, .tsv and .jsonl is one text; may be given several times; " +
        "-: standard input",
      undefined,
      "FILE",
      { mayBeInput: true },
    )),
    shown: "built-in sentences, for classification",
  },
  "test": list(file(
    "test examples, held out of training: files or folders; -: standard input",
    undefined,
    "FILE",
    { mayBeInput: true },
  )),
  ...ROW_FLAGS,
  ...COLUMN_FLAGS,
  ...PAIR_FLAGS,
  ...TARGET_FLAGS,
  ...SERIES_FLAGS,
  ...LAYOUT_FLAGS,
  ...HOLD_OUT_FLAGS,
  ...FORMAT_FLAGS,
  ...TABLE_FLAGS,
  "from": file(
    "continue from the weights of this model; of a language model, another task takes over its " +
      "embedding and layers",
    undefined,
  ),
};

/** The flags that say what the network is made of: a model that is there has them settled. */
export const NETWORK_FLAGS = {
  ...FORECAST_FLAGS,
  ...NOISE_FLAGS,
  "unit": {
    ...choice(
      ["characters", "graphemes", "words"],
      "units of the text: code points, graphemes or words",
      undefined,
    ),
    shown: "words, or characters where most words of held-out texts would be unknown",
  },
  "plain-words": toggle(
    "with --unit words, learn what classifiers read, lower case without marks, for --from",
  ),
  "vocabulary": integer("vocabulary size at most: the N most frequent units", undefined, 2),
  "attention": choice(["dot", "none"], "attention of the decoder to the encoder", undefined),
  "cell": choice(CELL_NAMES, "type of recurrent cell; lnlstm: a layer-normalized LSTM", undefined),
  "activation": choice(
    ACTIVATIONS,
    `activation function, for --cell ${CELLS_WITH_A_CHOICE.join(" or ")}`,
    undefined,
  ),
  "size": choice(
    SIZES,
    "hidden size by what suits the examples: half of it, it, or twice as much",
    undefined,
  ),
  "hidden": integer("hidden size", undefined, 1),
  "layers": integer("number of stacked layers", undefined, 1),
  "bidirectional": choice(["yes", "no"], "also read texts from their end", undefined),
  "dropout": fractionBelowOne("dropout rate between layers", undefined),
  "recurrent-dropout": fractionBelowOne(
    "dropout rate of the weights from state to state (DropConnect)",
    undefined,
  ),
  "embedding": integer(
    "embedding size; 0: one-hot input; --vectors of another size are brought to it by a linear layer",
    undefined,
    0,
  ),
  "letters": integer(
    "size of a GRU that reads the letters of each word, prefix, suffix and case, for --head token; " +
      "0: words alone",
    undefined,
    0,
  ),
  "head": choice(
    ["last", "mean", "max", "mean-max", "token"],
    "pooling for the prediction: the last hidden state, the mean or maximum of all, or both; or token: " +
      "one label for each word",
    undefined,
  ),
  "crf": {
    ...toggle(
      "predict the labels of a text's words together, by a conditional random field, for --head token",
    ),
    shown: "where the labels are BIO, BIOES or BILOU",
  },
  "no-crf": toggle("predict the label of each word by itself"),
  "multi-label": text(
    "SEPARATOR",
    'give a text any number of labels: what stands between them in the label column, such as ";"',
    undefined,
  ),
  ...THRESHOLD_FLAG,
  "vectors": file(
    "pretrained embedding: GloVe, word2vec or fastText .vec, as text, or as text in gzip",
    undefined,
  ),
  "keep-vectors": {
    ...integer(
      "also know the first N words of --vectors, which are its most frequent, though the training " +
        "texts lack them; that adds N x width x 4 bytes to the model file",
      undefined,
      0,
    ),
    shown: "50000",
  },
  "thaw-vectors": {
    ...integer(
      "epochs for which --vectors stay as they are; 0: trained from the start; --frozen: never",
      undefined,
      0,
    ),
    shown: "0 for --head token; else never",
  },
  "frozen": toggle("do not train the embedding"),
  "min-count": {
    ...integer("minimum count of a word in the vocabulary", undefined, 1),
    shown: "1; 5 for texts of more than 300 words",
  },
  "init": choice(
    ["tiny", "scaled", "orthogonal"],
    "initial weights: tiny (normal, standard deviation 0.001, biases 0), scaled to the hidden size, " +
      "or so with orthogonal Whh",
    undefined,
  ),
  "keep-case": toggle("keep upper and lower case distinct, as letters are"),
  "keep-punctuation": toggle("keep punctuation marks, as words"),
  "no-fold": toggle("keep curly and straight quotes, full-width forms and the like distinct"),
  "strip-html": toggle("leave out HTML tags, and read entities such as &amp; as characters"),
  "max-length": {
    ...integer("words of a text that are read at most; longer texts are truncated", undefined, 1),
    shown: "1000 where half of the texts have more, else all",
  },
  "truncate": {
    ...choice(
      TRUNCATE,
      "the end that a text longer than --max-length loses; start keeps its last words",
      undefined,
    ),
    shown: "end",
  },
};

/** The flags that say how to train it. */
export const TRAINING_FLAGS = {
  "loss": choice(
    ["absolute", "squared", "huber"],
    "loss of numbers: absolute or squared error, or Huber's, which is squared near zero",
    undefined,
  ),
  "epochs": integer("maximum number of epochs", undefined, 1),
  "batch-size": integer(
    "batch size; of a language model, the number of parallel streams",
    undefined,
    1,
  ),
  "time-steps": integer(
    "truncated BPTT length: gradients go back through this many units, or for --head last " +
      "--bidirectional no through the last words of a text",
    undefined,
    1,
  ),
  "teacher-forcing": fraction("teacher-forcing ratio of the decoder", undefined),
  "optimizer": choice(["sgd", "rmsprop", "adam", "adamw"], "optimizer", undefined),
  "learning-rate": positive("learning rate", undefined),
  "momentum": fractionBelowOne("momentum, for --optimizer sgd", undefined),
  "weight-decay": fractionBelowOne("weight decay", undefined),
  "sparse": toggle("sparse gradients: a step moves the embedding of a batch's words alone"),
  "schedule": choice(
    ["constant", "step", "cosine", "plateau"],
    "learning rate schedule",
    undefined,
  ),
  "schedule-every": integer(
    "epochs between changes of --schedule step, and patience of plateau",
    undefined,
    1,
  ),
  "schedule-factor": factor("factor of each change, for step and plateau", undefined),
  "layer-decay": {
    ...atLeastOne(
      "with --from, what each layer's learning rate is divided by for the layer below it; 2.6 is " +
        "ULMFiT's",
      undefined,
    ),
    shown: "1",
  },
  "unfreeze-every": {
    ...integer(
      "with --from, epochs after which the next lower layer is trained too, the head first; 0: all " +
        "are from the start",
      undefined,
      0,
    ),
    shown: "0; 1 for layers of a language model",
  },
  "warm-up": integer("linear warm-up steps", undefined, 0),
  "clip": bound("clip each component of the gradient to [-X, X]"),
  "clip-norm": bound("clip the norm of the gradient to X"),
  "label-weights": text(
    "WEIGHTS",
    "weights of the labels in the loss: balanced, or such as spam=3,ham=1",
    undefined,
  ),
  "validation": fractionBelowOne(
    "validation split: the fraction of examples to hold out",
    undefined,
  ),
  "baseline": choice(
    ["mix", "beside", "no"],
    "linear model on n-grams, fitted after the training: mixed with the network where the " +
      "validation part asks for it, only measured beside it, or left out",
    "mix",
  ),
  "patience": integer("early-stopping patience, in epochs", undefined, 1),
  "no-refit": toggle("do not learn the validation examples once the best epoch is known"),
  "ensemble": {
    ...integer(
      "networks of an ensemble, trained with the seeds --seed, --seed + 1, … and saved in one file: the " +
        "answer is the mean of their outputs; N times the time",
      undefined,
      1,
    ),
    shown: "1",
  },
  "seed": integer("random seed of weights, order, dropout and split", 1, 0),
  "no-shuffle": toggle("keep the examples in the order of the file"),
  ...BACKTEST_FLAGS,
};

/** All of them, but for the task. */
export const RUN_FLAGS = { ...DATA_FLAGS, ...NETWORK_FLAGS, ...TRAINING_FLAGS };

/** The name of one. */
export type RunFlag = keyof typeof RUN_FLAGS;

/** Their values. */
export type RunSettings = Values<typeof RUN_FLAGS> & {
  /** The language model that a model of another task takes over from. */
  pretrained?: Pretrained;
};
