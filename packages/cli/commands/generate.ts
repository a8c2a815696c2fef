/**
 * `deno task generate`
 *
 * @module
 */
import { BACKEND_FLAGS, createBackend } from "../backends.ts";
import { loadModel } from "../files/files.ts";
import { type Command, file, text, toggle } from "../flags/flags.ts";
import { atLeastZero, fraction, integer } from "../flags/number_flags.ts";
import { print, printable, printJson, write } from "../output/terminal.ts";
import { taskOf, wrongModel } from "../tasks/tasks.ts";

const TEXT = {
  "model": file("trained language model", "model.safetensors"),
  "prompt": text("TEXT", "text to continue; empty for the start of a text", undefined, {
    mayBeEmpty: true,
  }),
  "label": text("LABEL", "label to generate a text for, if the model has labels", undefined),
  "length": integer("maximum number of units to generate", 500, 1),
};
const SAMPLING = {
  "temperature": atLeastZero("sampling temperature; 0 is greedy", 1),
  "top-k": integer("top-k sampling: only from the N most probable units", undefined, 1),
  "top-p": fraction(
    "top-p (nucleus) sampling: only from the most probable units whose probabilities add up to X",
    undefined,
  ),
  "seed": integer("random seed; the same seed gives the same text", 1, 0),
};
const OUTPUT = { "json": toggle("print one JSON object") };
const flags = { ...TEXT, ...SAMPLING, ...OUTPUT, ...BACKEND_FLAGS };

/** `deno task generate` */
export const generateCommand: Command<typeof flags> = {
  name: "generate",
  summary: "Generates text from a language model.",
  flags,
  groups: { Text: TEXT, Sampling: SAMPLING, Output: OUTPUT, Backend: BACKEND_FLAGS },
  examples: [
    'generate --model book.safetensors --prompt "ROMEO:" --length 500 --temperature 0.8',
    "generate --model reviews.safetensors --label positive --top-p 0.9 --seed 7",
  ],
  async run(settings) {
    const { prompt, label, length, temperature, seed, json } = settings;
    const model = await loadModel(settings.model);
    const { generate } = taskOf(model);
    if (generate === undefined) throw wrongModel(settings.model, model);
    const backend = await createBackend(settings);
    const chunks = generate(backend, model, {
      prompt,
      label,
      length,
      temperature,
      seed,
      topK: settings["top-k"],
      topP: settings["top-p"],
    });
    if (json) {
      const text = (await Array.fromAsync(chunks)).join("");
      printJson({ label, prompt, text });
      return 0;
    }
    // A model's units come from a file: a terminal must not execute control characters in them.
    const shown = Deno.stdout.isTerminal()
      ? (text: string) =>
        text.split(/(\n|\t)/).map((part, i) => i % 2 ? part : printable(part)).join("")
      : (text: string) => text;
    let isBegun = false;
    for await (const chunk of chunks) {
      if (!isBegun && prompt !== undefined) write(shown(prompt)); // only once it was accepted
      isBegun = true;
      write(shown(chunk));
    }
    print();
    return 0;
  },
};
