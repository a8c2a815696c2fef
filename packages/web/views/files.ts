/**
 * What goes out of the page and comes in: models, links, command lines.
 *
 * @module
 */
import { el, freshId, say } from "../dom.ts";
import { words } from "../words.ts";

const text = words.files;

/** What the buttons ask for. */
export interface FileActions {
  open(file: File): void;
  save(): void;
  link(): { text: string; note?: string };
  command(): { text: string; note?: string };
}

/** The buttons, and a dialog for what is to be copied. */
export class Files {
  readonly root: HTMLElement;
  readonly dialog: HTMLDialogElement;
  readonly #title: HTMLElement;
  readonly #field: HTMLTextAreaElement;
  readonly #said = el("p", { class: "note", role: "status" });

  constructor(actions: FileActions) {
    const file = el("input", {
      type: "file",
      accept: ".safetensors",
      class: "hidden",
      tabindex: -1,
      "aria-label": text.open,
      change: () => {
        const [chosen] = file.files ?? [];
        if (chosen) actions.open(chosen);
        file.value = "";
      },
    });
    const button = (name: "open" | "save" | "link" | "command", click: () => void) =>
      el("button", { type: "button", class: "small", "data-file": name, click }, text[name]);
    const titleId = freshId();
    this.#title = el("h2", { id: titleId });
    this.#field = el("textarea", {
      rows: 4,
      readonly: true,
      spellcheck: "false",
      "aria-label": text.copy,
      focus: () => this.#field.select(),
    });
    this.root = el(
      "div",
      { class: "files" },
      button("open", () => file.click()),
      button("save", actions.save),
      button("link", () => this.#copy(text.linkTitle, actions.link())),
      button("command", () => this.#copy(text.commandTitle, actions.command())),
      file,
    );
    this.dialog = el(
      "dialog",
      { class: "copy", "aria-labelledby": titleId },
      this.#title,
      this.#field,
      this.#said,
      el(
        "p",
        { class: "ends" },
        el(
          "button",
          { type: "button", class: "small", click: () => this.dialog.close() },
          words.data.close,
        ),
      ),
    );
  }

  async #copy(
    title: string,
    { text: copied, note }: { text: string; note?: string },
  ): Promise<void> {
    say(this.#title, title);
    this.#field.value = copied;
    say(this.#said, note ?? "");
    this.dialog.showModal();
    this.#field.select();
    try {
      await navigator.clipboard.writeText(copied);
      say(this.#said, [text.copied, note].filter(Boolean).join(" "));
    } catch { // no permission: the text stands there selected
    }
  }
}
