// Train a language model on a rhyme, then watch it write one character after another.
//
//   deno run examples/generate.ts
import { createCpuBackend } from "@unroll/backend-cpu";
import { createLanguageModel, generate, train } from "@unroll/core";

const rhyme = `one two, buckle my shoe,
three four, knock at the door,
five six, pick up sticks,
seven eight, lay them straight,
`;
const examples = [{ text: rhyme.repeat(8) }];

const backend = createCpuBackend();
const model = createLanguageModel(examples, { cell: "lstm", hidden: 48 });
const options = {
  epochs: 60,
  batchSize: 8, // parallel streams
  timeSteps: 35, // how far gradients go back
  optimizer: { name: "adam" },
  learningRate: 0.02,
} as const;
for await (const event of train(backend, model, examples, options)) {
  if (event.type !== "epoch" || event.epoch % 20 > 0) continue;
  console.log(`epoch ${event.epoch}: ${(event.train.loss / Math.LN2).toFixed(2)} bits a character`);
}

let text = "three";
for await (
  const character of generate(backend, model, { prompt: text, length: 60, temperature: 0.5 })
) {
  text += character; // it comes as soon as it is made
}
console.log(text);
