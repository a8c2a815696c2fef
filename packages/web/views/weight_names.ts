/**
 * Weights and equations as the article writes them: W with subscripts.
 *
 * @module
 */
import { el } from "../dom.ts";
import { words } from "../words.ts";

const text = words.weights;
const SYMBOL = /\b([Wb])_?(xh|hh|hy|hn|h|y|z|c)\b/; // in core's names: Why, W_hy, bh, b_z

const IN_PROSE = /\b([Wb])_(xh|hh|hy|h|y)\b/; // where "by" is a word

// As a word goes through the network: what becomes of it first comes first.
const PLACES = ["embedding", "Wxh", "Whh", "Wc", "Why"];

/** Orders the names of weights by their place in the network. */
export function byPlace(a: string, b: string): number {
  return placeOf(a) - placeOf(b);
}

function placeOf(name: string): number {
  const [, part = "", layer = "0", reverse = ""] = /^(encoder|decoder)?.*?(?:_l(\d+))?(_reverse)?$/
    .exec(name)!;
  const symbol = PLACES.findIndex((symbol) => name.includes(symbol));
  const isOutput = symbol >= PLACES.indexOf("Wc");
  const isDecoder = part === "decoder" || isOutput;
  return 1000 * Number(isDecoder) + 500 * Number(isOutput) + 20 * Number(layer) +
    10 * Number(reverse !== "") + symbol;
}

/** Whether a weight is a bias: one row, which is not drawn. */
export function isBias(name: string): boolean {
  return /^(encoder\.|decoder\.)?b/.test(name);
}

/** A text in which each symbol of a weight has its subscript; in prose, those with a low line alone. */
export function mathOf(line: string, isProse = false): (Node | string)[] {
  const parts = line.split(isProse ? IN_PROSE : SYMBOL); // between, letter, subscript, between, …
  return parts.flatMap((part, i) =>
    i % 3 === 0 ? part : i % 3 === 1 ? [part, el("sub", {}, parts[i + 1])] : []
  );
}

/** The name of a weight: of `encoder.Wxh_l1_reverse`, encoder.W with its subscript, its layer and direction. */
export function weightName(name: string): (Node | string)[] {
  const [symbol, ...rest] = namesIn(name);
  return [...mathOf(symbol), ...rest.map((part) => `, ${part}`)];
}

/** The same without subscripts, such as `W_xh`, for a screen reader and where there is text alone. */
export function weightText(name: string): string {
  const [symbol, ...rest] = namesIn(name);
  return [symbol.replace(SYMBOL, "$1_$2"), ...rest].join(", ");
}

function namesIn(name: string): string[] {
  const [, symbol, layer, reverse] = /^(.*?)(?:_l(\d+))?(_reverse)?$/.exec(name)!;
  return [symbol, layer && text.layer(Number(layer) + 1), reverse && text.reverse].filter(Boolean);
}
