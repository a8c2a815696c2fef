/**
 * Typography that means nothing to a reader: one form for quotes, blanks, and what is not seen.
 *
 * @module
 */

/** Scripts that join and part letters by characters without width. */
const JOINED = ["Arab", "Syrc", "Mand", "Nkoo", "Mong", "Adlm", "Rohg"];
/** Scripts of India and around it, whose consonants join by a virama. */
const INDIC = [
  ...["Deva", "Beng", "Guru", "Gujr", "Orya", "Taml", "Telu", "Knda", "Mlym", "Sinh", "Khmr"],
  ...["Mymr", "Tibt"],
];
/** Scripts without blanks between words, where a zero-width space is one. */
const UNSPACED = ["Thai", "Laoo", "Khmr", "Mymr"];
const UNSEEN = "[\\u00ad\\u061c\\u200b-\\u200f\\u202a-\\u202e\\u2060\\u2066-\\u2069\\ufeff]";

/** Characters that are not seen; the first group has those that mean something where they stand. */
function unseen(): RegExp {
  const classOf = (scripts: readonly string[]) => scripts.map((s) => `\\p{Script=${s}}`).join("");
  const complex = `[${classOf([...JOINED, ...INDIC])}\\p{M}]`, unspaced = `[${classOf(UNSPACED)}]`;
  const picture = "[\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\ufe0f]";
  const kept = [
    `(?<=${complex})[\\u200c\\u200d](?=${complex})`,
    `(?<=[${classOf(INDIC)}])\\u200d`, // an older spelling of Malayalam ends words so
    `(?<=${picture})\\u200d(?=\\p{Extended_Pictographic})`,
    `(?<=${unspaced})\\u200b(?=${unspaced})`,
  ];
  return new RegExp(`(${kept.join("|")})|${UNSEEN}`, "gu");
}

const ANY =
  /[\u00a0\u00ad\u02bc\u061c\u2000-\u200f\u2018-\u201f\u202a-\u202f\u205f-\u2069\u3000\ufeff\uff01-\uffee]/;
const SINGLE = /[\u2018-\u201b\u02bc]/g, DOUBLE = /[\u201c-\u201f]/g;
const SPACES = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g;
const WIDE = /[\uff01-\uffe2\uffe4-\uffee]+/g; // not the macron, which has a blank in NFKC
let hidden: RegExp | undefined; // made when a text first needs it

/**
 * A text with straight quotes and apostrophes for curly ones, characters of the usual width for
 * full-width and half-width forms, a blank for each no-break or thin space, and without soft hyphens
 * and characters of no width. Joiners stay where scripts need them, and in emoji.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(foldTypography("I don’t like “ＡＢＣ” co\u00adoperation"), "I don't like \"ABC\" cooperation");
 * ```
 */
export function foldTypography(text: string): string {
  if (!ANY.test(text)) return text;
  hidden ??= unseen();
  return text
    .replace(WIDE, (run) => run.normalize("NFKC"))
    .replace(SINGLE, "'")
    .replace(DOUBLE, '"')
    .replace(SPACES, " ")
    .replace(hidden, (_, kept?: string) => kept ?? "");
}

/** The declarations of this file, for modules that are written with them in. */
export const foldSource = () => ({
  foldTypography,
  unseen,
  JOINED,
  INDIC,
  UNSPACED,
  UNSEEN,
  ANY,
  SINGLE,
  DOUBLE,
  SPACES,
  WIDE,
});
