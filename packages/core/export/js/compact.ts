/**
 * A minifier for JavaScript: removes comments and insignificant whitespace.
 *
 * @module
 */

// After these words, a slash starts a regular expression; after other words and numbers it divides.
const BEFORE_PATTERN = new Set("return typeof case of in yield await else".split(" "));

const BLANK = /(?:\s|\/\/.*|\/\*[\s\S]*?\*\/)+/y;
const TEXT = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/y;
const PATTERN = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const WORD = /[\w$#\u0080-\uffff]+(?:\.\d+)?/y;

// Shorter equivalents of words.
const SHORTER: Record<string, string> = { const: "let", Infinity: "1/0", Float64Array: "F64" };

/** The declaration that compact code depends on. */
export const COMPACT_START = "let F64=Float64Array;";

/**
 * Returns equivalent, shorter code, to be placed after {@linkcode COMPACT_START}. Every statement
 * must end with a semicolon, as in a compiler's output.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const source = "const f = (a) => {\n  return a / 2 + ` ${ a } `; // half\n};";
 * assertEquals(compact(source), "let f=(a)=>{return a/2+` ${a} `};");
 * ```
 */
export function compact(source: string): string {
  let out = "", last = "", at = 0;
  const loops: boolean[] = []; // for each open parenthesis, whether it belongs to a loop
  let isBody = false; // whether the last token closed a loop's header: a semicolon is then its body
  let isKept = false; // whether the last semicolon was such a body
  const matched = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };
  while (at < source.length) {
    const blank = matched(BLANK);
    at += blank?.length ?? 0;
    if (at === source.length) break;
    const isPattern = !/[\w$)\]}"'`]$/.test(last) || BEFORE_PATTERN.has(last);
    const word = matched(WORD);
    const token = matched(TEXT) ?? (isPattern ? matched(PATTERN) : undefined) ?? word ??
      (source[at] === "`" ? source.slice(at, endOfTemplate(source, at)) : source[at]);
    at += token.length;
    if (token === "(") loops.push(/^(for|while)$/.test(last));
    if (token === ";") isKept = isBody;
    isBody = token === ")" && loops.pop()!;
    if (token === "}" && last === ";" && !isKept) out = out.slice(0, -1);
    const isJoined = /[\w$#]$/.test(last) && /^[\w$#]/.test(token) ||
      /[+-]$/.test(last) && /^[+-]/.test(token);
    const isName = word === token && !/[.*/%]$/.test(last) && Object.hasOwn(SHORTER, token);
    const short = isName ? SHORTER[token] : token[0] === "`" ? compactTemplate(token) : token;
    out += (blank && isJoined ? " " : "") + short;
    last = token;
  }
  return out;
}

/** Returns the index after the template literal that starts at `start`. */
function endOfTemplate(source: string, start: number): number {
  let at = start + 1;
  for (; source[at] !== "`"; at++) {
    if (source[at] === "\\") at++;
    else if (source.startsWith("${", at)) at = endOfBraces(source, at + 1);
  }
  return at + 1;
}

/** Returns a template literal with its expressions compacted. */
function compactTemplate(source: string): string {
  let out = "";
  for (let at = 0; at < source.length; at++) {
    if (source[at] === "\\") out += source[at++];
    else if (source.startsWith("${", at)) {
      const end = endOfBraces(source, at + 1);
      out += `\${${compact(source.slice(at + 2, end))}`;
      at = end;
    }
    out += source[at];
  }
  return out;
}

/** Returns the index of the brace that closes the one at `start`. */
function endOfBraces(source: string, start: number): number {
  for (let at = start + 1, open = 1;; at++) {
    TEXT.lastIndex = at;
    const text = TEXT.exec(source)?.[0];
    if (text) at += text.length - 1;
    else if (source[at] === "`") at = endOfTemplate(source, at) - 1;
    else if (source[at] === "{") open++;
    else if (source[at] === "}" && --open === 0) return at;
  }
}
