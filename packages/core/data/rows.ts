/**
 * Reads the rows of separated values, as in RFC 4180 and as common programs write them.
 *
 * @module
 */
import { quote } from "../printable.ts";
import { countNewlines, placesOf } from "./lines.ts";
import { errorAt, inOrderOf, type Report, throwIt } from "./records.ts";
import {
  backslashesBefore,
  END_OF_ROWS,
  findClosing,
  mayEscape,
  mayQuote,
  type Quotes,
  unescapeField,
  unescapeQuoted,
} from "./escapes.ts";
import { openQuoteFinder } from "./open_quotes.ts";

/** A row of a table. */
export interface Row {
  /** The line where it begins, from 1. */
  line: number;
  /** Its fields, unquoted and unescaped. */
  fields: string[];
}

/** Reads rows from text that arrives in chunks, split anywhere. */
export interface RowReader {
  /** Returns the rows that this chunk completes. */
  push(chunk: string): Row[];
  /** Returns the remaining rows, after the last chunk. */
  end(): Row[];
}

const MAX_REREADS = 2; // characters reread, as a multiple of those read
const MAX_OPEN = 2 ** 24; // characters of a row with an open quote
const SHOWN = 41; // characters after a closing quote, one more than an error shows

/**
 * Creates a reader of rows. It skips blank rows, rows with only separators, and the line `sep=;`
 * that Excel writes first. A quote inside an unquoted field is text; in tab-separated values, so is
 * a quote that opens a field if no separator or line break follows the closing quote.
 *
 * @param dialect `onStray`: called with each field that begins with a quote that is text.
 * @param report Called for a row that cannot be read, which is then skipped. Default: throws.
 */
