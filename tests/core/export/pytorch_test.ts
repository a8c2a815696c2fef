/**
 * What `train.py` computes is what training here does.
 *
 * @module
 */
import { assertEquals, assertLess } from "@std/assert";
import { readModel } from "@unroll/core";
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
  name: "train.py has the losses of training here, for every task",
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

/** Writes the training examples again, a few in a shard. */
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
  name: "two processes have the losses of one, and shards those of their examples",
  ignore: python === undefined,
  fn: () =>
    inFolder(async (root) => {
      const { model, examples, options } = CASES["a language model of several texts"];
      const both: Map<number, number>[] = [];
      for (const processes of [1, 2]) {
        const folder = `${root}/${processes}`;
        await Deno.mkdir(folder);
        // Five streams, whose state is carried, are not shared out evenly.
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
