/**
 * The buttons that open and save models, and copy links and command lines.
 *
 * @module
 */
import { el, fileInput } from "../dom.ts";
import { words } from "../words.ts";
import { link } from "../words/link.ts";
import { type Copied, CopyDialog } from "./copy_dialog.ts";

const text = words.files;

/** What the buttons ask the page to do. */
export interface FileActions {
  open(file: File): void;
  save(): void;
  link(): Promise<Copied>;
  command(): { text: string; note?: string };
}

/** The buttons, and a dialog for the text to copy. */
export class Files {
  readonly root: HTMLElement;
  readonly dialog: HTMLDialogElement;

  constructor(actions: FileActions) {
    const copy = new CopyDialog();
    const file = fileInput(".safetensors", text.open, actions.open);
    const button = (name: "open" | "save" | "link" | "command", click: () => void) =>
      el("button", { type: "button", class: "small", "data-file": name, click }, text[name]);
    this.root = el(
      "div",
      { class: "files" },
      button("open", () => file.click()),
      button("save", actions.save),
      button("link", async () => copy.show(link.title, await actions.link())),
      button("command", () => copy.show(text.commandTitle, actions.command())),
      file,
    );
    this.dialog = copy.root;
  }
}
