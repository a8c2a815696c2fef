/**
 * What the network says at each column of the picture.
 *
 * @module
 */
import { labelClass } from "../colours.ts";
import { el, fill, say } from "../dom.ts";
import type { Look } from "../protocol.ts";
import { percent, words } from "../words.ts";
import type { Column } from "./column.ts";

const text = words.unrolled;
const EDGE = "<start or end>"; // as core names it

/** The place of the largest number; there may be too many for one call. */
export function likeliest(p: readonly number[]): number {
  return p.reduce((best, value, i) => value > p[best] ? i : best, 0);
}

/** The verdict after a word, or its tag. */
export function sayVerdict(look: Look, column: Column, t: number): void {
  const { labels } = look;
  const p = look.probabilities[t];
  const best = likeliest(p);
  say(column.percent, percent(p[best]));
  say(column.label, labels[best]);
  column.label.title = labels[best];
  column.label.className = `label ${labelClass(best)}`;
  for (const [i, bar] of column.bars.entries()) {
    const id = column.bars.length > 1 ? i : best;
    bar.className = labelClass(id) + (id === best ? " best" : "");
    bar.style.setProperty("--p", String(p[id]));
  }
  let spoken = `${look.words[t]}: ${labels[best]} ${percent(p[best])}`;
  if (isTagging(look)) {
    const right = look.truth?.trim().split(/\s+/)[t];
    const isWrong = right !== undefined && right !== labels[best];
    say(column.tag, isWrong ? `${labels[best]}, ${text.shouldBe(right)}` : labels[best]);
    column.tag.className = `tag ${labelClass(best)}${isWrong ? " mistaken" : ""}`;
    if (isWrong) spoken += `, ${text.shouldBe(right)}`;
  }
  column.word.setAttribute("aria-label", spoken);
}

/** The likeliest next symbols after one. */
export function sayCandidates(look: Look, { candidates, word }: Column, t: number): void {
  const p = look.probabilities[t];
  const order = p.map((_, i) => i).sort((a, b) => p[b] - p[a]);
  for (const [i, { row, name, share }] of candidates.entries()) {
    const id = order[i];
    row.hidden = id === undefined;
    if (row.hidden) continue;
    say(name, shown(look.labels[id]));
    say(share, percent(p[id]));
    row.classList.toggle("next", look.words[t + 1] === look.labels[id]);
    row.style.setProperty("--p", String(p[id]));
  }
  word.setAttribute("aria-label", `${shown(look.words[t])}: ${candidates[0].row.textContent}`);
}

/**
 * What the decoder writes: a row of fields below the columns for each symbol, where it looked.
 *
 * @param targets Where the symbols stand.
 * @returns All of it in a line.
 */
export function sayTranslation(
  { translation, words: sources }: Look,
  columns: readonly Column[],
  targets: Element,
): string {
  if (!translation) return "";
  const { target, probability, attention } = translation;
  const rows = attention?.target ?? [...target];
  for (const [t, { looked, word }] of columns.entries()) {
    word.setAttribute("aria-label", shown(sources[t]));
    fill(
      looked,
      ...rows.map((symbol, i) => {
        const share = attention?.weights[i]?.[t] ?? 0;
        const title = text.looked(shown(symbol), shown(sources[t]), percent(share));
        const field = el("span", { title });
        field.style.setProperty("--share", String(share));
        return field;
      }),
    );
  }
  fill(targets, ...rows.map((symbol) => el("b", {}, shown(symbol))));
  return `${text.wrote} ${rows.map(shown).join("")}, ${text.sure(percent(probability))}.`;
}

/** Whether each word has a tag. */
export function isTagging({ task, config }: Look): boolean {
  return task === "classification" && config.head === "token";
}

/** Whether each symbol has candidates for the next. */
export function isWriting({ task }: Look): boolean {
  return task === "language-model" || task === "generate-from-label";
}

/** What a text begins with: the mark of its start, or the label that it is written for. */
export function shownStart(symbol: string): string {
  return symbol === EDGE ? text.marks.start : shown(symbol);
}

/** A symbol as the eye can see it. */
export function shown(symbol: string): string {
  const { marks } = text;
  if (symbol === " ") return marks.space;
  if (symbol === "\n") return marks.newline;
  if (symbol === "<unk>") return marks.unknown;
  if (symbol === EDGE) return marks.end;
  return symbol.replace(/^<label ([^]*)>$/, "$1");
}
