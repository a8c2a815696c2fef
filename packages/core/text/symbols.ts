/**
 * Splits a text into the symbols that a language model predicts one by one, and joins them again.
 *
 * @module
 */
import { requireOneOf, shown } from "../checks.ts";
import { BEYOND_LATIN } from "./nfc.ts";
import { UNKNOWN } from "./vocabulary.ts";

/** The unit of a language model's symbols: code points, graphemes, or words between whitespace. */
export type SymbolUnit = "characters" | "graphemes" | "words";

/** How texts are normalized before they are split into symbols. */
export type SymbolForm = "NFC" | "plain";

/** How a model splits texts into symbols. */
export interface SymbolReader {
  /** The unit of symbols. */
  unit: SymbolUnit;
  /**
   * How texts are normalized first. `NFC`: é is one character, however it was typed; nothing else
   * changes, since the model also writes what it reads: quotes stay curly or straight. `plain`: the
   * words that a new classifier reads, in lower case and without punctuation, so that a classifier
   * can be trained from the model. Default: none, as in models of earlier releases.
   */
  normalization?: SymbolForm;
  /** `"strip"`: HTML is removed, also from prompts; see `stripHtml`. Default: HTML is text. */
  html?: "strip";
}

/** All symbol units. */
export const SYMBOL_UNITS: readonly SymbolUnit[] = ["characters", "graphemes", "words"];

let segmenter: Intl.Segmenter | undefined;

/**
 * Splits a text into symbols. A grapheme is what people see as one character (UAX #29). With words,
 * a line break is a separate word; other whitespace is dropped.
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
  if (!BEYOND_LATIN.test(lines)) return lines.split(""); // no characters combine there
  // One locale for every machine, so that a model reads the same everywhere.
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return Array.from(segmenter.segment(lines), ({ segment }) => segment);
}

/** Returns the symbol settings of a reading. Default unit: characters. */
export function symbolReaderOf(
  { unit = "characters", normalization, html }: Partial<SymbolReader>,
): SymbolReader {
  return { unit, normalization, html };
}

/** Reads the normalization from a file's metadata; `{}` if there is none. */
export function normalizationOf(
  name: string | undefined,
  fail: (problem: string) => never,
): Pick<SymbolReader, "normalization"> {
  if (name === undefined) return {};
  if (name === "NFC" || name === "plain") return { normalization: name };
  return fail(`normalizes texts in an unknown form, ${shown(name)}; update Unroll`);
}

/** Reads the rule for HTML from a file's metadata; `{}` if HTML is text. */
export function htmlRuleOf(
  rule: unknown,
  fail: (problem: string) => never,
): Pick<SymbolReader, "html"> {
  if (rule === undefined) return {};
  if (rule === "strip") return { html: "strip" };
  return fail(`reads HTML by an unknown rule, ${shown(rule)}; update Unroll`);
}

/**
 * Returns a vocabulary of symbols: {@linkcode UNKNOWN}, then the symbols in code-unit order.
 *
 * @param counts The number of occurrences of each symbol.
 * @param limit The maximum number of symbols; rarer ones stay unknown. Default: no limit.
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

/** Joins symbols into one text. */
export function joinSymbols(symbols: readonly string[], unit: SymbolUnit): string {
  return symbols.reduce(
    (text, symbol, i) => text + glueOf(unit, symbols[i - 1] ?? "", symbol) + symbol,
    "",
  );
}

/** Returns the separator between two symbols when they are joined: a space between words. */
export function glueOf(unit: SymbolUnit, before: string, after: string): string {
  return unit === "words" && before !== "\n" && before !== "" && after !== "\n" ? " " : "";
}

/** Returns the symbol unit with this name; undefined if there is none. */
export function unitOf(name: string | undefined): SymbolUnit | undefined {
  return SYMBOL_UNITS.find((unit) => unit === name);
}

/**
 * Throws unless `unit` is a symbol unit.
 *
 * @throws {InputError} If it is not.
 */
export function checkUnit(unit: string): asserts unit is SymbolUnit {
  requireOneOf("the unit", unit, SYMBOL_UNITS);
}
