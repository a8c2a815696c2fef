/**
 * From a text to the symbols that a language model predicts one by one, and back.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { shown } from "../checks.ts";
import { BEYOND_LATIN } from "./nfc.ts";
import { UNKNOWN } from "./vocabulary.ts";

/** What a language model's symbols are: code points, graphemes, or words between blank space. */
export type SymbolUnit = "characters" | "graphemes" | "words";

/** A form that texts are brought into before they are read as symbols. */
export type SymbolForm = "NFC" | "plain";

/** How a model reads texts as symbols. */
export interface SymbolReader {
  /** What its symbols are. */
  unit: SymbolUnit;
  /**
   * The form that texts are brought into first. `NFC`: é is one character, however it was typed.
   * Nothing else is changed, as what is read is also what is written: quotes stay curly or straight.
   * `plain`: the words that a new classifier reads, in lower case and without marks, so that one can
   * take over the model. Models of earlier releases have none, and read texts as they are.
   */
  normalization?: SymbolForm;
  /** Whether HTML is no text, see `stripHtml`: also in a prompt. Default: it is text. */
  html?: "strip";
}

/** The kinds of symbol. */
export const SYMBOL_UNITS: readonly SymbolUnit[] = ["characters", "graphemes", "words"];

let segmenter: Intl.Segmenter | undefined;

/**
 * The symbols of a text. A grapheme is what people see as one character (UAX #29); a line's end is a
 * word of its own, other blank space is none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(splitSymbols("né🇫🇷", "graphemes"), ["n", "é", "🇫🇷"]);
 * assertEquals(splitSymbols("né🇫🇷", "characters").length, 4);
 * assertEquals(splitSymbols("to be,\nor", "words"), ["to", "be,", "\n", "or"]);
 * ```
 */
export function splitSymbols(text: string, unit: SymbolUnit): string[] {
  const lines = text.replaceAll(/\r\n?/g, "\n");
  if (unit === "characters") return Array.from(lines);
  if (unit === "words") return lines.match(/\n|[^\s]+/gu) ?? [];
  if (!BEYOND_LATIN.test(lines)) return lines.split(""); // nothing joins there
  // One locale for every machine, so that a model reads the same everywhere.
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return Array.from(segmenter.segment(lines), ({ segment }) => segment);
}

/** How a reading reads symbols: characters, where it does not say. */
export function symbolReaderOf(
  { unit = "characters", normalization, html }: Partial<SymbolReader>,
): SymbolReader {
  return { unit, normalization, html };
}

/** The form that a file's metadata name; none where they have none. */
export function normalizationOf(
  name: string | undefined,
  fail: (problem: string) => never,
): Pick<SymbolReader, "normalization"> {
  if (name === undefined) return {};
  if (name === "NFC" || name === "plain") return { normalization: name };
  return fail(`has texts in a form that is not known, ${shown(name)}; update Unroll`);
}

/** What a file says of HTML; nothing where its texts have it as it is. */
export function htmlRuleOf(
  rule: unknown,
  fail: (problem: string) => never,
): Pick<SymbolReader, "html"> {
  if (rule === undefined) return {};
  if (rule === "strip") return { html: "strip" };
  return fail(`reads HTML by a rule that is not known, ${shown(rule)}; update Unroll`);
}

/**
 * The different symbols after {@linkcode UNKNOWN}, in code-unit order.
 *
 * @param counts How often each occurs.
 * @param limit How many at most: the most frequent. Others stay unknown.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const counts = new Map([["b", 1], ["a", 3], ["n", 2]]);
 * assertEquals(symbolsOf(counts, 2), ["<unk>", "a", "n"]);
 * ```
 */
export function symbolsOf(counts: ReadonlyMap<string, number>, limit = Infinity): string[] {
  const symbols = [...counts.keys()].filter((symbol) => symbol !== UNKNOWN);
  const common = symbols.sort((a, b) => counts.get(b)! - counts.get(a)! || (a < b ? -1 : 1));
  return [UNKNOWN, ...common.slice(0, limit).sort()];
}

/** The symbols as one text. */
export function joinSymbols(symbols: readonly string[], unit: SymbolUnit): string {
  return symbols.reduce(
    (text, symbol, i) => text + glueOf(unit, symbols[i - 1] ?? "", symbol) + symbol,
    "",
  );
}

/** What stands between two symbols when they are put together: a blank between words. */
export function glueOf(unit: SymbolUnit, before: string, after: string): string {
  return unit === "words" && before !== "\n" && before !== "" && after !== "\n" ? " " : "";
}

/** The kind of symbol of a name, if it is one. */
export function unitOf(name: string | undefined): SymbolUnit | undefined {
  return SYMBOL_UNITS.find((unit) => unit === name);
}

/** Throws unless it is a kind of symbol. */
export function checkUnit(unit: string): asserts unit is SymbolUnit {
  if (!SYMBOL_UNITS.includes(unit as SymbolUnit)) {
    throw new InputError(`the unit must be ${SYMBOL_UNITS.join(", ")}, got ${shown(unit)}`);
  }
}
