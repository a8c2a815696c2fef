/**
 * What a task is to the command line: all that differs between classifying texts, tagging words,
 * continuing a text and translating one. `tasks.ts` is the table of them; no other file asks which
 * task it has before it.
 *
 * @module
 */
import type {
  AnyModel,
  Backend,
  CellName,
  Example,
  GenerateOptions,
  Model,
  Predictor,
  Reading,
  Recommendation,
  Sequence,
  WarningOptions,
} from "@unroll/core";
import type { DataBatch, TextPiece } from "../files/read_data.ts";
import type { ReadingSink } from "../files/say_reading.ts";
import type { ColumnSettings, RunFlag, RunSettings, TableSettings } from "../flags/run_flags.ts";
import type { ReportParts } from "../output/report_data.ts";
import type { Output, SetName, Sets, Table } from "../output/train_report.ts";
import type { Examples, Plan } from "./plan.ts";

/** What the help of the train command says of a task. */
export interface TaskHelp {
  /** Calls to learn from. */
  examples: readonly string[];
  /** Calls that are shown after those of all tasks. */
  lastExamples?: readonly string[];
  /** The amount of data that defaults are shown for. */
  about: string;
  /** Amounts of data to show defaults for, the usual one first. */
  sets: readonly (readonly Example[])[];
  /** What else to know. */
  note?(): string;
  /** What the train command would choose for some examples, and a model of such a network. */
  advise(examples: Sequence<Example>): Advice;
}

/** A recommendation, and a model of its network. */
export interface Advice extends Omit<Recommendation, "network"> {
  /** The network. */
  network: Pick<Recommendation["network"], "embedding" | "init">;
  /** A model of it. */
  model: Model;
}

/** The flags of the predict command, save those that choose a model and a backend. */
export interface PredictSettings {
  /** The path of the model. */
  model: string;
  /** The beam width. */
  beam?: number;
  /** Whether to show attention weights. */
  attention: boolean;
  /** Whether to print JSON. */
  json: boolean;
  /** Whether a file gets a column for each label. */
  probabilities: boolean;
}

/** What stands in the columns of an answer, or why there is none. */
export type Answer = { values: readonly unknown[] } | { problem: string };

/** The columns that predictions add to a table. */
export interface AnswerColumns {
  /** Their names. */
  names: readonly string[];
  /** Texts to answer at once, so that it takes no seconds: between them a signal is heard. */
  batch: number;
  /** What stands in them, for each text. */
  answer(texts: readonly string[]): Promise<Answer[]>;
}

/** What an error says before a text: its line, where texts are lines; otherwise nothing. */
export type PlaceOf = (i: number) => string;

/** How predictions are printed. */
export interface Prediction<M extends AnyModel> {
  /** The flags of the predict command that are for some tasks only, this among them. */
  flags?: readonly string[];
  /** What those flags are for, to say so of another task. */
  models?: string;
  /** Throws where a model cannot do what is asked. */
  check?(model: M, settings: PredictSettings): void;
  /** What prints the predictions for some texts, and gives whether each text has one. */
  printer(
    predictor: Predictor<M>,
    settings: PredictSettings,
  ): (texts: readonly string[], placeOf: PlaceOf) => Promise<boolean>;
  /** What the column of the texts is called as a rule. Default: `"text"`. */
  textColumn?: string;
  /** What predictions add to a table. */
  columns(predictor: Predictor<M>, settings: PredictSettings): AnswerColumns;
}

/** A task, as the command line sees it. */
export interface Task<M extends Model = Model> {
  /** What `--task` calls it. */
  readonly name: string;
  /** Whether these settings ask for it, where several tasks have one name. */
  isAsked?(settings: Pick<RunSettings, "head" | "multi-label">): boolean;
  /** What its models have as their `task`. */
  readonly models: M["task"];
  /** Whether such a model is of it, where several tasks share a kind of model. */
  accepts?(model: M): boolean;
  /** What to do with its models, for errors about the wrong one. */
  readonly usage: string;
  /** The flags of a run that are for some tasks only, this among them. */
  readonly flags: readonly RunFlag[];
  /** What the help says of it. */
  readonly help: TaskHelp;
  /** The examples to learn and to test with where none are given. */
  readonly builtIn?: { train: Example[]; test: Example[] };
  /** Whether any file can be read, as one text, and not tables alone. */
  readonly readsAnyText?: boolean;
  /** The examples in a file, a batch at a time. */
  read(
    path: string,
    settings: ColumnSettings & Partial<TableSettings> & ReadingSink,
  ): AsyncIterable<DataBatch | TextPiece>;
  /** What the columns of texts and labels are called, and what labels are, for warnings. */
  about(columns: ColumnSettings): WarningOptions;
  /** How a model reads texts: one that is known, or one made with some settings. */
  reading(settings: RunSettings, known?: M): Reading;
  /** The model, its examples and its training. */
  plan(all: Examples, settings: RunSettings, known?: M): Promise<Plan<M>>;
  /** The values of those of its own flags that a model settles. */
  settles?(model: M): Partial<Record<RunFlag, string>>;
  /** What the table of a training shows. */
  table(model: M, sets: Sets): Table;
  /** Something to show while it trains. */
  sample?(backend: Backend, model: M, epoch: number): Promise<Output>;
  /**
   * What the model makes of some examples, and how good it is.
   *
   * @param on Which these are: they are reviewed unless it is undefined.
   */
  results(
    backend: Backend,
    model: M,
    measured: Sequence<Example>,
    on: SetName | undefined,
  ): Promise<Output>;
  /** The parts of a training's page that are its own. */
  report(backend: Backend, model: M, measured: Sequence<Example>): Promise<ReportParts>;
  /** What to call next. */
  hint(path: string, model: M, example: Example): string;
  /** What the evaluate command prints. */
  evaluate(backend: Backend, model: M, examples: Sequence<Example>): Promise<Output>;
  /** What the predict command prints; none where models give no predictions. */
  readonly predict?: Prediction<M>;
  /** What the generate command prints, chunk by chunk; none where models generate no text. */
  generate?(backend: Backend, model: M, options: GenerateOptions): AsyncIterable<string>;
  /** What a model is made of besides its network and weights. */
  summary(model: M): Record<string, unknown>;
  /** An untrained model of the same size with another cell, to compare gradients with. */
  untrained?(model: M, cell: CellName): M;
}

/** A task of models that are not known in advance. */
// deno-lint-ignore no-explicit-any
export type AnyTask = Task<any>;
