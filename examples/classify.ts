// Train a classifier on a few sentences, then ask it about others.
//
//   deno run examples/classify.ts
import { createCpuBackend } from "@unroll/backend-cpu";
import { createModel, createPredictor, fit } from "@unroll/core";

const examples = [
  { text: "good", label: "positive" },
  { text: "not good", label: "negative" },
  { text: "bad", label: "negative" },
  { text: "not bad", label: "positive" },
  { text: "this is very good", label: "positive" },
  { text: "this is not very good", label: "negative" },
  { text: "this is very bad", label: "negative" },
  { text: "this is not very bad", label: "positive" },
];

const backend = createCpuBackend();
const model = createModel(examples, { cell: "gru", hidden: 16 });
const { epochs, train } = await fit(backend, model, examples, {
  epochs: 50,
  optimizer: { name: "adam" },
  learningRate: 0.01,
});
console.log(`after ${epochs} epochs: loss ${train!.loss.toFixed(2)}, accuracy ${train!.accuracy}`);

// A predictor uploads the weights once, however often it is asked.
using predictor = createPredictor(backend, model);
for (
  const { text, label, probabilities } of await predictor.predict(["Very bad!", "This is good"])
) {
  console.log(`${text} -> ${label} (${Math.round(100 * probabilities[label])} %)`);
}
