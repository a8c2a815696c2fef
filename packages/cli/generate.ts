/**
 * `deno task generate`
 *
 * @module
 */
import { generate } from "@unroll/core";
import { BACKEND_FLAGS, createBackend } from "./backends.ts";
import { loadModel } from "./files.ts";
import { atLeastZero, type Command, fraction, integer, text, toggle } from "./flags.ts";
import { requireModelOf } from "./task.ts";
import { print, printable, printJson, write } from "./terminal.ts";

const flags = {
  "model": text("FILE", "the model to let write", "model.safetensors"),
  "prompt": text("TEXT", "what to go on from (default: the start of a text)", undefined),
  "label": text("LABEL", "what to write, for a model that writes for labels", undefined),
  "length": integer("how many characters, or words, to write at most", 500, 1),
  "temperature": atLeastZero(
    "below 1 the likely becomes likelier, above 1 the unlikely; 0 takes the likeliest always",
    1,
  ),
  "top-k": integer("draw from the N likeliest alone (default: all)", undefined, 1),
  "top-p": fraction("draw from the likeliest that have this probability (default: 1)", undefined),
  "seed": integer("the seed: the same one gives the same text", 1, 0),
  ...BACKEND_FLAGS,
  "json": toggle("print one JSON object"),
};

/** `deno task generate` */
export const generateCommand: Command<typeof flags> = {
  name: "generate",
  summary: "Lets a language model write, and shows the text as it is made.",
  flags,
  examples: [
    'generate --model book.safetensors --prompt "ROMEO:" --length 500 --temperature 0.8',
    "generate --model reviews.safetensors --label positive --top-p 0.9 --seed 7",
  ],
  async run(settings) {
    const { prompt, label, length, temperature, seed, json } = settings;
    const model = await loadModel(settings.model);
    requireModelOf(settings.model, model, ["language-model", "generate-from-label"]);
    const backend = await createBackend(settings);
    const pieces = generate(backend, model, {
      prompt,
      label,
      length,
      temperature,
      seed,
      topK: settings["top-k"],
      topP: settings["top-p"],
    });
    if (json) {
      const text = (await Array.fromAsync(pieces)).join("");
      printJson({ label, prompt, text });
      return 0;
    }
    // A model's symbols are a file's: a terminal must not obey what is in them.
    const shown = Deno.stdout.isTerminal()
      ? (text: string) =>
        text.split(/(\n|\t)/).map((part, i) => i % 2 ? part : printable(part)).join("")
      : (text: string) => text;
    let isBegun = false;
    for await (const piece of pieces) {
      if (!isBegun && prompt !== undefined) write(shown(prompt)); // once nothing is wrong with it
      isBegun = true;
      write(shown(piece));
    }
    print();
    return 0;
  },
};
