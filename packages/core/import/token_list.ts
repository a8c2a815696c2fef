/**
 * Words by id as other tools keep them: a line each, JSON, or a tokenizer of Hugging Face.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { quote } from "../printable.ts";
import type { TokenizerOptions } from "../text/tokenizer.ts";
import { isRecord } from "../training/same.ts";

/** Words or labels in the order of their ids. */
export interface TokenList {
  /** Where they are from, for messages. */
  name: string;
  /** They, by id. */
  words: string[];
  /** The one that stands for all unknown words, where the file says it. */
  unknown?: string;
  /** How texts are cut into them, where the file says it. */
  reading?: Partial<TokenizerOptions>;
  /** What the file says that is done otherwise here, in sentences. */
  notes: string[];
}

/**
 * Reads a vocabulary: a text file with a word a line, a JSON list, a JSON object `{"word": id}`, or the
 * `tokenizer.json` of Hugging Face's tokenizers with a model of whole words, `WordLevel`.
 *
 * @param text What the file holds.
 * @param name What to call it in errors. One that ends on `.json` must be JSON.
 * @throws {InputError} That names the line, or the id, and what is wrong with it.
 *
 * @example
 * ```ts
 * import { parseTokenList } from "@unroll/core/import";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseTokenList("<unk>\ngood\nbad\n", "words.txt").words, ["<unk>", "good", "bad"]);
 * assertEquals(parseTokenList('{"bad": 1, "good": 0}', "words.json").words, ["good", "bad"]);
 * ```
 */
export function parseTokenList(text: string, name: string): TokenList {
  const plain = text.replace(/^\ufeff/, "");
  const json = jsonOf(plain, name);
  const list = json === undefined ? { words: linesOf(plain, name) } : listOf(json, name);
  const { words } = list;
  if (words.length === 0) throw new InputError(`${name}: has no words; give one a line`);
  const seen = new Map<string, number>();
  for (const [id, word] of words.entries()) {
    const first = seen.get(word);
    if (first !== undefined) {
      const places = json === undefined
        ? `in line ${first + 1} and in line ${id + 1}`
        : `at the ids ${first} and ${id}`;
      throw new InputError(`${name}: has ${quote(word)} ${places}; give each word once`);
    }
    seen.set(word, id);
  }
  return { name, notes: [], ...list };
}

/** The JSON in a text; undefined where it is a list of lines. */
function jsonOf(text: string, name: string): unknown {
  const isNamedSo = /\.json$/i.test(name);
  if (!isNamedSo && !/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    if (!isNamedSo) return undefined; // a word such as [PAD]
    throw new InputError(
      `${name}: is not JSON; give a JSON file, or a text file with a word a line`,
    );
  }
}

function linesOf(text: string, name: string): string[] {
  const lines = text.split("\n").map((line) => line.replace(/\r$/, ""));
  if (lines.at(-1) === "") lines.pop();
  const empty = lines.indexOf("");
  if (empty < 0) return lines;
  throw new InputError(
    `${name}:${empty + 1}: is empty, and line ${
      empty + 1
    } is the word of id ${empty}; give a word a ` +
      "line, or a JSON list",
  );
}

function listOf(json: unknown, name: string): Omit<TokenList, "name" | "notes"> {
  if (Array.isArray(json)) return { words: json.map((word, id) => wordAt(word, id, name)) };
  if (!isRecord(json)) {
    throw new InputError(`${name}: should be a list of words, or an object of ids, {"word": 0}`);
  }
  return isRecord(json.model) ? tokenizerOf(json, json.model, name) : { words: byId(json, name) };
}

function wordAt(word: unknown, id: number, name: string): string {
  if (typeof word === "string") return word;
  throw new InputError(`${name}: should be a list of words, and has ${quote(word)} at ${id}`);
}

/** The words of an object of ids. */
function byId(ids: Record<string, unknown>, name: string): string[] {
  const entries = Object.entries(ids), words = new Array<string | undefined>(entries.length);
  for (const [word, id] of entries) {
    if (typeof id !== "number" || !Number.isSafeInteger(id) || id < 0) {
      throw new InputError(
        `${name}: gives ${quote(word)} the id ${quote(id)}; ids are whole numbers from 0`,
      );
    }
    if (id >= entries.length) {
      throw new InputError(
        `${name}: gives ${
          quote(word)
        } the id ${id}, and has ${entries.length} words, so that some ` +
          "ids have none; give every id a word",
      );
    }
    if (words[id] !== undefined) {
      throw new InputError(`${name}: gives ${quote(words[id])} and ${quote(word)} the id ${id}`);
    }
    words[id] = word;
  }
  return words as string[];
}

/** What is done here of what a tokenizer does to a text, and how it cuts it. */
const STEPS: Readonly<Record<string, Partial<TokenizerOptions>>> = {
  Lowercase: { lowerCase: true },
  NFC: {},
  Whitespace: { split: "words", punctuation: "keep" },
  WhitespaceSplit: { split: "spaces", punctuation: "keep" },
  BertPreTokenizer: { split: "words", punctuation: "keep" },
};

/** The words of a `tokenizer.json`, and how it reads texts as far as that is done here. */
function tokenizerOf(
  json: Record<string, unknown>,
  model: Record<string, unknown>,
  name: string,
): Omit<TokenList, "name"> {
  if (model.type !== undefined && model.type !== "WordLevel" || !isRecord(model.vocab)) {
    throw new InputError(
      `${name}: is a tokenizer of the kind ${
        quote(model.type)
      }, which cuts words into parts; only ` +
        "WordLevel, whole words, can be imported: give the words as a text file, or export to ONNX " +
        "from PyTorch",
    );
  }
  const ids = { ...model.vocab };
  for (const added of Array.isArray(json.added_tokens) ? json.added_tokens : []) {
    if (isRecord(added) && typeof added.content === "string") ids[added.content] ??= added.id;
  }
  const steps = [...stepsIn(json.normalizer), ...stepsIn(json.pre_tokenizer)];
  const reading: Partial<TokenizerOptions> = { lowerCase: false };
  const notes: string[] = [];
  for (const step of steps) {
    const type = String(step.type);
    if (Object.hasOwn(STEPS, type)) Object.assign(reading, STEPS[type]);
    else notes.push(`${name}: its step ${quote(type)} is not done here`);
    if (step.lowercase === true) reading.lowerCase = true;
  }
  const unknown = typeof model.unk_token === "string" ? model.unk_token : undefined;
  return {
    words: byId(ids, name),
    ...(unknown !== undefined && Object.hasOwn(ids, unknown) ? { unknown } : {}),
    reading,
    notes,
  };
}

/** The steps of a normalizer or of a pre-tokenizer, those of a sequence one by one. */
function stepsIn(given: unknown): Record<string, unknown>[] {
  if (!isRecord(given)) return [];
  const inner = given.normalizers ?? given.pretokenizers;
  return Array.isArray(inner) ? inner.flatMap(stepsIn) : [given];
}
