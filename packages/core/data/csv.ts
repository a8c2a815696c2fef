/**
 * Tables: comma-separated values after RFC 4180, and those with other separators.
 *
 * @module
 */
import {
  type Column,
  type Columns,
  type DataRecord,
  errorAt,
  inOrderOf,
  quoteSome,
  type RecordReader,
  type Report,
  SAMPLE_SIZE,
  throwIt,
} from "./records.ts";
import { quote } from "../printable.ts";
import type { Quotes } from "./escapes.ts";
import { type Row, rowReader } from "./rows.ts";

export { countNewlines } from "./lines.ts";

/** How a table is written. */
export interface Dialect {
  /** What stands between the fields of a row: one character. */
  separator: string;
  /** What quotes and backslashes mean. */
  quotes: Quotes;
  /** Whether that was given: then no quoted field is taken for one that was never closed. */
  areQuotesGiven?: boolean;
  /** Whether the first row has the columns' names; otherwise these are numbers, from 1. */
  header: boolean;
  /** Whether rows have a name before their fields that the header has no column for, as R's do. */
  areRowsNamed?: boolean;
}

/**
 * A reader of the records of a table, each with the values of its columns.
 *
 * @param report What to do about a row that cannot be read. Default: throw; else it is left out.
 * @throws {InputError} Where a quote is not closed, a column is missing, a row does not fit the
 * first, or there is no row.
 */
export function tableReader(
  dialect: Dialect,
  name: string,
  columns: Columns,
  report: Report = throwIt,
): RecordReader {
  const inOrder = inOrderOf<DataRecord>();
  let hasProblems = false, isEmpty = true;
  let header: { names: string[]; line: number } | undefined;
  let places: Map<string, number> | undefined;
  let sample: Row[] = [];
  const firstRows: Row[] = []; // below the header, whether they fit or not
  const note: Report = (error, line) => {
    hasProblems = true;
    report(error, line);
  };
  const rows = rowReader(name, dialect, note);
  const settle = () => {
    const { names, line } = header!;
    const byName = new Map(names.map((name, i) => [name, i]));
    const valuesOf = (name: string) => sample.map(({ fields }) => fields[byName.get(name)!]);
    const wanted = typeof columns === "function" ? columns({ columns: names, valuesOf }) : columns;
    const found = wanted.map((column) =>
      [column.name, findColumn(names, column, line, name, firstRows, dialect)] as const
    );
    places = new Map(found);
  };
  const recordOf = ({ line, fields }: Row): DataRecord => ({
    line,
    get: (column) => fields[places!.get(column)!],
    fields: () => header!.names.map((name, i) => [name, fields[i]]),
  });
  const give = (found: DataRecord[]) => {
    for (const row of sample) found.push(recordOf(row));
    sample = [];
  };
  const take = (found: DataRecord[], some: readonly Row[]) => {
    for (const [i, row] of some.entries()) {
      const { line, fields } = row;
      if (!header) {
        const names = dialect.header
          ? [...(dialect.areRowsNamed ? [""] : []), ...fields.map((field) => field.trim())]
          : fields.map((_, i) => `${i + 1}`);
        header = { names, line };
        firstRows.push(...some.slice(i + 1, i + 11));
        if (typeof columns !== "function") settle();
        if (dialect.header) continue;
      }
      isEmpty = false;
      const width = header.names.length;
      if (fields.length !== width) note(misfit(row, width, name, dialect), line);
      else if (places) found.push(recordOf(row));
      else if (sample.push(row) === SAMPLE_SIZE) {
        settle();
        give(found);
      }
    }
  };
  return {
    push: (chunk) => inOrder((found) => take(found, rows.push(chunk))),
    end: () =>
      inOrder((found) => {
        take(found, rows.end());
        if (!header) {
          if (hasProblems) return;
          throw errorAt(name, 1, "no rows; expected a header, and examples below it");
        }
        if (isEmpty && hasProblems && typeof columns === "function") return;
        if (isEmpty) {
          const cure = "no examples below the header; add a row for each text";
          throw errorAt(name, header.line, cure);
        }
        if (!places) settle();
        give(found);
      }, true),
  };
}

const NAMES: Record<string, string> = {
  ",": "commas",
  "\t": "tabs",
  ";": "semicolons",
  " ": "spaces",
};

/** What separators are called, in the plural. */
export function separatorName(separator: string): string {
  return NAMES[separator] ?? quote(separator);
}

function misfit({ line, fields: { length } }: Row, width: number, name: string, dialect: Dialect) {
  const cut = length < width ? "newlines" : separatorName(dialect.separator);
  const first = dialect.header ? "header" : "first row";
  const fields = `${length} ${length === 1 ? "field" : "fields"} where the ${first} has ${width}`;
  return errorAt(name, line, `${fields}; quote a text that contains ${cut}`);
}

/** Whether a column's name is rather a text. */
function isLong(name: string): boolean {
  return name.length > 60 || /\S\s+\S+\s+\S+\s+\S/.test(name);
}

/** What may separate the fields of rows that have one, if all have it. */
function otherSeparator(header: string, below: readonly Row[]): string | undefined {
  const usual = /[;\t,]/.exec(header)?.[0];
  if (usual !== undefined) return usual;
  const odd = /[^\p{L}\p{N}\p{M}\s"'._()#-]/u.exec(header)?.[0];
  const isEverywhere = below.length > 0 &&
    below.every(({ fields }) => fields.some((field) => field.includes(odd!)));
  return odd !== undefined && odd.length === 1 && isEverywhere ? odd : undefined;
}

/** The place of a column: by its name or, where none has that name, by its number. */
function findColumn(
  names: string[],
  { name: column, role }: Column,
  line: number,
  name: string,
  below: readonly Row[],
  dialect: Dialect,
): number {
  const place = names.indexOf(column);
  if (place >= 0 && place === names.lastIndexOf(column)) return place;
  if (place >= 0) throw errorAt(name, line, `two columns are named ${quote(column)}; rename one`);
  if (/^[1-9]\d{0,6}$/.test(column) && Number(column) <= names.length) return Number(column) - 1;
  if (!dialect.header && names.length === 1) {
    const cure = "give the separator, or the format if it is no table";
    throw errorAt(name, line, `no column ${quote(column)}: each row is one field; ${cure}`);
  }
  if (!dialect.header) {
    const numbers = `its columns are 1 to ${names.length}`;
    const cure = `give that of the ${role} by its number`;
    throw errorAt(
      name,
      line,
      `no column ${quote(column)} in a file without a header; ${numbers}, ${cure}`,
    );
  }
  const separators: Record<string, string> = { ";": "a semicolon", "\t": "a tab", ",": "a comma" };
  const other = names.length === 1 && otherSeparator(names[0], below);
  const header = below.find(({ fields }) => fields.some((field) => field.trim() === column));
  const remedy = other
    ? `the separator looks like ${separators[other] ?? quote(other)}, so give that one`
    : header
    ? `line ${header.line} looks like the header, so remove what stands above it`
    : `name yours with the ${role} column option` +
      (names.some(isLong) ? ", or read the first row as data (--no-header)" : "");
  throw errorAt(
    name,
    line,
    `no column ${quote(column)}: the header has ${quoteSome(names)}; ${remedy}`,
  );
}
