/**
 * The rows of separated values, after RFC 4180 and as people's programs write them.
 *
 * @module
 */
import { quote } from "../printable.ts";
import { countNewlines, placesOf } from "./lines.ts";
import { errorAt, inOrderOf, type Report, throwIt } from "./records.ts";
import { openQuoteFinder } from "./open_quotes.ts";

/** Whether a field may stand in quotes, a quote within doubled; or quotes are text like any other. */
export type Quotes = "double" | "none";

/** A row, and the line that it begins in. */
export interface Row {
  /** The line, from 1. */
  line: number;
  /** What stands between the separators. */
  fields: string[];
}

/** Reads rows from text that comes in chunks, cut anywhere. */
export interface RowReader {
  /** The rows that are complete with this chunk. */
  push(chunk: string): Row[];
  /** The rest, at the end of the text. */
  end(): Row[];
}

const MAX_REREADS = 2; // times what was read
const MAX_OPEN = 2 ** 24; // characters of a row with an open quote
const SHOWN = 41; // characters after a closing quote, one more than an error shows

/**
 * A reader of rows. Blank rows, rows of separators alone, and the line `sep=;` that Excel writes at
 * the beginning are left out. A quote within an unquoted field is a character; in tab-separated
 * values, so is a quote at a field's beginning that no separator or line end follows at its close.
 *
 * @param report What to do about a row that cannot be read. Default: throw; else it is left out.
 */
