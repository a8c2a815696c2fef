/**
 * Explanations of predictions: the words of a text with their contributions.
 *
 * @module
 */
import {
  type AnyModel,
  type Attribution,
  type Backend,
  canExplain,
  createPredictor,
  displayWidth,
  explainAnswers,
  type Explanation,
  type Tag,
  wordPlaces,
} from "@unroll/core";
import { largest } from "./html_charts.ts";
import { figure, LABEL, printable, terminalColumns, TEXT } from "./terminal.ts";

/** Contributions below this fraction of the largest are not marked. */
export const LEAST = 0.1;
const STRONG = 0.5; // contributions above this fraction of the largest are bold
const INDENT = "    ";
const MOST_IN_CELL = 10; // words in a table's cell
const MOST_IN_LINE = 6; // words next to a tag

/** A piece of a text: a word with its contribution, or the text between words. */
export interface MarkedPiece {
  /** The text of the piece. */
  text: string;
  /** The word's contribution relative to the largest, from -1 to 1; undefined between words. */
  share?: number;
  /** The contribution, formatted. */
  shown?: string;
}

/** Formats a contribution. */
export type ShowShare = (share: number) => string;

/** Formats a contribution in nats, with a sign. */
export const showNats: ShowShare = (share) => signed(figure(share, 2));

/** Adds a plus sign to a number without a sign. */
export function signed(number: string): string {
  return number.startsWith("-") ? number : `+${number}`;
}

/**
 * Splits a text into pieces, with its words marked with their contributions. Keeps the text's own
 * spelling if its words are found in it; otherwise returns only the words.
 */
