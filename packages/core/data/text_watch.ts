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
  /** Whether a text has come, but for its spelling in Unicode and its blanks. */
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
 */
export function watchTexts(isAsked = true): TextWatch {
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
      const hash = hashOf(normal(example.text));
      compare(hash, example);
      if (!isAsked) return;
      if (count % BLOCK === 0) blocks.push(new Float64Array(BLOCK));
      blocks.at(-1)![count++ % BLOCK] = hash;
      sorted = undefined;
    },
    has(text) {
      sorted ??= sortedOf(blocks, count);
      const hash = hashOf(normal(text));
      let low = 0, high = count; // where it would stand
      while (low < high) {
        const middle = (low + high) >> 1;
        if (sorted[middle] < hash) low = middle + 1;
        else high = middle;
      }
      return low < count && sorted[low] === hash;
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

/** A text as it is compared: its spelling in Unicode and its blanks mean nothing. */
function normal(text: string): string {
  if (/^[!-~]+( [!-~]+)*$/.test(text)) return text; // as most are
  return toNfc(text).trim().replace(/\s+/gu, " ");
}

/** A number of 53 bits: two texts of a billion share one with a chance of a ten-thousandth. */
function hashOf(text: string): number {
  let a = 0x811c9dc5, b = 0x9e3779b9; // as FNV-1a, twice
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b);
    b ^= b >>> 15;
  }
  return (a >>> 0) * 2 ** 21 + ((b ^ (a >>> 7)) >>> 11);
}
