// Read a sentence word by word, with a prediction after each: the state is kept between calls, so a
// word costs the same however long the sentence is.
//
//   deno run examples/stream.ts
import { createCpuBackend } from "@unroll/backend-cpu";
import { createModel, createPredictor, fit } from "@unroll/core";

const examples = [
  { text: "turn the light on", label: "light" },
  { text: "turn the light off", label: "light" },
  { text: "make it bright in here", label: "light" },
  { text: "turn the music on", label: "music" },
  { text: "turn the volume down", label: "music" },
  { text: "make it loud in here", label: "music" },
];

const backend = createCpuBackend();
const model = createModel(examples, { cell: "gru", hidden: 16 });
await fit(backend, model, examples, {
  epochs: 100,
  optimizer: { name: "adam" },
  learningRate: 0.01,
});

using predictor = createPredictor(backend, model);
using stream = predictor.stream();
for (const sentence of ["turn the music down", "make it bright"]) {
  for (const word of sentence.split(" ")) {
    const { label, probabilities } = await stream.step(word);
    const percent = Math.round(100 * Math.max(...probabilities));
    console.log(`${word.padEnd(8)} ${label} ${percent} %`);
  }
  stream.reset(); // the next sentence starts afresh
}
