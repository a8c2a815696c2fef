/**
 * The flags that determine what a run computes.
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
import { choice, file, list, rare, separator, text, toggle, type Values } from "./flags.ts";
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
  "text-column": text("NAME", "column of the texts: name, number or JSON key", "text"),
  "label-column": text("NAME", "column of the labels: name, number or JSON key", "label"),
};

/** The flag for the probability at which a multi-label classifier predicts a label. */
export const THRESHOLD_FLAG = {
  "threshold": {
    ...probability("lowest probability at which a label is predicted, for --multi-label"),
    shown: "for each label, the one with the best F1 on the validation split, or 0.5",
  },
};

/** The flags that name the columns of a file of pairs. */
export const PAIR_FLAGS = {
  "source-column": text("NAME", "column of the source texts: name, number or JSON key", "source"),
  "target-column": text("NAME", "column of the target texts: name, number or JSON key", "target"),
};

/** The flag for the format of data files. */
export const FORMAT_FLAGS = {
  "format": rare({
    ...choice(
      Object.keys(DATA_FORMATS) as DataFormat[],
      "format of the data files",
      undefined,
    ),
    shown: "from the file name's extension, or detected from the first bytes",
  }),
};

/** The flags for how tables are written. */
export const TABLE_FLAGS = {
  "separator": rare(separator()),
  "quotes": rare({
    ...choice(
      QUOTES,
      "quotes in tables: double: a quote inside a quoted field is doubled; backslash: it is escaped " +
        "by a backslash; none: quotes are text; escapes: quotes are text, and \\t, \\n, \\\\ and " +
        "\\N (no value) are escapes, as databases write them",
      undefined,
    ),
    shown: "detected from the file",
  }),
  "no-header": rare(toggle("the first row of a table is data; columns are 1, 2, …")),
  "encoding": rare({
    ...text("NAME", "encoding of data files, such as latin1 or shift_jis", undefined),
    shown: "UTF-8, or UTF-16 if a byte order mark says so",
  }),
};

/** How a data file is read: its format and the names of its columns. */
export type ColumnSettings =
  & Values<typeof COLUMN_FLAGS>
  & Values<typeof PAIR_FLAGS>
  & Partial<Values<typeof FORMAT_FLAGS>>
  & Partial<SeriesSettings>;

/** How tables are written. */
export type TableSettings = Values<typeof TABLE_FLAGS>;

const ACTIVATIONS = [...new Set(CELL_NAMES.flatMap((name) => cellOf(name).activations))];
const CELLS_WITH_A_CHOICE = CELL_NAMES.filter((name) => cellOf(name).activations.length > 1);

/** The flags for rows that cannot be used. */
export const ROW_FLAGS = {
  "strict": toggle("stop at the first row that cannot be used, instead of leaving such rows out"),
};

