/**
 * A dialog with a text to be copied, which is on the clipboard already where that is allowed.
 *
 * @module
 */
import { el, freshId, say } from "../dom.ts";
import { page } from "../words/page.ts";
import { shared } from "../words/shared.ts";

const { files: words } = page;

/** The dialog. */
export class CopyDialog {
  readonly root: HTMLDialogElement;
  readonly #title: HTMLElement;
  readonly #field: HTMLTextAreaElement;
  readonly #said = el("p", { class: "note", role: "status" });

  constructor() {
    const titleId = freshId();
    this.#title = el("h2", { id: titleId });
    this.#field = el("textarea", {
      rows: 4,
      readonly: true,
      spellcheck: "false",
      "aria-label": words.copy,
      focus: () => this.#field.select(),
    });
    const close = () => this.root.close();
    this.root = el(
      "dialog",
      { class: "copy", "aria-labelledby": titleId },
      this.#title,
      this.#field,
      this.#said,
      el(
        "p",
        { class: "ends" },
        el("button", { type: "button", class: "small", click: close }, shared.problems.close),
      ),
    );
  }

  /** Shows a text, and copies it. */
  async show(title: string, { text, note }: { text: string; note?: string }): Promise<void> {
    say(this.#title, title);
    this.#field.value = text;
    say(this.#said, note ?? "");
    this.root.showModal();
    this.#field.select();
    try {
      await navigator.clipboard.writeText(text);
      say(this.#said, [words.copied, note].filter(Boolean).join(" "));
    } catch { // no permission: the text stands there selected
    }
  }
}
