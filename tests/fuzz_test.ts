import { readModel } from "@unroll/core";
import { assert, assertEquals } from "@std/assert";
import { mendChecksum, putTogether, takeApart } from "#tests/fuzz/container.ts";
import { Dice } from "#tests/fuzz/dice.ts";
import { modelSeeds } from "#tests/fuzz/model_corpus.ts";
import { modelMutant } from "#tests/fuzz/model_mutants.ts";
import { type Kind, runMutants } from "#tests/fuzz/run.ts";

const COUNT = 300;

async function run(kind: Kind): Promise<{ failures: string[]; outcomes: string[] }> {
  const failures: string[] = [], outcomes: string[] = [];
  for await (const result of runMutants({ kind, seed: 1, from: 1, count: COUNT })) {
    const { number, what, failure, outcome } = result;
    if (failure) failures.push(`${number}: ${what}: ${failure}`);
    else outcomes.push(outcome!);
  }
  return { failures, outcomes };
}

Deno.test("damaged models and checkpoints return a result or throw a typed error", async () => {
  const { failures, outcomes } = await run("models");
  assertEquals(failures, []);
  // Some are damaged so little that they can still be used, or else nothing would be tested.
  assert(outcomes.includes("read, used: fine"));
  assert(outcomes.includes("read, used: fine, resumed: fine"));
  assert(outcomes.includes("refused: InputError"));
});

Deno.test("damaged data returns examples and vectors, or throws a typed error", async () => {
  const { failures, outcomes } = await run("data");
  assertEquals(failures, []);
  const forms = ["csv", "tsv", "jsonl", "json", "conll", "conllu", "fasttext", "word vectors"];
  for (const form of forms) {
    assert(outcomes.includes(`${form}: read`));
    assert(outcomes.includes(`${form}: refused`));
  }
});

Deno.test("a mutant is reproducible by its seed and number", async () => {
  const [seeds, again] = [await modelSeeds(), await modelSeeds()];
  const numbers = Array.from({ length: 20 }, (_, i) => i + 1);
  const mutants = numbers.map((number) => modelMutant(seeds, new Dice(1, number)));
  for (const [i, number] of numbers.entries()) {
    const { bytes, what } = modelMutant(again, new Dice(1, number));
    assertEquals([bytes, what], [mutants[i].bytes, mutants[i].what]);
  }
  assertEquals(new Set(mutants.map(({ what }) => what)).size, numbers.length);
});

Deno.test("a file that is parsed, rebuilt and repaired is read as before", async () => {
  for (const { model, files } of await modelSeeds()) {
    const bytes = putTogether(takeApart(files.model));
    mendChecksum(bytes);
    assertEquals(await readModel(new Blob([bytes])), model);
  }
});
