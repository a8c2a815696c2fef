/**
 * Extracts text from HTML: removes tags and decodes entities.
 *
 * @module
 */
import { decodeEntities } from "./entities.ts";

const names = (list: string) => new Set(list.split(" "));

// Inline elements: their tags become a space between two words, else nothing.
const INLINE = /* @__PURE__ */ names(
  "a abbr acronym b bdi bdo big blink cite code data del dfn em font i ins kbd label mark nobr q rb " +
    "rp rt ruby s samp small span strike strong sub sup time tt u var wbr",
);
// Elements that break the line.
const LINES = /* @__PURE__ */ names(
  "address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset " +
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li main menu " +
    "nav ol optgroup option p pre section summary table tbody tfoot thead title tr ul",
);
// All other elements. Unknown tags, such as <user>, are text.
const OTHERS = /* @__PURE__ */ names(
  "applet area audio base basefont bgsound button canvas col colgroup datalist embed frame frameset " +
    "iframe img input link map marquee math meta meter noframes noscript object output param path " +
    "picture progress script select slot source style svg td template textarea th track video xmp",
);
const DROPPED = ["script", "style"]; // together with their content

const MAX_MARKUP = 2 ** 18; // characters; longer markup is text, so that buffering is bounded
const SLICE = 2 ** 16; // characters of a text that are read at a time

