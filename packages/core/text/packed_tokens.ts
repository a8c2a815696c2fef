/**
 * Texts as token ids in few bytes: each different token is kept once, as a string.
 *
 * @module
 */
import { InputError } from "../errors.ts";

/** The tokens of some texts. */
export interface PackedTokens {
  /** How many texts there are. */
  readonly length: number;
  /** The different tokens by their ids, in the order in which they came. */
  readonly tokens: readonly string[];
  /** How many tokens a text has. */
  lengthAt(text: number): number;
  /**
   * The ids of a text's tokens, or of some of them.
   *
   * @param table What to give in place of each id. Default: the id.
   * @param from The first token. Default: 0.
   * @param to The one behind the last. Default: the text's length.
   */
  ids(text: number, table?: Int32Array, from?: number, to?: number): Int32Array;
  /** The id of one token of a text. */
  idAt(text: number, token: number): number;
  /** Adds the tokens of a text to how often each occurs, by its id. */
  count(text: number, counts: Float64Array): void;
}

/** Packs texts as they come. */
export interface TokenPacker extends PackedTokens {
  /** Adds a text. */
  add(tokens: readonly string[]): void;
  /** Adds tokens to the last text. */
  append(tokens: readonly string[]): void;
}

const SHIFT = 16, BLOCK = 2 ** SHIFT; // ids in a block, so that nothing is copied where it grows
const SMALL = 2 ** 16; // tokens whose ids fit into two bytes
const MAX_TOKENS = 2 ** 24 - 1; // what a Map holds
const MAX_IDS = 2 ** 32 - 1;
const PLACES = 2 ** 14; // of tokens that came last
const MOST_READ = 24; // characters of a token that its place depends on

/**
 * A packer without any text yet.
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
  const recent = new Int32Array(PLACES).fill(-1); // ids of tokens that came last, by their places
  const blocks: (Uint16Array | Uint32Array)[] = [];
  const ends = growingNumbers(); // of the texts, among all ids
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

/** A place for a token: in most texts most tokens came before, and a Map takes longer to say so. */
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

/** A string of its own memory: V8 keeps the whole of a text alive while a long piece of it is. */
function detached(token: string): string {
  return token.length < 13 ? token : ` ${token}`.slice(1);
}

/** Whole numbers below 2³², as many as come. */
export interface GrowingNumbers {
  /** How many there are. */
  readonly length: number;
  /** The number at a place. */
  at(index: number): number;
  /** Sets it. */
  set(index: number, value: number): void;
  /** Adds one. */
  push(value: number): void;
}

/** None yet; nothing is copied where more come. */
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

/** Some of the texts, in the order given; no token is copied. */
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

/** A part of a text, as the only one. */
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

/** How often each token occurs, in the order in which they came. */
export function countTokens(texts: PackedTokens): Map<string, number> {
  const counts = new Float64Array(texts.tokens.length);
  for (let text = 0; text < texts.length; text++) texts.count(text, counts);
  const found = new Map<string, number>();
  for (const [id, token] of texts.tokens.entries()) {
    if (counts[id] > 0) found.set(token, counts[id]);
  }
  return found;
}

/** For each token its id in a vocabulary; `missing` for those that it lacks. */
export function tableOf(
  tokens: readonly string[],
  idOf: (token: string) => number | undefined,
  missing = 0,
): Int32Array {
  return Int32Array.from(tokens, (token) => idOf(token) ?? missing);
}
