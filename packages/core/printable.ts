/**
 * Text from files, models and arguments, made safe to print.
 *
 * @module
 */

// Controls (C0, C1, DEL), format characters such as those of direction, lone surrogates, and the
// separators of lines and paragraphs.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const JOINER = "\u200d"; // within emoji; it is left alone
const SHORT: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

// What a terminal shows two columns wide: East Asian scripts and emoji; of flags each half takes one.
const WIDE =
  /(?![\u{1f1e6}-\u{1f1ff}])[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
// What takes no column: marks upon the letter before, the vowels and ends of Hangul's syllables.
const ZERO = /[\p{Mn}\p{Me}\u200d\u1160-\u11ff]/u;

/**
 * How many columns a printable text takes in a terminal.
 *
 * @example
 * ```ts
 * import { displayWidth } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(["good", "schön", "日本"].map(displayWidth), [4, 5, 4]);
 * ```
 */
export function displayWidth(text: string): number {
  let width = 0;
  for (const c of text) width += ZERO.test(c) ? 0 : WIDE.test(c) ? 2 : 1;
  return width;
}

/**
 * A text on one line, with nothing in it that a terminal obeys or that hides: controls, characters
 * of direction and lone surrogates become escapes such as `\u001b`.
 *
 * @param text The text. One that was made printable before stays as it is.
 * @param most How many columns it may take, a mark upon a letter counting as one; what is longer
 * ends in "…". Default: any number.
 *
 * @example
 * ```ts
 * import { printable } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(printable("red \x1b[31m\n"), "red \\u001b[31m\\n");
 * assertEquals(printable("a long text", 7), "a long…");
 * ```
 */
export function printable(text: string, most: number = Infinity): string {
  // A column takes at most a character and its joiners, so most of a long text is never looked at.
  const head = text.length > 4 * most ? text.slice(0, 4 * most) : text;
  const safe = head.replace(UNSAFE, (c) => c === JOINER ? c : escapeOf(c));
  if (head.length === text.length && safe.length <= most / 2) return safe;
  let width = 0, end = 0; // of what fits with the ellipsis behind it
  for (const c of safe) {
    width += WIDE.test(c) ? 2 : 1;
    if (width > most) return `${safe.slice(0, end)}…`;
    if (width < most) end += c.length;
  }
  return head.length === text.length ? safe : `${safe.slice(0, end)}…`;
}

function escapeOf(c: string): string {
  const code = c.codePointAt(0)!.toString(16);
  return SHORT[c] ?? (code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`);
}

/**
 * A value for an error message: in quotes as JSON writes them, shortened, and with nothing in it
 * that a terminal obeys.
 *
 * @param value The value; anything but a string is shown as JSON.
 *
 * @example
 * ```ts
 * import { quote } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(quote('say "\x9bm"'), '"say \\"\\u009bm\\""');
 * assertEquals(quote([1, 2]), '"[1,2]"');
 * ```
 */
export function quote(value: unknown): string {
  const text = typeof value === "string" ? value : describe(value);
  // Cut between characters: of an emoji no half is left.
  const characters = Array.from(text.slice(0, 2 * QUOTED + 1));
  const isLong = characters.length > QUOTED;
  return printable(JSON.stringify(isLong ? `${characters.slice(0, QUOTED).join("")}…` : text));
}

const QUOTED = 40; // characters of a value that an error message shows

/** A value as JSON, no further than is shown: it may be large, nested without end, or in itself. */
function describe(value: unknown, most = QUOTED): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, most));
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? String(value);
  const isArray = Array.isArray(value);
  let text = isArray ? "[" : "{";
  for (const key in value) {
    if (text.length > most) return text;
    if (text.length > 1) text += ",";
    if (!isArray) text += `${describe(key, most)}:`;
    text += describe((value as Record<string, unknown>)[key], most - text.length);
  }
  return text + (isArray ? "]" : "}");
}
