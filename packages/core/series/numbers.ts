/**
 * Numbers as people write them.
 *
 * @module
 */
import { quote } from "../printable.ts";

/** How the numbers of a column are written. */
export interface NumberForm {
  /** What stands before the fraction. */
  decimal: "." | ",";
  /** What may stand between thousands; none where there is nothing. */
  thousands: "" | "," | "." | " " | "'";
}

/** What is found of a column's numbers at its beginning. */
export interface NumberColumn {
  /** How they are written. */
  form: NumberForm;
  /** Of the values that are not missing, the fraction that is written so. */
  fit: number;
  /** How many values are not missing. */
  known: number;
  /** A value that could be read otherwise, such as `1,234`, if there is one. */
  ambiguous?: string;
}

// What stands for a missing number, in lower case.
const MISSING = new Set([
  ...["", "na", "n/a", "nan", "null", "none", "nil", "missing", "unknown", "undefined"],
  ...["-", "--", "–", "—", ".", "?", "#n/a", "#na", "<na>", "(null)"],
]);

/** A cell as text; of a table it is one, of JSON it may be any value. */
export function textOf(value: unknown): string {
  if (value == null) return "";
  return typeof value === "object" ? JSON.stringify(value) : `${value}`;
}

/** Whether a text says that a number is missing. */
export function isMissing(text: string): boolean {
  return text.length <= 9 && MISSING.has(text.trim().toLowerCase());
}

const PLAIN = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

// In the order in which they are chosen, where several fit as many values.
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

// What may stand beside a number: a percent sign, or one of a currency.
const BEHIND = /\s*(?:%|\p{Sc})$/u, BEFORE = /^([-+]?)\s*\p{Sc}\s*(?=[-+\d.,])/u;

/** The sign of percent or of a currency beside a number; none where it has none. */
export function signBeside(text: string): string | undefined {
  const plain = text.trim();
  return /\d/.test(plain)
    ? (BEHIND.exec(plain) ?? BEFORE.exec(plain))?.[0].replace(/[-+\s]/g, "")
    : undefined;
}

/** A text without what says nothing: spaces of all kinds about it, other minus signs, its unit's sign. */
function bare(text: string): string {
  return text.trim().replace(/^[\u2212\u2013](?=[\d.,\p{Sc}])/u, "-")
    .replace(BEHIND, "").replace(BEFORE, "$1")
    .replace(/[\u00a0\u202f\u2009]/g, " ").replaceAll("\u2019", "'");
}

/**
 * The number that a text says in a form; NaN where it says that there is none, undefined where it is
 * no finite number. Signs of percent and of a currency are left out: `12%` and `$12` are 12.
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
 * How a column's numbers are written, by its first values: as most of them are, and where that leaves
 * a choice, with a decimal point.
 *
 * @param decimal The decimal mark, where it is given.
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
  // With a group of three digits behind one comma, and nothing that says what the comma is.
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

/** Why a text is no number in a form, and what would do. */
export function numberProblem(text: string, form: NumberForm): string {
  if (/^[-+]?(?:inf|infinity)$/i.test(text.trim()) || PLAIN.test(text)) {
    return `${quote(text)} is not finite; leave the field empty where there is no number`;
  }
  const other = FORMS.find((each) => parseNumber(text, each) !== undefined);
  if (other && other.decimal !== form.decimal) {
    const name = form.decimal === "," ? "comma" : "point";
    return `${
      quote(text)
    } is no number with a decimal ${name}, as the others are; write all alike, ` +
      `or give the decimal mark (--decimal ${other.decimal})`;
  }
  return `${quote(text)} is no number; correct it, or leave the field empty`;
}
