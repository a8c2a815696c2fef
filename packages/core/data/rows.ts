/**
 * The rows of separated values, after RFC 4180 and as people's programs write them.
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
 * @param dialect `onStray`: called with a field that begins with a quote which is text.
 * @param report What to do about a row that cannot be read. Default: throw; else it is left out.
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
  let inside = 0; // characters after an opening quote that were looked at: none of them closes it
  let isOpen = false; // whether all that is left stands after an opening quote
  let isBare = false; // whether all that is left is the beginning of a field without quotes
  let seen = 0; // characters of it that were looked at
  let hasFeeds = false; // whether rows end in a line feed alone
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
    const isEnd = quotes === "escapes" && fields.length === 1 && fields[0] === END_OF_ROWS;
    if (!isBlank && !isSeparatorLine && !isEnd) {
      isOpenQuote.learn(fields);
      rows.push(row);
    }
    if (!isBlank) isFirst = false;
    line++;
    startRow();
  };
  /** Where a field without quotes ends: behind all there is, where that has not come yet. */
  const endOfField = (isEnd: boolean): number => {
    special.lastIndex = at + seen;
    for (;;) {
      const end = special.exec(text)?.index ?? text.length;
      if (!isEscaping) return end;
      // Of the two characters of a newline, MySQL escapes the second alone.
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
  /** Takes the rows up to the next quote, which need no look at each field. */
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
        // The last backslash may be for a quote that has not come yet.
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
          const cure = "write a quote within a quoted text twice";
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
    backslash: placesOf("\\", text),
  };
}

function hasText(field: string): boolean {
  return /\S/.test(field);
}
