/**
 * What is odd about examples that can be used all the same: each warning may save a day.
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

/** What is known of some examples besides themselves. */
export interface WarningOptions {
  /** What their labels are; `"none"`: none that a model learns. */
  labels?: LabelKind;
  /** The column or key of the texts. Default: `"text"`. */
  textColumn?: string;
  /** What stands between several labels. Default: `";"`. */
  separator?: string;
  /** The column or key of the labels. Default: `"label"`. */
  labelColumn?: string;
  /** Whether HTML is no text to the model, which then needs no warning. */
  html?: "strip";
  /** Whether the model tells texts apart that differ in case alone. Default: false. */
  keepsCase?: boolean;
  /** Whether `has` will be asked, which takes some bytes a text. Default: true. */
  isAsked?: boolean;
}

const NO_LABELS = ["unique-labels", "exchanged-columns"]; // where labels are something else
const ODD_SHARE = 0.01; // of the texts
const UNKNOWN_SHARE = 0.1; // of the words
// Bounded, as a text may be a million "<br".
const HTML =
  /<\/?(?:br|p|div|span|a|b|i|em|strong|img|ul|ol|li|table|tr|td|h[1-6])(?:\s[^<>]{0,300})?\/?>|&(?:amp|lt|gt|quot|nbsp|apos|#\d{1,6}|#x[\da-f]{1,6});/i;

// A line end or a tab as databases write them, and not a part of a path such as C:\new.
const ESCAPE = /(?<=[!?,;])\\[nt]|(?<![\\:])\\[nt](?![a-z\d])/;

/** Looks at examples as they come. */
export interface ExampleWatch {
  /** Looks at the next example. */
  add(example: Example): void;
  /** What is odd about those so far. */
  warnings(): DataWarning[];
  /** Whether one of them has a text, but for its case, its spelling in Unicode and its blanks. */
  has(text: string): boolean;
}

/**
 * Looks at examples to learn from one by one, so that they need not be kept: of a text it keeps a
 * number.
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
  const cure = "which are read as letters; write blanks in place of them";
  const escapes = watchPattern("escapes", /\\[nt]/, ESCAPE, "escaped line ends or tabs", cure);
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
  examples: Iterable<Example>,
  options: WarningOptions = {},
): DataWarning[] {
  const watch = watchExamples(options);
  for (const example of examples) watch.add(example);
  return watch.warnings();
}

/**
 * What is odd about test examples, beside those to learn from.
 *
 * @param train The examples to learn from, or what has looked at them.
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
  train: Iterable<Example> | Pick<ExampleWatch, "has">,
  test: Sequence<Example>,
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
  const are = count === 1 ? "is a training example" : "are training examples";
  return {
    kind: "test-in-training",
    message: `${count} of the ${test.length} test examples ${are} too; measure on others`,
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
          `the header stands among the rows${where === undefined ? "" : `, as at ${where}`};` +
          " remove it",
        count,
      };
    },
  };
}

/** Counts the texts in which a pattern finds something, where it is worth to look. */
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
        message: `${count} of ${total} texts have ${what} in them, such as ${
          quote(found)
        }, ${cure}`,
        count,
      };
    },
  };
}
