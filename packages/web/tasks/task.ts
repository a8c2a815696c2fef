/**
 * The interface of a task on the page: everything that differs between classifying texts, tagging
 * words, generating texts and translating them. All other code looks it up in `tasks.ts`.
 *
 * Page and worker share that table. Only the worker loads core, and passes it to the members that
 * need it, so that the script of the page stays small.
 *
 * @module
 */
import type {
  Backend,
  DataKind,
  Example,
  Model,
  PredictionOf,
  Reading,
  Recommendation,
  SymbolUnit,
  TokenizerOptions,
} from "@unroll/core/texts";
import type { Look } from "../picture_protocol.ts";
import type { EvaluationReport, Ready } from "../run_protocol.ts";
import type { FieldName, Settings } from "../settings.ts";

/** The functions of core that tasks need. */
export type Core = Pick<
  typeof import("@unroll/core/texts"),
  | "createLanguageModel"
  | "createModel"
  | "createTranslationModel"
  | "evaluate"
  | "joinTokens"
  | "predict"
  | "splitDocuments"
  | "splitExamples"
  | "splitSymbols"
  | "tokenize"
  | "writtenLabels"
>;

/** The functions of core that recommend settings, in the script that reads the user's data. */
export type Recommenders = Pick<
  typeof import("@unroll/core/texts"),
  "recommend" | "recommendLanguageModel" | "recommendTranslation"
>;

/** A model on its backend. */
export interface OnBackend<M extends Model> {
  core: Core;
  backend: Backend;
  model: M;
}

/** The kinds of predictions in the columns of the picture; `views/predictions.ts` draws each. */
export type PredictionKind = "label" | "tag" | "candidates" | "translation";

/** The text in the picture. */
export interface LookedAt {
  text: string;
  /** Its words, as the network reads them. */
  words: readonly string[];
  /** Whether there is time for several passes. */
  isCareful: boolean;
  /** The maximum number of words to show. */
  maxWords: number;
}

/** A prediction in the row of its text. */
export interface RowAnswer {
  /** The value of each column; undefined if no word of the text is known. */
  values?: readonly (string | number)[];
  /** The label that the answer is counted under; undefined for answers that are not counted. */
  label?: string;
  /** The words that the model does not know. */
  unknown: readonly string[];
}

/** The columns that predictions add to a table of texts. */
export interface AnswerColumns<P> {
  readonly names: readonly string[];
  of(prediction: P): RowAnswer;
}

/** The data for comparing gradients over a long text. */
export interface ReachData {
  /** Examples to create untrained classifiers from. */
  examples: Example[];
  /** How the examples are split into words. */
  tokenizer: TokenizerOptions;
  /** The long text, with one label. */
  long: Example;
  /** The long text for the network itself, if it can be compared. */
  own?: Example;
}

/** A task on the page. */
export interface PageTask<M extends Model> {
  /** Its name: the `task` of settings. */
  readonly name: string;
  /** The value of the command line's `--task`; undefined if it is the default task. */
  readonly flag?: string;
  /** The heading of its built-in data sets. */
  readonly group: string;
  /** Its name in the form for the user's data; undefined if it is detected from the data. */
  readonly choice?: string;
  /** The kind of its data. */
  readonly data: DataKind;
  /** The columns of its data. */
  readonly columns: readonly [text: string, label: string];
  /** Its settings besides those of every task. */
  readonly fields: readonly FieldName[];
  /** Whether its models generate texts, symbol by symbol. */
  readonly isWriting: boolean;
  /** Whether each word has its own label. */
  readonly isPerWord: boolean;
  /** Whether the user can choose the true label of a text. */
  readonly hasChosenLabel: boolean;
  /** How its predictions are drawn. */
  readonly prediction: PredictionKind;
  /** Returns the question that the network answers, with its labels. */
  question(labels: readonly string[]): string;
  /** The text below the picture. */
  readonly lede: string;
  /** What is missing for a gradient, if there is none. */
  readonly noGradient: string;

  /** Whether networks with a head belong to this task; undefined if the head does not matter. */
  suits?(head: Settings["head"]): boolean;
  /** How its models read texts when HTML is stripped. */
  readonly stripping: Pick<Reading, "tokenizer" | "html">;
  /** Returns the unit that a text is split into. */
  unit(settings: Settings): SymbolUnit;
  /** Returns flags that turn off what only the command line does with the user's data. */
  flagsOfOwn?(settings: Settings, isNew: boolean): readonly string[];
  /** Describes the size of a network. */
  facts(ready: Ready): string;
  /** Returns the equations from the states to the probabilities. */
  equations(look: Look): string[];

  /** The `task` of its models. */
  readonly models: M["task"];
  /** Whether such a model belongs to this task, given the labels it writes for. Default: always. */
  accepts?(written: readonly string[]): boolean;
  /** Returns the settings that are stored in a model. */
  settingsOf(model: M): Partial<Settings>;
  /** Returns the labels that can be chosen for a text. */
  labels(model: M, written: readonly string[]): readonly string[];
  /** Returns whether a model knows the labels of an example. */
  knows(model: M, written: readonly string[], example: Example): boolean;
  /** Returns the label that a text starts with, for a network that writes for labels. */
  readFor(label: string | undefined, written: readonly string[]): string | undefined;
  /** Returns the target label of the gradient; undefined if it is not known. */
  target(label: string | undefined): string | undefined;
  /** Returns whether the network can read anything in a text. */
  isReadable(core: Core, model: M, text: string): boolean;

  /**
   * Returns the name of the task that suits the data, which may differ from this one.
   *
   * @param hasTags Whether the data's format has a tag for each word.
   */
  settle(examples: readonly Example[], hasTags: boolean): string;
  /** Recommends settings for the data. */
  recommend(recommenders: Recommenders, examples: readonly Example[]): Recommendation<object>;
  /** Splits examples for training and validation. */
  split(
    core: Core,
    examples: readonly Example[],
    fraction: number,
    settings: Settings,
  ): { train: Example[]; validation: Example[] };
  /** Creates an untrained model, like the command line. */
  create(core: Core, settings: Settings, examples: readonly Example[], hasSeveral: boolean): M;
  /** Evaluates a model on examples. */
  evaluate(on: OnBackend<M>, examples: readonly Example[]): Promise<EvaluationReport["found"]>;
  /** Computes further details of a text for the picture. */
  details(on: OnBackend<M>, looked: LookedAt): Promise<Pick<Look, "translation" | "without">>;
  /** Whether core has a linear baseline for this task. */
  readonly hasBaseline: boolean;
  /** The columns that predictions add to a table; undefined if its models generate texts. */
  readonly answers?: AnswerColumns<PredictionOf<M>>;
  /** Returns the data for comparing gradients. */
  reach(core: Core, model: M, examples: readonly Example[], length: number): ReachData;
}

/** A task whose type of model is not known. */
// deno-lint-ignore no-explicit-any
export type AnyPageTask = PageTask<any>;
