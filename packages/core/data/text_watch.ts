/**
 * Remembers texts and their labels by hash, in a few bytes per text.
 *
 * @module
 */
import { quote } from "../printable.ts";
import { toNfc } from "../text/nfc.ts";
import type { Example } from "./examples.ts";
import type { DataWarning } from "./label_warnings.ts";

const MAX_COMPARED = 250_000; // different texts whose labels are kept
const BLOCK = 2 ** 14; // hashes

/** Checks texts one at a time. */
export interface TextWatch {
  /** Adds the text and the label of an example. */
  add(example: Example): void;
  /** Returns whether a text was added, ignoring case, Unicode normalization and whitespace. */
  has(text: string): boolean;
  /** Returns the number of different texts, at most 250,000. */
  different(): number;
  /** Returns a warning about texts with more than one label. */
  conflicts(): DataWarning | undefined;
}

/**
 * Creates a watch without any texts.
 *
 * @param isAsked Whether `has` will be called, which takes 8 bytes per text.
 * @param keepsCase Whether texts that differ only in case may have different labels.
 */
export function watchTexts(isAsked = true, keepsCase = false): TextWatch {
  const blocks: Float64Array[] = [];
  let sorted: Float64Array | undefined, count = 0, isCut = false;
  const labels = new Map<number, string>();
  const conflicts = new Map<number, { text: string; first: string; second: string }>();
  const compare = (hash: number, { text, label = "" }: Example) => {
    const before = labels.get(hash);
    if (before !== undefined) {
      if (areAlike(before, label) || conflicts.has(hash)) return;
      conflicts.set(hash, { text: normal(text), first: before, second: label });
    } else if (labels.size < MAX_COMPARED) labels.set(hash, label);
    else isCut = true;
  };
  return {
    add(example) {
      const hash = hashOfText(example.text);
      compare(keepsCase ? hashOfCased(normal(example.text)) : hash, example);
      if (!isAsked) return;
      if (count % BLOCK === 0) blocks.push(new Float64Array(BLOCK));
      blocks.at(-1)![count++ % BLOCK] = hash;
      sorted = undefined;
    },
    has(text) {
      sorted ??= sortedOf(blocks, count);
      return placeOf(hashOfText(text), sorted) >= 0;
    },
    different: () => labels.size,
    conflicts() {
      const [found] = conflicts.values();
      if (!found) return undefined;
      const { size } = conflicts, { text, first, second } = found;
      const what = size === 1 ? "1 text has" : `${isCut ? "at least " : ""}${size} texts have`;
      return {
        kind: "conflicting-labels",
        message: `${what} more than one label, such as ${quote(text)}: ${quote(first)} and ` +
          `${quote(second)}; no model can get both right`,
        count: size,
      };
    },
  };
}

function sortedOf(blocks: readonly Float64Array[], count: number): Float64Array {
  const all = new Float64Array(blocks.length * BLOCK);
  for (const [i, block] of blocks.entries()) all.set(block, i * BLOCK);
  return all.subarray(0, count).sort();
}

/** Returns whether labels differ at most in case, which the warning about similar labels covers. */
function areAlike(a: string, b: string): boolean {
  return a === b || a.toLowerCase() === b.toLowerCase();
}

/** Normalizes a text's Unicode form and whitespace. */
function normal(text: string): string {
  if (/^[!-~]+( [!-~]+)*$/.test(text)) return text; // already normal, as most texts are
  return toNfc(text).trim().replace(/\s+/gu, " ");
}

/** Returns the first index of a number in a sorted array; -1 if it is not in it. */
export function placeOf(value: number, sorted: Float64Array): number {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low < sorted.length && sorted[low] === value ? low : -1;
}

/** Hashes a text in lower case, as most models read it. */
export function hashOfText(text: string): number {
  return hashOfCased(normal(text).toLowerCase());
}

function hashOfCased(text: string): number {
  return hashOf(text.length, (i) => text.charCodeAt(i));
}

/** Computes a 53-bit hash: the chance that any two of a million texts collide is about 1/18,000. */
export function hashOf(length: number, codeAt: (i: number) => number): number {
  let a = 0x811c9dc5, b = 0x9e3779b9; // two hashes in the style of FNV-1a
  for (let i = 0; i < length; i++) {
    const code = codeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b);
    b ^= b >>> 15;
  }
  return (a >>> 0) * 2 ** 21 + ((b ^ (a >>> 7)) >>> 11);
}
