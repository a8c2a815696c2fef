/**
 * Stores texts as token ids in few bytes; each distinct token is stored once, as a string.
 *
 * @module
 */
import { InputError } from "../errors.ts";

/** The tokens of texts. */
export interface PackedTokens {
  /** The number of texts. */
  readonly length: number;
  /** The distinct tokens by id, in the order of their first occurrence. */
  readonly tokens: readonly string[];
  /** Returns the number of tokens of a text. */
  lengthAt(text: number): number;
  /**
   * Returns the ids of a text's tokens, or of a range of them.
   *
   * @param table Maps each id to the number to return instead. Default: the ids are returned.
   * @param from The index of the first token. Default: 0.
   * @param to The index after the last token. Default: the text's length.
   */
  ids(text: number, table?: Int32Array, from?: number, to?: number): Int32Array;
  /** Returns the id of one token of a text. */
  idAt(text: number, token: number): number;
  /** Adds the number of times each token occurs in a text to `counts`, by id. */
  count(text: number, counts: Float64Array): void;
}

/** Packs texts one at a time. */
export interface TokenPacker extends PackedTokens {
  /** Adds a text. */
  add(tokens: readonly string[]): void;
  /** Appends tokens to the last text. */
  append(tokens: readonly string[]): void;
}

const SHIFT = 16, BLOCK = 2 ** SHIFT; // ids in a block, so that growing copies nothing
const SMALL = 2 ** 16; // the number of ids that fit into two bytes
const MAX_TOKENS = 2 ** 24 - 1; // the capacity of a Map in V8
const MAX_IDS = 2 ** 32 - 1;
const PLACES = 2 ** 14; // slots in the cache of recent tokens
const MOST_READ = 24; // characters of a token that its slot depends on

/**
 * Creates a packer without any texts.
 *
 * @throws {InputError} From `add` and `append`, if there are too many tokens: 2²⁴ distinct ones, or
 *   2³² in all.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const texts = packTokens();
 * texts.add(["not", "good"]);
 * texts.add(["good"]);
 * assertEquals([texts.tokens, [...texts.ids(0)], [...texts.ids(1)]], [["not", "good"], [0, 1], [1]]);
 * ```
 */
export function packTokens(): TokenPacker {
  const index = new Map<string, number>(), tokens: string[] = [];
  const recent = new Int32Array(PLACES).fill(-1); // the ids of recent tokens, by slot
  const blocks: (Uint16Array | Uint32Array)[] = [];
  const ends = growingNumbers(); // the end of each text, among all ids
  let size = 0;
  const push = (id: number) => {
    const block = size >>> SHIFT === blocks.length
      ? newBlock(blocks, tokens.length)
      : blocks.at(-1)!;
    if (id < SMALL || block.BYTES_PER_ELEMENT > 2) block[size & (BLOCK - 1)] = id;
    else {
      const wide = blocks[blocks.length - 1] = new Uint32Array(BLOCK);
      wide.set(block);
      wide[size & (BLOCK - 1)] = id;
    }
    size++;
  };
  const idOf = (token: string) => {
    const place = placeOf(token);
    if (tokens[recent[place]] === token) return recent[place];
    let id = index.get(token);
    if (id === undefined) {
      id = tokens.length;
      if (id === MAX_TOKENS) throw new InputError(`more than ${MAX_TOKENS} different tokens`);
      const own = detached(token);
      index.set(own, id);
      tokens.push(own);
    }
    return recent[place] = id;
  };
  const append = (some: readonly string[]) => {
    if (size + some.length > MAX_IDS) {
      throw new InputError(`more than ${MAX_IDS} tokens; give fewer or shorter texts`);
    }
    for (const token of some) push(idOf(token));
    ends.set(ends.length - 1, size);
  };
  const startOf = (text: number) => text === 0 ? 0 : ends.at(text - 1);
  const lengthAt = (text: number) => ends.at(text) - startOf(text);
  const ids: PackedTokens["ids"] = (text, table, from = 0, to = lengthAt(text)) => {
    const found = new Int32Array(to - from);
    for (let i = 0, at = startOf(text) + from; i < found.length;) {
      const offset = at & (BLOCK - 1), block = blocks[at >>> SHIFT];
      const count = Math.min(found.length - i, BLOCK - offset);
      if (table) { for (let k = 0; k < count; k++) found[i + k] = table[block[offset + k]]; }
      else for (let k = 0; k < count; k++) found[i + k] = block[offset + k];
      i += count;
      at += count;
    }
    return found;
  };
  const idAt = (text: number, token: number) => {
    const at = startOf(text) + token;
    return blocks[at >>> SHIFT][at & (BLOCK - 1)];
  };
  return {
    get length() {
      return ends.length;
    },
    ...{ tokens, lengthAt, ids, idAt, append },
    count(text, counts) {
      const end = ends.at(text);
      for (let at = startOf(text); at < end; at++) counts[blocks[at >>> SHIFT][at & (BLOCK - 1)]]++;
    },
    add(some) {
      ends.push(size);
      append(some);
    },
  };
}

