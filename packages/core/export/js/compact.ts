/**
 * JavaScript without comments and without blanks that mean nothing.
 *
 * @module
 */

// Behind these words a slash begins a pattern; behind other words and numbers it divides.
const BEFORE_PATTERN = new Set("return typeof case of in yield await else".split(" "));

const BLANK = /(?:\s|\/\/.*|\/\*[\s\S]*?\*\/)+/y;
const TEXT = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/y;
const PATTERN = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
const WORD = /[\w$#\u0080-\uffff]+(?:\.\d+)?/y;

/**
 * The same code in less room. Every statement of it must end on a semicolon, as of what a compiler has
 * written.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const source = "const f = (a) => {\n  return a / 2 + ` ${ a } `; // half\n};";
 * assertEquals(compact(source), "let f=(a)=>{return a/2+` ${ a } `;};");
 * ```
 */
export function compact(source: string): string {
  let out = "", last = "", at = 0;
  const matched = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };
  const add = (token: string) => {
    const isJoined = /[\w$#]$/.test(last) && /^[\w$#]/.test(token) ||
      /[+-]$/.test(last) && /^[+-]/.test(token);
    out += isJoined && isApart ? ` ${token}` : token;
    last = token;
    at += token.length;
  };
  let isApart = false; // whether there was a blank before a token
  while (at < source.length) {
    const blank = matched(BLANK);
    isApart = blank !== undefined;
    at += blank?.length ?? 0;
    if (at === source.length) break;
    const isPattern = !/[\w$)\]}"'`]$/.test(last) || BEFORE_PATTERN.has(last);
    if (matched(WORD) === "const") { // a word that is shorter says the same
      out += isApart && /[\w$#]$/.test(last) ? " let" : "let";
      [last, at] = ["let", at + 5];
      continue;
    }
    add(
      matched(TEXT) ?? (isPattern ? matched(PATTERN) : undefined) ?? matched(WORD) ??
        (source[at] === "`" ? templateAt(source, at) : source[at]),
    );
  }
  return out;
}

/** A template with all that stands in it. */
function templateAt(source: string, start: number): string {
  let at = start + 1;
  for (; source[at] !== "`"; at++) {
    if (source[at] === "\\") at++;
    else if (source.startsWith("${", at)) at = endOfBraces(source, at + 1);
  }
  return source.slice(start, at + 1);
}

/** Where the brace that opens at a place is closed. */
function endOfBraces(source: string, start: number): number {
  for (let at = start + 1, open = 1;; at++) {
    TEXT.lastIndex = at;
    const text = TEXT.exec(source)?.[0];
    if (text) at += text.length - 1;
    else if (source[at] === "`") at += templateAt(source, at).length - 1;
    else if (source[at] === "{") open++;
    else if (source[at] === "}" && --open === 0) return at;
  }
}
