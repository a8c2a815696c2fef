/**
 * A training run from its first step to its files: if anything fails, the model is saved first.
 *
 * @module
 */
import {
  type Backend,
  type Checkpoint,
  DeviceError,
  DivergedError,
  type Example,
  firstItems,
  isDataset,
  type Model,
  type Sequence,
  stalledAdvice,
  type TrainEvent,
  type TrainOptions,
} from "@unroll/core";
import { FileError, isSystemError, printing, systemMessage } from "../files/file_errors.ts";
import { resolvePath } from "../files/paths.ts";
import { rescueModel, saveFile, saveModel, type SaveOptions } from "../files/saving.ts";
import { type Early, finish, measureBeforeRefit } from "./before_refit.ts";
import { breathe } from "./reading.ts";
import type { Signals } from "./signals.ts";
import { type Plan, type Review, startTraining } from "../tasks/plan.ts";
import type { AnyTask } from "../tasks/task.ts";
import type { FigureTable, ReportParts } from "../output/report_data.ts";
import { reportPage } from "../output/report_page.ts";
import { OutputError, warn } from "../output/terminal.ts";
import type { Output, Report, SetName, Sets } from "../output/train_report.ts";

/** The inputs and outputs of a training run. */
export interface TrainingRun {
  /** The backend. */
  backend: Backend;
  /** The task. */
  task: AnyTask;
  /** The model. */
  model: Model;
  /** The examples. */
  sets: Sets;
  /** Whether the network is untrained. */
  isFresh: boolean;
  /** The training options. */
  options: TrainOptions;
  /** The networks to train, if the model is an ensemble. */
  ensemble?: Plan["ensemble"];
  /** Finishes the trained model once it is saved; then it is saved again. */
  finish?: Plan["finish"];
  /** Fits parts of the model to the validation examples too, once these are no longer needed. */
  complete?: Plan["complete"];
  /** Further evaluation, once the model is saved. */
  review?: Review;
  /** Prints the run. */
  report: Report;
  /** Signals that end the run. */
  signals: Signals;
  /** Path of the model file to write. */
  out: string;
  /** How to write the model file. */
  outOptions: SaveOptions;
  /** Path of the HTML report to write, if any. */
  page?: string;
  /** Path of the data; undefined for the built-in examples. */
  data?: string;
  /** Folder for checkpoints, if any. */
  folder?: string;
  /** Writes a checkpoint to the folder. */
  saveCheckpoint(checkpoint: Checkpoint<Model>): Promise<void>;
}

/**
 * Trains, saves and reports.
 *
 * Any failure ends the training: the model gets the weights of that step if they are available, and
 * is saved before anything else.
 *
 * @returns The exit status.
 * @throws The first failure, once the model is saved.
 */
