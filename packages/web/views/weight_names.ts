/**
 * Weights and equations in the article's notation: W with subscripts.
 *
 * @module
 */
import { el } from "../dom.ts";
import { words } from "../words.ts";

const text = words.weights;
const SYMBOL = /\b([Wb])_?(xh|hh|hy|hn|h|y|z|c)\b/; // in core's names: Why, W_hy, bh, b_z

const IN_PROSE = /\b([Wb])_(xh|hh|hy|h|y)\b/; // where "by" is also a word

// In the order in which a word passes through the network.
const PLACES = ["embedding", "Wxh", "Whh", "Wc", "Why"];

/** Compares the names of weights by their place in the network. */
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

/** Returns whether a weight is a bias: a single row, which is not drawn. */
export function isBias(name: string): boolean {
  return /^(encoder\.|decoder\.)?b/.test(name);
}

/** Formats a text with the subscripts of weights; in prose, only of names with an underscore. */
export function mathOf(line: string, isProse = false): (Node | string)[] {
  const parts = line.split(isProse ? IN_PROSE : SYMBOL); // between, letter, subscript, between, …
  return parts.flatMap((part, i) =>
    i % 3 === 0 ? part : i % 3 === 1 ? [part, el("sub", {}, parts[i + 1])] : []
  );
}

/** Formats a weight's name, such as `encoder.Wxh_l1_reverse`: symbol, layer and direction. */
export function weightName(name: string): (Node | string)[] {
  const [symbol, ...rest] = namesIn(name);
  return [...mathOf(symbol), ...rest.map((part) => `, ${part}`)];
}

/** Formats the name without subscripts, such as `W_xh`, for screen readers and plain text. */
export function weightText(name: string): string {
  const [symbol, ...rest] = namesIn(name);
  return [symbol.replace(SYMBOL, "$1_$2"), ...rest].join(", ");
}

function namesIn(name: string): string[] {
  const [, symbol, layer, reverse] = /^(.*?)(?:_l(\d+))?(_reverse)?$/.exec(name)!;
  return [symbol, layer && text.layer(Number(layer) + 1), reverse && text.reverse].filter(Boolean);
}
