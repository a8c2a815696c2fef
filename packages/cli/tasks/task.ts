/**
 * The interface of a task on the command line: everything that differs between, for example,
 * classifying texts, tagging words and translating. `tasks.ts` is the table of tasks; no other file
 * checks which task it handles.
 *
 * @module
 */
import type {
  AnyModel,
  Backend,
  CellName,
  Example,
  Explanation,
  GenerateOptions,
  Model,
  Predictor,
  Recommendation,
  Sequence,
} from "@unroll/core";
import type { SeriesReadSettings } from "../files/read_series.ts";
import type { RunFlag, RunSettings } from "../flags/run_flags.ts";
import type { ReportParts } from "../output/report_data.ts";
import type { Output, SetName, Sets, Table } from "../output/train_report.ts";
import type { OwnSource, TextSource } from "./opening.ts";
import type { Plan, SetOf } from "./plan.ts";
import type { Serving } from "./serving.ts";

/** A task's part of the help of the train command. */
export interface TaskHelp<Given = Example> {
  /** Example calls. */
  examples: readonly string[];
  /** Example calls that are shown after those of all tasks. */
  lastExamples?: readonly string[];
  /** The amount of data that defaults are shown for. */
  about: string;
  /** Returns amounts of data to show defaults for, the usual one first. */
  sets(): readonly (readonly Given[])[];
  /** Flags whose defaults depend on the data's content rather than its amount. */
  found?: readonly RunFlag[];
  /** Returns a further note. */
  note?(): string;
  /** Returns the settings that the train command would choose for examples, and such a model. */
  advise(examples: Sequence<Given>): Advice;
}

/** A recommendation, and a model with the recommended network. */
export interface Advice extends Omit<Recommendation, "network"> {
  /** The network. */
  network: Pick<Recommendation["network"], "embedding" | "init">;
  /** A model with this network. */
  model: Model;
}

/** The flags of the predict command, except those of the backend. */
export interface PredictSettings {
  /** Path of the model. */
  model: string;
  /** Beam width. */
  beam?: number;
  /** Whether to show attention weights. */
  attention: boolean;
  /** Whether to print JSON. */
  json: boolean;
  /** Whether to add a column for each label's probability. */
  probabilities: boolean;
  /** Explains the predictions for texts; undefined unless --why is given. */
  explain?(texts: readonly string[], answers: readonly unknown[]): Promise<Explanation[]>;
  /** Forecast horizon, in steps. */
  horizon?: number;
}

/** The flags of the predict command with a file, including how it is read and written. */
export interface FileSettings extends PredictSettings, SeriesReadSettings {
  /** Path of the file. */
  data: string;
  /** Path of the file to write; undefined for standard output. */
  out?: string;
}

/** The values of the columns of a prediction, or why there is none. */
export type Answer = { values: readonly unknown[] } | { problem: string };

/** The columns that predictions add to a table. */
export interface AnswerColumns {
  /** The names of the columns. */
  names: readonly string[];
  /** Batch size in texts, small enough not to take seconds: signals are handled between batches. */
  batch: number;
  /** Returns the values of the columns for each text. */
  answer(texts: readonly string[]): Promise<Answer[]>;
}

/** Returns the start of an error about a text: its line, if texts are lines; otherwise "". */
export type PlaceOf = (i: number) => string;

/** How a task's models predict. */
export type Prediction<M extends AnyModel> = TextPrediction<M> | OwnPrediction<M>;

/** Members of both kinds of prediction. */
interface Asked<M extends AnyModel> {
  /** The flags of the predict command that only some tasks have, including this one. */
  flags?: readonly string[];
  /** The models that those flags are for, for errors about other models. */
  models?: string;
  /**
   * Checks that a model supports the settings.
   *
   * @throws {InputError} If it does not.
   */
  check?(model: M, settings: PredictSettings): void;
}

/** Predictions of models whose inputs are not texts. */
export interface OwnPrediction<M extends AnyModel> extends Asked<M> {
  /** How to use such a model, for errors about texts. */
  usage: string;
  /** Predicts for a file, and returns the exit status. */
  file(predictor: Predictor<M>, settings: FileSettings): Promise<number>;
  /** Predicts after each line as it arrives, and returns the exit status. */
  stream?(
    predictor: Predictor<M>,
    lines: AsyncIterable<string[]>,
    settings: PredictSettings & Pick<SeriesReadSettings, "decimal" | "day-first">,
  ): Promise<number>;
}