export async function runTraining(run: TrainingRun): Promise<number> {
  const { backend, task, model, sets, report, signals, out, page } = run;
  const failures: unknown[] = [];
  const attempted = async (fn: () => unknown) => {
    try {
      await fn();
    } catch (error) {
      failures.push(error);
    }
  };

  if (await isStopped(signals)) return signals.status();
  const stop = new AbortController();
  const training = startTraining(backend, {
    ...{ model, examples: sets.examples, ensemble: run.ensemble },
    training: {
      ...run.options,
      test: sets.test,
      signal: AbortSignal.any([signals.signal, stop.signal]),
    },
  });
  const untrained = model.weights;
  const events: TrainEvent[] = [];
  await attempted(() => printing(() => report.start(model)));
  if (failures.length === 0 && await isStopped(signals)) return signals.status();
  const early: Early = {};
  const beforeRefit = () => measureBeforeRefit(run, early);
  if (failures.length === 0) await follow(run, training, stop, events, attempted, beforeRefit);
  const isCut = failures.length > 0;
  if (!isCut && signals.status() === 0) await attempted(() => warnIfStalled(run, events));
  const isTrained = model.weights !== untrained;
  // Weights that no step has changed must not replace a file.
  if (!isTrained && (signals.status() !== 0 || failures.length > 0)) {
    if (failures.length === 0) return signals.status();
    if (!isOfTraining(failures[0]) || await isThere(out)) throw withNote(failures, "");
  }
  let place = await saveSomewhere(run, failures);
  const isFinal = early.isFinished || !run.finish;
  if (!isFinal && !isCut && failures.length === 0 && signals.status() === 0) {
    await attempted(() => finish(run));
    if (failures.length === 0) place = await saveSomewhere(run, failures);
  }
  const complete = async () => {
    if (!run.complete || isCut || failures.length > 0 || signals.status() !== 0) return;
    await attempted(() => run.complete!(backend));
    if (failures.length === 0) place = await saveSomewhere(run, failures);
  };
  if (sets.test.length > 0) await complete();
  signals.release();
  if (!isCut) {
    const { test, validation, examples } = sets;
    const ordered: [SetName, Sequence<Example>][] = [
      ["test", test],
      ["validation", validation],
      ["training", examples],
    ];
    const [on, whole] = ordered.find(([, set]) => set.length > 0)!;
    const measured = signals.status() === 0 ? whole : beginningOf(whole);
    if (!early.isMeasured) {
      await attempted(async () => {
        if (measured !== whole) {
          warn("Interrupted: only the first examples are evaluated.");
        }
        const output = await task.results(
          backend,
          model,
          measured,
          run.data === undefined ? undefined : on,
          sets.examples,
        );
        printing(() => report.print(output));
      });
    }
    const tables: FigureTable[] = [];
    await attempted(async () => {
      if (signals.status() === 0) tables.push(...await reviewed(run));
    });
    if (page !== undefined) {
      await attempted(() => savePage(run, page, events, measured, tables, early.parts));
    }
    if (sets.test.length === 0) await complete();
    if (failures.length === 0) {
      await attempted(() =>
        printing(() => report.saved(out, task.hint(out, model, measured.at(0)!), page))
      );
    }
  }
  if (failures.length === 0) return signals.status();
  throw withNote(
    failures,
    place === undefined
      ? "the model could not be saved anywhere"
      : `the ${isCut ? "last good weights are" : "model is"} in ${place}`,
  );
}

/** Warns if an untrained network has learned almost nothing. */
function warnIfStalled({ isFresh, report }: TrainingRun, events: readonly TrainEvent[]): void {
  const epochs = events.filter((event) => event.type === "epoch");
  const rate = Math.max(...epochs.map(({ learningRate }) => learningRate));
  const message = isFresh && stalledAdvice(epochs.map(({ train }) => train.loss), rate);
  if (!message) return;
  warn(`warning: ${message}`);
  printing(() =>
    report.print({ lines: [], records: [{ type: "warning", kind: "stalled", message }] })
  );
}

/** Returns whether a signal arrived while the examples were prepared; prints a message if so. */
async function isStopped(signals: Signals): Promise<boolean> {
  await breathe();
  if (signals.status() === 0) return false;
  warn("Stopped while preparing the examples; nothing was written");
  return true;
}

const FEW = 1000, SHORT = 20_000; // examples, and tokens of a text, that are evaluated in a moment

/** Returns the first examples, which are evaluated while a user waits for the end. */
function beginningOf(set: Sequence<Example>): Sequence<Example> {
  if (set.length > FEW) return firstItems(set, FEW);
  const isLong = isDataset(set) && set.length === 1 && set.texts.lengthAt(0) > SHORT;
  return isLong ? set.cut(0, SHORT) : set;
}

/** Prints the results of the further evaluation as they arrive, and returns its tables. */
async function reviewed({ review, backend, report }: TrainingRun): Promise<FigureTable[]> {
  if (review === undefined) return [];
  const outputs = review(backend);
  for (;;) {
    const { done, value } = await outputs.next();
    if (done) return value;
    printing(() => report.print(value));
    await breathe();
  }
}

