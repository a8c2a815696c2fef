/**
 * Makes text from files, models and arguments safe to print.
 *
 * @module
 */

// Control characters (C0, C1, DEL), format characters such as bidirectional marks, lone surrogates,
// and line and paragraph separators.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const JOINER = "\u200d"; // within emoji; it is kept
const SHORT: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

// Characters two terminal columns wide: East Asian scripts and emoji; half a flag takes one column.
const WIDE =
  /(?![\u{1f1e6}-\u{1f1ff}])[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
// Characters of zero width: combining marks, and the vowels and final consonants of Hangul.
const ZERO = /[\p{Mn}\p{Me}\u200d\u1160-\u11ff]/u;

/**
 * Returns the number of terminal columns that a printable text occupies.
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
 * Returns a text on one line, without characters that a terminal interprets or does not show:
 * control characters, bidirectional marks and lone surrogates become escapes such as `\u001b`.
 *
 * @param text The text. A text that is printable already is returned unchanged.
 * @param most The maximum number of columns, with a combining mark counted as one; a longer text is
 *   cut and ends in "…". Default: no limit.
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
  // A column holds at most a character and its joiners, so the rest of a long text can be skipped.
  const head = text.length > 4 * most ? text.slice(0, 4 * most) : text;
  const safe = head.replace(UNSAFE, (c) => c === JOINER ? c : escapeOf(c));
  if (head.length === text.length && safe.length <= most / 2) return safe;
  let width = 0, end = 0; // `end`: of the part that fits together with the ellipsis
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
 * Formats a value for an error message: as a JSON string in quotes, shortened, and without
 * characters that a terminal interprets.
 *
 * @param value The value; anything except a string is shown as JSON.
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
  // Cuts between characters, so that no half of an emoji is left.
  const characters = Array.from(text.slice(0, 2 * QUOTED + 1));
  const isLong = characters.length > QUOTED;
  return printable(JSON.stringify(isLong ? `${characters.slice(0, QUOTED).join("")}…` : text));
}

const QUOTED = 40; // characters of a value that an error message shows

/** A value as JSON, up to the length shown: it may be large, deeply nested, or contain itself. */
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
