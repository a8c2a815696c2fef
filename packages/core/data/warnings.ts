/**
 * Warnings about suspicious examples that can still be used; each one may save a day.
 *
 * @module
 */
import { quote } from "../printable.ts";
import { mapped, type Sequence } from "../sequence.ts";
import { countTokens } from "../text/packed_tokens.ts";
import { countWords } from "../text/vocabulary.ts";
import { isDataset } from "./dataset.ts";
import type { Example } from "./examples.ts";
import { type DataWarning, type LabelKind, watchLabels } from "./label_warnings.ts";
import { watchTexts } from "./text_watch.ts";

export type { DataWarning, LabelKind };

/** Settings of the data warnings: how the examples are read. */
export interface WarningOptions {
  /** The kind of labels. `"none"`: no labels that a model learns. Default: `"one"`. */
  labels?: LabelKind;
  /** The column or key of the texts. Default: `"text"`. */
  textColumn?: string;
  /** The separator between several labels of a text. Default: `";"`. */
  separator?: string;
  /** The column or key of the labels. Default: `"label"`. */
  labelColumn?: string;
  /** `"strip"`: the model removes HTML, so HTML in the texts needs no warning. */
  html?: "strip";
  /** Whether the model distinguishes texts that differ only in case. Default: false. */
  keepsCase?: boolean;
  /** Whether `has` will be called, which takes 8 bytes per text. Default: true. */
  isAsked?: boolean;
}

