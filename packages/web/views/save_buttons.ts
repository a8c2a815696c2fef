/**
 * Buttons that save the figure beside them as files.
 *
 * @module
 */
import { el } from "../dom.ts";
import { download } from "../download.ts";
import type { FigureKind } from "../figures/files.ts";
import { save as words } from "../words/save.ts";
import { csvRow } from "../worker/csv.ts";
import type { ChartData } from "./chart.ts";

const KINDS: readonly FigureKind[] = ["svg", "png"];

/** Creates the buttons for a figure of these parts of the page, and for its numbers. */
export function saveButtons(
  title: string,
  parts: () => readonly Element[],
  numbers?: () => ChartData | undefined,
): HTMLElement {
  const button = (kind: string, click: () => void) =>
    el("button", {
      type: "button",
      class: "link",
      "data-save": kind,
      "aria-label": words.as(title, kind.toUpperCase()),
      title: words.as(title, kind.toUpperCase()),
      click,
    }, kind.toUpperCase());
  const name = title.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "-");
  const saveDrawn = async (kind: FigureKind) => {
    const { figureFile } = await import("../figures/files.ts"); // loaded on first use
    download(await figureFile(title, parts(), kind), `${name}.${kind}`);
  };
  const saveNumbers = () => {
    const data = numbers?.();
    if (data) download(new Blob([csvOf(data)], { type: "text/csv" }), `${name}.csv`);
  };
  return el(
    "span",
    { class: "saves" },
    ...KINDS.map((kind) => button(kind, () => saveDrawn(kind))),
    numbers !== undefined && button("csv", saveNumbers),
  );
}

/** Returns the lines of a chart as CSV: a row per x, a column per line. */
export function csvOf({ lines, axisX, places }: ChartData): string {
  const rows = new Map<number, (number | string)[]>();
  for (const [column, { points }] of lines.entries()) {
    for (const [x, y] of points) {
      if (!rows.has(x)) rows.set(x, [places?.[x] ?? x, ...lines.map(() => "")]);
      if (Number.isFinite(y)) rows.get(x)![column + 1] = y;
    }
  }
  const sorted = [...rows].sort(([a], [b]) => a - b).map(([, row]) => row);
  return [[axisX, ...lines.map(({ name }) => name)], ...sorted].map(csvRow).join("");
}
