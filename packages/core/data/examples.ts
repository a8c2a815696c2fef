/**
 * Labelled texts from the content of a file.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { readTable } from "./csv.ts";
import { readJsonLines } from "./json_lines.ts";
import { type DataRecord, errorAt, quote } from "./records.ts";

/** A text and what it is. */
export interface Example {
  /** The text. */
  text: string;
  /** Its label. */
  label: string;
  /** Where it stands, for errors: `train.csv:7`. */
  where?: string;
}

/** The forms of data: comma-separated, tab-separated, one JSON object a line. */
export type DataFormat = "csv" | "tsv" | "jsonl";

/** Settings of {@linkcode parseExamples}. */
export interface ParseOptions {
  /** The form of the content. Default: `"csv"`. */
  format?: DataFormat;
  /** What to call the content in errors. Default: `"data"`. */
  name?: string;
  /** The column or key of the texts. Default: `"text"`. */
  textColumn?: string;
  /** The column or key of the labels. Default: `"label"`. */
  labelColumn?: string;
}

// Every state of a text stays in memory until its last word: some 20,000 words are much already.
const MAX_TEXT_LENGTH = 100_000;

/**
 * The examples in a file's content: CSV or TSV with a header, or JSON Lines.
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
  const { format = "csv", name = "data", textColumn = "text", labelColumn = "label" } = options;
  const columns = [textColumn, labelColumn];
  const whole = content.replace(/^\ufeff/, "");
  if (whole.trim() === "") throw new InputError(`${name}: is empty; expected ${expected(format)}`);
  const records = format === "jsonl"
    ? readJsonLines(whole, name, columns)
    : readTable(whole, format === "tsv" ? "\t" : ",", name, columns);
  if (records.length === 0) {
    throw new InputError(`${name}: has a header and no examples; add some below it`);
  }
  return records.map((record) => ({
    text: textOf(record, textColumn, name),
    label: labelOf(record, labelColumn, name),
    where: `${name}:${record.line}`,
  }));
}

/**
 * The text of a file in UTF-8.
 *
 * @throws {InputError} Where the bytes are no such text.
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
  const fail = (problem: string): never => {
    throw new InputError(`${name}: ${problem}; save it as UTF-8`);
  };
  const start = `${bytes[0]},${bytes[1]}`;
  if (start === "255,254" || start === "254,255") fail("is text in UTF-16");
  const zero = bytes.indexOf(0);
  if (zero >= 0) fail(`is not text: its byte ${zero} is zero`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return fail("is not text in UTF-8");
  }
}

function expected(format: DataFormat): string {
  if (format === "jsonl") return 'a line such as {"text": "i am good", "label": "positive"}';
  return `a header such as text${format === "tsv" ? "TAB" : ","}label, and examples below it`;
}

function textOf(record: DataRecord, column: string, name: string): string {
  const text = record.get(column);
  if (typeof text !== "string") {
    throw errorAt(name, record.line, `${quote(column)} should be a text, got ${quote(text)}`);
  }
  if (text.length > MAX_TEXT_LENGTH) {
    throw errorAt(
      name,
      record.line,
      `the text ${
        quote(text)
      } has ${text.length} characters; at most ${MAX_TEXT_LENGTH} are read, ` +
        "so cut it into pieces",
    );
  }
  return text;
}

function labelOf(record: DataRecord, column: string, name: string): string {
  const label = record.get(column);
  const isScalar = ["string", "number", "boolean"].includes(typeof label);
  const text = isScalar ? String(label).trim() : "";
  if (text !== "") return text;
  throw errorAt(name, record.line, `${quote(column)} should be a label, got ${quote(label)}`);
}