/** Predictions for texts. */
export interface TextPrediction<M extends AnyModel> extends Asked<M> {
  /** Returns a function that prints predictions for texts; it returns whether each text has one. */
  printer(
    predictor: Predictor<M>,
    settings: PredictSettings,
  ): (texts: readonly string[], placeOf: PlaceOf) => Promise<boolean>;
  /** The usual name of the text column. Default: `"text"`. */
  textColumn?: string;
  /** Returns the columns that predictions add to a table. */
  columns(predictor: Predictor<M>, settings: PredictSettings): AnswerColumns;
}

/** A task on the command line: how it reads its files, and everything after that. */
export type Task<M extends Model = Model, Given extends { where?: string } = Example> =
  & TaskOf<M, Given>
  & (TextSource<M> | OwnSource<M, Given>);

/** The members of a task, however it reads its files. */
export interface TaskOf<M extends Model, Given> {
  /** The name for `--task`. */
  readonly name: string;
  /** The input, if tasks of the same name read different inputs. */
  readonly reads?: string;
  /** Returns whether the settings select this task, if several tasks have the same name. */
  isAsked?(settings: Partial<RunSettings>): boolean;
  /** The `task` of its models. */
  readonly models: M["task"];
  /** Returns whether a model belongs to this task, if several tasks share a kind of model. */
  accepts?(model: M): boolean;
  /** How to use its models, for errors about the wrong command. */
  readonly usage: string;
  /** The flags of a run that only some tasks have, including this one. */
  readonly flags: readonly RunFlag[];
  /** Flags common to the other tasks that this task lacks. */
  readonly without?: readonly RunFlag[];
  /** Its part of the help. */
  readonly help: TaskHelp<Given>;
  /** Training and test examples that are used if no files are given. */
  readonly builtIn?: { train: Given[]; test: Given[] };
  /** Whether its models can take over from a language model. */
  readonly takesOver?: boolean;
  /** Whether it reads any file as one text, not only tables. */
  readonly readsAnyText?: boolean;
  /** Plans a run: the model, its examples and its training. */
  plan(all: SetOf<Given>, settings: RunSettings, known?: M): Promise<Plan<M, Given>>;
  /** Returns the values of this task's flags that an existing model determines. */
  settles?(model: M): Partial<Record<RunFlag, unknown>>;
  /** Returns a model changed by flags of predict or evaluate; undefined if none of them apply. */
  adjusted?(model: M, settings: { threshold?: number }): M;
  /** Returns the table of a training run. */
  table(model: M, sets: Sets<Given>): Table;
  /** Returns a sample to print during training. */
  sample?(backend: Backend, model: M, epoch: number): Promise<Output>;
  /**
   * Returns predictions for examples, and the evaluation.
   *
   * @param on The set that the examples are; undefined for no evaluation.
   * @param learned The training examples.
   */
  results(
    backend: Backend,
    model: M,
    measured: Sequence<Given>,
    on: SetName | undefined,
    learned: Sequence<Given>,
  ): Promise<Output>;
  /** Returns the task's parts of the HTML report. */
  report(backend: Backend, model: M, measured: Sequence<Given>): Promise<ReportParts>;
  /** Returns a command to run next. */
  hint(path: string, model: M, example: Given): string;
  /** Returns the output of the evaluate command. */
  evaluate(backend: Backend, model: M, examples: Sequence<Given>): Promise<Output>;
  /** The predict command; undefined for models without predictions. */
  readonly predict?: Prediction<M>;
  /** Generates text in chunks; undefined for models that do not generate text. */
  generate?(backend: Backend, model: M, options: GenerateOptions): AsyncIterable<string>;
  /** The HTTP service; undefined for models without predictions. */
  readonly serve: Serving<M> | undefined;
  /** Summarizes a model, without its network and weights. */
  summary(model: M): Record<string, unknown>;
  /** Creates an untrained model of the same size with another cell, to compare gradients. */
  untrained?(model: M, cell: CellName): M;
}

/** A task whose model type is not known in advance. */
// deno-lint-ignore no-explicit-any
export type AnyTask = Task<any, any>;
