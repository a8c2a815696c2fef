/**
 * `deno task train`
 *
 * @module
 */
import { type Checkpoint, InputError, type Model } from "@unroll/core";
import { createBackend } from "./backends.ts";
import {
  checkedSettings,
  checkpointFiles,
  folderToHold,
  folderToResume,
  loadCheckpoint,
  pathFromNotes,
  prepareCheckpoint,
  resumedFiles,
  saveCheckpoint,
  wayToUser,
} from "./checkpoint_folder.ts";
import { printing } from "./file_errors.ts";
import { loadModel } from "./files.ts";
import type { Command } from "./flags.ts";
import { lockFolder } from "./lock.ts";
import { requireSeparate } from "./paths.ts";
import { removeTemporaries, requireWritable } from "./saving.ts";
import sentences from "./sentences.json" with { type: "json" };
import { hearSignals } from "./signals.ts";
import { requireModelOf, type Task, taskNameOf, taskOf } from "./task.ts";
import { printable, StatusLine } from "./terminal.ts";
import {
  requireFlagsOf,
  requireNoNetworkFlags,
  resumedSettings,
  type RunSettings,
  TRAIN_FLAGS,
} from "./train_flags.ts";
import { jsonReport, tableReport } from "./train_report.ts";
import { runTraining } from "./training_run.ts";

type Settings = Parameters<typeof trainCommand.run>[0];

