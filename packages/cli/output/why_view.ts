/**
 * Why a model answers as it does: the words of a text with their shares in the answer.
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

/** The fraction of the largest share that is not marked: what is less. */
export const LEAST = 0.1;
const STRONG = 0.5; // of the largest share: what is more stands out
const INDENT = "    ";
const MOST_IN_CELL = 10; // words of a table's cell
const MOST_IN_LINE = 6; // words beside a tag

/** A piece of a text: a word with its share, or what stands between words. */
export interface MarkedPiece {
  /** The piece. */
  text: string;
  /** The word's share, as a fraction of the largest, from -1 to 1; none between words. */
  share?: number;
  /** The share itself, as it is shown. */
  shown?: string;
}

/** How shares are shown. */
export type ShowShare = (share: number) => string;

/** Nats, with a sign. */
export const showNats: ShowShare = (share) => signed(figure(share, 2));

/** A number with its sign, also above zero. */
export function signed(number: string): string {
  return number.startsWith("-") ? number : `+${number}`;
}

/**
 * A text in pieces, its words marked with their shares. The text's own spelling stays where its words
 * are found in it; where it has been changed too much, the words stand alone.
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
    const between = words.includes(BLANK) ? [] : [{ text: " " }]; // letters have their own
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

const BLANK = " "; // stands for a run of any blanks, where letters are read

/** Where words stand in a text, one after another; none where one is not found. */
function placesOf(text: string, words: readonly string[]): Int32Array | undefined {
  const places = wordPlaces(text, words);
  return places.includes(-1) ? undefined : places;
}

const MOST_CHARACTERS = 2000; // of a text that is marked on a page, which shows less of it

/** A text on a page; where words have labels, with the word whose label is explained. */
export interface TextOnPage {
  /** The text. */
  text: string;
  /** The word. */
  word?: string;
  /** Its predicted label. */
  predicted?: string;
}

/**
 * Texts that a page shows, with the shares of their words in their predictions, the first of each
 * text's; undefined where a text is too long, or the model is none that is explained.
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

/** A text behind the word in it that has the label, where words have labels. */
export function withWord(
  word: string | undefined,
  text: string | MarkedPiece[],
): string | MarkedPiece[] {
  if (word === undefined) return text;
  const start = `${printable(word, LABEL)}, in: `;
  return typeof text === "string" ? start + text : [{ text: start }, ...text];
}

/** Whether the terminal shows colors: https://no-color.org. */
export function hasColors(): boolean {
  return Deno.stdout.isTerminal() && !Deno.noColor;
}

/**
 * The lines below a prediction: for each answer its score, and the text with the shares of the words
 * that count most behind them, in green where they speak for it and in red where against.
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

/** A line for the label of some words: the words that count most, the largest share first. */
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

/** What an attribution speaks for: a label, and the words that have it. */
function nameOf({ words }: Explanation, { label = "", about }: Attribution): string {
  return [label, ...(about ? words.slice(about.start, about.end) : [])].join(" ").trim();
}

/** The places of words by the sizes of their shares, the largest first. */
function byShare(shares: readonly number[]): number[] {
  return shares.map((_, t) => t).sort((a, b) => Math.abs(shares[b]) - Math.abs(shares[a]));
}

/** Pieces in lines, broken at blanks. */
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

/** A word in green where its share is above zero, in red where below; in bold where it is large. */
function colored(text: string, share: number): string {
  return `\x1b[${Math.abs(share) >= STRONG ? "1;" : ""}${share > 0 ? 32 : 31}m${text}\x1b[0m`;
}

/** An explanation as a key of a JSON object; none where none is asked for. */
export function whyRecord(why: Explanation | undefined) {
  if (!why) return {};
  const { method, words, attributions } = why;
  return { why: { method, words, attributions } };
}

/** A value that is written in two ways: as a cell of a table, and as JSON. */
export interface Twofold {
  /** As a cell. */
  cell: string;
  /** As JSON. */
  json: unknown;
}

/** Whether a value is one of these. */
export function isTwofold(value: unknown): value is Twofold {
  return typeof value === "object" && value !== null && "cell" in value;
}

/** The name of a table's column of explanations; none where none are asked for. */
export function whyNames(explain: unknown): string[] {
  return explain ? ["why"] : [];
}

/** What stands in that column: in a table the words that count most, in JSON all by number. */
export function whyValues(why: Explanation | undefined, show: ShowShare = showNats): Twofold[] {
  return why ? [{ cell: whyCell(why, show), json: whyRecord(why).why }] : [];
}

/** An explanation as a table's cell: the words with the largest shares, the largest first. */
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
