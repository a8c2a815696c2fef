/**
 * Comma-separated values after RFC 4180, and tab-separated ones.
 *
 * @module
 */
import { type Column, type DataRecord, errorAt, quote, quoteSome } from "./records.ts";

interface Row {
  line: number;
  fields: string[];
}

/**
 * The records below a header row. In both forms a field may stand in quotes, and then hold
 * separators, newlines and doubled quotes; a quote within an unquoted field is a character.
 * Tab-separated values are read so because spreadsheets and pandas write them so.
 *
 * @throws {InputError} Where a quote is not closed, a column is missing, a row does not fit the
 * header, or there is no row.
 */
export function readTable(
  content: string,
  separator: "," | "\t",
  name: string,
  columns: readonly Column[],
): DataRecord[] {
  const [header, ...rows] = readRows(content, separator, name);
  const names = header.fields.map((field) => field.trim());
  const places = new Map(
    columns.map((column) => [column.name, findColumn(names, column, header.line, name)]),
  );
  if (rows.length === 0) {
    throw errorAt(name, header.line, "no examples below the header; add a row for each text");
  }
  return rows.map(({ line, fields }) => {
    if (fields.length !== names.length) {
      const cut = separator === "," ? "commas" : "tabs";
      throw errorAt(
        name,
        line,
        `${fields.length} ${fields.length === 1 ? "field" : "fields"} where the header has ` +
          `${names.length}; quote a text that contains ` +
          (fields.length < names.length ? "newlines" : cut),
      );
    }
    return { line, get: (column) => fields[places.get(column)!] };
  });
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

function readRows(content: string, separator: string, name: string): Row[] {
  const special = separator === "," ? /[,\r\n]/g : /[\t\r\n]/g;
  const rows: Row[] = [];
  let line = 1, at = 0;
  let row: Row = { line, fields: [] };
  while (at < content.length) {
    let field: string;
    const isQuoted = content[at] === '"';
    if (isQuoted) {
      const start = line;
      [field, at] = readQuoted(content, at);
      if (at < 0) throw errorAt(name, start, "the quote opened here is never closed");
      line += countNewlines(field);
      const next = content[at];
      if (next !== undefined && next !== separator && next !== "\r" && next !== "\n") {
        const rest = content.slice(at, at + 41).split(/[\r\n]/, 1)[0];
        throw errorAt(
          name,
          line,
          `${quote(rest)} after a closing quote; write a quote within a quoted text twice`,
        );
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
    if (!isBlank) rows.push(row);
    row = { line: ++line, fields: [] };
  }
  if (row.fields.length > 0) rows.push(row);
  return rows;
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
