/**
 * Vocabularies in the formats of other tools: one word per line, JSON, or a Hugging Face tokenizer.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { quote } from "../printable.ts";
import type { TokenizerOptions } from "../text/tokenizer.ts";
import { isRecord } from "../training/same.ts";

/** Words or labels in the order of their ids. */
export interface TokenList {
  /** The name of the file, for messages. */
  name: string;
  /** The words or labels by id. */
  words: string[];
  /** The token for unknown words, if the file specifies it. */
  unknown?: string;
  /** How texts are split into words, as far as the file specifies it. */
  reading?: Partial<TokenizerOptions>;
  /** The settings in the file that are not supported here, one sentence each. */
  notes: string[];
}

/**
 * Parses a vocabulary: a text file with one word per line, a JSON list, a JSON object
 * `{"word": id}`, or the `tokenizer.json` of Hugging Face's tokenizers with a `WordLevel` model.
 *
 * @param text The contents of the file.
 * @param name The name of the file in error messages. If it ends in `.json`, the text must be JSON.
 * @throws {InputError} If the file is invalid; the message has the line or id, and the problem.
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
  if (words.length === 0) throw new InputError(`${name}: has no words; give one per line`);
  const seen = new Map<string, number>();
  for (const [id, word] of words.entries()) {
    const first = seen.get(word);
    if (first !== undefined) {
      const places = json === undefined
        ? `on line ${first + 1} and on line ${id + 1}`
        : `at ids ${first} and ${id}`;
      throw new InputError(`${name}: has ${quote(word)} ${places}; give each word once`);
    }
    seen.set(word, id);
  }
  return { name, notes: [], ...list };
}

/** Parses the JSON in a text, or returns undefined if the text is a list of lines. */
function jsonOf(text: string, name: string): unknown {
  const isNamedSo = /\.json$/i.test(name);
  if (!isNamedSo && !/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    if (!isNamedSo) return undefined; // it starts with a word such as [PAD]
    throw new InputError(
      `${name}: is not JSON; give a JSON file, or a text file with one word per line`,
    );
  }
}

function linesOf(text: string, name: string): string[] {
  const lines = text.split("\n").map((line) => line.replace(/\r$/, ""));
  if (lines.at(-1) === "") lines.pop();
  const empty = lines.indexOf("");
  if (empty < 0) return lines;
  throw new InputError(
    `${name}:${empty + 1}: is empty, but line ${
      empty + 1
    } is the word with id ${empty}; give one ` +
      "word per line, or a JSON list",
  );
}

function listOf(json: unknown, name: string): Omit<TokenList, "name" | "notes"> {
  if (Array.isArray(json)) return { words: json.map((word, id) => wordAt(word, id, name)) };
  if (!isRecord(json)) {
    throw new InputError(`${name}: must be a list of words, or an object of ids, {"word": 0}`);
  }
  return isRecord(json.model) ? tokenizerOf(json, json.model, name) : { words: byId(json, name) };
}

function wordAt(word: unknown, id: number, name: string): string {
  if (typeof word === "string") return word;
  throw new InputError(`${name}: must be a list of words, but has ${quote(word)} at index ${id}`);
}

/** Returns the words of an object of ids, ordered by id. */
function byId(ids: Record<string, unknown>, name: string): string[] {
  const entries = Object.entries(ids), words = new Array<string | undefined>(entries.length);
  for (const [word, id] of entries) {
    if (typeof id !== "number" || !Number.isSafeInteger(id) || id < 0) {
      throw new InputError(
        `${name}: gives ${quote(word)} the id ${quote(id)}; ids must be integers of at least 0`,
      );
    }
    if (id >= entries.length) {
      throw new InputError(
        `${name}: gives ${quote(word)} the id ${id}, but has ${entries.length} words; ` +
          "number the words from 0 without gaps",
      );
    }
    if (words[id] !== undefined) {
      throw new InputError(`${name}: gives ${quote(words[id])} and ${quote(word)} the id ${id}`);
    }
    words[id] = word;
  }
  return words as string[];
}

/** The steps of a Hugging Face tokenizer that are supported, as tokenizer options. */
const STEPS: Readonly<Record<string, Partial<TokenizerOptions>>> = {
  Lowercase: { lowerCase: true },
  NFC: {},
  Whitespace: { split: "words", punctuation: "keep" },
  WhitespaceSplit: { split: "spaces", punctuation: "keep" },
  BertPreTokenizer: { split: "words", punctuation: "keep" },
};

/** Returns the words of a `tokenizer.json`, and its tokenization as far as it is supported. */
function tokenizerOf(
  json: Record<string, unknown>,
  model: Record<string, unknown>,
  name: string,
): Omit<TokenList, "name"> {
  if (model.type !== undefined && model.type !== "WordLevel" || !isRecord(model.vocab)) {
    throw new InputError(
      `${name}: is a tokenizer of type ${quote(model.type)}, which splits words into parts; only ` +
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
    else notes.push(`${name}: its step ${quote(type)} is not supported and was ignored`);
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

/** Returns the steps of a normalizer or pre-tokenizer, with sequences flattened. */
function stepsIn(given: unknown): Record<string, unknown>[] {
  if (!isRecord(given)) return [];
  const inner = given.normalizers ?? given.pretokenizers;
  return Array.isArray(inner) ? inner.flatMap(stepsIn) : [given];
}