const NAME = /<(\/?)([a-z]+:[a-z]\w*|[a-z][a-z0-9]*)(?=[\s/>])/iy;
const OTHER_MARKUP = /<(?:![a-z[]|\?[a-z])/iy; // <!doctype html>, <![endif]>, <?xml … ?>
const BEGUN = /^<(?:$|[/!?a-z])/i; // the possible start of markup
const BEGUN_ENTITY = /&[#a-z0-9]{0,32}$/i;
// Letters of scripts with spaces between words.
const WORD =
  /^(?![\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}])[\p{L}\p{N}]$/u;

/** Extracts text from HTML that arrives in chunks, split anywhere. */
export interface HtmlStripper {
  /** Returns the text that this chunk completes. */
  push(chunk: string): string;
  /** Returns the remaining text, after the last chunk. */
  end(): string;
}

/** What replaces markup: a space only between words, a space, or a line break. */
type Gap = "" | "inline" | "blank" | "line";

/** Creates a stripper for a new text. */
export function htmlStripper(): HtmlStripper {
  let held = "", last = "", gap: Gap = "";
  const gaps: Gap[] = ["", "inline", "blank", "line"];
  const leave = (other: Gap) => {
    if (gaps.indexOf(other) > gaps.indexOf(gap)) gap = other;
  };
  const written = (markup: string) => {
    const text = decodeEntities(markup);
    if (text === "") return "";
    const out = between(last, gap, String.fromCodePoint(text.codePointAt(0)!)) + text;
    last = Array.from(text.slice(-2)).at(-1)!;
    gap = "";
    return out;
  };
  const read = (isEnd: boolean) => {
    const closeOf = searches(held);
    let out = "", at = 0, from = 0; // text begins at `at`; no markup is before `from`
    for (;;) {
      const start = held.indexOf("<", from);
      if (start < 0) break;
      const markup = markupAt(held, start, closeOf, isEnd);
      if (markup === "unsettled") {
        out += written(held.slice(at, start));
        held = held.slice(start);
        return out;
      }
      from = markup?.end ?? start + 1;
      if (!markup) continue;
      out += written(held.slice(at, start));
      leave(markup.gap);
      at = from;
    }
    const begun = isEnd ? null : BEGUN_ENTITY.exec(held.slice(Math.max(at, held.length - 34)));
    const end = held.length - (begun?.[0].length ?? 0);
    out += written(held.slice(at, end));
    held = held.slice(end);
    return out;
  };
  return {
    push(chunk) {
      held += chunk;
      return read(false);
    },
    end: () => read(true),
  };
}

/**
 * Extracts the text of HTML: removes tags, comments, scripts and styles, and decodes entities. Tags
 * that break the line become a line break; other tags become a space if words would run together.
 * Unknown tags and entities, such as `<user>` or `&x;`, stay unchanged. Takes time linear in the
 * length of the text.
 *
 * @example
 * ```ts
 * import { stripHtml } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(stripHtml("Fish &amp; <b>chips</b>!<br /><br />3 < 4"), "Fish & chips!\n3 < 4");
 * ```
 */
export function stripHtml(text: string): string {
  if (!/[<&]/.test(text)) return text;
  const { push, end } = htmlStripper();
  let out = "";
  for (let at = 0; at < text.length; at += SLICE) out += push(text.slice(at, at + SLICE));
  return out + end();
}

/** Escapes a text as HTML, so that {@linkcode stripHtml} returns it unchanged. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function between(left: string, gap: Gap, right: string): string {
  if (left === "" || gap === "") return "";
  if (gap === "line") return left === "\n" || /[\r\n]/.test(right) ? "" : "\n";
  if (gap === "blank") return /\s/.test(left + right) ? "" : " ";
  return WORD.test(left) && WORD.test(right) ? " " : "";
}

interface Markup {
  end: number;
  gap: Gap;
}

/** Returns the tag, comment or element that begins at `start`; undefined if it is text. */
function markupAt(
  text: string,
  start: number,
  closeOf: (close: string, from: number) => number,
  isEnd: boolean,
): Markup | "unsettled" | undefined {
  const isWaiting = !isEnd && text.length - start < MAX_MARKUP;
  const bounded = (end: number, gap: Gap): Markup | "unsettled" | undefined => {
    if (end >= 0) return end - start <= MAX_MARKUP ? { end, gap } : undefined;
    return isWaiting ? "unsettled" : undefined;
  };
  if (text.startsWith("<!--", start)) {
    const close = closeOf("-->", start + 4);
    return bounded(close < 0 ? -1 : close + 3, "inline");
  }
  NAME.lastIndex = OTHER_MARKUP.lastIndex = start;
  const [tag, slash, name] = NAME.exec(text)?.map((part) => part.toLowerCase()) ?? [];
  const isOther = OTHER_MARKUP.test(text);
  if (tag === undefined && !isOther) {
    const rest = text.slice(start, start + 40);
    return isWaiting && start + rest.length === text.length && BEGUN.test(rest) &&
        !/[>\s]/.test(rest)
      ? "unsettled"
      : undefined;
  }
  const gap = isOther || name.includes(":") ? "inline" : gapOf(name);
  if (gap === undefined) return undefined;
  const end = tagEnd(text, start + (tag?.length ?? 2), isWaiting);
  if (end === "text") return undefined;
  if (!DROPPED.includes(name) || slash !== "" || end < 0) return bounded(end, gap);
  const close = closeOf(`</${name}`, end);
  if (close >= 0 && close - start <= MAX_MARKUP) return { end: close, gap }; // the rest is a tag
  return close < 0 && isWaiting ? "unsettled" : bounded(end, gap);
}

function gapOf(name: string): Gap | undefined {
  if (LINES.has(name)) return "line";
  if (INLINE.has(name)) return "inline";
  return OTHERS.has(name) ? "blank" : undefined;
}

/** Returns the end of a tag; -1 if the text ends first, and "text" if another tag begins first. */
function tagEnd(text: string, from: number, isWaiting: boolean): number | "text" {
  const next = text.indexOf("<", from), limit = next < 0 ? text.length : next;
  let isValue = false; // after an equals sign, where a quote opens a value
  for (let i = from; i < limit; i++) {
    const char = text[i];
    if (char === ">") return i + 1;
    if (isValue && (char === '"' || char === "'")) {
      const close = text.indexOf(char, i + 1);
      if (close < 0 && next < 0 && isWaiting) return -1;
      if (close >= 0 && close < limit) i = close; // else it is a stray quote
    }
    isValue = char === "=" || isValue && /\s/.test(char);
  }
  return next < 0 ? -1 : "text";
}

/** Returns a cached search for closing markup: ascending searches take linear time in total. */
function searches(text: string): (close: string, from: number) => number {
  const found = new Map<string, number>();
  return (close, from) => {
    const before = found.get(close);
    if (before !== undefined && (before < 0 || before >= from)) return before;
    const pattern = new RegExp(close, "gi");
    pattern.lastIndex = from;
    const place = pattern.exec(text)?.index ?? -1;
    found.set(close, place);
    return place;
  };
}

/** The declarations of this file, for exported modules that contain their source. */
export const htmlSource = () => ({
  stripHtml,
  htmlStripper,
  between,
  markupAt,
  gapOf,
  tagEnd,
  searches,
  INLINE,
  LINES,
  OTHERS,
  DROPPED,
  MAX_MARKUP,
  SLICE,
  NAME,
  OTHER_MARKUP,
  BEGUN,
  BEGUN_ENTITY,
  WORD,
});
