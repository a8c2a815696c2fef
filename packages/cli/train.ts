/**
 * `deno task train`
 *
 * @module
 */
import {
  createModel,
  DeviceError,
  DivergedError,
  type Example,
  InputError,
  type Model,
  predict,
  train,
} from "@unroll/core";
import { BACKEND_FLAGS, createBackend } from "./backends.ts";
import { COLUMN_FLAGS, loadModel, readExamples, requireWritable, saveModel } from "./files.ts";
import { choice, type Command, integer, positive, text, toggle } from "./flags.ts";
import sentences from "./sentences.json" with { type: "json" };
import { jsonReport, tableReport } from "./train_report.ts";

const flags = {
  "data": text(
    "FILE",
    "examples to learn, .csv, .tsv or .jsonl (default: built-in ones)",
    undefined,
  ),
  "test": text("FILE", "examples to measure with, held out of training", undefined),
  ...COLUMN_FLAGS,
  "hidden": integer("how many numbers the state has (default: 64)", undefined, 1),
  "epochs": integer("how often to go through all examples", 1000, 1),
  "learning-rate": positive("the length of a step", 0.02),
  "clip": positive("bring each component of the gradient into [-X, X]", 1),
  "batch-size": integer("how many sentences make one step", 1, 1),
  "init": choice(
    ["article", "scaled"],
    "how weights start: tiny, or scaled to the hidden size (default: article)",
    undefined,
  ),
  "keep-case": toggle("tell Good from good"),
  "keep-punctuation": toggle("let punctuation marks be words"),
  "seed": integer("the seed of the weights and of the order", 1, 0),
  "no-shuffle": toggle("take the examples in the order of the file"),
  "from": text("FILE", "go on from this model in place of a fresh one", undefined),
  "out": text("FILE", "where to save the model", "model.safetensors"),
  ...BACKEND_FLAGS,
  "json": toggle("print one JSON object a line in place of the table"),
};

type Settings = Parameters<typeof trainCommand.run>[0];

/** `deno task train` */
export const trainCommand: Command<typeof flags> = {
  name: "train",
  summary: "Trains a recurrent network that tells sentences apart, and saves it.",
  flags,
  examples: [
    "train",
    "train --data reviews.csv --test more.csv --batch-size 8 --learning-rate 0.2 --clip 0.1 --epochs 30",
    "train --data mails.tsv --text-column subject --label-column folder --batch-size 8",
    "train --from model.safetensors --epochs 100 --out better.safetensors",
  ],
  async run(settings) {
    const { data, test, from, out } = settings;
    const backend = await createBackend(settings.backend, settings.dtype);
    const examples = data === undefined ? sentences.train : await readExamples(data, settings);
    const heldOut = test !== undefined
      ? await readExamples(test, settings)
      : data === undefined
      ? sentences.test
      : [];
    const model = from === undefined
      ? freshModel(examples, settings)
      : await knownModel(from, settings);
    await requireWritable(out, [data, test]);

    const stop = new AbortController();
    const run = train(backend, model, examples, {
      epochs: settings.epochs,
      batchSize: settings["batch-size"],
      learningRate: settings["learning-rate"],
      clip: settings.clip,
      shuffle: !settings["no-shuffle"],
      seed: settings.seed,
      test: heldOut,
      signal: stop.signal,
    });
    const interrupt = () => {
      if (stop.signal.aborted) Deno.exit(130); // asked twice: at once
      stop.abort();
    };
    Deno.addSignalListener("SIGINT", interrupt);
    const report = (settings.json ? jsonReport : tableReport)(examples, heldOut, settings.epochs);
    try {
      report.start(model);
      for await (const event of run) {
        report.event(event);
        if (event.type === "progress") await breathe();
      }
      const shown = (heldOut.length > 0 ? heldOut : examples).slice(0, 5);
      const verdicts = await predict(backend, model, shown.map((example) => example.text));
      report.verdicts(verdicts, shown);
      await saveModel(out, model);
      report.saved(out);
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

function freshModel(examples: readonly Example[], settings: Settings): Model {
  return createModel(examples, {
    hidden: settings.hidden,
    init: settings.init,
    seed: settings.seed,
    tokenizer: {
      lowerCase: !settings["keep-case"],
      punctuation: settings["keep-punctuation"] ? "keep" : "drop",
    },
  });
}

async function knownModel(path: string, settings: Settings): Promise<Model> {
  for (const name of ["hidden", "init", "keep-case", "keep-punctuation"] as const) {
    if (settings[name]) throw new InputError(`--${name}: is settled by the model of --from`);
  }
  return await loadModel(path);
}

/** Lets the event loop have a turn: without one no Ctrl-C arrives. */
function breathe(): Promise<void> {
  return new Promise((done) => setTimeout(done, 0));
}
