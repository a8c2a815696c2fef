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
  quote,
  type Tag,
  tag,
  translate,
  type Translation,
  type Verdict,
} from "@unroll/core";
import { BACKEND_FLAGS, createBackend } from "../backends.ts";
import { loadModel } from "../files/files.ts";
import { type Command, file, integer, toggle } from "../flags/flags.ts";
import { linesOf } from "../files/lines.ts";
import { requireModelOf } from "../tasks/task.ts";
import {
  few,
  LABEL,
  padEnd,
  percent,
  print,
  printable,
  printJson,
  TEXT,
  warn,
  widest,
} from "../output/terminal.ts";
import { alignmentTable } from "../tasks/translation.ts";

const flags = {
  "model": file("trained model", "model.safetensors"),
  ...BACKEND_FLAGS,
  "beam": integer("beam width (1: greedy), for a model that translates", 1, 1),
  "attention": toggle("show the attention weights, for a model that translates"),
  "json": toggle("print JSON Lines"),
};

/** `deno task predict` */
export const predictCommand: Command<typeof flags> = {
  name: "predict",
  summary: "Predicts labels or translations, for given texts or for each line of standard input.",
  operands: '"TEXT" …',
  flags,
  examples: [
    'predict --model model.safetensors "i am not bad"',
    "predict --json < texts.txt",
    'predict --model addition.safetensors --beam 3 --attention "123+45"',
  ],
  async run(settings, texts, given) {
    const model = await loadModel(settings.model);
    requireModelOf(settings.model, model, ["classification", "translate"]);
    const isTranslator = model.task === "translate";
    for (const flag of ["beam", "attention"] as const) {
      if (!isTranslator && given.has(flag)) {
        throw new InputError(`--${flag}: is for a model that translates`);
      }
    }
    if (settings.attention && model.attention === "none") {
      throw new InputError(`--attention: ${settings.model} was trained without attention`);
    }
    const backend = await createBackend(settings);
    const printVerdict = settings.json ? printVerdictJson : linePrinter(model);
    const printTags = settings.json ? printTagsJson : printTagsLine;
    const isTagger = model.config.head === "token";
    let status = 0;
    for await (const some of texts.length > 0 ? [texts] : linesOfInput()) {
      const isAnswered = isTranslator
        ? await answerTranslations(backend, model, some, settings)
        : isTagger
        ? await answerTags(backend, model, some, printTags)
        : await answer(backend, model, some, printVerdict);
      if (!isAnswered) status = 2;
    }
    return status;
  },
};

type PrintVerdict = (verdict: Verdict, problem: string | undefined) => void;

/** Whether every text has a word that the model knows. */
async function answer(
  backend: Backend,
  model: Model,
  texts: string[],
  printVerdict: PrintVerdict,
): Promise<boolean> {
  let all = true;
  for (const verdict of await predict(backend, model, texts)) {
    const problem = problemWith(verdict, model);
    if (problem !== undefined) all = false;
    printVerdict(verdict, problem);
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
    else if (json) printJson({ text, error: `has no ${model.unit}` });
    else warn(`error: "" has no ${model.unit}`);
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
    return printJson({ text, target, probability, ended, unknown, ...looked });
  }
  const notes = [
    unknown.length > 0 ? `not known: ${few([...new Set(unknown)])}` : "",
    ended ? "" : "cut off: it came to no end",
  ].filter(Boolean);
  const note = notes.length > 0 ? `  (${notes.join("; ")})` : "";
  if (attention && !isFirst) print();
  print(`${printable(target)}  ${percent(probability)}  ${printable(text, TEXT)}${note}`);
  if (attention) print(["", ...alignmentTable(answer.attention!)].join("\n"));
}

type PrintTags = (text: string, tags: readonly Tag[]) => void;

/** Whether every text has words. A word may be unknown: its neighbours tell. */
async function answerTags(
  backend: Backend,
  model: Model,
  texts: string[],
  printTags: PrintTags,
): Promise<boolean> {
  const answers = await tag(backend, model, texts);
  for (const [i, tags] of answers.entries()) printTags(texts[i], tags);
  return answers.every((tags) => tags.length > 0);
}

function printTagsLine(text: string, tags: readonly Tag[]): void {
  if (tags.length === 0) return warn(`error: ${quote(text)} has no words`);
  print(
    tags.map(({ word, label }) => `${printable(word, TEXT)}/${printable(label, TEXT)}`).join(" "),
  );
}

function printTagsJson(text: string, tags: readonly Tag[]): void {
  if (tags.length === 0) printJson({ text, error: "has no words" });
  else printJson({ text, words: tags });
}

function problemWith({ text, words, unknownWords }: Verdict, model: Model): string | undefined {
  if (unknownWords.length < words) return undefined;
  const known = few(model.vocabulary.slice(1, 9));
  const what = words === 0 ? "has no words" : "has no word that the model knows";
  return `${quote(text)} ${what}; it knows ${model.vocabulary.length - 1}, such as ${known}`;
}

function linePrinter({ labels }: Model): PrintVerdict {
  const width = Math.min(LABEL, widest(labels.map((label) => printable(label, LABEL + 1))));
  return ({ label, probabilities, text, unknownWords }, problem) => {
    if (problem !== undefined) return warn(`error: ${problem}`);
    const note = unknownWords.length > 0 ? `  (not known: ${few(unknownWords)})` : "";
    const share = percent(probabilities[label]).padStart(6);
    print(`${padEnd(printable(label, TEXT), width)}  ${share}  ${printable(text, TEXT)}${note}`);
  };
}

function printVerdictJson(verdict: Verdict, problem: string | undefined): void {
  const { text, label, probabilities, logits } = verdict;
  if (problem !== undefined) printJson({ text, error: problem });
  else printJson({ text, label, probabilities, logits });
}

function linesOfInput(): AsyncGenerator<string[]> {
  if (Deno.stdin.isTerminal()) warn("Type a text and Enter; Ctrl-D ends.");
  return linesOf(Deno.stdin.readable.pipeThrough(new TextDecoderStream()), "standard input");
}
