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

/** What the help of the train command says of a task. */
export interface TaskHelp<Given = Example> {
  /** Calls to learn from. */
  examples: readonly string[];
  /** Calls that are shown after those of all tasks. */
  lastExamples?: readonly string[];
  /** The amount of data that defaults are shown for. */
  about: string;
  /** Amounts of data to show defaults for, the usual one first. */
  sets: readonly (readonly Given[])[];
  /** Flags whose defaults are found in the data itself, and not by its amount. */
  found?: readonly RunFlag[];
  /** What else to know. */
  note?(): string;
  /** What the train command would choose for some examples, and a model of such a network. */
  advise(examples: Sequence<Given>): Advice;
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
  /** Why the model has answered as it has to some texts, where that is asked. */
  explain?(texts: readonly string[], answers: readonly unknown[]): Promise<Explanation[]>;
  /** How many steps to forecast. */
  horizon?: number;
}

/** The same where a file is given, and what says how it is read and written. */
export interface FileSettings extends PredictSettings, SeriesReadSettings {
  /** The file. */
  data: string;
  /** Where the answers go; without it, to standard output. */
  out?: string;
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

/** How a task's models are asked. */
export type Prediction<M extends AnyModel> = TextPrediction<M> | OwnPrediction<M>;

/** What all have that are asked. */
interface Asked<M extends AnyModel> {
  /** The flags of the predict command that are for some tasks only, this among them. */
  flags?: readonly string[];
  /** What those flags are for, to say so of another task. */
  models?: string;
  /** Throws where a model cannot do what is asked. */
  check?(model: M, settings: PredictSettings): void;
}

/** How models that are asked about something else than texts answer. */
export interface OwnPrediction<M extends AnyModel> extends Asked<M> {
  /** How to ask such a model, where it was asked about texts. */
  usage: string;
  /** Answers a file, and gives the exit status. */
  file(predictor: Predictor<M>, settings: FileSettings): Promise<number>;
  /** Answers each line as it comes, and gives the exit status. */
  stream?(
    predictor: Predictor<M>,
    lines: AsyncIterable<string[]>,
    settings: PredictSettings & Pick<SeriesReadSettings, "decimal" | "day-first">,
  ): Promise<number>;
}

/** How predictions for texts are printed. */
export interface TextPrediction<M extends AnyModel> extends Asked<M> {
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

/** A task, as the command line sees it: how it reads its files, and all that comes after. */
export type Task<M extends Model = Model, Given extends { where?: string } = Example> =
  & TaskOf<M, Given>
  & (TextSource<M> | OwnSource<M, Given>);

/** What a task is, however it reads its files. */
export interface TaskOf<M extends Model, Given> {
  /** What `--task` calls it. */
  readonly name: string;
  /** What it reads, where tasks of one name read different things. */
  readonly reads?: string;
  /** Whether these settings ask for it, where several tasks have one name. */
  isAsked?(settings: Partial<RunSettings>): boolean;
  /** What its models have as their `task`. */
  readonly models: M["task"];
  /** Whether such a model is of it, where several tasks share a kind of model. */
  accepts?(model: M): boolean;
  /** What to do with its models, for errors about the wrong one. */
  readonly usage: string;
  /** The flags of a run that are for some tasks only, this among them. */
  readonly flags: readonly RunFlag[];
  /** The flags that other tasks have in common, and it has not. */
  readonly without?: readonly RunFlag[];
  /** What the help says of it. */
  readonly help: TaskHelp<Given>;
  /** The examples to learn and to test with where none are given. */
  readonly builtIn?: { train: Given[]; test: Given[] };
  /** Whether its models can take over from a language model. */
  readonly takesOver?: boolean;
  /** Whether any file can be read, as one text, and not tables alone. */
  readonly readsAnyText?: boolean;
  /** The model, its examples and its training. */
  plan(all: SetOf<Given>, settings: RunSettings, known?: M): Promise<Plan<M, Given>>;
  /** The values of those of its own flags that a model settles. */
  settles?(model: M): Partial<Record<RunFlag, unknown>>;
  /** A model as the flags of a prediction or an evaluation change it; none where they do not. */
  adjusted?(model: M, settings: { threshold?: number }): M;
  /** What the table of a training shows. */
  table(model: M, sets: Sets<Given>): Table;
  /** Something to show while it trains. */
  sample?(backend: Backend, model: M, epoch: number): Promise<Output>;
  /**
   * What the model makes of some examples, and how good it is.
   *
   * @param on Which these are: they are reviewed unless it is undefined.
   * @param learned What the model has learned from.
   */
  results(
    backend: Backend,
    model: M,
    measured: Sequence<Given>,
    on: SetName | undefined,
    learned: Sequence<Given>,
  ): Promise<Output>;
  /** The parts of a training's page that are its own. */
  report(backend: Backend, model: M, measured: Sequence<Given>): Promise<ReportParts>;
  /** What to call next. */
  hint(path: string, model: M, example: Given): string;
  /** What the evaluate command prints. */
  evaluate(backend: Backend, model: M, examples: Sequence<Given>): Promise<Output>;
  /** What the predict command prints; none where models give no predictions. */
  readonly predict?: Prediction<M>;
  /** What the generate command prints, chunk by chunk; none where models generate no text. */
  generate?(backend: Backend, model: M, options: GenerateOptions): AsyncIterable<string>;
  /** How models answer requests; none where models give no predictions. */
  readonly serve: Serving<M> | undefined;
  /** What a model is made of besides its network and weights. */
  summary(model: M): Record<string, unknown>;
  /** An untrained model of the same size with another cell, to compare gradients with. */
  untrained?(model: M, cell: CellName): M;
}

/** A task of models that are not known in advance. */
// deno-lint-ignore no-explicit-any
export type AnyTask = Task<any, any>;
