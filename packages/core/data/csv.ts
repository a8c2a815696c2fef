/**
 * Tables: comma-separated values as in RFC 4180, and tables with other separators.
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

/** The dialect of a table: how it is written. */
export interface Dialect {
  /** The character between the fields of a row. */
  separator: string;
  /** What quotes and backslashes mean. */
  quotes: Quotes;
  /** Whether `quotes` was given; if so, no closed quoted field is reported as never closed. */
  areQuotesGiven?: boolean;
  /** Whether the first row has the column names; otherwise columns are numbered from 1. */
  header: boolean;
  /** Whether rows begin with a name that has no column in the header, as R writes them. */
  areRowsNamed?: boolean;
}

/**
 * Creates a reader of the records of a table.
 *
 * @param report Called for a row that cannot be read, which is then skipped. Default: throws.
 * @throws {InputError} From `push` and `end`, if a quote is not closed, a column is missing, a row
 *   has another number of fields than the first, or there are no rows.
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
  const firstRows: Row[] = []; // below the header, including rows of another width
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
      if (fields.length !== width) note(widthError(row, width, name, dialect), line);
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
          throw errorAt(name, 1, "no rows; expected a header and examples below it");
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

/** Returns the name of a separator in the plural, such as `commas`. */
export function separatorName(separator: string): string {
  return NAMES[separator] ?? quote(separator);
}

function widthError(
  { line, fields: { length } }: Row,
  width: number,
  name: string,
  dialect: Dialect,
) {
  const cut = length < width ? "newlines" : separatorName(dialect.separator);
  const first = dialect.header ? "header" : "first row";
  const fields = `${length} ${length === 1 ? "field" : "fields"} where the ${first} has ${width}`;
  return errorAt(name, line, `${fields}; quote a text that contains ${cut}`);
}

/** Returns whether a column name is probably a text. */
function isLong(name: string): boolean {
  return name.length > 60 || /\S\s+\S+\s+\S+\s+\S/.test(name);
}

/** Returns the likely separator of rows that were read as one field each, if there is one. */
function otherSeparator(header: string, below: readonly Row[]): string | undefined {
  const usual = /[;\t,]/.exec(header)?.[0];
  if (usual !== undefined) return usual;
  const odd = /[^\p{L}\p{N}\p{M}\s"'._()#-]/u.exec(header)?.[0];
  const isEverywhere = below.length > 0 &&
    below.every(({ fields }) => fields.some((field) => field.includes(odd!)));
  return odd !== undefined && odd.length === 1 && isEverywhere ? odd : undefined;
}

/** Returns the index of a column, by its name or, if no column has that name, by its number. */
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
    const cure = "give the separator, or the format if it is not a table";
    throw errorAt(name, line, `no column ${quote(column)}: each row is one field; ${cure}`);
  }
  if (!dialect.header) {
    const numbers = `its columns are 1 to ${names.length}`;
    const cure = `give the number of the ${role} column`;
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
    ? `line ${header.line} looks like the header, so remove the lines above it`
    : `name yours with the ${role} column option` +
      (names.some(isLong) ? ", or read the first row as data (--no-header)" : "");
  throw errorAt(
    name,
    line,
    `no column ${quote(column)}: the header has ${quoteSome(names)}; ${remedy}`,
  );
}
