/**
 * `deno task export --to pytorch`
 *
 * @module
 */
import { InputError } from "@unroll/core";
import { type ExportedFile, exportToPytorch } from "@unroll/core/export";
import { attempt } from "../files/file_errors.ts";
import { filesIn } from "../files/files.ts";
import { resolvePath } from "../files/paths.ts";
import { saveFile } from "../files/saving.ts";
import {
  COLUMN_FLAGS,
  FORMAT_FLAGS,
  PAIR_FLAGS,
  RUN_FLAGS,
  type RunSettings,
  TABLE_FLAGS,
} from "../flags/run_flags.ts";
import { printable, shellWord } from "../output/terminal.ts";
import { reportLeftOut, reportWarnings } from "../run/examples.ts";
import { requireFlagsOf } from "../run/train_flags.ts";
import { openFiles } from "../tasks/opening.ts";
import { taskOf } from "../tasks/tasks.ts";
import { PYTORCH_FLAGS } from "./pytorch_flags.ts";
import type { ExportTarget } from "./target.ts";

const FLAGS = { ...COLUMN_FLAGS, ...PAIR_FLAGS, ...FORMAT_FLAGS, ...TABLE_FLAGS, ...PYTORCH_FLAGS };

const names = Object.keys(FLAGS) as (keyof typeof FLAGS)[];

const DEFAULTS = Object.fromEntries(
  Object.entries(RUN_FLAGS).map(([name, flag]) => [name, flag.default]),
) as unknown as RunSettings;

/** Models as a folder in which PyTorch continues the training. */
export const pytorch: ExportTarget = {
  title: "a folder with the model, the data of --data and a train.py for PyTorch and torchrun",
  out: "pytorch",
  needs: "--data train.csv",
  flags: ["data", ...names],
  async write(model, out, settings) {
    const { data } = settings;
    if (data === undefined) {
      throw new InputError("export --to pytorch needs examples to train on: give --data FILE");
    }
    await requireNewFolder(out);
    const task = taskOf(model), files = await filesIn([data], task);
    const given = names.filter((name) => settings[name] !== FLAGS[name].default);
    requireFlagsOf(task, new Set(given), files);
    const asked = { ...DEFAULTS, ...settings, data: [data], strict: false, isTraining: true };
    const opened = await openFiles(task, files, asked, model);
    reportLeftOut(opened.leftOut);
    reportWarnings([...opened.warnings, ...opened.unknown(model)], files);
    // Planning deletes parts of the given model that training would replace, so it gets a copy.
    const { examples, training } = await task.plan(opened.examples, asked, { ...model });
    const { files: made, differences } = exportToPytorch(model, examples, training);
    await saveFolder(out, made);
    const { validation = [] } = training;
    const heldOut = validation.length > 0 ? `, ${validation.length} for validation` : "";
    return [
      `Saved ${printable(out)}: the model, train.py and ${examples.length} ${
        examples.length === 1 ? "example" : "examples"
      }${heldOut}.`,
      ...differences,
      `cd ${shellWord(out)} && torchrun --nproc-per-node 2 train.py`,
    ];
  },
};

/**
 * Checks that a path is free: an existing folder may have the checkpoint of a long run.
 *
 * @throws {InputError} If there is a file or a folder.
 */
async function requireNewFolder(path: string): Promise<void> {
  const found = await Deno.lstat(resolvePath(path)).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
  if (found) {
    throw new InputError(`${path}: already exists; give another folder, or remove it first`);
  }
}

/** Writes files to a new folder, which appears only once all of them are written. */
async function saveFolder(path: string, files: Iterable<ExportedFile>): Promise<void> {
  const target = resolvePath(path);
  const folder = `${target}.${crypto.randomUUID()}.tmp`;
  await attempt(path, "written", () => Deno.mkdir(folder));
  try {
    for (const { suffix, content } of files) {
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      const file = folder + suffix, parent = file.slice(0, file.lastIndexOf("/"));
      await attempt(path, "written", () => Deno.mkdir(parent, { recursive: true }));
      await saveFile(file, bytes);
    }
    await attempt(path, "written", () => Deno.rename(folder, target));
  } catch (error) {
    await Deno.remove(folder, { recursive: true }).catch(() => {});
    throw error;
  }
}