/** The flags for the data to train and test on. */
export const DATA_FLAGS = {
  "data": {
    ...list(file(
      "training examples: a table, JSON, or tagged words (see --format), or a folder of these; for a " +
        "language model, any file other than .csv, .tsv and .jsonl is one text; may be repeated; " +
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
    "continue from the weights of this model; from a language model, another task takes over the " +
      "embedding and layers",
    undefined,
  ),
};

/** The flags for the network's architecture, which is fixed in an existing model. */
export const NETWORK_FLAGS = {
  ...FORECAST_FLAGS,
  ...NOISE_FLAGS,
  "unit": {
    ...choice(
      ["characters", "graphemes", "words"],
      "units of the text: code points, graphemes or words",
      undefined,
    ),
    shown: "words, or characters if most words of held-out texts would be unknown",
  },
  "plain-words": rare(toggle(
    "with --unit words, read words as classifiers do, lower case without punctuation, for --from",
  )),
  "vocabulary": rare(integer("maximum vocabulary size: the N most frequent units", undefined, 2)),
  "attention": choice(["dot", "none"], "attention of the decoder to the encoder", undefined),
  "cell": choice(CELL_NAMES, "type of recurrent cell; lnlstm: a layer-normalized LSTM", undefined),
  "activation": rare(choice(
    ACTIVATIONS,
    `activation function, for --cell ${CELLS_WITH_A_CHOICE.join(" or ")}`,
    undefined,
  )),
  "size": choice(
    SIZES,
    "hidden size relative to the one that suits the examples: half, the same, or double",
    undefined,
  ),
  "hidden": integer("hidden size", undefined, 1),
  "layers": integer("number of stacked layers", undefined, 1),
  "bidirectional": choice(["yes", "no"], "also read texts backward", undefined),
  "dropout": fractionBelowOne("dropout rate between layers", undefined),
  "recurrent-dropout": rare(fractionBelowOne(
    "dropout rate of the recurrent weights (DropConnect)",
    undefined,
  )),
  "embedding": integer(
    "embedding size; 0: one-hot input; --vectors of another size are projected by a linear layer",
    undefined,
    0,
  ),
  "letters": integer(
    "size of a GRU that reads each word's letters, prefix, suffix and case, for --head token; " +
      "0: words only",
    undefined,
    0,
  ),
  "head": choice(
    ["last", "mean", "max", "mean-max", "token"],
    "pooling for the prediction: the last hidden state, the mean or maximum of all, or both; token: " +
      "one label for each word",
    undefined,
  ),
  "crf": {
    ...toggle(
      "predict the labels of a text's words jointly, by a conditional random field, for --head token",
    ),
    shown: "on if the labels are BIO, BIOES or BILOU",
  },
  "no-crf": toggle("predict each word's label independently"),
  "multi-label": text(
    "SEPARATOR",
    'allow any number of labels for a text: their separator in the label column, such as ";"',
    undefined,
  ),
  ...THRESHOLD_FLAG,
  "vectors": file(
    "pretrained embedding: GloVe, word2vec or fastText .vec, as text or gzipped text",
    undefined,
  ),
  "keep-vectors": rare({
    ...integer(
      "also include the first N words of --vectors, its most frequent, even if the training texts " +
        "lack them; adds N x width x 4 bytes to the model file",
      undefined,
      0,
    ),
    shown: "50000",
  }),
  "thaw-vectors": rare({
    ...integer(
      "epochs for which --vectors stay frozen; 0: trained from the start; --frozen: never trained",
      undefined,
      0,
    ),
    shown: "0 for --head token, otherwise never trained",
  }),
  "frozen": rare(toggle("do not train the embedding")),
  "min-count": rare({
    ...integer("minimum count of a word in the vocabulary", undefined, 1),
    shown: "1; 5 for texts of more than 300 words",
  }),
  "init": rare(choice(
    ["tiny", "scaled", "orthogonal"],
    "initial weights: tiny (normal, standard deviation 0.001, biases 0), scaled to the hidden size, " +
      "or scaled with orthogonal Whh",
    undefined,
  )),
  "keep-case": rare(toggle("keep upper and lower case distinct; characters always do")),
  "keep-punctuation": rare(toggle("keep punctuation marks as words")),
  "no-fold": rare(toggle("keep curly and straight quotes, full-width forms and the like distinct")),
  "strip-html": rare(toggle("remove HTML tags, and decode entities such as &amp;")),
  "max-length": {
    ...integer("maximum length of a text, in words; longer texts are truncated", undefined, 1),
    shown: "1000 if half of the texts have more, otherwise unlimited",
  },
  "truncate": rare({
    ...choice(
      TRUNCATE,
      "the end at which texts longer than --max-length are cut; start keeps the last words",
      undefined,
    ),
    shown: "end",
  }),
};

/** The flags for training. */
export const TRAINING_FLAGS = {
  "loss": choice(
    ["absolute", "squared", "huber"],
    "loss for numbers: absolute error, squared error, or Huber loss, which is squared near zero",
    undefined,
  ),
  "epochs": integer("maximum number of epochs", undefined, 1),
  "batch-size": integer(
    "batch size; for a language model, the number of parallel streams",
    undefined,
    1,
  ),
  "time-steps": integer(
    "truncated BPTT length: gradients go back through this many units; with --head last " +
      "--bidirectional no, through this many last words of a text",
    undefined,
    1,
  ),
  "teacher-forcing": fraction("teacher-forcing ratio of the decoder", undefined),
  "optimizer": choice(["sgd", "rmsprop", "adam", "adamw"], "optimizer", undefined),
  "learning-rate": positive("learning rate", undefined),
  "momentum": rare(fractionBelowOne("momentum, for --optimizer sgd", undefined)),
  "weight-decay": rare(fractionBelowOne("weight decay", undefined)),
  "sparse": rare(
    toggle("sparse gradients: a step updates only the embeddings of its batch's words"),
  ),
  "schedule": choice(
    ["constant", "step", "cosine", "plateau"],
    "learning rate schedule",
    undefined,
  ),
  "schedule-every": rare(integer(
    "epochs between changes of --schedule step, and patience of plateau",
    undefined,
    1,
  )),
  "schedule-factor": rare(factor("factor of each change, for step and plateau", undefined)),
  "layer-decay": rare({
    ...atLeastOne(
      "with --from, each layer's learning rate divided by that of the layer below it; ULMFiT uses " +
        "2.6",
      undefined,
    ),
    shown: "1",
  }),
  "unfreeze-every": rare({
    ...integer(
      "with --from, epochs before each next lower layer is unfrozen, from the head down; 0: all " +
        "layers train from the start",
      undefined,
      0,
    ),
    shown: "0; 1 for layers of a language model",
  }),
  "warm-up": rare(integer("linear warm-up steps", undefined, 0)),
  "clip": bound("clip each component of the gradient to [-X, X]"),
  "clip-norm": bound("clip the norm of the gradient to X"),
  "label-weights": text(
    "WEIGHTS",
    "label weights in the loss: balanced, or a list such as spam=3,ham=1",
    undefined,
  ),
  "validation": fractionBelowOne(
    "validation split: the fraction of examples to hold out",
    undefined,
  ),
  "baseline": choice(
    ["mix", "beside", "no"],
    "linear model on n-grams, fitted after training: mixed with the network if that is better on " +
      "the validation split, only evaluated for comparison, or left out",
    "mix",
  ),
  "patience": integer("early-stopping patience, in epochs", undefined, 1),
  "no-refit": rare(toggle("do not train on the validation examples once the best epoch is known")),
  "ensemble": {
    ...integer(
      "number of networks in an ensemble, trained with the seeds --seed, --seed + 1, … and saved in " +
        "one file; predicts the mean of their outputs; takes N times as long",
      undefined,
      1,
    ),
    shown: "1",
  },
  "seed": integer("random seed for weights, order, dropout and split", 1, 0),
  "no-shuffle": rare(toggle("keep the examples in the order of the file")),
  ...BACKTEST_FLAGS,
};

/** All flags of a run except the task. */
export const RUN_FLAGS = { ...DATA_FLAGS, ...NETWORK_FLAGS, ...TRAINING_FLAGS };

/** The name of a flag of a run. */
export type RunFlag = keyof typeof RUN_FLAGS;

/** The values of the flags of a run. */
export type RunSettings = Values<typeof RUN_FLAGS> & {
  /** The language model whose embedding and layers a model of another task takes over. */
  pretrained?: Pretrained;
};
