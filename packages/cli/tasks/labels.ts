/**
 * What classifiers and taggers share: networks, flags and help.
 *
 * @module
 */
import {
  type AnyModel,
  type CellName,
  cellOf,
  type ClassificationModel,
  createModel,
  type Example,
  InputError,
  letterTokenizer,
  type Model,
  type ModelOptions,
  type Prediction,
  pretrainedTokenizer,
  quote,
  recommend,
  type Recommendation,
  settleOptions,
  type SymbolUnit,
  type TaggingModel,
  type TokenizerOptions,
  tokenUnit,
  type WarningOptions,
} from "@unroll/core";
import type { ColumnSettings, RunFlag, RunSettings } from "../flags/run_flags.ts";
import { vocabularyOf } from "../output/label_review.ts";
import { figure, percent, printable, shellWord } from "../output/terminal.ts";
import { countsOf, nameOf, type Output, type Sets, type Table } from "../output/train_report.ts";
import sentences from "../sentences.json" with { type: "json" };
import { requireNewNetworks, withEnsemble } from "./ensemble.ts";
import { type Examples, makePlan, omitUndefined, type Plan, sizedSettings } from "./plan.ts";
import type { TaskHelp } from "./task.ts";
import { vectorsFor } from "./vectors.ts";

/** A model that predicts labels. */
export type LabelModel = ClassificationModel | TaggingModel;

/** A model that reads texts word by word. */
export type TextModel = Model & Pick<ClassificationModel, "tokenizer">;

/** The flags of all tasks whose models read texts word by word. */
export const TEXT_FLAGS: readonly RunFlag[] = [
  "text-column",
  "label-column",
  "unit",
  "bidirectional",
  "head",
  "vectors",
  "keep-vectors",
  "thaw-vectors",
  "frozen",
  "min-count",
  "keep-case",
  "keep-punctuation",
  "no-fold",
  "max-length",
  "truncate",
  "sparse",
  "layer-decay",
  "unfreeze-every",
  "ensemble",
];

/** The flags of classification and tagging that do not apply to all tasks. */
export const LABEL_FLAGS: readonly RunFlag[] = [
  ...TEXT_FLAGS,
  "time-steps",
  "label-weights",
  "crf",
  "no-crf",
  "multi-label",
  "threshold",
];

/** Returns the names of the columns of texts and labels. */
export function labelColumns(columns: ColumnSettings): WarningOptions {
  return { textColumn: columns["text-column"], labelColumn: columns["label-column"] };
}

/** The built-in examples, for training without --data. */
export const BUILT_IN: { train: Example[]; test: Example[] } = sentences;

/** Two examples, the fewest that a model can be created from. */
export const PAIR: Example[] = [{ text: "good", label: "up" }, { text: "bad", label: "down" }];

/** Returns `count` examples. */
export function examplesOf(count: number): Example[] {
  return new Array(count).fill(PAIR[0]);
}

/** The help of both tasks. */
export const LABEL_HELP: Omit<TaskHelp, "examples"> = {
  about: "1,000 examples",
  sets: () => [1000, 10, 100_000].map(examplesOf),
  note() {
    const { config } = createModel(PAIR), { epochs, learningRate, optimizer } = settleOptions({});
    return "Without --data, it trains on built-in sentences with the settings of the " +
      `article: --cell ${config.cell} --hidden ${config.hidden} --head ${config.head} ` +
      `--optimizer ${optimizer.name} --learning-rate ${learningRate} --epochs ${epochs}.`;
  },
  advise(examples) {
    const advice = recommend(examples);
    return { ...advice, model: createModel(PAIR, advice.network) };
  },
};

/** How to plan a kind of label model. */
export interface LabelPlanner<M extends TextModel> {
  /** Holds out a fraction of the examples for validation. */
  split(fraction: number): { train: Examples; validation: Examples };
  /** Tokenizer options that the flags do not set. */
  tokenizer: Partial<TokenizerOptions>;
  /** Recommends a network and training options for examples. Default: those of classifiers. */
  recommend?(examples: Examples, unit: SymbolUnit): Recommendation;
  /** Creates an untrained model. */
  create(examples: Examples, options: ModelOptions): M;
  /** Whether a refit on all examples may follow, once the best epoch is known. */
  refits?: boolean;
}

