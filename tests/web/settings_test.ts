import { assertEquals, assertMatch } from "@std/assert";
import { CELL_NAMES, type Model, type Reading, splitUsable } from "@unroll/core";
import { commandOf } from "#web/command.ts";
import { CORE } from "#web/worker/core.ts";
import { fromHash, toHash } from "#web/link.ts";
import { matters } from "#web/run_settings.ts";
import { ARTICLE, FIELDS, type Settings } from "#web/settings.ts";
import { presetOf, PRESETS } from "#web/sets/presets.ts";
import { currentSettings, taskOf, TASKS } from "#web/tasks/tasks.ts";

Deno.test("an old link with the initial weights article means tiny", () => {
  assertEquals(fromHash("#set=requests&init=article").init, "tiny");
  assertEquals(fromHash("#set=requests&init=constructor").init, "scaled");
  assertEquals(
    toHash(fromHash("#set=requests&init=article&hidden=8")),
    "#set=requests&hidden=8&init=tiny",
  );
});

Deno.test("a run saved by an older version continues under the current names", () => {
  const kept = { ...ARTICLE, init: "article", head: "token" } as unknown as Settings;
  assertEquals(currentSettings(kept), {
    ...ARTICLE,
    init: "tiny",
    head: "token",
    task: "tagging",
  });
  for (const set of Object.keys(PRESETS)) {
    assertEquals(currentSettings(presetOf(set)), presetOf(set));
  }
});

Deno.test("a link of any built-in set and cell is restored", () => {
  for (const set of Object.keys(PRESETS)) {
    for (const cell of CELL_NAMES) {
      const settings = { ...presetOf(set), cell, seed: 7 };
      assertEquals(fromHash(toHash(settings)), settings);
    }
  }
});

Deno.test("the head in a link determines whether texts or words have labels", () => {
  assertEquals(fromHash("#set=moods&head=token").task, "tagging");
  assertEquals(fromHash("#set=tags&head=max").task, "classification");
  assertEquals(fromHash("#set=names&head=max").task, "language-model");
});

Deno.test("every setting of a task is in the form, and shown only for that task", () => {
  for (const { name, fields } of TASKS) {
    for (const field of fields) {
      assertEquals([field, field in FIELDS], [field, true]);
      for (const other of TASKS) {
        const settings = { ...ARTICLE, task: other.name };
        assertEquals(matters(settings, field), other.fields.includes(field), `${name} ${field}`);
      }
    }
  }
});

Deno.test("HTML is stripped from own data if that is checked, with the same flag", () => {
  const own = { ...ARTICLE, set: "own", stripHtml: true };
  assertEquals([matters(own, "stripHtml"), matters(ARTICLE, "stripHtml")], [true, false]);
  const data = { train: ["a.csv"] };
  assertMatch(commandOf(own, data), / --strip-html( |$)/);
  assertEquals(commandOf({ ...own, stripHtml: false }, data).includes("html"), false);
  assertEquals(commandOf(own, data, "m.safetensors").includes("html"), false); // the model has it
  assertEquals(commandOf({ ...ARTICLE, stripHtml: true }).includes("html"), false);
  const { stripHtml: _, ...older } = ARTICLE;
  assertEquals(currentSettings(older as Settings).stripHtml, false);
});

Deno.test("every task can strip HTML, and its models are otherwise the same", () => {
  const examples = [
    { text: "so <b>good</b> &amp; so", label: "up" },
    { text: "not so<br>good", label: "down" },
  ];
  for (const task of TASKS) {
    const { name, models, stripping, unit, isPerWord } = task;
    const own = examples.map(({ text, label }) => ({
      text,
      label: isPerWord ? text.split(" ").map(() => label).join(" ") : label,
    }));
    const make = (stripHtml: boolean) =>
      task.create(CORE, { ...ARTICLE, task: name, hidden: 2, stripHtml }, own, true) as Model;
    const readings = [false, true].map((stripHtml) => {
      const { tokenizer, unit, html } = make(stripHtml) as Reading;
      return { tokenizer, unit, html };
    });
    const strip = { html: "strip" } as const, [plain, stripped] = readings;
    assertEquals(
      stripped,
      plain.tokenizer
        ? { ...plain, tokenizer: { ...plain.tokenizer, ...strip } }
        : { ...plain, ...strip },
      name,
    );
    assertEquals(make(true).vocabulary.some((word) => word === "br" || word === "<"), false);
    const reading = { task: models, unit: unit(ARTICLE), ...stripping };
    assertEquals(
      splitUsable(reading, [{ text: "<br>", label: "up" }]).usable.length,
      isPerWord ? 1 : 0,
    );
  }
});

Deno.test("the command names the task only if the default is another", () => {
  const flags = Object.keys(PRESETS).map((set) => {
    const settings = presetOf(set);
    return [taskOf(settings).name, / --task (\S+)/.exec(commandOf(settings))?.[1]];
  });
  assertEquals(flags, [
    ["classification", undefined],
    ["classification", undefined],
    ["classification", undefined],
    ["tagging", undefined],
    ["language-model", "language-model"],
    ["generate-from-label", "generate-from-label"],
    ["translate", "translate"],
    ["translate", "translate"],
  ]);
});