/** Returns the cache slot of a token: most tokens occurred before, and a Map lookup is slower. */
function placeOf(token: string): number {
  const length = Math.min(token.length, MOST_READ);
  let hash = token.length;
  for (let i = 0; i < length; i++) hash = (Math.imul(hash, 31) + token.charCodeAt(i)) | 0;
  return (hash ^ (hash >>> 14)) & (PLACES - 1);
}

function newBlock(blocks: (Uint16Array | Uint32Array)[], tokens: number) {
  const block = tokens <= SMALL ? new Uint16Array(BLOCK) : new Uint32Array(BLOCK);
  blocks.push(block);
  return block;
}

/** Copies a string: in V8, a substring of 13 or more characters keeps its whole text alive. */
function detached(token: string): string {
  return token.length < 13 ? token : ` ${token}`.slice(1);
}

/** A growing array of integers below 2³². */
export interface GrowingNumbers {
  /** The number of elements. */
  readonly length: number;
  /** Returns the number at an index. */
  at(index: number): number;
  /** Sets the number at an index. */
  set(index: number, value: number): void;
  /** Appends a number. */
  push(value: number): void;
}

/** Creates an empty array that grows in blocks, without copying. */
export function growingNumbers(): GrowingNumbers {
  const blocks: Uint32Array[] = [];
  let length = 0;
  const set = (index: number, value: number) => {
    blocks[index >>> SHIFT][index & (BLOCK - 1)] = value;
  };
  return {
    get length() {
      return length;
    },
    at: (index) => blocks[index >>> SHIFT][index & (BLOCK - 1)],
    set,
    push(value) {
      if (length >>> SHIFT === blocks.length) blocks.push(new Uint32Array(BLOCK));
      set(length++, value);
    },
  };
}

/** Returns the texts at the given indices, in that order; no token is copied. */
export function selectTexts(all: PackedTokens, texts: Uint32Array): PackedTokens {
  return {
    length: texts.length,
    tokens: all.tokens,
    lengthAt: (i) => all.lengthAt(texts[i]),
    ids: (i, table, from, to) => all.ids(texts[i], table, from, to),
    idAt: (i, token) => all.idAt(texts[i], token),
    count: (i, counts) => all.count(texts[i], counts),
  };
}

/** Returns tokens `start` to `end` (exclusive) of one text, as the only text. */
export function cutText(all: PackedTokens, text: number, start: number, end: number): PackedTokens {
  return {
    length: 1,
    tokens: all.tokens,
    lengthAt: () => end - start,
    ids: (_, table, from = 0, to = end - start) => all.ids(text, table, start + from, start + to),
    idAt: (_, token) => all.idAt(text, start + token),
    count(_, counts) {
      for (let token = start; token < end; token++) counts[all.idAt(text, token)]++;
    },
  };
}

/** Counts how often each token occurs, in the order of first occurrence. */
export function countTokens(texts: PackedTokens): Map<string, number> {
  const counts = new Float64Array(texts.tokens.length);
  for (let text = 0; text < texts.length; text++) texts.count(text, counts);
  const found = new Map<string, number>();
  for (const [id, token] of texts.tokens.entries()) {
    if (counts[id] > 0) found.set(token, counts[id]);
  }
  return found;
}

/** Returns the id of each token in a vocabulary; `missing` for tokens that are not in it. */
export function tableOf(
  tokens: readonly string[],
  idOf: (token: string) => number | undefined,
  missing = 0,
): Int32Array {
  return Int32Array.from(tokens, (token) => idOf(token) ?? missing);
}
