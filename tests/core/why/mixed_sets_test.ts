/**
 * Explanations of multi-label models mixed with a linear model.
 *
 * @module
 */
import { createMultiLabelClassifier, explain, fitLinearLabels, predict } from "@unroll/core";
import { createCpuBackend } from "@unroll/backend-cpu";
import { assertAlmostEquals, assertEquals } from "@std/assert";

const backend = createCpuBackend({ dtype: "float64" });

Deno.test("each label of a mixture is explained, including punctuation", async () => {
  const examples = [
    { text: "so good!", label: "a;b" },
    { text: "so bad, bad", label: "c" },
    { text: "not good", label: "b;c" },
  ];
  const model = createMultiLabelClassifier(examples, { cell: "gru", hidden: 4, embedding: 3 });
  model.linear = fitLinearLabels(model, examples);
  model.calibration = { network: 0.6, linear: 0.9, examples: 9, error: { before: 0, after: 0 } };
  for (const text of ["so good, not bad!", "unheard of"]) {
    const [{ probabilities }] = await predict(backend, model, [text]);
    for (const label of model.labels) {
      const [{ attributions: [{ score, baseline, shares }] }] = await explain(backend, model, [
        text,
      ], { label, steps: 128 });
      const p = probabilities[label];
      assertAlmostEquals(score, Math.log(p / (1 - p)), 1e-9);
      const sum = shares.reduce((all, each) => all + each, 0);
      const size = shares.reduce((all, each) => all + Math.abs(each), 0);
      assertAlmostEquals(sum, score - baseline, 0.01 * size);
    }
  }
  const [{ words }] = await explain(backend, model, ["so good, not bad!"]);
  assertEquals(words, ["so", "good", ",", "not", "bad", "!"]);
});
