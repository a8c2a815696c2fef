/**
 * Comma-separated values after RFC 4180, and tab-separated ones.
 *
 * @module
 */
import { type DataRecord, errorAt, quote } from "./records.ts";

interface Row {
  line: number;
  fields: string[];
}

/**
 * The records below a header row. In both forms a field may stand in quotes, and then hold
 * separators, newlines and doubled quotes; a quote within an unquoted field is a character.
 *
 * @throws {InputError} Where a quote is not closed, or a row does not fit the header.
 */
export function readTable(
  content: string,
  separator: "," | "\t",
  name: string,
  columns: readonly string[],
): DataRecord[] {
  const [header, ...rows] = readRows(content, separator, name);
  if (!header) return [];
  const names = header.fields.map((field) => field.trim());
  const places = new Map(
    columns.map((column) => [column, findColumn(names, column, header, name)]),
  );
  return rows.map(({ line, fields }) => {
    if (fields.length !== names.length) {
      throw errorAt(
        name,
        line,
        `${fields.length} fields where the header has ${names.length}; ` +
          `quote a text that contains ${separator === "," ? "commas" : "tabs"}`,
      );
    }
    return { line, get: (column) => fields[places.get(column)!] };
  });
}

function findColumn(names: string[], column: string, { line }: Row, name: string): number {
  const place = names.indexOf(column);
  if (place >= 0 && place === names.lastIndexOf(column)) return place;
  if (place >= 0) throw errorAt(name, line, `two columns are named ${quote(column)}; rename one`);
  const other = names.length === 1 && /[;\t,]/.exec(names[0])?.[0];
  const separators = { ";": "semicolons", "\t": "tabs", ",": "commas" };
  throw errorAt(
    name,
    line,
    `no column ${quote(column)}; the header has ${names.map(quote).join(", ")}` +
      (other ? `, and seems to be separated by ${separators[other as ";"]}` : ""),
  );
}

function readRows(content: string, separator: string, name: string): Row[] {
  const special = separator === "," ? /[,\r\n]/g : /[\t\r\n]/g;
  const rows: Row[] = [];
  let line = 1, at = 0;
  let row: Row = { line, fields: [] };
  while (at < content.length) {
    let field: string;
    if (content[at] === '"') {
      const start = line;
      [field, at] = readQuoted(content, at);
      if (at < 0) throw errorAt(name, start, "the quote opened here is never closed");
      line += field.match(/\r\n|\r|\n/g)?.length ?? 0;
      const next = content[at];
      if (next !== undefined && next !== separator && next !== "\r" && next !== "\n") {
        throw errorAt(
          name,
          line,
          `${quote(content.slice(at, at + 20))} after a closing quote; double quotes within a text`,
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
    if (row.fields.length > 1 || field.trim() !== "") rows.push(row); // not a blank line
    row = { line: ++line, fields: [] };
  }
  if (row.fields.length > 0) rows.push(row);
  return rows;
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
