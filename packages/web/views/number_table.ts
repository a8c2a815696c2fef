/**
 * The numbers behind what is drawn, as a table: for screen readers, and to copy.
 *
 * @module
 */
import { el } from "../dom.ts";
import type { Numbers } from "../readings.ts";
import { equations } from "../words/equations.ts";

const words = equations.tooltip;
const MOST_CELLS = 2 ** 14; // the most that a browser can lay out at once

/** Opens a dialog with the numbers. */
export function openTable(title: string, numbers: Numbers): void {
  const { columns, rowName, columnName, cell } = numbers;
  const rows = Math.min(numbers.rows, Math.max(1, Math.floor(MOST_CELLS / columns)));
  const each = <T>(count: number, make: (i: number) => T) =>
    Array.from({ length: count }, (_, i) => make(i));
  const table = el(
    "table",
    {},
    el("caption", {}, title),
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        el("td", {}),
        ...each(columns, (column) => el("th", { scope: "col" }, columnName(column))),
      ),
    ),
    el(
      "tbody",
      {},
      ...each(rows, (row) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, rowName(row)),
          ...each(columns, (column) => el("td", {}, cell(row, column))),
        )),
    ),
  );
  const close = () => dialog.close();
  const dialog = el(
    "dialog",
    { class: "number-table", "aria-label": title, close: () => dialog.remove() },
    el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": title }, table),
    rows < numbers.rows && el("p", { class: "note" }, words.rest(rows, numbers.rows)),
    el("p", { class: "ends" }, el("button", { type: "button", click: close }, words.close)),
  );
  document.body.append(dialog);
  dialog.showModal();
}