export function markedText(
  { text, words }: Explanation,
  { shares }: Attribution,
  show: ShowShare,
): MarkedPiece[] {
  const most = largest([shares]) || 1;
  const word = (piece: string, t: number): MarkedPiece => ({
    text: piece,
    share: shares[t] / most,
    shown: show(shares[t]),
  });
  const places = placesOf(text, words);
  if (!places) {
    const between = words.includes(BLANK) ? [] : [{ text: " " }]; // letters include spaces
    return words.flatMap((each, t) => [...(t > 0 ? between : []), word(each, t)]);
  }
  const pieces: MarkedPiece[] = [];
  let end = 0;
  for (const [t, start] of places.entries()) {
    if (start > end) pieces.push({ text: text.slice(end, start) });
    end = start + words[t].length;
    pieces.push(word(text.slice(start, end), t));
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

const BLANK = " "; // stands for any run of whitespace if letters are read

/** Returns the positions of words in a text, in order; undefined if one is not found. */
function placesOf(text: string, words: readonly string[]): Int32Array | undefined {
  const places = wordPlaces(text, words);
  return places.includes(-1) ? undefined : places;
}

const MOST_CHARACTERS = 2000; // of a marked text on the page, which shows less of it

/** A text on the page, with the word whose label is explained if words have labels. */
export interface TextOnPage {
  /** The text. */
  text: string;
  /** The word. */
  word?: string;
  /** The word's predicted label. */
  predicted?: string;
}

/**
 * Marks the words of texts with their contributions to the first prediction of each text; undefined
 * for a text that is too long, and for models without explanations.
 */
export async function markTexts(
  backend: Backend,
  model: AnyModel,
  all: readonly TextOnPage[],
  show: ShowShare = showNats,
): Promise<(MarkedPiece[] | undefined)[]> {
  if (!canExplain(model)) return all.map(() => undefined);
  using predictor = createPredictor(backend, model);
  const marked: (MarkedPiece[] | undefined)[] = [];
  for (const { text, word, predicted } of all) {
    if (text.length > MOST_CHARACTERS) {
      marked.push(undefined);
      continue;
    }
    const answers = await predictor.predict([text]);
    const options = word === undefined ? {} : {
      word: (answers[0] as Tag[]).findIndex((tag) => tag.word === word && tag.label === predicted),
    };
    const [explanation] = await explainAnswers(predictor, [text], answers, options);
    const first = explanation.attributions[0];
    marked.push(first && markedText(explanation, first, show));
  }
  return marked;
}

/** Puts the labeled word before its text, if words have labels. */
export function withWord(
  word: string | undefined,
  text: string | MarkedPiece[],
): string | MarkedPiece[] {
  if (word === undefined) return text;
  const start = `${printable(word, LABEL)}, in: `;
  return typeof text === "string" ? start + text : [{ text: start }, ...text];
}

/** Returns whether the terminal shows colors: https://no-color.org. */
export function hasColors(): boolean {
  return Deno.stdout.isTerminal() && !Deno.noColor;
}

/**
 * Returns the lines below a prediction: for each label its score, and the text with contributions
 * after the words that contribute most. Green words support the prediction, red words oppose it.
 */
export function whyLines(
  explanation: Explanation,
  show: ShowShare = showNats,
  { colors = hasColors(), columns = terminalColumns() }: { colors?: boolean; columns?: number } =
    {},
): string[] {
  const { attributions, words } = explanation;
  if (attributions.length === 0 && words.length > 0) return [`${INDENT}no entity to explain`];
  return attributions.flatMap((attribution) => {
    const { label, score, baseline } = attribution;
    if (attribution.about) return [aboutWords(explanation, attribution, show, colors)];
    const what = label === undefined
      ? `${show(score)} (${show(baseline)} without words)`
      : `${printable(label, LABEL)}: log-odds ${show(score)} (${show(baseline)} without words)`;
    const pieces = markedText(explanation, attribution, show)
      .map((piece) => ({ ...piece, text: printable(piece.text) }));
    return [`${INDENT}${what}`, ...wrapped(pieces, columns, colors)];
  });
}

/** Returns a line for the label of words: the words that contribute most, the largest first. */
function aboutWords(
  explanation: Explanation,
  attribution: Attribution,
  show: ShowShare,
  colors: boolean,
): string {
  const { score, baseline, shares } = attribution, most = largest([shares]) || 1;
  const some = byShare(shares).filter((t) => Math.abs(shares[t]) >= LEAST * most);
  const words = some.slice(0, MOST_IN_LINE).map((t) => {
    const word = printable(explanation.words[t], LABEL);
    return `${colors ? colored(word, shares[t] / most) : word} ${show(shares[t])}`;
  });
  const name = printable(nameOf(explanation, attribution), TEXT);
  return `${INDENT}${name}: log-odds ${show(score)} (${show(baseline)} without words): ` +
    words.join(", ");
}

/** Returns the name of what an attribution explains: a label, and the part of the text with it. */
function nameOf({ text, words }: Explanation, { label = "", about }: Attribution): string {
  if (!about) return label;
  const some = words.slice(about.start, about.end), places = placesOf(text, words);
  const end = places && places[about.end - 1] + some.at(-1)!.length;
  const shown = places ? text.slice(places[about.start], end) : some.join(" ");
  return `${label} ${shown}`.trim();
}

/** Returns the indices of words by the size of their contributions, the largest first. */
function byShare(shares: readonly number[]): number[] {
  return shares.map((_, t) => t).sort((a, b) => Math.abs(shares[b]) - Math.abs(shares[a]));
}

/** Wraps pieces into lines at spaces. */
function wrapped(pieces: readonly MarkedPiece[], columns: number, colors: boolean): string[] {
  const lines: string[] = [];
  let line = INDENT, width = INDENT.length;
  for (const piece of pieces) {
    const isMarked = Math.abs(piece.share ?? 0) >= LEAST;
    const mark = isMarked ? `(${piece.shown})` : "";
    const parts = piece.share === undefined ? piece.text.split(/(?<= )/) : [piece.text];
    for (const part of parts) {
      const own = displayWidth(part + mark);
      if (width + own > columns && line.endsWith(" ")) {
        lines.push(line.trimEnd());
        line = INDENT;
        width = INDENT.length;
      }
      line += isMarked && colors ? colored(part, piece.share!) + mark : part + mark;
      width += own;
    }
  }
  return line.trim() === "" ? lines : [...lines, line.trimEnd()];
}

/** Colors a word: green for a positive contribution, red for a negative one, bold if large. */
function colored(text: string, share: number): string {
  return `\x1b[${Math.abs(share) >= STRONG ? "1;" : ""}${share > 0 ? 32 : 31}m${text}\x1b[0m`;
}

/** Returns an explanation as a key of a JSON object; no key without an explanation. */
export function whyRecord(why: Explanation | undefined) {
  if (!why) return {};
  const { method, words, attributions } = why;
  return { why: { method, words, attributions } };
}

/** A value with two forms: a cell of a table, and JSON. */
export interface Twofold {
  /** The cell. */
  cell: string;
  /** The JSON value. */
  json: unknown;
}

/** Returns whether a value has two forms. */
export function isTwofold(value: unknown): value is Twofold {
  return typeof value === "object" && value !== null && "cell" in value;
}

/** Returns the name of the column of explanations; none without explanations. */
export function whyNames(explain: unknown): string[] {
  return explain ? ["why"] : [];
}

/** Returns the value of that column: the words that contribute most, or all as JSON. */
export function whyValues(why: Explanation | undefined, show: ShowShare = showNats): Twofold[] {
  return why ? [{ cell: whyCell(why, show), json: whyRecord(why).why }] : [];
}

/** Returns an explanation as a cell: the words that contribute most, the largest first. */
function whyCell(explanation: Explanation, show: ShowShare): string {
  const { words, attributions } = explanation;
  return attributions.map((attribution) => {
    const { shares, about } = attribution;
    const some = byShare(shares).slice(0, MOST_IN_CELL).map((t) =>
      `${words[t]} ${show(shares[t])}`
    );
    const isNamed = attributions.length > 1 || about !== undefined;
    return (isNamed ? `${nameOf(explanation, attribution)}: ` : "") + some.join("; ");
  }).join(" | ");
}
