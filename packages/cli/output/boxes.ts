/**
 * Draws boxes and arrows from the top down, as text of 80 columns.
 *
 * @module
 */
import { printable } from "@unroll/core";
import { padEnd } from "./terminal.ts";

/** A box. */
export interface Box {
  /** The lines of its text. */
  lines: readonly string[];
  /** Whether no arrow leads to the box from above. Default: one does. */
  isSource?: true;
}

/** One box, or two next to each other. */
export interface BoxRow {
  /** The boxes. */
  boxes: readonly Box[];
  /** A label for the arrow below them, in a few words. */
  gives?: string;
}

/** A drawing: the input at the top, rows of boxes, and the output at the bottom. */
export interface BoxDrawing {
  /** The input. */
  input: string;
  /** The rows, from the top. */
  rows: readonly BoxRow[];
  /** The output. */
  output: string;
}

const MIDDLE = 38; // the column of a single box's center; a pair is symmetric to it
const PLACES: Readonly<Record<number, { columns: number; middles: readonly number[] }>> = {
  1: { columns: 41, middles: [MIDDLE] },
  2: { columns: 37, middles: [MIDDLE - 20, MIDDLE + 20] },
};
const LAST = 80; // columns of a line

const UP = 1, DOWN = 2, LEFT = 4, RIGHT = 8;
const LINES: Readonly<Record<number, string>> = {
  [UP | DOWN]: "│",
  [LEFT | RIGHT]: "─",
  [UP | RIGHT]: "└",
  [UP | LEFT]: "┘",
  [DOWN | RIGHT]: "┌",
  [DOWN | LEFT]: "┐",
  [UP | LEFT | RIGHT]: "┴",
  [DOWN | LEFT | RIGHT]: "┬",
  [UP | DOWN | LEFT]: "┤",
  [UP | DOWN | RIGHT]: "├",
  [UP | DOWN | LEFT | RIGHT]: "┼",
};

/** Draws a horizontal line that connects columns above with columns below. */
function across(up: readonly number[], down: readonly number[]): string {
  const all = [...up, ...down];
  const first = Math.min(...all), last = Math.max(...all);
  let line = " ".repeat(first);
  for (let column = first; column <= last; column++) {
    const sides = (up.includes(column) ? UP : 0) | (down.includes(column) ? DOWN : 0) |
      (column > first ? LEFT : 0) | (column < last ? RIGHT : 0);
    line += LINES[sides];
  }
  return line;
}

/** Draws the arrow between two rows, from columns to columns through the middle. */
function arrow(from: readonly number[], to: readonly number[], gives = ""): string[] {
  const isStraight = (columns: readonly number[]) => columns.length === 1 && columns[0] === MIDDLE;
  const room = LAST - MIDDLE - 2;
  return [
    ...(isStraight(from) ? [] : [across(from, [MIDDLE])]),
    `${" ".repeat(MIDDLE)}│ ${printable(gives, room)}`.trimEnd(),
    ...(isStraight(to) ? [] : [across([MIDDLE], to)]),
  ];
}

/** Centers a text in a line. */
function centered(text: string): string {
  const shown = printable(text, LAST);
  const start = Math.max(0, MIDDLE - Math.floor(shown.length / 2));
  return " ".repeat(Math.min(start, Math.max(0, LAST - shown.length))) + shown;
}

function drawRow({ boxes }: BoxRow): string[] {
  const { columns, middles } = PLACES[boxes.length];
  const inner = columns - 4, half = (columns - 3) / 2;
  const height = boxes.reduce((most, { lines }) => Math.max(most, lines.length), 0);
  const edge = (left: string, middle: string, right: string) =>
    left + "─".repeat(half) + middle + "─".repeat(half) + right;
  const parts = boxes.map(({ lines, isSource }) => [
    edge("┌", isSource ? "─" : "▼", "┐"),
    ...Array.from(
      { length: height },
      (_, i) => `│ ${padEnd(printable(lines[i] ?? "", inner), inner)} │`,
    ),
    edge("└", "┬", "┘"),
  ]);
  const start = middles[0] - half - 1;
  const gap = middles.length > 1 ? middles[1] - middles[0] - columns : 0;
  return parts[0].map((_, i) =>
    " ".repeat(start) + parts.map((lines) => lines[i]).join(" ".repeat(gap))
  );
}

/**
 * Draws boxes as lines of text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const lines = drawBoxes({ input: "x", rows: [{ boxes: [{ lines: ["f"] }] }], output: "y" });
 * assertEquals(lines.map((line) => line.trim()), [
 *   "x",
 *   "│",
 *   "┌───────────────────▼───────────────────┐",
 *   "│ f                                     │",
 *   "└───────────────────┬───────────────────┘",
 *   "│",
 *   "y",
 * ]);
 * ```
 */
export function drawBoxes({ input, rows, output }: BoxDrawing): string[] {
  const lines = [centered(input)];
  let from: readonly number[] = [MIDDLE], gives: string | undefined;
  for (const row of rows) {
    const { middles } = PLACES[row.boxes.length];
    const to = middles.filter((_, i) => !row.boxes[i].isSource);
    lines.push(...arrow(from, to, gives), ...drawRow(row));
    from = middles;
    gives = row.gives;
  }
  return [...lines, ...arrow(from, [MIDDLE], gives), centered(output)];
}
