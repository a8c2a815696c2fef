/**
 * Decodes HTML entities in texts.
 *
 * @module
 */

// The entity names of U+00A0 to U+00FF.
const latinNames = () =>
  (
    "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 " +
    "sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc " +
    "Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve " +
    "Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute " +
    "acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde " +
    "ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml"
  ).split(" ");

let named: Map<string, string> | undefined; // created when first needed

const namedEntities = () =>
  new Map([
    ...latinNames().map((name, i): [string, string] => [name, String.fromCharCode(0xa0 + i)]),
    ...Object.entries({
      amp: "&",
      AMP: "&",
      lt: "<",
      LT: "<",
      gt: ">",
      GT: ">",
      quot: '"',
      QUOT: '"',
      apos: "'",
      ensp: " ",
      emsp: " ",
      thinsp: " ",
      ndash: "–",
      mdash: "—",
      lsquo: "‘",
      rsquo: "’",
      sbquo: "‚",
      ldquo: "“",
      rdquo: "”",
      bdquo: "„",
      lsaquo: "‹",
      rsaquo: "›",
      hellip: "…",
      bull: "•",
      euro: "€",
      trade: "™",
      OElig: "Œ",
      oelig: "œ",
      Scaron: "Š",
      scaron: "š",
      Yuml: "Ÿ",
      zwnj: "\u200c",
      zwj: "\u200d",
      hearts: "♥",
      larr: "←",
      rarr: "→",
      le: "≤",
      ge: "≥",
      ne: "≠",
      minus: "−",
    }),
  ]);

const NO_BREAK = 0xa0;

/** Replaces entities by the characters they stand for; unknown entities stay unchanged. */
export function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#(?:x([\da-f]{1,6})|(\d{1,7}))|([a-z][a-z0-9]{1,7}));/gi,
    (all, hex?: string, decimal?: string, name?: string) => {
      const found = name === undefined
        ? characterOf(hex === undefined ? Number(decimal) : parseInt(hex, 16))
        : (named ??= namedEntities()).get(name);
      return found === "\u00a0" ? " " : found ?? all;
    },
  );
}

function characterOf(code: number): string | undefined {
  if (code === NO_BREAK) return " ";
  // As in browsers: C1 control codes are read as Windows-1252 characters.
  if (code >= 0x80 && code < NO_BREAK) {
    return new TextDecoder("windows-1252").decode(Uint8Array.of(code));
  }
  const isBlank = code === 9 || code === 10 || code === 13;
  const isText = code >= 32 && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000);
  return isBlank || isText ? String.fromCodePoint(code) : undefined;
}

/** The declarations of this file, for exported modules that contain their source. */
export const entitySource = () => ({
  decodeEntities,
  characterOf,
  namedEntities,
  latinNames,
  NO_BREAK,
});
