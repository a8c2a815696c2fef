/**
 * `train.py` computes the same as training in Unroll.
 *
 * @module
 */
import { assertEquals, assertLess, assertThrows } from "@std/assert";
import { InputError, type Model, readModel, type TrainOptions } from "@unroll/core";
import { exportToPytorch } from "@unroll/core/export";
import {
  exportInto,
  type Losses,
  lossesHere,
  lossesThere,
  pythonWithTorch,
  runTogether,
  runTorch,
  torchrun,
} from "../../support/pytorch.ts";
import { inFolder } from "../../cli/helpers.ts";
import { shardsOf } from "#core/export/pytorch/shards.ts";
import { CASES } from "./pytorch_cases.ts";

const python = await pythonWithTorch();
const TOLERANCE = 1e-5;

Deno.test({
  name: "train.py has the same losses as training in Unroll, for every task",
  ignore: python === undefined,
  fn: (t) =>
    inFolder(async (root) => {
      const folders: Record<string, string> = {}, here: Record<string, Losses> = {};
      for (const [name, { model, examples, options }] of Object.entries(CASES)) {
        const folder = folders[name] = `${root}/${name.replaceAll(/[^a-z]+/gi, "-")}`;
        await Deno.mkdir(folder);
        await exportInto(folder, model, examples, options);
        here[name] = await lossesHere(structuredClone(model), examples, options);
      }
      const printed = await runTogether(python!, Object.values(folders));
      const reports = printed.split("# ").slice(1);
      for (const [i, [name, folder]] of Object.entries(folders).entries()) {
        await t.step(name, async () => {
          const there = await lossesThere(folder), { steps, epochs, validation } = here[name];
          let most = 0;
          for (const [step, loss] of steps) {
            if (step <= 60) most = Math.max(most, Math.abs(loss - there.get(step)!));
          }
          assertLess(most, TOLERANCE);
          const means = [...reports[i].matchAll(/loss ([\d.]+)/g)].map(([, loss]) => Number(loss));
          assertEquals(means.length, epochs.length);
          for (const [k, mean] of means.entries()) assertLess(Math.abs(mean - epochs[k]), 1e-3);
          const measured = [...reports[i].matchAll(/validation ([\d.]+)/g)];
          for (const [k, [, loss]] of measured.entries()) {
            assertLess(Math.abs(Number(loss) - validation[k]), 1e-3);
          }
          assertEquals(measured.length, validation.length);
          const bytes = await Deno.readFile(`${folder}/trained.safetensors`);
          const { task } = await readModel(new Blob([bytes]));
          assertEquals(task, CASES[name].model.task);
        });
      }
    }),
});

/** Rewrites the training examples into small shards. */
async function cutShards(folder: string): Promise<void> {
  const { buffer } = await Deno.readFile(`${folder}/data/train-00000.bin`);
  const numbers = new Int32Array(buffer);
  const [[, count]] = JSON.parse(await Deno.readTextFile(`${folder}/data/train.json`));
  let at = 2 * count;
  const examples = Array.from({ length: count }, (_, i) => {
    const [read, learned] = [2 * i, 2 * i + 1].map((k) => numbers.slice(at, at += numbers[k]));
    return { read, learned };
  });
  for (const { suffix, content } of shardsOf("train", examples, 300)) {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await Deno.writeFile(folder + suffix, bytes);
  }
}

Deno.test({
  name: "two processes with small shards have the same losses as one process",
  ignore: python === undefined,
  fn: () =>
    inFolder(async (root) => {
      const { model, examples, options } = CASES["a language model of several texts"];
      const both: Map<number, number>[] = [];
      for (const processes of [1, 2]) {
        const folder = `${root}/${processes}`;
        await Deno.mkdir(folder);
        // Five streams with carried states cannot be split evenly.
        await exportInto(folder, model, examples, { ...options, epochs: 2, batchSize: 5 });
        if (processes > 1) await cutShards(folder);
        const start = processes === 1 ? [] : torchrun(processes);
        await runTorch(python!, [...start, "train.py"], folder);
        both.push(await lossesThere(folder));
      }
      const [one, two] = both;
      assertEquals(two.size, one.size);
      for (const [step, loss] of one) assertLess(Math.abs(loss - two.get(step)!), TOLERANCE);
    }),
});

Deno.test("the differences of train.py are reported, and unsupported settings are refused", () => {
  const { model, examples } = CASES["a classifier of an LSTM's maxima"];
  const { differences } = exportToPytorch(
    {
      ...model,
      config: { ...model.config, dropout: 0.1, recurrentDropout: 0.2 },
      calibration: { network: 1, linear: 0, examples: 9 },
    } as Model,
    examples,
    { refit: true, validation: examples, optimizer: { name: "adamw" }, batchSize: 1 },
  );
  assertEquals(differences, [
    "Dropout uses PyTorch's random numbers: losses differ.",
    "Recurrent dropout is not applied, as torch.nn has none: losses differ.",
    "The model is not refit on all examples after the best epoch.",
    "A step updates the whole embedding, here only the rows of a batch's words: losses differ.",
    "Not exported: calibration, which would not fit the new weights.",
    "A batch of 1 cannot be split among processes; set a larger --batch-size to use several.",
  ]);
  const refused = (changes: Partial<Model>, options: TrainOptions, message: string) =>
    assertThrows(
      () => exportToPytorch({ ...model, ...changes } as Model, examples, options),
      InputError,
      message,
    );
  refused({ ensemble: [model.weights] }, {}, "an ensemble of 2 networks cannot be trained further");
  refused(
    {},
    { fineTuning: { layerDecay: 2 } },
    "train.py does not support fine-tuning layer by layer",
  );
  refused({}, { epochs: 0 }, "the number of epochs must be");
  assertThrows(() => exportToPytorch(model, [], {}), InputError, "there are no examples");
  const several = CASES["a multi-label classifier"];
  assertThrows(
    () => exportToPytorch(several.model, several.examples, { labelWeights: "balanced" }),
    InputError,
    "train.py does not support label weights for texts with several labels; omit it, or train here",
  );
});