/** `deno task train` */
export const trainCommand: Command<typeof TRAIN_FLAGS> = {
  name: "train",
  summary: "Trains a recurrent network on texts, and saves it.",
  flags: TRAIN_FLAGS,
  examples: [
    "train",
    "train --data reviews.csv --report report.html",
    "train --data mails.tsv --text-column subject --label-column folder --cell lstm --layers 2",
    "train --data tags.csv --head token",
    "train --task language-model --data book.txt",
    "train --task generate-from-label --data reviews.csv",
    "train --task translate --data pairs.csv --report report.html",
    "train --data reviews.csv --checkpoint run --every 200",
    "train --resume run",
    "train --from model.safetensors --data more.csv --out better.safetensors",
  ],
  async run(given) {
    const resumed = given.resume === undefined ? undefined : await resumedFiles(given.resume);
    // Held before it is read: another run may be writing it.
    const held = resumed && await folderToHold(resumed, given.checkpoint);
    let lock = held === undefined ? undefined : await lockFolder(held);
    try {
      const { settings: asked, checkpoint, out } = await settle(given, resumed);
      const known = checkpoint?.model ?? await modelOf(asked);
      const name = asked.task ?? (known ? taskNameOf(known) : "classification");
      const settings = { ...asked, task: name };
      const { data, report: page, checkpoint: folder } = settings;
      requireFlagsOf(name, settings);
      if (known) requireModelOf(settings.resume ?? settings.from!, known, [name]);
      if (data === undefined && name !== "classification") {
        throw new InputError(`--task ${name}: needs texts of yours; give --data FILE`);
      }
      await requireSeparateFiles(settings, out, resumed?.file);
      await requireWritable(out.path, out);
      if (page !== undefined) await requireWritable(page);
      if (checkpoint) printing(() => sayResumed(settings, out.path));
      const task = taskOf(name);
      const backend = await createBackend(settings);
      const { all, heldOut } = await readSets(task, settings);
      const { model, examples, training } = await showing(
        all.length < MANY ? undefined : `preparing ${all.length.toLocaleString("en")} examples`,
        () => task.plan(all, settings, known),
      );
      if (folder !== undefined) lock = await prepareCheckpoint(folder, lock);

      const { validation = [], epochs = 1000 } = training;
      const sets = { examples, validation: [...validation], heldOut };
      const table = task.table(model, sets);
      const report = settings.json ? jsonReport(table) : tableReport(table, sets, epochs);
      const signals = hearSignals(() => {
        removeTemporaries();
        lock?.release();
      });
      try {
        const notes = folder && notesOf(settings, await wayToUser(folder));
        return await runTraining({
          ...{ backend, task, model, sets, report, signals, page, data, folder },
          options: {
            ...training,
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
        } catch { /* Nobody reads standard error: what there was to say is said. */ }
      }
    } finally {
      lock?.release();
    }
  },
};

/** Where the model goes; a link there is followed only where the user named it. */
interface Out {
  path: string;
  follow: boolean;
}

const MANY = 50_000; // examples that take seconds to prepare

/** What `fn` gives; where a text is given, a terminal shows it meanwhile. */
async function showing<T>(text: string | undefined, fn: () => Promise<T>): Promise<T> {
  const status = new StatusLine();
  if (text !== undefined) status.show(text);
  try {
    return await fn();
  } finally {
    if (text !== undefined) status.clear();
  }
}

async function readSets(task: Task, settings: RunSettings) {
  const { data, test } = settings;
  const all = data === undefined ? sentences.train : await task.read(data, settings);
  if (test !== undefined) return { all, heldOut: await task.read(test, settings) };
  return { all, heldOut: data === undefined ? sentences.test : [] };
}

/** Throws where a file that the run writes is one that it reads, or writes besides. */
async function requireSeparateFiles(
  { data, test, vectors, from, resume, report, checkpoint }: Settings,
  out: Out,
  resumed: string | undefined,
): Promise<void> {
  const input = (flag: string, path: string | undefined, holds: string) =>
    path === undefined ? undefined : { flag, path, holds };
  await requireSeparate([
    input("data", data, "holds the examples"),
    input("test", test, "holds the test examples"),
    // A run that goes on has its model already.
    input("vectors", resume ? undefined : vectors, "holds the word vectors"),
    input("from", resume ? undefined : from, "holds the model of --from"),
    input("resume", resumed, "holds the checkpoint of --resume"),
    // To go on with a model in its own file is what one wants.
    { flag: "out", path: out.path, mayReplace: "from" },
    report === undefined ? undefined : { flag: "report", path: report },
    ...(checkpoint === undefined ? [] : checkpointFiles(checkpoint).map((path) => (
      { flag: "checkpoint", path, mayReplace: "resume" }
    ))),
  ]);
}

/** Tells which files a checkpoint has chosen to be read, and where the model will be. */
function sayResumed({ resume, data, test, json }: Settings, out: string): void {
  if (json) {
    console.log(JSON.stringify({ type: "resume", checkpoint: resume, data, test, model: out }));
    return;
  }
  const read = [data ?? "the built-in sentences", ...(test === undefined ? [] : [test])];
  console.log(
    `Resuming ${resume}: reads ${read.map(printable).join(" and ")}, as the checkpoint says; ` +
      `saves ${out}.`,
  );
}

/** What a checkpoint says of its run. The paths that are written are not in it. */
interface Notes {
  settings: object;
  dtype: Settings["dtype"];
  /** The way from the checkpoint's folder to the one that its paths start from. */
  folder?: string;
}

function notesOf(
  { out: _, report: _r, checkpoint: _c, resume: _f, json: _j, dtype, ...rest }: Settings,
  folder: string,
): Notes {
  return { settings: rest, dtype, folder };
}

/** The settings: those given, or with --resume the checkpoint's; and where the model goes. */
async function settle(
  given: Settings,
  resumed: { file: string; folder: string } | undefined,
): Promise<{ settings: Settings; checkpoint?: Checkpoint; out: Out }> {
  const out = { path: given.out, follow: true };
  if (given.resume === undefined || !resumed) return { settings: given, out };
  const { checkpoint, notes } = await loadCheckpoint(resumed.file);
  const { settings, dtype, folder: way } = (notes ?? {}) as Partial<Notes>;
  if (typeof settings !== "object" || settings === null) {
    throw new InputError(`${given.resume}: was not written by deno task train --checkpoint`);
  }
  const folder = given.checkpoint ?? folderToResume(resumed);
  if (folder === undefined) {
    throw new InputError(
      `--resume ${given.resume}: is a file; say with --checkpoint where to go on saving`,
    );
  }
  const saved = checkedSettings(given.resume, { ...settings, dtype });
  if (given.dtype !== TRAIN_FLAGS.dtype.default && given.dtype !== saved.dtype) {
    throw new InputError("--dtype: is settled by the checkpoint of --resume; leave it out");
  }
  const asked = { ...given, ...saved, ...resumedSettings(saved, given) };
  for (const flag of ["data", "test"] as const) {
    const path = asked[flag];
    if (path !== undefined) asked[flag] = await pathFromNotes(resumed.folder, way, path);
  }
  const isOutGiven = given.out !== TRAIN_FLAGS.out.default;
  return {
    checkpoint,
    settings: {
      ...asked,
      checkpoint: folder,
      every: given.every === TRAIN_FLAGS.every.default ? saved.every ?? given.every : given.every,
    },
    out: isOutGiven ? out : { path: `${resumed.folder}/${given.out}`, follow: false },
  };
}

/** The model of --from, if there is one. */
async function modelOf(settings: Settings): Promise<Model | undefined> {
  if (settings.from === undefined) return undefined;
  requireNoNetworkFlags(settings);
  return await loadModel(settings.from);
}