export function rowReader(
  name: string,
  { separator, quotes, areQuotesGiven = false }: {
    separator: string;
    quotes: Quotes;
    areQuotesGiven?: boolean;
  },
  report: Report = throwIt,
): RowReader {
  const escaped = separator.replace(/[\\\]^-]/, "\\$&");
  const special = new RegExp(`[${escaped}\\r\\n]`, "g"), newline = /\r\n|\r|\n/g;
  const inOrder = inOrderOf<Row>(), isOpenQuote = openQuoteFinder(separator);
  let text = "", line = 1, at = 0, rowStart = 0;
  let row: Row = { line, fields: [] }, hasQuotes = false, isFirst = true;
  let inside = 0; // characters after an opening quote that were looked at: none of them closes it
  let isOpen = false; // whether all that is left stands after an opening quote
  let isBare = false; // whether all that is left is the beginning of a field without quotes
  let before = 0, reread = 0; // characters: before `text`, and read once more
  let nextOf = placesIn(text);

  /** Whether a newline stands behind a place; a return at the very end may be half of one. */
  const hasNewline = (from: number) => {
    const last = nextOf.return(from);
    return nextOf.feed(from) < Infinity || last < text.length - 1;
  };
  const swallowsRows = (field: string, after: number, isClosed: boolean) =>
    !areQuotesGiven && isOpenQuote(field, after - at, row.fields.length, isClosed);
  const startRow = () => {
    row = { line, fields: [] };
    rowStart = at;
    hasQuotes = false;
  };
  /**
   * After a row that cannot be read, the next line may be one that can; but where rows go on to the
   * end of the file again and again, all that the row has taken is left out.
   */
  const skipLine = (end: number) => {
    reread += end - rowStart;
    const from = reread > MAX_REREADS * (before + end) ? end : rowStart;
    newline.lastIndex = from;
    const next = newline.test(text) ? newline.lastIndex : text.length;
    line = row.line + countNewlines(text.slice(rowStart, next));
    at = next;
    startRow();
  };
  const finishRow = (rows: Row[]) => {
    const { fields } = row;
    const isSeparatorLine = isFirst && /^sep=.?$/i.test(fields[0]) &&
      fields.slice(1).join("") === "";
    const isBlank = !hasQuotes && !hasText(fields[0]) && !fields.some(hasText);
    if (!isBlank && !isSeparatorLine) {
      isOpenQuote.learn(fields);
      rows.push(row);
    }
    if (!isBlank) isFirst = false;
    line++;
    startRow();
  };
  /** Takes the rows up to the next quote, which need no look at each field. */
  const scanPlain = (rows: Row[], isEnd: boolean) => {
    if (at !== rowStart || separator.length !== 1) return;
    const nextQuote = quotes === "none" ? () => Infinity : nextOf.quote;
    for (;;) {
      const end = Math.min(nextOf.feed(at), nextOf.return(at));
      if (end > nextQuote(at) || end === Infinity) return;
      const isReturn = text[end] === "\r";
      if (isReturn && end + 1 === text.length && !isEnd) return; // a newline may follow
      row.fields = text.slice(at, end).split(separator);
      at = end + (isReturn && text[end + 1] === "\n" ? 2 : 1);
      finishRow(rows);
    }
  };
  const scan = (rows: Row[], isEnd: boolean) => {
    while (at < text.length) {
      scanPlain(rows, isEnd);
      if (at === text.length) break;
      let field = "", after = -1;
      let isQuoted = quotes === "double" && text[at] === '"';
      if (isQuoted) {
        const closing = findClosing(text, at + 1 + inside);
        isOpen = closing < 0;
        inside = (isOpen ? text.length : closing) - at - 1;
        after = isOpen ? -1 : closing + 1;
        const isLong = text.length - rowStart > MAX_OPEN;
        if (!isEnd && (isOpen ? !isLong : after === text.length)) return;
        inside = 0;
        if (!isOpen) field = text.slice(at + 1, closing).replaceAll('""', '"');
        const next = text[after];
        const isClosed = next === undefined || next === separator || next === "\r" || next === "\n";
        if (!isOpen && !isClosed && separator === "\t") isQuoted = false;
        else if (isOpen || swallowsRows(field, after, isClosed)) {
          const end = isOpen ? text.length : after;
          if (!isEnd && !isOpen && !hasNewline(end)) return;
          const problem = isOpen ? NEVER : SEEMS;
          isOpen = false;
          report(errorAt(name, line, problem), line);
          skipLine(end);
          continue;
        } else if (!isClosed) {
          if (!isEnd && !hasNewline(after)) return;
          const rest = text.slice(after, after + SHOWN).split(/[\r\n]/, 1)[0];
          const cure = "write a quote within a quoted text twice";
          const problem = `${quote(rest)} after a closing quote; ${cure}`;
          report(errorAt(name, line + countNewlines(field), problem), row.line);
          skipLine(after);
          continue;
        }
      }
      if (!isQuoted) {
        special.lastIndex = at;
        after = special.exec(text)?.index ?? text.length;
        isBare = after === text.length;
        if (!isEnd && isBare) return;
        field = text.slice(at, after);
      }
      const isLastReturn = text[after] === "\r" && after + 1 === text.length;
      if (!isEnd && isLastReturn) return; // a newline may follow
      if (isQuoted) line += countNewlines(field);
      hasQuotes ||= isQuoted;
      row.fields.push(field);
      if (text[after] === separator) {
        at = after + 1;
        continue;
      }
      at = after + (text.startsWith("\r\n", after) ? 2 : 1);
      finishRow(rows);
    }
    if (!isEnd || row.fields.length === 0) return;
    row.fields.push(""); // after a separator, with which the text ends
    finishRow(rows);
  };
  return {
    push: (chunk) =>
      inOrder((rows) => {
        text += chunk;
        nextOf = placesIn(text);
        // Looked at again only where the quote may close, or the field may end.
        if (isOpen && !chunk.includes('"') && text.length <= MAX_OPEN) return;
        if (isBare && chunk.search(special) < 0) return;
        isBare = false;
        scan(rows, false);
        text = text.slice(rowStart);
        nextOf = placesIn(text);
        [at, before, rowStart] = [at - rowStart, before + rowStart, 0];
      }),
    end: () => inOrder((rows) => scan(rows, true), true),
  };
}

const CURE = "close it, or read quotes as text (--quotes none)";
const NEVER = `the quote opened here is never closed; ${CURE}`;
const SEEMS = "the quote opened here seems never to be closed, as its text holds line ends and " +
  `the separators of whole rows; ${CURE}, or keep it as it is (--quotes double)`;

/** The places of what may end a plain row. */
function placesIn(text: string) {
  return {
    feed: placesOf("\n", text),
    return: placesOf("\r", text),
    quote: placesOf('"', text),
  };
}

function hasText(field: string): boolean {
  return /\S/.test(field);
}

/** The place of the quote that closes a text, looked for from a place in it; -1 where none is. */
function findClosing(content: string, from: number): number {
  for (let at = from;;) {
    const end = content.indexOf('"', at);
    if (end < 0) return -1;
    if (content[end + 1] !== '"') return end;
    at = end + 2;
  }
}
