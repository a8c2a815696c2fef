/**
 * The buttons around the drawing area and the examples.
 *
 * @module
 */
import { labelClass } from "../colors.ts";
import { el, fileInput, fill, say } from "../dom.ts";
import { download } from "../download.ts";
import { CopyDialog } from "../views/copy_dialog.ts";
import { gestures as words } from "../words/gestures.ts";
import { COMMAND, CSV, MODEL_NAME } from "./gestures_settings.ts";
import type { Shape } from "./gestures_store.ts";

/** Creates a button. */
export function button(label: string, click: () => void, look = "small"): HTMLButtonElement {
  return el("button", { type: "button", class: look, click }, label);
}

/** What to draw: a stroke to recognize, or an example of a shape. */
export class Modes {
  readonly #guess = button(words.modes.guess, () => this.choose());
  readonly #shapes = el("div", { class: "chips" });
  readonly root = el(
    "div",
    { class: "modes", role: "group", "aria-label": words.modes.label },
    this.#guess,
    el("span", { class: "note" }, words.modes.examples),
    this.#shapes,
  );

  /** @param choose Receives the index of a shape; undefined for a stroke to recognize. */
  constructor(readonly choose: (place?: number) => void) {}

  /** Shows the choices, and the current one. */
  show(shapes: readonly Shape[], chosen?: number): void {
    this.#guess.setAttribute("aria-pressed", String(chosen === undefined));
    for (const [i, each] of shapeButtons(this.#shapes, shapes, this.choose).entries()) {
      each.setAttribute("aria-pressed", String(chosen === i));
    }
  }
}

/** Returns a button for each shape, reusing the existing ones if they match. */
function shapeButtons(
  place: HTMLElement,
  shapes: readonly Shape[],
  choose: (shape: number) => void,
): HTMLButtonElement[] {
  if (place.childElementCount !== shapes.length) {
    fill(place, ...shapes.map((_, i) => button("", () => choose(i), `chip ${labelClass(i)}`)));
  }
  const buttons = [...place.children] as HTMLButtonElement[];
  for (const [i, each] of buttons.entries()) say(each, shapes[i].name);
  return buttons;
}

/** The buttons that add the stroke on the pad as an example. */
export class AddAs {
  readonly #buttons = el("div", { class: "chips" });
  readonly root = el(
    "div",
    { class: "add-as", role: "group", "aria-label": words.prediction.add },
    el("span", { class: "note" }, words.prediction.add),
    this.#buttons,
  );

  constructor(readonly add: (place: number) => void) {}

  /** Shows a button for each shape, enabled if there is a stroke. */
  show(shapes: readonly Shape[], isStroke: boolean): void {
    for (const each of shapeButtons(this.#buttons, shapes, this.add)) each.disabled = !isStroke;
  }
}

/** What the file buttons need. */
export interface FileActions {
  model(): Promise<Uint8Array<ArrayBuffer> | undefined>;
  csv(): Promise<string | undefined>;
  open(file: File): void;
}

/** Creates the file buttons, and the button that copies the command. */
export function fileTools(actions: FileActions): HTMLElement {
  const text = words.files;
  const file = fileInput(".csv,text/csv", text.open, actions.open);
  const copy = new CopyDialog();
  const tool = (name: "model" | "csv" | "open" | "command", click: () => void) =>
    el("button", { type: "button", class: "small", "data-file": name, click }, text[name]);
  return el(
    "div",
    { class: "files" },
    tool("model", async () => save(await actions.model(), MODEL_NAME)),
    tool("csv", async () => save(await actions.csv(), CSV.name)),
    tool("open", () => file.click()),
    tool("command", () => copy.show(text.commandTitle, { text: COMMAND, note: text.commandNote })),
    file,
    copy.root,
  );
}

/** Saves a file; undefined if it could not be created, which was already reported. */
function save(content: BlobPart | undefined, name: string): void {
  if (content !== undefined) download(new Blob([content]), name);
}
