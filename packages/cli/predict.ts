/**
 * `deno task predict`
 *
 * @module
 */
import {
  type Backend,
  InputError,
  type Model,
  predict,
  type Tag,
  tag,
  translate,
  type Translation,
  type Verdict,
} from "@unroll/core";
import { BACKEND_FLAGS, createBackend } from "./backends.ts";
import { loadModel } from "./files.ts";
import { type Command, integer, text, toggle } from "./flags.ts";
import { requireModelOf } from "./task.ts";
import { percent, printable } from "./terminal.ts";
import { alignmentTable } from "./translation.ts";

const flags = {
  "model": text("FILE", "the model to ask", "model.safetensors"),
  ...BACKEND_FLAGS,
  "beam": integer("of a translation, how many beginnings to go on with (default: 1)", undefined, 1),
  "attention": toggle("of a translation, show where the model looked"),
  "json": toggle("print one JSON object a line"),
};

/** `deno task predict` */
export const predictCommand: Command<typeof flags> = {
  name: "predict",
  summary: "Says what a model makes of texts: given ones, or one a line from standard input.",
  operands: '"TEXT" …',
  flags,
  examples: [
    'predict --model model.safetensors "i am not bad"',
    "predict --json < texts.txt",
    'predict --model addition.safetensors --beam 3 --attention "123+45"',
  ],
  async run(settings, texts) {
    const model = await loadModel(settings.model);
    requireModelOf(settings.model, model, ["classification", "translate"]);
    const isTranslator = model.task === "translate";
    for (const flag of ["beam", "attention"] as const) {
      if (!isTranslator && settings[flag]) {
        throw new InputError(`--${flag}: is for a model that translates`);
      }
    }
    if (settings.attention && model.attention === "none") {
      throw new InputError(`--attention: ${settings.model} was trained without attention`);
    }
    const backend = await createBackend(settings);
    const print = settings.json ? printJson : printLine;
    const printTags = settings.json ? printTagsJson : printTagsLine;
    const isTagger = model.config.head === "token";
    let status = 0;
    for await (const some of texts.length > 0 ? [texts] : linesOfInput()) {
      const isAnswered = isTranslator
        ? await answerTranslations(backend, model, some, settings)
        : isTagger
        ? await answerTags(backend, model, some, printTags)
        : await answer(backend, model, some, print);
      if (!isAnswered) status = 2;
    }
    return status;
  },
};

type Print = (verdict: Verdict, problem: string | undefined, model: Model) => void;

/** Whether every text has a word that the model knows. */
async function answer(
  backend: Backend,
  model: Model,
  texts: string[],
  print: Print,
): Promise<boolean> {
  let all = true;
  for (const verdict of await predict(backend, model, texts)) {
    const problem = problemWith(verdict, model);
    if (problem !== undefined) all = false;
    print(verdict, problem, model);
  }
  return all;
}

/** Whether every text has symbols, and every answer came to its end. */
async function answerTranslations(
  backend: Backend,
  model: Model,
  texts: string[],
  { beam, attention, json }: { beam?: number; attention: boolean; json: boolean },
): Promise<boolean> {
  const some = texts.filter((text) => text !== "");
  const answers = await translate(backend, model, some, { beam });
  let isFirst = true;
  for (const text of texts) {
    if (text !== "") printTranslation(answers.shift()!, { attention, json, isFirst });
    else if (json) console.log(JSON.stringify({ text, error: `has no ${model.unit}` }));
    else console.error(`error: "" has no ${model.unit}`);
    isFirst = false;
  }
  return some.length === texts.length;
}

function printTranslation(
  answer: Translation,
  { attention, json, isFirst }: { attention: boolean; json: boolean; isFirst: boolean },
): void {
  const { text, target, probability, ended, unknown } = answer;
  if (json) {
    const looked = attention ? { attention: answer.attention } : {};
    return console.log(JSON.stringify({ text, target, probability, ended, unknown, ...looked }));
  }
  const notes = [
    unknown.length > 0 ? `not known: ${[...new Set(unknown)].map(printable).join(", ")}` : "",
    ended ? "" : "cut, as it came to no end",
  ].filter(Boolean);
  const note = notes.length > 0 ? `  (${notes.join("; ")})` : "";
  if (attention && !isFirst) console.log();
  console.log(`${printable(target)}  ${percent(probability)}  ${printable(text)}${note}`);
  if (attention) console.log(["", ...alignmentTable(answer.attention!)].join("\n"));
}

type PrintTags = (text: string, tags: readonly Tag[]) => void;

/** Whether every text has words. A word may be unknown: its neighbours tell. */
async function answerTags(
  backend: Backend,
  model: Model,
  texts: string[],
  print: PrintTags,
): Promise<boolean> {
  const answers = await tag(backend, model, texts);
  for (const [i, tags] of answers.entries()) print(texts[i], tags);
  return answers.every((tags) => tags.length > 0);
}

function printTagsLine(text: string, tags: readonly Tag[]): void {
  if (tags.length === 0) return console.error(`error: "${printable(text)}" has no words`);
  console.log(tags.map(({ word, label }) => `${printable(word)}/${printable(label)}`).join(" "));
}

function printTagsJson(text: string, tags: readonly Tag[]): void {
  if (tags.length === 0) console.log(JSON.stringify({ text, error: "has no words" }));
  else console.log(JSON.stringify({ text, words: tags }));
}

function problemWith({ text, words, unknownWords }: Verdict, model: Model): string | undefined {
  if (unknownWords.length < words) return undefined;
  const known = model.vocabulary.slice(1, 9).map(printable).join(", ");
  const what = words === 0 ? "has no words" : "has no word that the model knows";
  return `"${printable(text)}" ${what}; it knows ${model.vocabulary.length - 1}, such as ${known}`;
}

function printLine(verdict: Verdict, problem: string | undefined, { labels }: Model): void {
  if (problem !== undefined) return console.error(`error: ${problem}`);
  const { label, probabilities, text, unknownWords } = verdict;
  const width = labels.reduce((most, label) => Math.max(most, printable(label).length), 0);
  const note = unknownWords.length > 0
    ? `  (not known: ${unknownWords.map(printable).join(", ")})`
    : "";
  const share = percent(probabilities[label]).padStart(6);
  console.log(`${printable(label).padEnd(width)}  ${share}  ${printable(text)}${note}`);
}

function printJson(verdict: Verdict, problem: string | undefined): void {
  const { text, label, probabilities, logits } = verdict;
  if (problem !== undefined) console.log(JSON.stringify({ text, error: problem }));
  else console.log(JSON.stringify({ text, label, probabilities, logits }));
}

/** The lines of standard input, as many at a time as have come. */
async function* linesOfInput(): AsyncGenerator<string[]> {
  if (Deno.stdin.isTerminal()) console.error("Type a text and Enter; Ctrl-D ends.");
  let rest = "";
  for await (const chunk of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split(/\r?\n/);
    rest = lines.pop()!;
    yield lines;
  }
  if (rest !== "") yield [rest];
}
