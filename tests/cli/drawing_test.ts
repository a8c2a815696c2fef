import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createModel, writeModel } from "@unroll/core";
import { drawBoxes } from "#cli/output/boxes.ts";
import { drawNetwork } from "#cli/tasks/drawings.ts";
import { drawings, DRAWN } from "#tests/support/drawing_cases.ts";
import { inFolder, unroll } from "./helpers.ts";

Deno.test("drawNetwork() draws the models of every task as in the golden file", async () => {
  const expected = await Deno.readTextFile(new URL("../golden/drawings.txt", import.meta.url));
  assertEquals(drawings(), expected);
});

Deno.test("drawNetwork() draws every kind of model within 80 columns", () => {
  for (const [name, model] of Object.entries(DRAWN)) {
    const lines = drawNetwork(model());
    for (const line of lines) {
      assert(
        line.length <= 80 && line === line.trimEnd() && !line.includes("…"),
        `${name}: ${line}`,
      );
    }
  }
});

Deno.test("drawNetwork() counts every parameter once", () => {
  for (const [name, make] of Object.entries(DRAWN)) {
    const model = make();
    const drawn = drawNetwork(model).join("\n").matchAll(/(\d+) parameters?/g);
    let sum = 0, all = 0;
    for (const [, count] of drawn) sum += Number(count);
    for (const numbers of Object.values(model.weights)) all += numbers.length;
    // CRF scores and a forecaster's position weights are drawn as shapes, without a count.
    const { startTransitions, endTransitions, transitions, positions, columns, Wk } = model.weights;
    for (const drawnSo of [startTransitions, endTransitions, transitions, positions, columns, Wk]) {
      all -= drawnSo?.length ?? 0;
    }
    assertEquals(sum, all, name);
  }
});

Deno.test("drawBoxes() connects boxes with two inputs or outputs", () => {
  const two = { boxes: [{ lines: ["a"] }, { lines: ["b"] }], gives: "both" };
  const lines = drawBoxes({ input: "in", rows: [two, two], output: "out" });
  assertEquals(lines.slice(5, 10), [
    "└─────────────────┬─────────────────┘   └─────────────────┬─────────────────┘",
    "                  └───────────────────┬───────────────────┘",
    "                                      │ both",
    "                  ┌───────────────────┴───────────────────┐",
    "┌─────────────────▼─────────────────┐   ┌─────────────────▼─────────────────┐",
  ]);
});

Deno.test("inspect draws the network above its settings; --json has no drawing", () =>
  inFolder(async (cwd) => {
    const model = createModel([{ text: "good", label: "up" }, { text: "bad", label: "down" }]);
    await Deno.writeFile(`${cwd}/model.safetensors`, writeModel(model));
    const { status, out, err } = await unroll(["inspect"], { cwd });
    assertEquals([status, err], [0, ""]);
    assertStringIncludes(out, `${drawNetwork(model).join("\n")}\n\ncell`);
    const json = await unroll(["inspect", "--json"], { cwd });
    assertEquals(Object.keys(JSON.parse(json.out)).includes("drawing"), false);
  }));
