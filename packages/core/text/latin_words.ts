/**
 * Splits texts in Latin letters at Unicode's word boundaries (UAX #29) without the engine's
 * segmenter, which takes several times as long.
 *
 * @module
 */

const MARK = 1, BLANK = 2, LETTER = 3, DIGIT = 4, UNDERSCORE = 5;

/** The kind of each character by code; 0 for those that need the segmenter. */
const KINDS = /* @__PURE__ */ kindsOfAll();

function kindsOfAll(): Uint8Array {
  const kinds = new Uint8Array(0x2040);
  for (let code = 0; code < 0x7f; code++) kinds[code] = kindOf(String.fromCharCode(code));
  for (let code = 0xc0; code < 0x250; code++) kinds[code] = LETTER;
  for (const mark of "×÷¡¿§°£¢¥«»–—“”„…•") kinds[mark.charCodeAt(0)] = MARK;
  kinds[0xa0] = BLANK;
  return kinds;
}

function kindOf(character: string): number {
  if (/\s/.test(character)) return BLANK;
  if (/[a-z]/i.test(character)) return LETTER;
  if (/\d/.test(character)) return DIGIT;
  return character === "_" ? UNDERSCORE : MARK;
}

const APOSTROPHE = 0x27, COMMA = 0x2c, STOP = 0x2e, SEMICOLON = 0x3b;

/** Returns whether a punctuation mark joins two characters of a kind into one word. */
function joins(mark: number, kind: number): boolean {
  if (mark === APOSTROPHE) return kind === LETTER || kind === DIGIT;
  return kind === DIGIT && (mark === COMMA || mark === STOP || mark === SEMICOLON);
}

/**
 * Splits a text into words, and its punctuation marks if they are kept.
 *
 * @param keepsMarks Whether punctuation marks are words.
 * @param most The maximum number of words. Default: no limit.
 * @returns The words, or undefined if the text has characters other than Latin letters, digits and
 *   common punctuation.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(latinWords("I don't, at 3.14", false), ["I", "don't", "at", "3.14"]);
 * assertEquals(latinWords("да", false), undefined);
 * ```
 */
export function latinWords(
  text: string,
  keepsMarks: boolean,
  most = Infinity,
): string[] | undefined {
  const words: string[] = [], { length } = text;
  for (let at = 0; at < length && words.length < most;) {
    const code = text.charCodeAt(at), kind = code < KINDS.length ? KINDS[code] : 0;
    if (kind === 0) return undefined;
    if (kind < LETTER) {
      if (kind === MARK && keepsMarks) words.push(text[at]);
      at++;
      continue;
    }
    let end = at + 1;
    for (let last = kind; end < length; end++) {
      const code = text.charCodeAt(end), next = code < KINDS.length ? KINDS[code] : 0;
      if (next >= LETTER) {
        last = next;
        continue;
      }
      if (next === 0) return undefined;
      if (next !== MARK || !joins(code, last) || end + 1 === length) break;
      const after = text.charCodeAt(end + 1), kindAfter = after < KINDS.length ? KINDS[after] : 0;
      if (kindAfter === 0) return undefined;
      if (kindAfter !== last) break;
    }
    const isMark = kind === UNDERSCORE && end === at + 1;
    if (!isMark || keepsMarks) words.push(text.slice(at, end));
    at = end;
  }
  return words;
}

/** Returns all triples of characters that the rules distinguish, to compare with the segmenter. */
export function threes(): string {
  const some = [..."aé1_'.,;:\"- "];
  return some.flatMap((a) => some.flatMap((b) => some.map((c) => a + b + c))).join("\n");
}
