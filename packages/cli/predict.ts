/**
 * `deno task predict`
 *
 * @module
 */
import { type Backend, type Model, predict, type Tag, tag, type Verdict } from "@unroll/core";
import { BACKEND_FLAGS, createBackend } from "./backends.ts";
import { loadModel } from "./files.ts";
import { type Command, text, toggle } from "./flags.ts";
import { percent, printable } from "./terminal.ts";

const flags = {
  "model": text("FILE", "the model to ask", "model.safetensors"),
  ...BACKEND_FLAGS,
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
  ],
  async run(settings, texts) {
    const model = await loadModel(settings.model);
    const backend = await createBackend(settings);
    const print = settings.json ? printJson : printLine;
    const printTags = settings.json ? printTagsJson : printTagsLine;
    const isTagger = model.config.head === "token";
    let status = 0;
    for await (const some of texts.length > 0 ? [texts] : linesOfInput()) {
      const isAnswered = isTagger
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
  const width = Math.max(...labels.map((label) => printable(label).length));
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
