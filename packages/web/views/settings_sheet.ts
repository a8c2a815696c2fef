/**
 * The settings where there is no room beside the picture: a sheet that a button of the bar opens.
 *
 * @module
 */
import { el, freshId } from "../dom.ts";
import { words } from "../words.ts";
import { icon } from "./icons.ts";

const text = words.setup;

/** Puts the form into a sheet; returns it with the button that opens it, hidden on a wide page. */
export function settingsSheet(form: HTMLElement): { root: HTMLElement; button: HTMLElement } {
  const id = freshId();
  const button = el("button", {
    type: "button",
    class: "sheet-open",
    "aria-label": text.open,
    title: text.open,
    "aria-expanded": "false",
    "aria-controls": id,
    click: () => turn(!root.classList.contains("open")),
  }, icon("settings"));
  const close = el(
    "button",
    { type: "button", class: "small", click: () => turn(false) },
    text.close,
  );
  const root = el(
    "div",
    { class: "sheet", id },
    el("div", { class: "sheet-head" }, el("b", {}, text.name), close),
    form,
  );
  const turn = (isOpen: boolean) => {
    root.classList.toggle("open", isOpen);
    button.setAttribute("aria-expanded", String(isOpen));
    (isOpen ? close : button).focus();
  };
  root.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && root.classList.contains("open")) turn(false);
  });
  return { root, button };
}
