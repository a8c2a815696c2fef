import { createModel, type Model, writeModel } from "@unroll/core";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { inFolder, unroll } from "./helpers.ts";

/** Returns a model with `count` labels that predicts the label l0 for every text. */
function modelOf(count: number): Model {
  const examples = Array.from({ length: count }, (_, i) => ({ text: "a b", label: `l${i}` }));
  const model = createModel(examples, { hidden: 1 });
  for (const numbers of Object.values(model.weights)) numbers.fill(0);
  model.weights.by[model.labels.indexOf("l0")] = 1;
  return model;
}

Deno.test("predict and evaluate work for a model with 150,000 labels", () =>
  inFolder(async (cwd) => {
    await Deno.writeFile(`${cwd}/model.safetensors`, writeModel(modelOf(150_000)));
    await Deno.writeTextFile(`${cwd}/test.csv`, "text,label\na,l0\nb,l7\n");
    const asked = await unroll(["predict", "a"], { cwd });
    assertEquals([asked.status, asked.err], [0, ""]);
    assertStringIncludes(asked.out, "l0 ");
    const measured = await unroll(["evaluate", "--data", "test.csv"], { cwd });
    assertEquals([measured.status, measured.err], [0, ""]);
    assertStringIncludes(measured.out, "accuracy 50.0%");
    assert(
      !measured.out.includes("Columns: predicted label"),
      "the confusion matrix of all labels is printed",
    );
  }));
