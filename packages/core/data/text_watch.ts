/**
 * Which texts have come, and with which labels, at some bytes a text.
 *
 * @module
 */
import { quote } from "../printable.ts";
import { toNfc } from "../text/nfc.ts";
import type { Example } from "./examples.ts";
import type { DataWarning } from "./label_warnings.ts";

const MAX_COMPARED = 250_000; // different texts whose labels are kept
const BLOCK = 2 ** 14; // hashes

/** Looks at texts as they come. */
export interface TextWatch {
  /** Looks at the next one. */
  add(example: Example): void;
  /** Whether a text has come, but for its case, its spelling in Unicode and its blanks. */
  has(text: string): boolean;
  /** How many different ones are among the first 250,000. */
  different(): number;
  /** Texts with more than one label. */
  conflicts(): DataWarning | undefined;
}

/**
 * No texts yet.
 *
 * @param isAsked Whether somebody will ask which have come.
 * @param keepsCase Whether texts that differ in case alone may have different labels.
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

/** Whether labels are one but for case, which another warning says. */
function areAlike(a: string, b: string): boolean {
  return a === b || a.toLowerCase() === b.toLowerCase();
}

/** A text whose spelling in Unicode and whose blanks mean nothing. */
function normal(text: string): string {
  if (/^[!-~]+( [!-~]+)*$/.test(text)) return text; // as most are
  return toNfc(text).trim().replace(/\s+/gu, " ");
}

/** The first place of a number in sorted ones; -1 where it is not there. */
export function placeOf(value: number, sorted: Float64Array): number {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low < sorted.length && sorted[low] === value ? low : -1;
}

/** The number of a text, whatever its case: most models read it in lower case. */
export function hashOfText(text: string): number {
  return hashOfCased(normal(text).toLowerCase());
}

function hashOfCased(text: string): number {
  return hashOf(text.length, (i) => text.charCodeAt(i));
}

/** A number of 53 bits: two texts of a billion share one with a chance of a ten-thousandth. */
export function hashOf(length: number, codeAt: (i: number) => number): number {
  let a = 0x811c9dc5, b = 0x9e3779b9; // as FNV-1a, twice
  for (let i = 0; i < length; i++) {
    const code = codeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b);
    b ^= b >>> 15;
  }
  return (a >>> 0) * 2 ** 21 + ((b ^ (a >>> 7)) >>> 11);
}