/** Returns the tokenizer options that the flags ask for. */
export function tokenizerOf(
  settings: RunSettings,
  own: Partial<TokenizerOptions>,
): TokenizerOptions {
  const { truncate, "max-length": maxLength, unit = "words", pretrained } = settings;
  if (pretrained) return pretrainedTokenizer(pretrained);
  if (truncate !== undefined && maxLength === undefined) {
    throw new InputError("--truncate: needs --max-length N");
  }
  const { fold: _, ...form }: TokenizerOptions = unit !== "words" ? letterTokenizer(unit) : {
    lowerCase: !settings["keep-case"],
    punctuation: settings["keep-punctuation"] ? "keep" : "drop",
  };
  return {
    ...form,
    ...own, // before fold, in core's order of keys, so that model files are identical
    ...(settings["no-fold"] ? {} : { fold: "typography" }),
    ...(settings["strip-html"] ? { html: "strip" } : {}),
    ...omitUndefined({ maxLength, truncate }),
  };
}

/** Plans a training run. */
export async function planLabels<M extends TextModel>(
  all: Examples,
  settings: RunSettings,
  known: M | undefined,
  { split, tokenizer, create, recommend: advise = recommend, refits }: LabelPlanner<M>,
): Promise<Plan<M>> {
  if (settings.threshold !== undefined && settings["multi-label"] === undefined) {
    throw new InputError("--threshold: needs --multi-label SEPARATOR");
  }
  requireNewNetworks(settings);
  for (const flag of ["crf", "no-crf"] as const) {
    if (!settings[flag] || settings.head === "token") continue;
    throw new InputError(`--${flag}: is for --head token, which labels each word`);
  }
  // Without --data it is the article's run, whose settings are core's defaults.
  const advice = settings.data === undefined
    ? { network: {}, training: {}, validation: 0 }
    : advise(all, tokenUnit(known?.tokenizer ?? tokenizerOf(settings, tokenizer)));
  const network = networkOf(sizedSettings(settings, advice.network), advice.network);
  let notes: Output | undefined;
  const plan = await makePlan(all, settings, {
    advice,
    split,
    refits,
    create: async (examples, _, seed = settings.seed) => {
      const { pretrained } = settings;
      const options: ModelOptions = pretrained
        ? { ...network, seed, pretrained }
        : { ...network, seed, tokenizer: tokenizerOf(settings, tokenizer) };
      const found = await vectorsFor(settings, examples, options);
      const model = create(examples, found?.options ?? options);
      notes = pretrained ? describeTaken(settings.from!, pretrained, model) : found?.notes;
      return model;
    },
  }, known);
  requireTimeSteps(settings, plan.model);
  notes = withEnsemble(settings, notes);
  return notes ? { ...plan, notes } : plan;
}

/**
 * Checks that --time-steps applies to the network.
 *
 * @throws {InputError} If all words of a text contribute to the prediction.
 */
function requireTimeSteps({ "time-steps": timeSteps }: RunSettings, { config }: AnyModel): void {
  const { head, bidirectional } = config;
  if (timeSteps === undefined || head === "last" && !bidirectional) return;
  throw new InputError(
    `--time-steps: is for --head last --bidirectional no, got --head ${head} --bidirectional ` +
      `${bidirectional ? "yes" : "no"}; ` +
      (head === "token" ? "cut long texts into sentences" : "cut long texts with --max-length N"),
  );
}

/** Describes what a model has taken over from a language model. */
function describeTaken(
  path: string,
  { config: { cell, layers, hidden } }: AnyModel,
  model: TextModel,
): Output {
  const network = `${layers} × ${cell}, hidden size ${hidden}`;
  return {
    lines: [`Takes over ${printable(path)}: ${network}, ${vocabularyOf(model)}, its own included.`],
    records: [{ type: "pretrained", file: path, cell, layers, hidden }],
  };
}

