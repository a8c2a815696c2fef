/**
 * What a task is on the page: all that differs between classifying texts, tagging words, writing
 * texts and translating them. `tasks.ts` is the table of them; everything else asks it.
 *
 * The page and its worker share the table. The worker alone has core's program, which it gives to
 * what needs it, so that the page's own program stays small.
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

/** What tasks need of core. */
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

/** What of core recommends settings: what reads the visitor's own data has it. */
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

/** How the columns of the picture show predictions; `views/predictions.ts` draws each kind. */
export type PredictionKind = "label" | "tag" | "candidates" | "translation";

/** The text in the picture. */
export interface LookedAt {
  text: string;
  /** Its words, as the network reads them. */
  words: readonly string[];
  /** Whether there is time for more than one pass. */
  isCareful: boolean;
  /** How many words are shown at most. */
  maxWords: number;
}

/** What a prediction adds to the row of its text. */
export interface RowAnswer {
  /** One for each column; none where no word of the text is known. */
  values?: readonly (string | number)[];
  /** How the answer is counted; none where answers differ too much. */
  label?: string;
  /** The words that the model does not know. */
  unknown: readonly string[];
}

/** What predictions add to a table of texts. */
export interface AnswerColumns<P> {
  readonly names: readonly string[];
  of(prediction: P): RowAnswer;
}

/** What the comparison of gradients over a long text is made from. */
export interface ReachData {
  /** Examples to make untrained classifiers from. */
  examples: Example[];
  /** How they become words. */
  tokenizer: TokenizerOptions;
  /** The long text, with one label. */
  long: Example;
  /** The same for the network itself, where it can take part. */
  own?: Example;
}

/** A task. */
export interface PageTask<M extends Model> {
  /** What settings have as their `task`. */
  readonly name: string;
  /** The value of the command line's `--task`; none where that is its default. */
  readonly flag?: string;
  /** What its built-in data stands under. */
  readonly group: string;
  /** What it is called where data of the visitor's own is read; none where the data shows it. */
  readonly choice?: string;
  /** What its data holds. */
  readonly data: DataKind;
  /** The columns of its data. */
  readonly columns: readonly [text: string, label: string];
  /** The settings that it has besides those of every task. */
  readonly fields: readonly FieldName[];
  /** Whether its models write texts, symbol by symbol. */
  readonly isWriting: boolean;
  /** Whether each word has a label of its own. */
  readonly isPerWord: boolean;
  /** Whether the visitor may say which label a text has. */
  readonly hasChosenLabel: boolean;
  /** How its predictions are drawn. */
  readonly prediction: PredictionKind;
  /** What the network is asked, with its labels. */
  question(labels: readonly string[]): string;
  /** What stands below the picture. */
  readonly lede: string;
  /** What is missing where there is no gradient. */
  readonly noGradient: string;

  /** Whether networks with a head are of it, where others are of another task. */
  suits?(head: Settings["head"]): boolean;
  /** How its models read texts whose HTML is left out. */
  readonly stripping: Pick<Reading, "tokenizer" | "html">;
  /** What a text is cut into. */
  unit(settings: Settings): SymbolUnit;
  /** The flags that turn off what the command line does with own data, and the page does not. */
  flagsOfOwn?(settings: Settings, isNew: boolean): readonly string[];
  /** What a network of it is, in numbers. */
  facts(ready: Ready): string;
  /** The equations from the states to the probabilities. */
  equations(look: Look): string[];

  /** What its models have as their `task`. */
  readonly models: M["task"];
  /** Whether such a model is of it, by the labels that it writes for. Default: each is. */
  accepts?(written: readonly string[]): boolean;
  /** The settings that a model of it has of its own. */
  settingsOf(model: M): Partial<Settings>;
  /** The labels of which one may be chosen for a text. */
  labels(model: M, written: readonly string[]): readonly string[];
  /** Whether a model knows the labels of an example. */
  knows(model: M, written: readonly string[], example: Example): boolean;
  /** The label that a text is read for, where its network writes for labels. */
  readFor(label: string | undefined, written: readonly string[]): string | undefined;
  /** The label that the gradient is for; none where it is not known. */
  target(label: string | undefined): string | undefined;
  /** Whether there is anything in a text that the network can read. */
  isReadable(core: Core, model: M, text: string): boolean;

  /**
   * The name of the task that data is for, which may be a special case of this one.
   *
   * @param hasTags Whether its format has a tag for each word.
   */
  settle(examples: readonly Example[], hasTags: boolean): string;
  /** The settings that suit data. */
  recommend(recommenders: Recommenders, examples: readonly Example[]): Recommendation<object>;
  /** Examples to learn, and a fraction set aside. */
  split(
    core: Core,
    examples: readonly Example[],
    fraction: number,
    settings: Settings,
  ): { train: Example[]; validation: Example[] };
  /** An untrained model, as the command line makes it. */
  create(core: Core, settings: Settings, examples: readonly Example[], hasSeveral: boolean): M;
  /** How well a model does. */
  evaluate(on: OnBackend<M>, examples: readonly Example[]): Promise<EvaluationReport["found"]>;
  /** What else the picture shows of a text. */
  details(on: OnBackend<M>, looked: LookedAt): Promise<Pick<Look, "translation" | "without">>;
  /** Whether core's linear baseline learns the same. */
  readonly hasBaseline: boolean;
  /** What predictions add to a table; none for what writes. */
  readonly answers?: AnswerColumns<PredictionOf<M>>;
  /** What the comparison of gradients is made from. */
  reach(core: Core, model: M, examples: readonly Example[], length: number): ReachData;
}

/** A task of models that are not known in advance. */
// deno-lint-ignore no-explicit-any
export type AnyPageTask = PageTask<any>;
