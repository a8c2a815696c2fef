/**
 * Labelled texts from the content of a file.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { countNewlines, readTable } from "./csv.ts";
import { readJsonLines } from "./json_lines.ts";
import { type Column, type DataRecord, errorAt } from "./records.ts";
import { quote } from "../printable.ts";
import { toNfc } from "../text/nfc.ts";

/** A text and what it is; for a model that translates, the text that it should give. */
export interface Example {
  /** The text. */
  text: string;
  /** Its label, or its target; none where texts have none. */
  label?: string;
  /** Where it stands, for errors: `train.csv:7`. */
  where?: string;
}

/** The forms of data: comma-separated, tab-separated, one JSON object a line. */
export type DataFormat = "csv" | "tsv" | "jsonl";

/** What data holds: texts with labels, sources with targets, or texts alone. */
export type DataKind = "labels" | "pairs" | "texts";

/** Settings of {@linkcode parseExamples}. */
export interface ParseOptions {
  /** The form of the content. Default: `"csv"`. */
  format?: DataFormat;
  /** What it holds. Default: `"labels"`. */
  kind?: DataKind;
  /** What to call the content in errors. Default: `"data"`. */
  name?: string;
  /** The column or key of the texts. Default: `"text"`, of pairs `"source"`. */
  textColumn?: string;
  /** The column or key of the labels. Default: `"label"`, of pairs `"target"`. */
  labelColumn?: string;
}

/**
 * How many characters a text may have. All states of a sentence stay in memory until its end, and
 * 100,000 characters are some 20,000 states already.
 */
export const MAX_TEXT_LENGTH = 100_000;

/**
 * The examples in a file's content: CSV or TSV with a header, or JSON Lines. Blank lines are
 * skipped, and blank space around a label is left out.
 *
 * @throws {InputError} For whatever cannot be read, with the line.
 *
 * @example
 * ```ts
 * import { parseExamples } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseExamples('text,label\n"good, very good",positive\n', { name: "a.csv" }), [
 *   { text: "good, very good", label: "positive", where: "a.csv:2" },
 * ]);
 * ```
 */
export function parseExamples(content: string, options: ParseOptions = {}): Example[] {
  const { format = "csv", name = "data", kind = "labels" } = options;
  const columns = columnsOf(kind, options);
  const whole = content.replace(/^\ufeff/, "");
  if (whole.trim() === "") {
    throw errorAt(name, 1, `no content; expected ${expected(format, columns)}`);
  }
  const records = format === "jsonl"
    ? readJsonLines(whole, name, columns)
    : readTable(whole, format === "tsv" ? "\t" : ",", name, columns);
  return Array.from(records, (record) => exampleOf(record, columns, name));
}

/** The columns that data of a kind has: of texts, or of sources; and but for texts alone, of labels. */
export function columnsOf(
  kind: DataKind,
  { textColumn, labelColumn }: Pick<ParseOptions, "textColumn" | "labelColumn">,
): Column[] {
  const [text, label] = kind === "pairs" ? ["source", "target"] : ["text", "label"];
  const columns = [{ name: textColumn ?? text, role: text }];
  if (kind !== "texts") columns.push({ name: labelColumn ?? label, role: label });
  return columns;
}

/** The example in a record. */
export function exampleOf(
  record: DataRecord,
  [text, label]: readonly Column[],
  name: string,
): Example {
  return {
    text: textOf(record, text.name, name),
    label: label ? labelOf(record, label, name) : "",
    where: `${name}:${record.line}`,
  };
}

/**
 * The text of a file in UTF-8.
 *
 * @throws {InputError} Where the bytes are no such text, with the line and the byte offset.
 *
 * @example
 * ```ts
 * import { decodeText } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(decodeText(new TextEncoder().encode("gut, schön")), "gut, schön");
 * ```
 */
export function decodeText(bytes: Uint8Array, name = "data"): string {
  const fail = (offset: number, problem: string): never => {
    const before = new TextDecoder().decode(bytes.subarray(0, offset));
    throw errorAt(name, 1 + countNewlines(before), `${problem}; save the file as UTF-8`);
  };
  const start = `${bytes[0]},${bytes[1]}`;
  if (start === "255,254" || start === "254,255") fail(0, "text in UTF-16");
  const zero = bytes.indexOf(0);
  if (zero >= 0) fail(zero, `a zero at byte offset ${zero}, as in UTF-16 or in a file of no text`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const offset = findInvalid(bytes);
    const value = bytes[offset].toString(16).toUpperCase();
    return fail(offset, `not UTF-8: the byte ${value} at byte offset ${offset}`);
  }
}

/** The offset of the first character that is not UTF-8, in bytes of which not all are. */
function findInvalid(bytes: Uint8Array): number {
  const isValid = (end: number, stream: boolean) => {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, end), { stream });
      return true;
    } catch {
      return false;
    }
  };
  let valid = 0, invalid = bytes.length;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (isValid(middle, true)) valid = middle;
    else invalid = middle;
  }
  while (!isValid(valid, false)) valid--; // back to where the character starts
  return valid;
}

/** Throws for a text longer than {@linkcode MAX_TEXT_LENGTH}. */
export function requireLength(text: string, place = ""): void {
  if (text.length <= MAX_TEXT_LENGTH) return;
  const size = `${text.length} characters; at most ${MAX_TEXT_LENGTH} are read`;
  throw new InputError(`${place}the text ${quote(text)} has ${size}, so cut it into pieces`);
}

/** What a file of a form begins with. */
export function expected(format: DataFormat, columns: readonly Column[]): string {
  const names = columns.map(({ name }) => name);
  if (format === "jsonl") {
    return `a line such as {${names.map((name) => `${JSON.stringify(name)}: "…"`).join(", ")}}`;
  }
  return `a header such as ${names.join(format === "tsv" ? "TAB" : ",")}, and examples below it`;
}

function textOf(record: DataRecord, column: string, name: string): string {
  const text = record.get(column);
  const { line } = record;
  if (typeof text !== "string") {
    throw errorAt(name, line, `${quote(column)} should be a string, got ${describe(text)}`);
  }
  requireLength(text, `${name}:${line}: `);
  return text;
}

function labelOf(record: DataRecord, { name: column, role }: Column, name: string): string {
  const label = record.get(column);
  if (!["string", "number", "boolean"].includes(typeof label)) {
    const expected = `${quote(column)} should be a string, a number or a boolean`;
    throw errorAt(name, record.line, `${expected}, got ${describe(label)}`);
  }
  const text = String(label).trim();
  // Two spellings of a label are one; a target is left as it is.
  if (text !== "") return role === "label" ? toNfc(text) : text;
  throw errorAt(name, record.line, `${quote(column)} is empty; fill it in, or remove the row`);
}

function describe(value: unknown): string {
  if (value === null) return "null";
  return `the ${Array.isArray(value) ? "array" : typeof value} ${quote(value)}`;
}