export function rowReader(
  name: string,
  { separator, quotes, areQuotesGiven = false, onStray }: {
    separator: string;
    quotes: Quotes;
    areQuotesGiven?: boolean;
    onStray?: (field: string) => void;
  },
  report: Report = throwIt,
): RowReader {
  const isQuoting = mayQuote(quotes), isEscaping = mayEscape(quotes) && separator !== "\\";
  const escaped = separator.replace(/[\\\]^-]/, "\\$&") + (isEscaping ? "\\\\" : "");
  const special = new RegExp(`[${escaped}\\r\\n]`, "g"), newline = /\r\n|\r|\n/g;
  const inOrder = inOrderOf<Row>(), isOpenQuote = openQuoteFinder(separator);
  let text = "", line = 1, at = 0, rowStart = 0;
  let row: Row = { line, fields: [] }, hasQuotes = false, isFirst = true;
  let inside = 0; // characters after an opening quote already searched for the closing quote
  let isOpen = false; // whether all remaining text is inside an open quote
  let isBare = false; // whether all remaining text is the start of an unquoted field
  let seen = 0; // characters of that field already scanned
  let hasFeeds = false; // whether some row ended in a line feed without a carriage return
  let before = 0, reread = 0; // characters before `text`, and characters read again
  let nextOf = placesIn(text);

  /** Returns whether a newline follows; a return at the very end may be half of a CRLF. */
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
   * Skips the first line of a row that cannot be read, since the next line may begin a good row.
   * Once too much text was read again, skips to the end of the row instead.
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
    const isEnd = quotes === "escapes" && fields.length === 1 && fields[0] === END_OF_ROWS;
    if (!isBlank && !isSeparatorLine && !isEnd) {
      isOpenQuote.learn(fields);
      rows.push(row);
    }
    if (!isBlank) isFirst = false;
    line++;
    startRow();
  };
  /** Returns where an unquoted field ends; the end of the text if its end has not arrived yet. */
  const endOfField = (isEnd: boolean): number => {
    special.lastIndex = at + seen;
    for (;;) {
      const end = special.exec(text)?.index ?? text.length;
      if (!isEscaping) return end;
      // MySQL escapes only the second character of a CRLF.
      const isHalf = hasFeeds && text.startsWith("\r\\", end) && (text[end + 2] ?? "\n") === "\n";
      if (text[end] !== "\\" && !isHalf) return end;
      seen = end - at;
      special.lastIndex = end + (isHalf || text.startsWith("\r\n", end + 1) ? 3 : 2);
      // A newline may follow.
      if (special.lastIndex >= text.length && !(isEnd && special.lastIndex === text.length)) {
        return text.length;
      }
    }
  };
  /** Reads the rows before the next quote or backslash by splitting whole lines, which is fast. */
  const scanPlain = (rows: Row[], isEnd: boolean) => {
    if (at !== rowStart || separator.length !== 1) return;
    const nextQuote = !isQuoting ? () => Infinity : nextOf.quote;
    const nextEscape = !isEscaping ? () => Infinity : nextOf.backslash;
    for (;;) {
      const end = Math.min(nextOf.feed(at), nextOf.return(at));
      if (end > nextQuote(at) || end > nextEscape(at) || end === Infinity) return;
      const isReturn = text[end] === "\r";
      if (isReturn && end + 1 === text.length && !isEnd) return; // a newline may follow
      if (isEscaping && isReturn && text[end + 1] === "\\") return; // an escaped one may follow
      hasFeeds ||= !isReturn;
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
      let isQuoted = isQuoting && text[at] === '"';
      if (isQuoted) {
        const from = at + 1 + inside;
        const closing = findClosing(text, from, isEscaping ? quotes : "double");
        isOpen = closing < 0;
        inside = (isOpen ? text.length : closing) - at - 1;
        // The last backslash may escape a quote in the next chunk.
        if (isOpen && isEscaping && backslashesBefore(text, text.length, from) % 2 === 1) inside--;
        after = isOpen ? -1 : closing + 1;
        const isLong = text.length - rowStart > MAX_OPEN;
        if (!isEnd && (isOpen ? !isLong : after === text.length)) return;
        inside = 0;
        if (!isOpen) field = unescapeQuoted(text.slice(at + 1, closing), quotes);
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
          const cure = "double each quote inside a quoted text";
          const problem = `${quote(rest)} after a closing quote; ${cure}`;
          report(errorAt(name, line + countNewlines(field), problem), row.line);
          skipLine(after);
          continue;
        }
      }
      if (!isQuoted) {
        after = endOfField(isEnd);
        isBare = after === text.length;
        if (!isEnd && isBare) return;
        seen = 0;
        field = text.slice(at, after);
        if (isQuoting && field[0] === '"') onStray?.(field);
      }
      const isLastReturn = text[after] === "\r" && after + 1 === text.length;
      if (!isEnd && isLastReturn) return; // a newline may follow
      if (isQuoted || isEscaping) line += countNewlines(field);
      if (isEscaping && !isQuoted) field = unescapeField(field, quotes, separator);
      hasQuotes ||= isQuoted;
      row.fields.push(field);
      if (text[after] === separator) {
        at = after + 1;
        continue;
      }
      hasFeeds ||= text[after] === "\n";
      at = after + (text.startsWith("\r\n", after) ? 2 : 1);
      finishRow(rows);
    }
    if (!isEnd || row.fields.length === 0) return;
    row.fields.push(""); // the empty field after a separator at the end of the text
    finishRow(rows);
  };
  return {
    push: (chunk) =>
      inOrder((rows) => {
        text += chunk;
        nextOf = placesIn(text);
        // Scans again only if the quote may close or the field may end in this chunk.
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
const SEEMS = "the quote opened here is probably never closed: its text contains line breaks and " +
  `the separators of whole rows; ${CURE}, or read it as one field (--quotes double)`;

/** Finds the characters that may end a plain row. */
function placesIn(text: string) {
  return {
    feed: placesOf("\n", text),
    return: placesOf("\r", text),
    quote: placesOf('"', text),
    backslash: placesOf("\\", text),
  };
}

function hasText(field: string): boolean {
  return /\S/.test(field);
}
