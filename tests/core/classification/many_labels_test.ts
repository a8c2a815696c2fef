// Very many labels: memory does not grow with their square, and no call has them as arguments.
import { createCpuBackend } from "@unroll/backend-cpu";
import { createModel, evaluate } from "@unroll/core";
import { assert, assertEquals } from "@std/assert";

/** Returns a model with `count` labels that predicts the label l0 for every text. */
function modelOf(count: number) {
  const examples = Array.from({ length: count }, (_, i) => ({ text: "a b", label: `l${i}` }));
  const model = createModel(examples, { hidden: 1 });
  for (const numbers of Object.values(model.weights)) numbers.fill(0);
  model.weights.by[model.labels.indexOf("l0")] = 1;
  return model;
}

Deno.test("evaluate() with 150,000 labels counts the confusions that occur, without a matrix", async () => {
  const model = modelOf(150_000);
  const examples = ["l0", "l5", "l0", "l7", "l5"].map((label) => ({ text: "a", label }));
  const { accuracy, confusion, confused, labels, majority } = await evaluate(
    createCpuBackend(),
    model,
    examples,
  );
  assertEquals([accuracy, confusion], [0.4, undefined]);
  assertEquals(confused, [
    { actual: "l5", predicted: "l0", count: 2 },
    { actual: "l7", predicted: "l0", count: 1 },
  ]);
  assertEquals(majority, { label: "l0", accuracy: 0.4 });
  const [first] = labels.filter(({ label }) => label === "l0");
  assertEquals([first.precision, first.recall, first.support], [0.4, 1, 2]);
});

Deno.test("evaluate() returns a confusion matrix for up to 200 labels", async () => {
  for (const count of [200, 201]) {
    const examples = ["l0", "l1"].map((label) => ({ text: "a", label }));
    const { confusion } = await evaluate(createCpuBackend(), modelOf(count), examples);
    assertEquals(confusion?.flat().filter((n) => n > 0), count === 200 ? [1, 1] : undefined);
    assert(count > 200 || confusion!.length === 200);
  }
});
