/**
 * A dialog with a text to copy, which is already on the clipboard if the browser allows that.
 *
 * @module
 */
import { el, freshId, say } from "../dom.ts";
import { page } from "../words/page.ts";
import { shared } from "../words/shared.ts";

const { files: words } = page;

/** A text to copy. */
export interface Copied {
  text: string;
  /** A note about it. */
  note?: string;
  /** Another form of it, with the names of the buttons that show it and go back. */
  more?: { name: string; back: string; text: string };
}

/** The dialog. */
export class CopyDialog {
  readonly root: HTMLDialogElement;
  readonly #title: HTMLElement;
  readonly #field: HTMLTextAreaElement;
  readonly #said = el("p", { class: "note", role: "status" });
  readonly #other = el("button", { type: "button", class: "small", hidden: true });
  #copied: Copied = { text: "" };
  #isOther = false;

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
        this.#other,
      ),
    );
    this.#other.addEventListener("click", () => {
      this.#isOther = !this.#isOther;
      this.#copy();
    });
  }

  /** Shows a text, and copies it. */
  async show(title: string, copied: Copied): Promise<void> {
    say(this.#title, title);
    this.#copied = copied;
    this.#isOther = false;
    this.root.showModal();
    await this.#copy();
  }

  async #copy(): Promise<void> {
    const { text, note, more } = this.#copied;
    const shown = this.#isOther ? more!.text : text;
    this.#field.value = shown;
    this.#other.hidden = more === undefined;
    if (more) say(this.#other, this.#isOther ? more.back : more.name);
    say(this.#said, note ?? "");
    this.#field.select();
    try {
      await navigator.clipboard.writeText(shown);
      say(this.#said, [words.copied, note].filter(Boolean).join(" "));
    } catch { // no permission: the text is selected, ready to copy
    }
  }
}