function networkOf(settings: RunSettings, advice: ModelOptions): ModelOptions {
  if (settings.pretrained) return takenNetworkOf(settings, advice);
  const { cell, activation, hidden, layers, bidirectional, dropout, embedding, head, init } =
    settings;
  const { letters } = settings;
  const given = omitUndefined({
    cell,
    activation,
    hidden,
    layers,
    bidirectional: bidirectional && bidirectional === "yes",
    dropout,
    recurrentDropout: settings["recurrent-dropout"],
    embedding: embedding ?? (hidden && advice.embedding && hidden),
    head,
    letters: letters ?? (embedding === 0 && advice.letters ? 0 : undefined),
    init,
    frozen: settings.frozen || undefined,
    minCount: settings["min-count"],
  });
  const network = { ...advice, ...given };
  if (settings.vectors && settings["min-count"] === undefined) delete network.minCount; // rare words have vectors
  return network as ModelOptions;
}

/** Returns the options that may still be chosen for a network that is taken over. */
function takenNetworkOf(
  { head, dropout, frozen, "min-count": minCount, "recurrent-dropout": recurrentDropout }:
    RunSettings,
  advice: ModelOptions,
): ModelOptions {
  const given = { head, dropout: dropout ?? advice.dropout, frozen: frozen || undefined, minCount };
  return omitUndefined({ ...given, recurrentDropout }) as ModelOptions;
}

/** Returns the table of a training run. */
export function labelTable(model: LabelModel, sets: Sets): Table {
  return {
    start: `Training ${nameOf(model)} on ${countsOf("sentences", sets)}: ` +
      `${vocabularyOf(model)}${model.config.letters ? " and their letters" : ""}, ` +
      `${model.labels.length} labels.`,
    record: { words: model.vocabulary.length - 1, labels: model.labels },
    unit: "sentences",
    columns: ["loss", "accuracy"],
    cells: ({ loss, accuracy }) => [figure(loss, 4), percent(accuracy)],
  };
}

/** Returns a command that predicts a text with a trained model. */
export function predictHint(path: string, _: AnyModel, { text }: Example): string {
  const question = /^[\p{L}\p{N} ]{1,60}$/u.test(text) ? text : "your text"; // safe in a shell
  return `deno task predict --model ${shellWord(path)} "${question}"`;
}

/** Summarizes a model, without its network. */
export function labelSummary({ tokenizer, vocabulary, labels }: TextModel) {
  return { tokenizer, words: vocabulary.length - 1, labels };
}

/**
 * Returns the options of an untrained model of the same size with another cell, and the words of
 * its vocabulary.
 */
export function untrainedOptions({ config, tokenizer, vocabulary }: LabelModel, cell: CellName) {
  // Characters cannot be joined into a text, which would lose spaces at its ends: use numbers.
  const isOfWords = tokenUnit(tokenizer) === "words";
  const options = {
    ...config,
    cell,
    activation: cellOf(cell).activations[0],
    bidirectional: false,
    init: "scaled",
    tokenizer: { ...tokenizer, split: "spaces" }, // the words are already split
  } as const;
  return { options, words: vocabulary.slice(1).map((word, i) => isOfWords ? word : `${i}`) };
}

/**
 * Returns an error for a text without any word that the model knows, from its prediction.
 *
 * @param known Describes the words that the model knows.
 */
export function lackOf(
  { text, words, unknownWords }: Pick<Prediction, "text" | "words" | "unknownWords">,
  { tokenizer }: Pick<TextModel, "tokenizer">,
  known: () => string = () => "",
): string | undefined {
  if (unknownWords.length < words) return undefined;
  const unit = tokenUnit(tokenizer);
  if (words === 0) return `${quote(text)} has no ${unit}; give a text with ${unit}`;
  return `${quote(text)} has no ${unit.slice(0, -1)} that the model knows${known()}; use ${unit} ` +
    "of the training texts, or train on more texts";
}
