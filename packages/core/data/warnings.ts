/**
 * What is odd about examples that can be used all the same: each warning may save a day.
 *
 * @module
 */
import { quote } from "../printable.ts";
import { toNfc } from "../text/nfc.ts";
import type { Example } from "./examples.ts";
import { type DataWarning, labelWarnings, tagWarnings } from "./label_warnings.ts";

export type { DataWarning };

/** What is known of some examples besides themselves. */
export interface WarningOptions {
  /** What their labels are: one for a text, one for each word, or none that a model learns. */
  labels?: "one" | "tags" | "none";
  /** The column or key of the texts. Default: `"text"`. */
  textColumn?: string;
  /** The column or key of the labels. Default: `"label"`. */
  labelColumn?: string;
  /** Whether HTML is no text to the model, which then needs no warning. */
  html?: "strip";
}

const NO_LABELS = ["unique-labels", "exchanged-columns"]; // where labels are something else
const HTML_SHARE = 0.01; // of the texts
const UNKNOWN_SHARE = 0.1; // of the words
// Bounded, as a text may be a million "<br".
const HTML =
  /<\/?(?:br|p|div|span|a|b|i|em|strong|img|ul|ol|li|table|tr|td|h[1-6])(?:\s[^<>]{0,300})?\/?>|&(?:amp|lt|gt|quot|nbsp|apos|#\d{1,6}|#x[\da-f]{1,6});/i;

/**
 * What is odd about the examples to learn from.
 *
 * @example
 * ```ts
 * import { dataWarnings } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = ["good", "good", "Good", "bad", "bad"].map((label, i) => ({
 *   text: `text ${i}`,
 *   label,
 * }));
 * const [{ kind, message }] = dataWarnings(examples);
 * assertEquals(kind, "similar-labels");
 * assertEquals(message, 'labels that look alike: "good" (2), "Good" (1); write each one way');
 * ```
 */
export function dataWarnings(
  examples: readonly Example[],
  { labels = "one", textColumn = "text", labelColumn = "label", html }: WarningOptions = {},
): DataWarning[] {
  const found = labels === "one" ? labelWarnings(examples) : [];
  const isNoLabel = found.some(({ kind }) => NO_LABELS.includes(kind));
  const header = labels === "none" ? undefined : headerWarning(examples, textColumn, labelColumn);
  return [
    ...found,
    ...(labels === "tags" ? tagWarnings(examples) : []),
    header,
    labels === "one" && !isNoLabel ? conflictWarning(examples) : undefined,
    labels === "none" || html ? undefined : htmlWarning(examples),
  ].filter((warning) => warning !== undefined);
}

/**
 * What is odd about test examples, beside those to learn from.
 *
 * @param known Whether the model knows a word.
 * @param read The words of a text.
 *
 * @example
 * ```ts
 * import { testWarnings, tokenize } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const train = [{ text: "good" }, { text: "bad" }], test = [{ text: "good" }];
 * const knows = new Set(["good", "bad"]);
 * const [{ message }] = testWarnings(train, test, tokenize, (word) => knows.has(word));
 * assertEquals(message, "1 of the 1 test examples is a training example too; measure on others");
 * ```
 */
export function testWarnings(
  train: readonly Example[],
  test: readonly Example[],
  read: (text: string) => readonly string[],
  known: (word: string) => boolean,
): DataWarning[] {
  return [leakWarning(train, test), unknownWarning(test, read, known)]
    .filter((warning) => warning !== undefined);
}

/**
 * Says of examples with more unknown words, or symbols, than a tenth that they have.
 *
 * @param known Whether the model knows a word.
 * @param read The words of a text.
 */
export function unknownWarning(
  examples: readonly Example[],
  read: (text: string) => readonly string[],
  known: (word: string) => boolean,
): DataWarning | undefined {
  let total = 0, count = 0;
  const some = new Set<string>();
  for (const { text } of examples) {
    for (const word of read(text)) {
      total++;
      if (known(word)) continue;
      count++;
      if (some.size < 5) some.add(word);
    }
  }
  if (count <= UNKNOWN_SHARE * total) return undefined;
  const share = `${(100 * count / total).toFixed(1)}%`;
  const shown = Array.from(some, quote).join(", ");
  return {
    kind: "unknown-words",
    message: `${share} of the text is unknown to the model, such as ${shown}; ` +
      "it can only guess there",
    count,
  };
}

/** A text as it is compared: its spelling in Unicode and its blanks mean nothing. */
function keyOf(text: string): string {
  return toNfc(text).trim().replace(/\s+/gu, " ");
}

function leakWarning(
  train: readonly Example[],
  test: readonly Example[],
): DataWarning | undefined {
  if (test.length === 0) return undefined;
  const learned = new Set(train.map(({ text }) => keyOf(text)));
  const count = test.filter(({ text }) => learned.has(keyOf(text))).length;
  if (count === 0) return undefined;
  const are = count === 1 ? "is a training example" : "are training examples";
  return {
    kind: "test-in-training",
    message: `${count} of the ${test.length} test examples ${are} too; measure on others`,
    count,
  };
}

function headerWarning(
  examples: readonly Example[],
  textColumn: string,
  labelColumn: string,
): DataWarning | undefined {
  const same = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();
  const found = examples.filter(({ text, label = "" }) =>
    same(label, labelColumn) && same(text, textColumn)
  );
  if (found.length === 0) return undefined;
  const [{ where }] = found;
  return {
    kind: "repeated-header",
    message: `the header stands among the rows${where === undefined ? "" : `, as at ${where}`}; ` +
      "remove it",
    count: found.length,
  };
}

function conflictWarning(examples: readonly Example[]): DataWarning | undefined {
  const labels = new Map<string, string>();
  const conflicts = new Map<string, [first: string, second: string]>();
  for (const { text, label = "" } of examples) {
    const key = keyOf(text), before = labels.get(key);
    if (before === undefined) labels.set(key, label);
    else if (!areAlike(before, label) && !conflicts.has(key)) conflicts.set(key, [before, label]);
  }
  const [first] = conflicts;
  if (!first) return undefined;
  const [text, [one, other]] = first;
  const what = conflicts.size === 1 ? "1 text has" : `${conflicts.size} texts have`;
  return {
    kind: "conflicting-labels",
    message: `${what} more than one label, such as ${quote(text)}: ${quote(one)} and ` +
      `${quote(other)}; no model can get both right`,
    count: conflicts.size,
  };
}

/** Whether labels are one but for case, which another warning says. */
function areAlike(a: string, b: string): boolean {
  return a === b || a.toLowerCase() === b.toLowerCase();
}

function htmlWarning(examples: readonly Example[]): DataWarning | undefined {
  let count = 0, found = "";
  for (const { text } of examples) {
    const [tag] = HTML.exec(text) ?? [];
    if (tag === undefined) continue;
    count++;
    found ||= tag;
  }
  if (count <= HTML_SHARE * examples.length) return undefined;
  return {
    kind: "html",
    message: `${count} of ${examples.length} texts have HTML in them, such as ${quote(found)}, ` +
      "which is read as words; remove it",
    count,
  };
}
