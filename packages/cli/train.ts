/**
 * `deno task train`
 *
 * @module
 */
import {
  type Backend,
  type Checkpoint,
  DeviceError,
  DivergedError,
  InputError,
  type Model,
  train,
  type TrainEvent,
} from "@unroll/core";
import { createBackend } from "./backends.ts";
import {
  loadCheckpoint,
  loadModel,
  prepareCheckpoint,
  requireWritable,
  saveCheckpoint,
  saveFile,
  saveModel,
} from "./files.ts";
import type { Command, Given } from "./flags.ts";
import { notesOf, resumedSettings, type TrainSettings } from "./resume.ts";
import sentences from "./sentences.json" with { type: "json" };
import { requireModelOf, type Task, taskNameOf, taskOf } from "./task.ts";
import { requireFlagsOf, requireNoNetworkFlags, TRAIN_FLAGS } from "./train_flags.ts";
import { trainHelp } from "./train_help.ts";
import { jsonReport, type Report, tableReport } from "./train_report.ts";

/** `deno task train` */
export const trainCommand: Command<typeof TRAIN_FLAGS> = {
  name: "train",
  summary: "Trains a recurrent network on texts, and saves it.",
  flags: TRAIN_FLAGS,
  help: trainHelp,
  async run(typed, _, given) {
    const { settings: asked, checkpoint } = await settle(typed, given);
    const known = checkpoint?.model ?? await modelOf(asked, given);
    const name = asked.task ?? (known ? taskNameOf(known) : "classification");
    const settings = { ...asked, task: name };
    const { data, test, out, report: page, checkpoint: folder } = settings;
    requireFlagsOf(name, given, [data, test]);
    if (given.has("every") && folder === undefined) {
      throw new InputError("--every: needs --checkpoint FOLDER");
    }
    if (known) requireModelOf(settings.from ?? settings.resume!, known, [name]);
    if (data === undefined && name !== "classification") {
      throw new InputError(`--task ${name}: needs texts of yours; give --data FILE`);
    }
    const task = taskOf(name);
    const backend = await createBackend(settings);
    const all = data === undefined ? sentences.train : await task.read(data, settings);
    const heldOut = test !== undefined
      ? await task.read(test, settings)
      : data === undefined
      ? sentences.test
      : [];
    const { model, examples, training } = await task.plan(all, settings, known);
    for (const path of page === undefined ? [out] : [out, page]) {
      await requireWritable(path, [data, test]);
    }
    if (folder !== undefined) await prepareCheckpoint(folder);

    const stop = new AbortController();
    const run = train(backend, model, examples, {
      ...training,
      test: heldOut,
      checkpointEvery: folder === undefined ? undefined : settings.every,
      resume: checkpoint,
      signal: stop.signal,
    });
    const interrupt = () => {
      if (stop.signal.aborted) Deno.exit(130); // asked twice: at once
      stop.abort();
    };
    Deno.addSignalListener("SIGINT", interrupt);
    const { validation = [], epochs = 1000 } = training;
    const sets = { examples, validation: [...validation], heldOut };
    const table = task.table(model, sets);
    const report = settings.json
      ? jsonReport(table, sets, epochs)
      : tableReport(table, sets, epochs);
    const events: TrainEvent[] = [];
    const sample = sampler(task, backend, model, report);
    try {
      report.start(model);
      for await (const event of run) {
        const isShown = report.event(event);
        if (event.type === "progress") await breathe();
        if (event.type === "checkpoint") {
          await saveCheckpoint(folder!, event.checkpoint, notesOf(settings));
        } else if (event.type !== "progress") events.push(event);
        if (event.type === "epoch" || event.type === "progress") {
          await sample(event.epoch, isShown && event.epoch < epochs);
        }
      }
      const measured = [heldOut, sets.validation, examples].find((set) => set.length > 0)!;
      const on = measured === heldOut ? "test" : measured === examples ? "training" : "held";
      report.tell(
        await task.results(backend, model, measured, data === undefined ? undefined : on),
      );
      if (page !== undefined) {
        const title = data === undefined ? "The built-in sentences" : data.replace(/.*[\\/]/, "");
        const html = await task.page(backend, model, { title, events, measured });
        await saveFile(page, new TextEncoder().encode(html));
      }
      await saveModel(out, model);
      report.saved(out, task.hint(out, model, measured[0]), page);
      return stop.signal.aborted ? 130 : 0;
    } catch (error) {
      if (!(error instanceof DivergedError || error instanceof DeviceError)) throw error;
      await saveModel(out, model);
      error.message += `; the last good weights are in ${out}`;
      throw error;
    } finally {
      Deno.removeSignalListener("SIGINT", interrupt);
      report.end();
    }
  },
};

/** The settings: those typed, or with --resume the checkpoint's. */
async function settle(
  typed: TrainSettings,
  given: Given,
): Promise<{ settings: TrainSettings; checkpoint?: Checkpoint }> {
  if (typed.resume === undefined) return { settings: typed };
  const { checkpoint, notes } = await loadCheckpoint(typed.resume);
  return { checkpoint, settings: resumedSettings(typed, given, checkpoint, notes) };
}

/** The model of --from, if there is one. */
async function modelOf(settings: TrainSettings, given: Given): Promise<Model | undefined> {
  if (settings.from === undefined) return undefined;
  requireNoNetworkFlags(given);
  return await loadModel(settings.from);
}

const SAMPLE_INTERVAL = 30_000; // milliseconds between samples within long epochs
const LEAST_INTERVAL = 1000; // and between those of short ones

/** Tells a sample, where a task has them, every so often. */
function sampler(
  { sample }: Task,
  backend: Backend,
  model: Model,
  report: Report,
): (epoch: number, isShown: boolean) => Promise<void> {
  let last = Date.now();
  return async (epoch, isShown) => {
    const since = Date.now() - last;
    if (!sample || since < (isShown ? LEAST_INTERVAL : SAMPLE_INTERVAL)) return;
    report.tell(await sample(backend, model, epoch));
    last = Date.now();
  };
}

/** Lets the event loop have a turn: without one no Ctrl-C arrives. */
function breathe(): Promise<void> {
  return new Promise((done) => setTimeout(done, 0));
}
