/**
 * One tooltip for every number that is drawn: at the pointer, at a finger, and by keyboard.
 *
 * @module
 */
import { el, freshId, say } from "../dom.ts";
import { drawnAround, type Numbers, numbersOn, textAt } from "../readings.ts";
import { equations } from "../words/equations.ts";
import { openTable } from "./number_table.ts";

const words = equations.tooltip;
const AWAY = 14, EDGE = 6; // pixels from the pointer, and from the edges of the window
const FAR = 10; // columns or rows per Page Up or Page Down

const id = freshId();
const text = el("span"), hint = el("span", { class: "hint" }, words.hint);
const tip = el("div", { class: "tooltip", role: "tooltip", id, hidden: true }, text, hint);
const mark = el("div", { class: "tooltip-mark", hidden: true });
const status = el("div", { class: "hidden", role: "status" }); // read out as the keys move

let shown: { element: Element; row: number; column: number; byKey: boolean } | undefined;

/** Starts listening, and shows the first number that was asked for. */
export function readDrawnNumbers(first: Element): void {
  document.body.append(mark, tip, status);
  addEventListener("pointermove", point);
  addEventListener("pointerdown", point);
  addEventListener("focusin", ({ target }) => focus(target as Element));
  addEventListener("focusout", hide);
  addEventListener("scroll", hide, { capture: true, passive: true });
  addEventListener("keydown", press);
  document.documentElement.addEventListener("pointerleave", hide);
  if (first === document.activeElement) focus(first);
}

function point(event: PointerEvent): void {
  if (event.type === "pointermove" && event.pointerType !== "mouse") return; // a finger scrolls
  const element = drawnAround(event.target as Element);
  if (!element) return shown?.byKey ? undefined : hide();
  const numbers = numbersOn(element)!, box = element.getBoundingClientRect();
  const share = (at: number, start: number, size: number) =>
    Math.min(1 - 1e-9, Math.max(0, (at - start) / size));
  const x = share(event.clientX, box.left, box.width);
  const y = share(event.clientY, box.top, box.height);
  const row = Math.floor(y * numbers.rows);
  const column = numbers.columnAt?.(x) ?? Math.floor(x * numbers.columns);
  show({ element, row, column, byKey: false }, [event.clientX, event.clientY]);
}

function focus(element: Element): void {
  const numbers = numbersOn(element);
  if (!numbers || !element.matches(":focus-visible")) return;
  show({ element, row: 0, column: numbers.columnAt ? numbers.columns - 1 : 0, byKey: true });
}

function press(event: KeyboardEvent): void {
  if (event.key === "Escape") return hide();
  const element = document.activeElement;
  const numbers = element && numbersOn(element);
  if (!numbers || event.ctrlKey || event.altKey || event.metaKey) return;
  const { row = 0, column = 0 } = shown?.element === element ? shown : {};
  if (event.key === "Enter") {
    event.preventDefault();
    hide();
    return openTable(element.getAttribute("aria-label") ?? "", numbers);
  }
  const to = moved(event.key, row, column, numbers);
  if (!to) return;
  event.preventDefault();
  show({ element, ...to, byKey: true });
  say(status, textAt(numbers, to.row, to.column));
}

function moved(
  key: string,
  row: number,
  column: number,
  { rows, columns }: Numbers,
): { row: number; column: number } | undefined {
  const by: Record<string, [number, number]> = {
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    PageUp: [0, -FAR],
    PageDown: [0, FAR],
    Home: [0, -columns],
    End: [0, columns],
  };
  const [down, right] = by[key] ?? [];
  if (down === undefined || right === undefined) return undefined;
  const within = (at: number, size: number) => Math.max(0, Math.min(size - 1, at));
  return { row: within(row + down, rows), column: within(column + right, columns) };
}

function show(at: NonNullable<typeof shown>, pointer?: [x: number, y: number]): void {
  const { element, row, column, byKey } = at, numbers = numbersOn(element)!;
  if (numbers.columns === 0 || numbers.rows === 0) return hide();
  if (shown && shown.element !== element) shown.element.removeAttribute("aria-describedby");
  shown = at;
  say(text, textAt(numbers, row, column));
  hint.hidden = !byKey;
  tip.hidden = false;
  if (byKey) element.setAttribute("aria-describedby", id);
  const box = element.getBoundingClientRect();
  const [x, y, wide, high] = numbers.boxOf?.(row, column) ??
    [column / numbers.columns, row / numbers.rows, 1 / numbers.columns, 1 / numbers.rows];
  const isDot = wide === 0 && high === 0;
  mark.hidden = (isDot && x === 0 && y === 0) || (numbers.rows * numbers.columns === 1) ||
    !Number.isFinite(x + y);
  mark.classList.toggle("dot", isDot);
  place(mark, box.left + x * box.width, box.top + y * box.height);
  mark.style.width = isDot ? "" : `${wide * box.width}px`;
  mark.style.height = isDot ? "" : `${high * box.height}px`;
  const [left, top] = pointer ??
    [box.left + (x + wide) * box.width, box.top + (y + high) * box.height];
  const { offsetWidth, offsetHeight } = tip;
  const isRight = left + AWAY + offsetWidth + EDGE > document.documentElement.clientWidth;
  const isLow = top + AWAY + offsetHeight + EDGE > innerHeight;
  place(
    tip,
    Math.max(EDGE, isRight ? left - AWAY - offsetWidth : left + AWAY),
    Math.max(EDGE, isLow ? top - AWAY - offsetHeight : top + AWAY),
  );
}

function place(element: HTMLElement, x: number, y: number): void {
  element.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
}

function hide(): void {
  shown?.element.removeAttribute("aria-describedby");
  shown = undefined;
  tip.hidden = true;
  mark.hidden = true;
}