/** Handles the events of the training until its end or the first failure. */
async function follow(
  { backend, task, model, options, report, saveCheckpoint }: TrainingRun,
  training: AsyncIterable<TrainEvent<Model>>,
  stop: AbortController,
  events: TrainEvent[],
  attempted: (fn: () => unknown) => Promise<void>,
  beforeRefit: () => Promise<void>,
): Promise<void> {
  const { epochs = 1000 } = options;
  const sample = sampler(task, backend, model, (output) => printing(() => report.print(output)));
  let hasFailed = false, isCheckpointed = true;
  /** After a failure the training makes no further step, but still emits its current weights. */
  const guarded = async (fn: () => unknown) => {
    let isDone = false;
    await attempted(async () => {
      await fn();
      isDone = true;
    });
    if (!isDone) stop.abort();
    hasFailed ||= !isDone;
    return isDone;
  };
  await attempted(async () => {
    for await (const event of training) {
      if (event.type === "checkpoint") {
        // A run without a step has nothing to resume.
        if (!isCheckpointed || event.checkpoint.progress.steps === 0) continue;
        isCheckpointed = await guarded(() => saveCheckpoint(event.checkpoint));
        continue;
      }
      if (hasFailed) continue;
      if (event.type === "refit" && !event.isPart) await guarded(beforeRefit);
      let isShown = false;
      await guarded(() => isShown = Boolean(printing(() => report.event(event))));
      if (event.type !== "progress") events.push(event);
      else await breathe();
      if (!hasFailed && (event.type === "epoch" || event.type === "progress")) {
        await guarded(() => sample(event.epoch, isShown && event.epoch < epochs));
      }
    }
  });
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(resolvePath(path)).then(() => true, () => false);
}

/** Saves the model to its path or, if that fails, anywhere possible; returns the path. */
async function saveSomewhere(
  { out, outOptions, model, folder }: TrainingRun,
  failures: unknown[],
): Promise<string | undefined> {
  try {
    await saveModel(out, model, outOptions);
    return out;
  } catch (error) {
    failures.push(error);
    return await rescueModel(out, model, folder).catch(() => undefined);
  }
}

async function savePage(
  { task, backend, model, data }: TrainingRun,
  page: string,
  events: readonly TrainEvent[],
  measured: Sequence<Example>,
  tables: readonly FigureTable[],
  before?: ReportParts,
): Promise<void> {
  const title = data === undefined ? "The built-in sentences" : data.replace(/.*[\\/]/, "");
  const parts = before ?? await task.report(backend, model, measured);
  const all = { ...parts, tables: [...parts.tables ?? [], ...tables] };
  const html = reportPage(model, title, events, all);
  await saveFile(page, new TextEncoder().encode(html));
}

/** Returns whether training itself failed; its errors say whether there are good weights. */
function isOfTraining(error: unknown): boolean {
  return error instanceof DivergedError || error instanceof DeviceError;
}

/** Returns the first failure as an error of status 1, with the others and a note in its message. */
function withNote(failures: readonly unknown[], note: string): unknown {
  const [first, ...rest] = failures;
  const more = [...rest.map(systemMessage), note].filter(Boolean);
  if (
    [FileError, OutputError, RangeError].some((kind) => first instanceof kind) ||
    isOfTraining(first)
  ) {
    const error = first as Error;
    error.message = [error.message, ...more].join("; ");
    return error;
  }
  const isExpected = first instanceof Error &&
    (first.name === "InputError" || isSystemError(first));
  if (isExpected) return new FileError([systemMessage(first), ...more].join("; "));
  // A bug in this program: its stack trace is printed, which does not name the model's path.
  if (more.length > 0) warn(`error: ${more.join("; ")}`);
  return first;
}

const SAMPLE_INTERVAL = 30_000; // milliseconds between samples within long epochs
const LEAST_INTERVAL = 1000; // milliseconds between samples of short epochs

/** Prints a sample from time to time, for tasks that have samples. */
function sampler(
  { sample }: AnyTask,
  backend: Backend,
  model: Model,
  print: (output: Output) => unknown,
): (epoch: number, isShown: boolean) => Promise<void> {
  let last = Date.now();
  return async (epoch, isShown) => {
    const since = Date.now() - last;
    if (!sample || since < (isShown ? LEAST_INTERVAL : SAMPLE_INTERVAL)) return;
    print(await sample(backend, model, epoch));
    last = Date.now();
  };
}
