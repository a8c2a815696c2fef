/**
 * `deno task train`
 *
 * @module
 */
import {
  type Checkpoint,
  InputError,
  type Model,
  networkWeights,
  type TrainOptions,
} from "@unroll/core";
import { createBackend } from "../backends.ts";
import {
  checkpointFiles,
  folderToLock,
  folderToResume,
  loadCheckpoint,
  pathFromNotes,
  pathToUser,
  prepareCheckpoint,
  resumedFiles,
  saveCheckpoint,
} from "../files/checkpoint_folder.ts";
import { printing } from "../files/file_errors.ts";
import { filesIn, loadModel } from "../files/files.ts";
import type { FileReading } from "../files/say_reading.ts";
import type { RunSettings } from "../flags/run_flags.ts";
import type { Command, Given } from "../flags/flags.ts";
import { lockFolder } from "../files/lock.ts";
import { requireSeparate } from "../files/paths.ts";
import { removeTemporaries, requireWritable } from "../files/saving.ts";
import { stoppable } from "../run/reading.ts";
import { hearSignals } from "../run/signals.ts";
import { builtInSet, type Opened, openFiles } from "../tasks/opening.ts";
import type { AnyTask } from "../tasks/task.ts";
import { owns, taskNamed, taskOf, TASKS, wrongModel } from "../tasks/tasks.ts";
import { notesOf, resumedSettings, type TrainSettings } from "../run/resume.ts";
import { print, printable, printJson, statusLine } from "../output/terminal.ts";
import { requireFlagsOf, requireNoNetworkFlags, TRAIN_FLAGS } from "../run/train_flags.ts";
import { pretrainedOf, requireTrainedBefore, withFineTuning } from "../run/transfer.ts";
import { trainHelp } from "../run/train_help.ts";
import { jsonReport, tableReport } from "../output/train_report.ts";
import { reportLeftOut, reportWarnings } from "../run/examples.ts";
import { runTraining } from "../run/training_run.ts";

