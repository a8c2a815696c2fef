/**
 * Folds typographic variants: quotes, spaces, full-width forms and invisible characters.
 *
 * @module
 */

/** Scripts that join and separate letters by zero-width characters. */
const JOINED = ["Arab", "Syrc", "Mand", "Nkoo", "Mong", "Adlm", "Rohg"];
/** Indic and related scripts, whose consonants are joined by a virama. */
const INDIC = [
  ...["Deva", "Beng", "Guru", "Gujr", "Orya", "Taml", "Telu", "Knda", "Mlym", "Sinh", "Khmr"],
  ...["Mymr", "Tibt"],
];
/** Scripts without spaces between words, in which a zero-width space separates words. */
const UNSPACED = ["Thai", "Laoo", "Khmr", "Mymr"];
const UNSEEN = "[\\u00ad\\u061c\\u200b-\\u200f\\u202a-\\u202e\\u2060\\u2066-\\u2069\\ufeff]";

/** Matches invisible characters; group 1 matches those with a meaning in their context. */
function unseen(): RegExp {
  const classOf = (scripts: readonly string[]) => scripts.map((s) => `\\p{Script=${s}}`).join("");
  const complex = `[${classOf([...JOINED, ...INDIC])}\\p{M}]`, unspaced = `[${classOf(UNSPACED)}]`;
  const picture = "[\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\ufe0f]";
  const kept = [
    `(?<=${complex})[\\u200c\\u200d](?=${complex})`,
    `(?<=[${classOf(INDIC)}])\\u200d`, // ends words in older Malayalam text (chillus)
    `(?<=${picture})\\u200d(?=\\p{Extended_Pictographic})`,
    `(?<=${unspaced})\\u200b(?=${unspaced})`,
  ];
  return new RegExp(`(${kept.join("|")})|${UNSEEN}`, "gu");
}

const ANY =
  /[\u00a0\u00ad\u02bc\u061c\u2000-\u200f\u2018-\u201f\u202a-\u202f\u205f-\u2069\u3000\ufeff\uff01-\uffee]/;
const SINGLE = /[\u2018-\u201b\u02bc]/g, DOUBLE = /[\u201c-\u201f]/g;
const SPACES = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g;
const WIDE = /[\uff01-\uffe2\uffe4-\uffee]+/g; // not the macron, which has a space in NFKC
let hidden: RegExp | undefined; // created when first needed

/**
 * Folds the typography of a text: curly quotes and apostrophes become straight, full-width and
 * half-width forms become regular characters, no-break and thin spaces become plain spaces, and
 * soft hyphens and zero-width characters are removed, except joiners that scripts or emoji need.
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

/** The declarations of this file, for exported modules that contain their source. */
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