const NO_LABELS = ["unique-labels", "exchanged-columns"]; // the column probably has no labels
const ODD_SHARE = 0.01; // of the texts
const UNKNOWN_SHARE = 0.1; // of the words
// Bounded, as a text may be a million "<br".
const HTML =
  /<\/?(?:br|p|div|span|a|b|i|em|strong|img|ul|ol|li|table|tr|td|h[1-6])(?:\s[^<>]{0,300})?\/?>|&(?:amp|lt|gt|quot|nbsp|apos|#\d{1,6}|#x[\da-f]{1,6});/i;

// An escaped line break or tab as databases write them, not part of a path such as C:\new.
const ESCAPE = /(?<=[!?,;])\\[nt]|(?<![\\:])\\[nt](?![a-z\d])/;

/** Checks examples one at a time. */
export interface ExampleWatch {
  /** Checks the next example. */
  add(example: Example): void;
  /** Returns the warnings about the examples added so far. */
  warnings(): DataWarning[];
  /** Returns whether a text was added, ignoring case, Unicode normalization and whitespace. */
  has(text: string): boolean;
}

/**
 * Checks training examples one at a time without keeping them: it stores one hash per text.
 *
 * @example
 * ```ts
 * import { watchExamples } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const watch = watchExamples();
 * watch.add({ text: "good", label: "up" });
 * assertEquals([watch.has("good "), watch.has("bad")], [true, false]);
 * ```
 */
export function watchExamples(
  {
    labels = "one",
    textColumn = "text",
    labelColumn = "label",
    html,
    isAsked,
    keepsCase,
    separator,
  }: WarningOptions = {},
): ExampleWatch {
  const texts = watchTexts(isAsked, keepsCase), inLabels = watchLabels(labels, separator);
  const header = watchHeader(textColumn, labelColumn);
  const tags = watchPattern("html", /[<&]/, HTML, "HTML", "which is read as words; remove it");
  const cure = "which are read as letters; replace them with spaces";
  const escapes = watchPattern("escapes", /\\[nt]/, ESCAPE, "escaped line breaks or tabs", cure);
  return {
    has: texts.has,
    add(example) {
      texts.add(example);
      if (labels === "none") return;
      inLabels.add(example);
      header.add(example);
      tags.add(example);
      escapes.add(example);
    },
    warnings() {
      const found = labels === "none" ? [] : inLabels.warnings(texts.different());
      const isNoLabel = found.some(({ kind }) => NO_LABELS.includes(kind));
      return [
        ...found,
        header.warning(),
        labels === "one" && !isNoLabel ? texts.conflicts() : undefined,
        html ? undefined : tags.warning(),
        escapes.warning(),
      ].filter((warning) => warning !== undefined);
    },
  };
}

/**
 * Returns warnings about training examples.
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
 * assertEquals(message, 'labels that look alike: "good" (2), "Good" (1); use one spelling');
 * ```
 */
export function dataWarnings(
  examples: Iterable<Example>,
  options: WarningOptions = {},
): DataWarning[] {
  const watch = watchExamples(options);
  for (const example of examples) watch.add(example);
  return watch.warnings();
}

/**
 * Returns warnings about test examples: texts that are also trained on, and unknown words.
 *
 * @param train The training examples, or an {@linkcode ExampleWatch} that they were added to.
 * @param read Splits a text into words.
 * @param known Returns whether the model knows a word.
 *
 * @example
 * ```ts
 * import { testWarnings, tokenize } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const train = [{ text: "good" }, { text: "bad" }], test = [{ text: "good" }];
 * const knows = new Set(["good", "bad"]);
 * const [{ message }] = testWarnings(train, test, tokenize, (word) => knows.has(word));
 * assertEquals(message, "1 of 1 test examples is also a training example; evaluate on others");
 * ```
 */
export function testWarnings(
  train: Iterable<Example> | Pick<ExampleWatch, "has">,
  test: Sequence<Example>,
  read: (text: string) => readonly string[],
  known: (word: string) => boolean,
): DataWarning[] {
  return [leakWarning(train, test), unknownWarning(test, read, known)]
    .filter((warning) => warning !== undefined);
}

/**
 * Returns a warning if more than 10% of the words, or symbols, of the texts are unknown.
 *
 * @param read Splits a text into words.
 * @param known Returns whether the model knows a word.
 */
export function unknownWarning(
  examples: Sequence<Example>,
  read: (text: string) => readonly string[],
  known: (word: string) => boolean,
): DataWarning | undefined {
  const counts = isDataset(examples)
    ? countTokens(examples.texts)
    : countWords(mapped(examples, ({ text }) => read(text)));
  let total = 0, unknown = 0;
  const some: string[] = [];
  for (const [word, count] of counts) {
    total += count;
    if (known(word)) continue;
    unknown += count;
    if (some.length < 5) some.push(word);
  }
  if (unknown <= UNKNOWN_SHARE * total) return undefined;
  const share = `${(100 * unknown / total).toFixed(1)}%`;
  const shown = some.map(quote).join(", ");
  return {
    kind: "unknown-words",
    message: `${share} of the text is unknown to the model, such as ${shown}; ` +
      "it can only guess there",
    count: unknown,
  };
}

function leakWarning(
  train: Iterable<Example> | Pick<ExampleWatch, "has">,
  test: Sequence<Example>,
): DataWarning | undefined {
  if (test.length === 0) return undefined;
  let count = 0;
  const learned = "has" in train ? train : textsOf(train);
  for (const { text } of test) if (learned.has(text)) count++;
  if (count === 0) return undefined;
  const are = count === 1 ? "is also a training example" : "are also training examples";
  return {
    kind: "test-in-training",
    message: `${count} of ${test.length} test examples ${are}; evaluate on others`,
    count,
  };
}

function textsOf(examples: Iterable<Example>) {
  const texts = watchTexts();
  for (const example of examples) texts.add(example);
  return texts;
}

function watchHeader(textColumn: string, labelColumn: string) {
  const same = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();
  let count = 0, where: string | undefined;
  return {
    add({ text, label = "", where: place }: Example) {
      if (!same(label, labelColumn) || !same(text, textColumn)) return;
      if (count++ === 0) where = place;
    },
    warning(): DataWarning | undefined {
      if (count === 0) return undefined;
      return {
        kind: "repeated-header",
        message:
          `the header is repeated among the rows${where === undefined ? "" : `, as at ${where}`};` +
          " remove it",
        count,
      };
    },
  };
}

/** Counts the texts that match a pattern; `mark` is a cheap test for texts that may match. */
function watchPattern(kind: string, mark: RegExp, pattern: RegExp, what: string, cure: string) {
  let count = 0, total = 0, found = "";
  return {
    add({ text }: Example) {
      total++;
      const [first] = mark.test(text) ? pattern.exec(text) ?? [] : [];
      if (first === undefined) return;
      count++;
      found ||= first;
    },
    warning(): DataWarning | undefined {
      if (count <= ODD_SHARE * total) return undefined;
      return {
        kind,
        message: `${count} of ${total} texts contain ${what}, such as ${quote(found)}, ${cure}`,
        count,
      };
    },
  };
}