/** `deno task train` */
export const trainCommand: Command<typeof TRAIN_FLAGS> = {
  name: "train",
  summary: "Trains a recurrent network on texts or on numbers over time, and saves it.",
  flags: TRAIN_FLAGS,
  help: trainHelp,
  async run(typed, _, given) {
    const resumed = typed.resume === undefined ? undefined : await resumedFiles(typed.resume);
    // Locked before it is read, because another run may be writing it.
    const own = resumed && await folderToLock(resumed, typed.checkpoint);
    let lock = own === undefined ? undefined : await lockFolder(own);
    try {
      const { settings: asked, checkpoint, out } = await settle(typed, given, resumed);
      const from = checkpoint ? undefined : await modelOf(asked);
      const pretrained = pretrainedOf(from, asked);
      if (from) requireNoNetworkFlags(given, pretrained !== undefined);
      requireTrainedBefore(given, asked);
      const known = checkpoint?.model ?? (pretrained ? undefined : from);
      const { name } = asked.task === undefined && known ? taskOf(known) : TASKS[0];
      let settings: TrainSettings & RunSettings = { ...asked, task: asked.task ?? name };
      if (pretrained) settings = { ...settings, ...withFineTuning(asked, pretrained) };
      const task = taskNamed(settings.task!, settings, known);
      const { report: page, checkpoint: folder } = settings;
      const data = settings.data && await filesIn(settings.data, task);
      const testFiles = await filesIn(settings.test ?? [], task);
      requireFlagsOf(task, given, [...data ?? [], ...testFiles]);
      if (given.has("every") && folder === undefined) {
        throw new InputError("--every: needs --checkpoint FOLDER");
      }
      if (known && !owns(task, known)) throw wrongModel(settings.resume ?? settings.from!, known);
      if (data === undefined && !task.builtIn) {
        throw new InputError(`--task ${task.name}: needs your own data; give --data FILE`);
      }
      await requireSeparateFiles(settings, [data ?? [], testFiles], out, resumed?.file);
      await requireWritable(out.path, out);
      if (page !== undefined) await requireWritable(page);
      const backend = await createBackend(settings);
      if (checkpoint) printing(() => printResumed(settings, out.path));
      const { learned, tested } = await openSets(task, [data, testFiles], settings, known);
      const { examples: all, chosen, notes: found } = learned;
      settings = { ...settings, ...chosen };
      const { model, examples, training, notes: read, test, ...after } = await withStatus(
        all.length < MANY ? undefined : `preparing ${all.length.toLocaleString("en")} examples`,
        () => stoppable("preparing the examples", () => task.plan(all, settings, known)),
      );
      if (!known && learned.dataColumns) {
        Object.assign(model, { dataColumns: learned.dataColumns }); // for predict and evaluate
      }
      if (folder !== undefined) lock = await prepareCheckpoint(folder, lock);

      const { validation = [], epochs = 1000 } = training;
      const sets = { examples, validation, test: tested?.examples ?? test ?? [] };
      const table = task.table(model, sets);
      const report = (settings.json ? jsonReport : tableReport)(table, sets, epochs);
      for (const notes of [found, read]) if (notes) printing(() => report.print(notes));
      const start = (model: Model) => {
        if (data !== undefined) {
          const odd = [...learned.unknown(model), ...learned.repeats?.(examples, validation) ?? []];
          reportWarnings(odd, data, settings.json);
          reportWarnings(tested?.tests(model, learned) ?? [], testFiles, settings.json);
        }
        report.start(model);
      };
      const signals = hearSignals(() => {
        removeTemporaries();
        lock?.release();
      });
      try {
        const { pretrained: _, ...noted } = settings;
        const notes = folder && notesOf(noted, await pathToUser(folder));
        return await runTraining({
          ...{ backend, task, model, sets, signals, page, folder },
          ...{ finish: after.finish, complete: after.complete, review: after.review },
          ensemble: after.ensemble,
          isFresh: known === undefined,
          report: { ...report, start },
          data: data?.join(" and "),
          options: {
            ...training,
            ...(checkpoint && asItBegan(training, checkpoint)),
            checkpointEvery: folder === undefined ? undefined : settings.every,
            resume: checkpoint,
          },
          out: out.path,
          outOptions: out,
          saveCheckpoint: (checkpoint) => saveCheckpoint(folder!, checkpoint, notes),
        });
      } finally {
        signals.end();
        try {
          report.end();
        } catch { /* Standard error is closed; everything was reported. */ }
      }
    } finally {
      lock?.release();
    }
  },
};

/** Returns the options of a resumed run; those that no flag determines are as the run started. */
function asItBegan(training: TrainOptions, { options }: Checkpoint): TrainOptions {
  const { refit, optimizer: { dense } } = options;
  return { refit, optimizer: { ...training.optimizer, dense } };
}

/** Where the model is saved; a symbolic link is followed only if the user named it. */
interface Out {
  path: string;
  follow: boolean;
}

const MANY = 50_000; // examples that take seconds to prepare

/** Returns the result of `fn`; shows `text`, if any, on the terminal in the meantime. */
async function withStatus<T>(text: string | undefined, fn: () => Promise<T>): Promise<T> {
  const status = statusLine();
  if (text !== undefined) status.show(text);
  try {
    return await fn();
  } finally {
    if (text !== undefined) status.clear();
  }
}

/** Opens the training and test examples, from files or built in. */
async function openSets(
  task: AnyTask,
  [data, test]: [data: string[] | undefined, test: string[]],
  settings: TrainSettings,
  known: Model | undefined,
) {
  const { builtIn } = task;
  if (data === undefined && test.length === 0) {
    return { learned: builtInSet(builtIn!.train), tested: builtInSet(builtIn!.test) };
  }
  const onReading = (reading: FileReading) => {
    if (settings.json) printing(() => printJson({ type: "reading", ...reading }));
  };
  const how = { onReading, isTraining: true, isAsked: test.length > 0 };
  const open = async (files: readonly string[], learned?: Opened) => {
    const opened = await openFiles(task, files, { ...settings, ...how }, known, learned);
    printing(() => reportLeftOut(opened.leftOut, settings.json));
    return opened;
  };
  const learned = data ? await open(data) : builtInSet(builtIn!.train);
  if (data) printing(() => reportWarnings(learned.warnings, data, settings.json));
  return { learned, tested: test.length > 0 ? await open(test, learned) : undefined };
}

