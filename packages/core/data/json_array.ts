/**
 * Reads a JSON array of objects, with any line breaks.
 *
 * @module
 */
import { type Columns, errorAt, type RecordReader, type Report, throwIt } from "./records.ts";
import { quote } from "../printable.ts";
import { placesOf } from "./lines.ts";
import { objectRecords, parseObject } from "./json_objects.ts";

const SHOWN = 41; // characters of unexpected text, one more than an error shows
const EXPECTED = 'an array of objects, such as [{"text": "good", "label": "up"}]';

const LF = 0x0a, CR = 0x0d, SPACE = 0x20, COMMA = 0x2c, QUOTE = 0x22, BACKSLASH = 0x5c;
const OPENING_BRACE = 0x7b, CLOSING_BRACE = 0x7d, OPENING_BRACKET = 0x5b, CLOSING_BRACKET = 0x5d;

/**
 * Creates a reader with one record per object of an array. The array is split at its braces and
 * each object is parsed separately, so that only one is in memory and a bad one does not hide the
 * rest.
 *
 * @param report Called for a value that cannot be read, which is then skipped. Default: throws.
 * @throws {InputError} From `push` and `end`, if there is no array, or a value is not an object or
 *   lacks a key.
 */
export function jsonArrayReader(
  name: string,
  keys: Columns,
  report: Report = throwIt,
): RecordReader {
  const records = objectRecords(name, keys, report);
  let place: "before" | "inside" | "after" = "before";
  let line = 1, arrayLine = 1, itemLine = 1;
  let count = 0; // of values
  let item = ""; // the part of the open value in earlier chunks
  let isOpen = false, depth = 0, inString = false, isEscaped = false, endsInReturn = false;

  const finish = (text: string) => {
    isOpen = false;
    item = "";
    count++;
    const value = parseObject(text);
    if (value) return records.add({ line: itemLine, text, value });
    report(errorAt(name, itemLine, `expected ${EXPECTED}, got ${quote(text)}`), itemLine);
  };
  let odd: string | undefined; // text where no value can be
  /** Throws once there is as much unexpected text as an error shows. */
  const checkOdd = (more: string, isEnd = false) => {
    odd = (odd ?? "") + more;
    const [text, next] = odd.slice(0, SHOWN).split(/[\r\n]/, 2);
    if (!isEnd && odd.length < SHOWN && next === undefined) return;
    const problem = place === "after"
      ? `${quote(text)} after the end of the array; remove it`
      : `expected ${EXPECTED}, got ${quote(text)}`;
    throw errorAt(name, line, problem);
  };
  const enterOrLeave = (char: string) => {
    if (char === "]") place = "after";
    if (place === "before") [place, arrayLine] = ["inside", line];
  };

  return {
    push(chunk) {
      if (odd !== undefined) {
        checkOdd(chunk);
        return [];
      }
      let start = 0; // of the open value, in this chunk
      const nextQuote = placesOf('"', chunk), nextBackslash = placesOf("\\", chunk);
      const nextFeed = placesOf("\n", chunk), nextReturn = placesOf("\r", chunk);
      /** Returns the index of the next character that matters inside a string. */
      const endOfPlain = (at: number) =>
        Math.min(nextQuote(at), nextBackslash(at), nextFeed(at), nextReturn(at), chunk.length);
      for (let at = 0; at < chunk.length; at++) {
        if (inString && !isEscaped && !endsInReturn) {
          at = endOfPlain(at);
          if (at === chunk.length) break;
        }
        const code = chunk.charCodeAt(at); // several times as fast as comparing strings
        if (code === LF || code === CR) {
          if (code === CR || !endsInReturn) line++;
        }
        endsInReturn = code === CR;
        if (inString) {
          if (isEscaped) isEscaped = false;
          else if (code === BACKSLASH) isEscaped = true;
          else if (code === QUOTE) inString = false;
          continue;
        }
        const isBlank = code <= SPACE;
        if (!isOpen) {
          if (isBlank || (code === COMMA && place === "inside")) continue;
          if (place !== "inside" || code === CLOSING_BRACKET) {
            if (place === "after" || (place === "before" && code !== OPENING_BRACKET)) {
              checkOdd(chunk.slice(at));
              break;
            }
            enterOrLeave(chunk[at]);
            continue;
          }
          [isOpen, itemLine, start, depth] = [true, line, at, 0];
        } else if (depth === 0 && (isBlank || code === COMMA || code === CLOSING_BRACKET)) {
          finish(item + chunk.slice(start, at)); // a number or a literal
          if (code === CLOSING_BRACKET) place = "after";
          continue;
        }
        if (code === QUOTE) inString = true;
        else if (code === OPENING_BRACE || code === OPENING_BRACKET) depth++;
        else if ((code === CLOSING_BRACE || code === CLOSING_BRACKET) && --depth <= 0) {
          finish(item + chunk.slice(start, at + 1));
        }
      }
      if (isOpen) item += chunk.slice(start);
      return records.take();
    },
    end() {
      if (odd !== undefined) checkOdd("", true);
      if (isOpen) {
        report(errorAt(name, itemLine, "the value opened here is never closed"), itemLine);
      } else if (place !== "after") {
        report(errorAt(name, arrayLine, "the array opened here is never closed"), arrayLine);
      } else if (count === 0) {
        throw errorAt(name, arrayLine, `the array is empty; expected ${EXPECTED}`);
      }
      return records.end();
    },
  };
}
