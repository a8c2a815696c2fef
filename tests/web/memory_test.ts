import { traceSteps } from "@unroll/core";
import { createCpuBackend } from "@unroll/backend-cpu";
import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import { presetOf, PRESETS } from "#web/sets/presets.ts";
import { builtInSet } from "#web/sets/sets.ts";
import type { Settings } from "#web/settings.ts";
import { taskOf } from "#web/tasks/tasks.ts";
import { CORE } from "#web/worker/core.ts";
import { KeptRuns } from "#web/worker/kept_runs.ts";
import { Training } from "#web/worker/training.ts";
import { UnitSearch } from "#web/worker/unit_sentences.ts";

const backend = createCpuBackend();
const computing = { backend, about: "", close: () => Promise.resolve() };

async function trainingOf(settings: Settings): Promise<Training> {
  const { train, test } = await builtInSet(settings.set);
  const model = taskOf(settings).create(CORE, settings, train, true);
  const parts = { train, validation: [], test };
  return new Training({ settings, model, before: model.weights, parts, computing }, "full");
}

Deno.test("a unit's sentences are those with its highest and lowest states", async () => {
  const training = await trainingOf({ ...presetOf("moods"), init: "scaled", hidden: 6 });
  const search = new UnitSearch(() => training);
  const { model, parts } = training.experiment;
  const texts = [...new Set([...parts.train, ...parts.test].map(({ text }) => text))];
  for (const unit of [0, 5]) {
    const states: number[] = [], peaks: number[] = [];
    for (const text of texts) {
      const { layers: [[own]], words } = await traceSteps(backend, model, text);
      const values = words.map((_, t) => own.states[6 * t + unit]);
      states.push(...values);
      peaks.push(Math.max(...values));
    }
    const { high, low, count, of } = await search.find({ unit, layer: 0 });
    assertEquals([count, of], [texts.length, texts.length]);
    peaks.sort((a, b) => b - a);
    for (const [i, { values, at }] of high.entries()) {
      assertAlmostEquals(values[at], peaks[i], 1e-6);
    }
    assertAlmostEquals(low[0].values[low[0].at], Math.min(...states), 1e-6);
    for (const { text, words, values, at } of [...high, ...low]) {
      const { layers: [[own]] } = await traceSteps(backend, model, text);
      assertAlmostEquals(
        values[at],
        own.states[6 * text.split(" ").indexOf(words[at]) + unit],
        1e-6,
      );
    }
  }
});

for (const set of Object.keys(PRESETS)) {
  Deno.test(`memory and sentences of the set “${set}”, also of a kept network`, async () => {
    const settings = { ...presetOf(set), hidden: 8, layers: 2 };
    const training = await trainingOf(settings);
    const kept = new KeptRuns(() => training);
    const [{ text, label: actual }] = training.experiment.parts.train;
    const asked = { text, actual, layer: 0 };
    assertEquals((await kept.memory(asked)).length, 1);
    kept.keep();
    const [own, other] = await kept.memory(asked);
    assertEquals(own, other);
    assertEquals([own!.layer, own!.layers], [0, 2]);
    assertEquals(own!.differences.length, own!.words.length);
    assert(own!.differences.flat().every((value) => value >= 0 && value <= 1));
    assertEquals((await kept.look({ text, actual }))?.text, text);
    const { high, low, of } = await new UnitSearch(() => training).find({ unit: 1, layer: 1 });
    assert(of > 0 && high.length + low.length > 0);
  });
}

Deno.test("a kept network stays unchanged while its run continues", async () => {
  const training = await trainingOf({ ...presetOf("moods"), hidden: 6, init: "scaled", epochs: 3 });
  const kept = new KeptRuns(() => training);
  const look = async () => (await kept.look({ text: "i am not great" }))!.probabilities;
  const run = kept.keep();
  assertEquals([run.epochs, run.rows], [0, []]);
  const before = await look();
  training.go("end");
  while (training.isRunning) await training.turn();
  assertEquals(await look(), before);
  const later = kept.keep();
  assertEquals([later.epochs, later.rows.length], [3, 3]);
  assertNotEquals(await look(), before);
  kept.drop();
  assertEquals(await kept.look({ text: "i am not great" }), undefined);
});

Deno.test("a text that only one of two networks can read has only its memory", async () => {
  const words = await trainingOf({ ...presetOf("moods"), hidden: 4 });
  let current = words;
  const kept = new KeptRuns(() => current);
  kept.keep();
  current = await trainingOf({ ...presetOf("names"), hidden: 4 });
  const [own, other] = await kept.memory({ text: "...", layer: 0 });
  assertEquals([own!.words.length, other], [3, undefined]);
  assertEquals(await kept.memory({ text: " ", layer: 0 }), [undefined, undefined]);
});