/**
 * Checks the files of a run.
 *
 * @throws {InputError} If a file that the run writes is also read, or written for another flag.
 */
async function requireSeparateFiles(
  { vectors, from, resume, report, checkpoint, pretrained }: TrainSettings & RunSettings,
  [data, test]: [data: string[], test: string[]],
  out: Out,
  resumed: string | undefined,
): Promise<void> {
  const input = (flag: string, path: string | undefined, holds: string) =>
    path === undefined ? undefined : { flag, path, holds };
  await requireSeparate([
    ...data.map((path) => input("data", path, "holds the examples")),
    ...test.map((path) => input("test", path, "holds the test examples")),
    // A resumed run already has its model.
    input("vectors", resume ? undefined : vectors, "holds the word vectors"),
    input("from", resume ? undefined : from, "holds the model of --from"),
    input("resume", resumed, "holds the checkpoint of --resume"),
    // Saving a continued model to its own file is intended.
    { flag: "out", path: out.path, mayReplace: pretrained ? undefined : "from" },
    report === undefined ? undefined : { flag: "report", path: report },
    ...(checkpoint === undefined ? [] : checkpointFiles(checkpoint).map((path) => (
      { flag: "checkpoint", path, mayReplace: "resume" }
    ))),
  ]);
}

/** Prints the files that a checkpoint names for reading, and where the model will be saved. */
function printResumed({ resume, data, test, json }: TrainSettings, out: string): void {
  if (json) {
    printJson({ type: "resume", checkpoint: resume, data, test, model: out });
    return;
  }
  const read = [...data ?? ["the built-in sentences"], ...test ?? []];
  print(
    `Resuming ${printable(resume!)}: reads ${
      read.map((path) => printable(path)).join(" and ")
    }, as stored in the checkpoint; ` +
      `saves ${printable(out)}.`,
  );
}

/** Returns the settings, typed or with --resume the checkpoint's, and where the model is saved. */
async function settle(
  typed: TrainSettings,
  given: Given,
  resumed: { file: string; folder: string } | undefined,
): Promise<{ settings: TrainSettings; checkpoint?: Checkpoint<Model>; out: Out }> {
  const out = { path: typed.out, follow: true };
  if (typed.resume === undefined || !resumed) return { settings: typed, out };
  const { checkpoint, notes } = await loadCheckpoint(resumed.file);
  const { settings, folder: toUser } = resumedSettings(typed, given, checkpoint, notes);
  const folder = typed.checkpoint ?? folderToResume(resumed);
  if (folder === undefined) {
    throw new InputError(
      `--resume ${typed.resume}: is a file; give --checkpoint FOLDER for the next checkpoints`,
    );
  }
  for (const flag of ["data", "test"] as const) {
    const paths = settings[flag]?.map((path) => pathFromNotes(resumed.folder, toUser, path));
    settings[flag] = paths && await Promise.all(paths);
  }
  return {
    checkpoint,
    settings: { ...settings, checkpoint: folder },
    // Without --out it is saved next to the checkpoint, even if a symbolic link is there.
    out: given.has("out") ? out : { path: `${resumed.folder}/${typed.out}`, follow: false },
  };
}

/** Loads the model of --from, if given. */
async function modelOf({ from }: TrainSettings): Promise<Model | undefined> {
  if (from === undefined) return undefined;
  const model = await loadModel(from), networks = networkWeights(model).length;
  if (networks === 1) return model;
  throw new InputError(
    `--from: ${from} is an ensemble of ${networks} networks, which cannot be trained further; train a ` +
      `new one with --ensemble ${networks}`,
  );
}
