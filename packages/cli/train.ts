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
  evaluate,
  type Example,
  InputError,
  type Model,
  predict,
  tag,
  train,
  type TrainEvent,
} from "@unroll/core";
import { createBackend } from "./backends.ts";
import {
  loadCheckpoint,
  prepareCheckpoint,
  readExamples,
  requireWritable,
  saveCheckpoint,
  saveFile,
  saveModel,
} from "./files.ts";
import type { Command } from "./flags.ts";
import { reportPage } from "./report_page.ts";
import sentences from "./sentences.json" with { type: "json" };
import { planRun, resumedSettings, type RunSettings, TRAIN_FLAGS } from "./train_flags.ts";
import { jsonReport, type Report, tableReport } from "./train_report.ts";

type Settings = Parameters<typeof trainCommand.run>[0];

/** `deno task train` */
export const trainCommand: Command<typeof TRAIN_FLAGS> = {
  name: "train",
  summary: "Trains a recurrent network that tells sentences apart, and saves it.",
  flags: TRAIN_FLAGS,
  examples: [
    "train",
    "train --data reviews.csv --report report.html",
    "train --data mails.tsv --text-column subject --label-column folder --cell lstm --layers 2",
    "train --data tags.csv --head token",
    "train --data reviews.csv --checkpoint run --every 200",
    "train --resume run",
    "train --from model.safetensors --data more.csv --out better.safetensors",
  ],
  async run(given) {
    const { settings, checkpoint } = await settle(given);
    const { data, test, out, report: page, checkpoint: folder } = settings;
    const backend = await createBackend(settings);
    const all = data === undefined ? sentences.train : await readExamples(data, settings);
    const heldOut = test !== undefined
      ? await readExamples(test, settings)
      : data === undefined
      ? sentences.test
      : [];
    const { model, examples, training } = await planRun(all, settings, checkpoint?.model);
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
    const report = (settings.json ? jsonReport : tableReport)(sets, epochs);
    const events: TrainEvent[] = [];
    try {
      report.start(model);
      for await (const event of run) {
        report.event(event);
        if (event.type === "progress") await breathe();
        else if (event.type === "checkpoint") {
          await saveCheckpoint(folder!, event.checkpoint, notesOf(settings));
        } else events.push(event);
      }
      const measured = [heldOut, sets.validation, examples].find((set) => set.length > 0)!;
      await tellVerdicts(report, backend, model, measured.slice(0, 5));
      if (data !== undefined || page !== undefined) {
        const evaluation = await evaluate(backend, model, measured);
        const name = measured === heldOut ? "test" : measured === examples ? "training" : "held";
        if (data !== undefined) report.review(evaluation, name, measured.length);
        if (page !== undefined) {
          const title = data === undefined ? "The built-in sentences" : data.replace(/.*[\\/]/, "");
          const html = await reportPage(backend, model, title, events, evaluation, measured);
          await saveFile(page, new TextEncoder().encode(html));
        }
      }
      await saveModel(out, model);
      report.saved(out, measured[0], page);
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

interface Notes {
  settings: RunSettings;
  out: string;
  dtype: Settings["dtype"];
}

function notesOf({ out, dtype, ...rest }: Settings): Notes {
  return { settings: rest, out, dtype };
}

/** The settings: those given, or with --resume the checkpoint's. */
async function settle(given: Settings): Promise<{ settings: Settings; checkpoint?: Checkpoint }> {
  if (given.resume === undefined) return { settings: given };
  const { checkpoint, notes } = await loadCheckpoint(given.resume);
  const saved = notes as Notes | undefined;
  if (typeof saved?.settings !== "object" || saved.settings === null) {
    throw new InputError(`${given.resume}: was not written by deno task train --checkpoint`);
  }
  if (given.dtype !== TRAIN_FLAGS.dtype.default && given.dtype !== saved.dtype) {
    throw new InputError("--dtype: is settled by the checkpoint of --resume; leave it out");
  }
  return {
    checkpoint,
    settings: {
      ...given,
      ...resumedSettings(saved.settings, given),
      out: given.out === TRAIN_FLAGS.out.default ? saved.out : given.out,
      dtype: saved.dtype,
      checkpoint: given.checkpoint ?? given.resume,
      every: given.every === TRAIN_FLAGS.every.default
        ? (saved.settings as Settings).every
        : given.every,
    },
  };
}

async function tellVerdicts(
  report: Report,
  backend: Backend,
  model: Model,
  examples: readonly Example[],
): Promise<void> {
  const texts = examples.map(({ text }) => text);
  if (model.config.head === "token") report.tags(await tag(backend, model, texts), examples);
  else report.verdicts(await predict(backend, model, texts), examples);
}

/** Lets the event loop have a turn: without one no Ctrl-C arrives. */
function breathe(): Promise<void> {
  return new Promise((done) => setTimeout(done, 0));
}
