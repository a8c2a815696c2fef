/**
 * Splits texts into symbols as a model reads them.
 *
 * @module
 */
import { stripHtml } from "./html.ts";
import { toNfc } from "./nfc.ts";
import { splitSymbols, type SymbolReader } from "./symbols.ts";
import { NEW_TOKENIZER, normalForm, tokenize } from "./tokenizer.ts";

/** Splits a text into symbols as a model reads it. */
export function readSymbols(text: string, reader: SymbolReader): string[] {
  return splitSymbols(textRead(text, reader), reader.unit);
}

/** Normalizes a text as a model reads it. */
export function textRead(
  text: string,
  { normalization, html }: Pick<SymbolReader, "normalization" | "html">,
): string {
  const plain = html === "strip" ? stripHtml(text) : text;
  if (normalization === "plain") return tokenize(plain, NEW_TOKENIZER).join(" ");
  return normalization === "NFC" ? toNfc(plain) : plain;
}

/** Normalizes a symbol as a model reads it. */
export function symbolRead(
  symbol: string,
  { normalization }: Pick<SymbolReader, "normalization">,
): string {
  if (normalization === "plain") return normalForm(symbol, NEW_TOKENIZER);
  return normalization ? toNfc(symbol) : symbol;
}
