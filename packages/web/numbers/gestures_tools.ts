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

/** A button of the page. */
export function button(label: string, click: () => void, look = "small"): HTMLButtonElement {
  return el("button", { type: "button", class: look, click }, label);
}

/** What is drawn: a stroke to recognize, or an example of a shape. */
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

  /** @param choose Gets the place of a shape; none for a stroke to recognize. */
  constructor(readonly choose: (place?: number) => void) {}

  /** Shows what there is to choose, and what is chosen. */
  show(shapes: readonly Shape[], chosen?: number): void {
    this.#guess.setAttribute("aria-pressed", String(chosen === undefined));
    for (const [i, each] of shapeButtons(this.#shapes, shapes, this.choose).entries()) {
      each.setAttribute("aria-pressed", String(chosen === i));
    }
  }
}

/** A button for each shape, those that there are where they fit. */
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

/** What the stroke on the pad may be added as. */
export class AddAs {
  readonly #buttons = el("div", { class: "chips" });
  readonly root = el(
    "div",
    { class: "add-as", role: "group", "aria-label": words.prediction.add },
    el("span", { class: "note" }, words.prediction.add),
    this.#buttons,
  );

  constructor(readonly add: (place: number) => void) {}

  /** Offers the shapes; there is a stroke or not. */
  show(shapes: readonly Shape[], isStroke: boolean): void {
    for (const each of shapeButtons(this.#buttons, shapes, this.add)) each.disabled = !isStroke;
  }
}

/** What files are made of. */
export interface FileActions {
  model(): Promise<Uint8Array<ArrayBuffer> | undefined>;
  csv(): Promise<string | undefined>;
  open(file: File): void;
}

/** Files, and the command that makes the same model. */
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

/** Saves what there is; what went wrong was said. */
function save(content: BlobPart | undefined, name: string): void {
  if (content !== undefined) download(new Blob([content]), name);
}
