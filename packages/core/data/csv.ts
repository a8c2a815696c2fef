/**
 * Comma-separated values after RFC 4180, and tab-separated ones.
 *
 * @module
 */
import {
  type Column,
  type Columns,
  type DataRecord,
  errorAt,
  firstOf,
  quoteSome,
  type Report,
  type Sample,
  throwIt,
} from "./records.ts";
import { quote } from "../printable.ts";

const MAX_REREADS = 2; // times the whole content

interface Row {
  line: number;
  fields: string[];
}

/**
 * The records below a header row, one after the other. In both forms a field may stand in quotes,
 * and then hold separators, newlines and doubled quotes; a quote within an unquoted field is a
 * character. Tab-separated values are read so because spreadsheets and pandas write them so.
 *
 * @param report What to do about a row that cannot be read. Default: throw; else it is left out.
 * @throws {InputError} Where a quote is not closed, a column is missing, a row does not fit the
 * header, or there is no row.
 */
export function* readTable(
  content: string,
  separator: "," | "\t",
  name: string,
  columns: Columns,
  report: Report = throwIt,
): Generator<DataRecord> {
  const rows = readRows(content, separator, name, report);
  const header = rows.next().value;
  if (!header) return;
  const names = header.fields.map((field) => field.trim());
  const { line } = header;
  const fitting = fittingRows(rows, names.length, line, name, separator, report);
  let first: Row[] = [];
  const choose = (by: (sample: Sample) => readonly Column[]) => {
    first = firstOf(fitting);
    const places = new Map(names.map((name, i) => [name, i]));
    const valuesOf = (name: string) => first.map(({ fields }) => fields[places.get(name)!]);
    return by({ columns: names, valuesOf });
  };
  const wanted = typeof columns === "function" ? choose(columns) : columns;
  const places = new Map(
    wanted.map((column) => [column.name, findColumn(names, column, line, name)]),
  );
  const recordOf = ({ line, fields }: Row): DataRecord => ({
    line,
    get: (column) => fields[places.get(column)!],
    fields: () => names.map((name, i) => [name, fields[i]]),
  });
  for (const row of first) yield recordOf(row);
  for (const row of fitting) yield recordOf(row);
}

/** The rows with as many fields as the header has names. */
function* fittingRows(
  rows: Iterable<Row>,
  width: number,
  headerLine: number,
  name: string,
  separator: string,
  report: Report,
): Generator<Row, undefined> {
  let isEmpty = true;
  for (const row of rows) {
    isEmpty = false;
    const { line, fields: { length } } = row;
    if (length === width) {
      yield row;
      continue;
    }
    const cut = length < width ? "newlines" : separator === "," ? "commas" : "tabs";
    const fields = `${length} ${length === 1 ? "field" : "fields"} where the header has ${width}`;
    report(errorAt(name, line, `${fields}; quote a text that contains ${cut}`), line);
  }
  if (isEmpty) {
    throw errorAt(name, headerLine, "no examples below the header; add a row for each text");
  }
}

function findColumn(
  names: string[],
  { name: column, role }: Column,
  line: number,
  name: string,
): number {
  const place = names.indexOf(column);
  if (place >= 0 && place === names.lastIndexOf(column)) return place;
  if (place >= 0) throw errorAt(name, line, `two columns are named ${quote(column)}; rename one`);
  const separators: Record<string, string> = { ";": "a semicolon", "\t": "a tab", ",": "a comma" };
  const other = names.length === 1 && /[;\t,]/.exec(names[0])?.[0];
  const remedy = other
    ? `the separator looks like ${separators[other]}, so save the file as CSV or TSV and say which`
    : `name yours with the ${role} column option`;
  throw errorAt(
    name,
    line,
    `no column ${quote(column)}: the header has ${quoteSome(names)}; ${remedy}`,
  );
}

function* readRows(
  content: string,
  separator: string,
  name: string,
  report: Report,
): Generator<Row, undefined> {
  const special = separator === "," ? /[,\r\n]/g : /[\t\r\n]/g;
  const newline = /\r\n|\r|\n/g;
  let line = 1, at = 0;
  let row: Row = { line, fields: [] };
  let rowStart = 0;
  let rereads = MAX_REREADS * content.length; // characters that may be read once more
  /**
   * After a row that cannot be read, the next line may be one that can; but where rows go on to the
   * end of the file again and again, all that the row has taken is left out.
   */
  const skipLine = (end: number) => {
    rereads -= end - rowStart;
    const from = rereads < 0 ? end : rowStart;
    newline.lastIndex = from;
    const next = newline.test(content) ? newline.lastIndex : content.length;
    line = row.line + countNewlines(content.slice(rowStart, next));
    at = rowStart = next;
    row = { line, fields: [] };
  };
  while (at < content.length) {
    let field: string;
    const isQuoted = content[at] === '"';
    if (isQuoted) {
      const start = line;
      [field, at] = readQuoted(content, at);
      if (at < 0) {
        report(errorAt(name, start, "the quote opened here is never closed"), start);
        skipLine(content.length);
        continue;
      }
      line += countNewlines(field);
      const next = content[at];
      if (next !== undefined && next !== separator && next !== "\r" && next !== "\n") {
        const rest = content.slice(at, at + 41).split(/[\r\n]/, 1)[0];
        report(
          errorAt(
            name,
            line,
            `${quote(rest)} after a closing quote; write a quote within a quoted text twice`,
          ),
          row.line,
        );
        skipLine(at);
        continue;
      }
    } else {
      special.lastIndex = at;
      const end = special.exec(content)?.index ?? content.length;
      field = content.slice(at, end);
      at = end;
    }
    row.fields.push(field);
    if (content[at] === separator) {
      at++;
      if (at === content.length) row.fields.push("");
      continue;
    }
    at += content.startsWith("\r\n", at) ? 2 : 1;
    const isBlank = row.fields.length === 1 && !isQuoted && field.trim() === "";
    if (!isBlank) yield row;
    row = { line: ++line, fields: [] };
    rowStart = at;
  }
  if (row.fields.length > 0) yield row;
}

/** How many newlines a text has, be they CRLF, LF or CR. */
export function countNewlines(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "\n" || (text[i] === "\r" && text[i + 1] !== "\n")) count++;
  }
  return count;
}

/** The text between quotes, and the place after the closing one; -1 where there is none. */
function readQuoted(content: string, start: number): [field: string, after: number] {
  const parts: string[] = [];
  for (let at = start + 1;;) {
    const end = content.indexOf('"', at);
    if (end < 0) return ["", -1];
    parts.push(content.slice(at, end));
    if (content[end + 1] !== '"') return [parts.join('"'), end + 1];
    at = end + 2;
  }
}
