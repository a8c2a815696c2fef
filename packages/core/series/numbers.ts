/**
 * Parses numbers as people write them.
 *
 * @module
 */
import { quote } from "../printable.ts";

/** How the numbers of a column are written. */
export interface NumberForm {
  /** The decimal mark. */
  decimal: "." | ",";
  /** The thousands separator; empty for none. */
  thousands: "" | "," | "." | " " | "'";
}

/** How the first values of a column are written. */
export interface NumberColumn {
  /** The number format. */
  form: NumberForm;
  /** The fraction of the values that are not missing that have this format. */
  fit: number;
  /** The number of values that are not missing. */
  known: number;
  /** A value that could be read differently, such as `1,234`, if there is one. */
  ambiguous?: string;
}

// Marks of a missing value, in lower case.
const MISSING = new Set([
  ...["", "na", "n/a", "nan", "null", "none", "nil", "missing", "unknown", "undefined"],
  ...["-", "--", "–", "—", ".", "?", "#n/a", "#na", "<na>", "(null)"],
]);

/** Returns a cell as text: a table's cell is text already, a JSON value may be anything. */
export function textOf(value: unknown): string {
  if (value == null) return "";
  return typeof value === "object" ? JSON.stringify(value) : `${value}`;
}

/** Returns whether a text marks a missing value. */
export function isMissing(text: string): boolean {
  return text.length <= 9 && MISSING.has(text.trim().toLowerCase());
}

const PLAIN = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

// In order of preference, if several fit equally many values.
const FORMS: readonly NumberForm[] = [
  { decimal: ".", thousands: "," },
  { decimal: ",", thousands: "." },
  { decimal: ",", thousands: " " },
  { decimal: ".", thousands: " " },
  { decimal: ".", thousands: "'" },
];

const patterns = new Map<string, RegExp>();

function patternOf({ decimal, thousands }: NumberForm): RegExp {
  const key = decimal + thousands;
  const known = patterns.get(key);
  if (known) return known;
  const mark = RegExp.escape(decimal);
  const whole = thousands === ""
    ? String.raw`\d+`
    : String.raw`(?:[1-9]\d{0,2}(?:${RegExp.escape(thousands)}\d{3})+|\d+)`;
  const pattern = new RegExp(
    String.raw`^[-+]?(?:${whole}(?:${mark}\d*)?|${mark}\d+)(?:e[-+]?\d+)?$`,
    "i",
  );
  patterns.set(key, pattern);
  return pattern;
}

// A percent or currency sign after or before a number.
const BEHIND = /\s*(?:%|\p{Sc})$/u, BEFORE = /^([-+]?)\s*\p{Sc}\s*(?=[-+\d.,])/u;

/** Returns the percent or currency sign next to a number, if it has one. */
export function signBeside(text: string): string | undefined {
  const plain = text.trim();
  return /\d/.test(plain)
    ? (BEHIND.exec(plain) ?? BEFORE.exec(plain))?.[0].replace(/[-+\s]/g, "")
    : undefined;
}

/** Returns a number's text trimmed, with plain spaces and minus, and without a sign of its unit. */
function bare(text: string): string {
  return text.trim().replace(/^[\u2212\u2013](?=[\d.,\p{Sc}])/u, "-")
    .replace(BEHIND, "").replace(BEFORE, "$1")
    .replace(/[\u00a0\u202f\u2009]/g, " ").replaceAll("\u2019", "'");
}

/**
 * Parses a number in a format. Returns NaN for a missing value, and undefined if the text is not a
 * finite number. Percent and currency signs are ignored: `12%` and `$12` are 12.
 */
export function parseNumber(text: string, form: NumberForm): number | undefined {
  if (form.decimal === "." && PLAIN.test(text)) return finite(Number(text));
  if (isMissing(text)) return NaN;
  const plain = bare(text);
  if (!patternOf(form).test(plain)) return undefined;
  const joined = form.thousands === "" ? plain : plain.replaceAll(form.thousands, "");
  return finite(Number(joined.replace(",", ".")));
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/**
 * Detects the number format of a column from its first values: the one that fits the most of them,
 * with a decimal point in case of a tie.
 *
 * @param decimal The decimal mark. Default: detected.
 */
export function findNumberForm(
  values: readonly string[],
  decimal?: NumberForm["decimal"],
): NumberColumn {
  const known = values.filter((value) => !isMissing(value));
  const forms = FORMS.filter((form) => decimal === undefined || form.decimal === decimal);
  let best = forms[0], most = -1;
  for (const form of forms) {
    const count = known.filter((value) => parseNumber(value, form) !== undefined).length;
    if (count > most) [best, most] = [form, count];
  }
  // Three digits after each comma, and nothing that shows whether it is a decimal mark.
  const isOpen = decimal === undefined && best.decimal === "." && best.thousands === "," &&
    known.some((value) => value.includes(",")) &&
    known.every((value) => /^[-+]?(?:\d+|[1-9]\d{0,2},\d{3})$/.test(bare(value)));
  const ambiguous = isOpen ? known.find((value) => value.includes(",")) : undefined;
  return {
    form: best,
    fit: known.length > 0 ? most / known.length : 0,
    known: known.length,
    ...(ambiguous === undefined ? {} : { ambiguous }),
  };
}

/** Explains why a text is not a number in a format, and how to correct it. */
export function numberProblem(text: string, form: NumberForm): string {
  if (/^[-+]?(?:inf|infinity)$/i.test(text.trim()) || PLAIN.test(text)) {
    return `${quote(text)} is not finite; leave the field empty if the number is missing`;
  }
  const other = FORMS.find((each) => parseNumber(text, each) !== undefined);
  if (other && other.decimal !== form.decimal) {
    const name = form.decimal === "," ? "comma" : "point";
    return `${
      quote(text)
    } is not a number with a decimal ${name}, as the others are; write all of them the ` +
      `same way, or set the decimal mark (--decimal ${other.decimal})`;
  }
  return `${quote(text)} is not a number; correct it, or leave the field empty`;
}
