/**
 * The visitor's own data: pasted or from files, with a preview before it is used.
 *
 * @module
 */
import { DATA_FORMATS } from "@unroll/core/texts";
import { el, fill, freshId, say } from "../dom.ts";
import { droppedFiles, namedFiles } from "../dropped_files.ts";
import type { DataPreview, DataRequest, NamedBlob, Progress } from "../data_protocol.ts";
import type { Settings } from "../settings.ts";
import { taskNamed, TASKS } from "../tasks/tasks.ts";
import { words } from "../words.ts";
import { DataFields } from "./data_fields.ts";
import { foundIn, hasTooFewLabels } from "./data_found.ts";

const text = words.data;
const ENDINGS = [...Object.values(DATA_FORMATS).flatMap(({ extensions }) => extensions), "txt"];

/** What the dialog asks the page to do. */
export interface DataActions {
  inspect(request: DataRequest): Promise<DataPreview>;
  /** Stops reading files. */
  stop(): void;
  use(recommended: Settings): Promise<void>;
  /** Opens a file on the page of numbers. */
  openNumbers(file: NamedBlob): void;
}

/** The dialog. */
export class DataDialog {
  readonly root: HTMLDialogElement;
  #files: NamedBlob[] = [];
  #isPasted = false;
  #asked = 0; // counts the requests, to ignore answers to an earlier one
  #isReading = false;
  #recommended: Settings | undefined;
  readonly #task: HTMLSelectElement;
  readonly #paste: HTMLTextAreaElement;
  readonly #file: HTMLInputElement;
  readonly #bar = el("progress", { "aria-label": text.title });
  readonly #said = el("span", { role: "status" });
  readonly #progress: HTMLElement;
  readonly #error = el("p", { class: "error", role: "alert", hidden: true });
  readonly #readings = el("div", { class: "readings" });
  readonly #fields = new DataFields(() => this.#read());
  readonly #found = el("div", { class: "found" });
  readonly #numbers: HTMLElement;
  readonly #use: HTMLButtonElement;

  constructor(readonly actions: DataActions) {
    const pasteId = freshId(), fileId = freshId(), titleId = freshId(), taskId = freshId();
    const button = (label: string, click: () => void, type = "small") =>
      el("button", { type: "button", class: type, click }, label);
    this.#task = el(
      "select",
      {
        id: taskId,
        change: () => {
          this.#fields.resetColumns();
          if (this.#files.length > 0) this.#read();
        },
      },
      ...TASKS.filter(({ choice }) => choice).map(({ name: value, choice }) =>
        el("option", { value }, choice)
      ),
    );
    this.#file = el("input", {
      id: fileId,
      type: "file",
      multiple: true,
      accept: ENDINGS.map((ending) => `.${ending}`).join(),
      change: () => {
        this.#take(namedFiles(this.#file.files ?? []));
        this.#file.value = ""; // so that the same file can be chosen again after a correction
      },
    });
    this.#paste = el("textarea", {
      id: pasteId,
      rows: 5,
      spellcheck: "false",
      placeholder: text.placeholder,
    });
    this.#progress = el(
      "p",
      { class: "progress", hidden: true },
      this.#said,
      this.#bar,
      button(text.cancel, () => this.#cancel()),
    );
    this.#numbers = el(
      "p",
      { class: "ends numbers", hidden: true },
      text.numbers,
      button(text.openNumbers, () => actions.openNumbers(this.#files[0])),
    );
    this.#use = button(text.use, () => this.#useIt(), "primary");
    this.#use.disabled = true;
    this.root = el(
      "dialog",
      { class: "data", "aria-labelledby": titleId, close: () => this.#cancel() },
      el("h2", { id: titleId }, text.title),
      el("p", { class: "lede" }, text.lede),
      el("p", {}, el("label", { for: taskId }, text.task), " ", this.#task),
      el("p", {}, el("label", { for: fileId }, text.file), " ", this.#file),
      el("label", { for: pasteId }, text.paste),
      this.#paste,
      el("p", {}, button(text.read, () => this.#takePasted())),
      this.#numbers,
      this.#progress,
      this.#error,
      this.#readings,
      this.#fields.root,
      this.#found,
      el("p", { class: "ends" }, this.#use, button(text.close, () => this.root.close())),
    );
    this.root.addEventListener("drop", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      event.stopPropagation();
      this.take(droppedFiles(event.dataTransfer));
    });
  }

  /** Opens it. */
  open(): void {
    if (!this.root.open) this.root.showModal();
  }

  /** Opens the dialog with dropped files. */
  async take(dropped: Promise<NamedBlob[]>): Promise<void> {
    this.open();
    const files = await dropped;
    if (files.length === 0) this.#fail(text.noFiles);
    this.#take(files);
  }

  /** Shows how much of a large file has been read. */
  showProgress({ name, unit, done, of }: Progress): void {
    if (!this.#isReading) return;
    this.#progress.hidden = false;
    say(this.#said, text.reading[done < of ? unit : "done"](name, done, of));
    this.#bar.max = of;
    if (done < of) this.#bar.value = done;
    else this.#bar.removeAttribute("value");
  }

  #takePasted(): void {
    const isText = taskNamed(this.#task.value).data === "texts";
    const name = isText ? text.pastedText : text.pasted;
    this.#take([{ source: new Blob([this.#paste.value]), name }], true);
  }

  #take(files: NamedBlob[], isPasted = false): void {
    if (files.length === 0) return;
    this.#files = files;
    this.#isPasted = isPasted;
    this.#fields.reset();
    this.#read();
    isSeries(files[0].source).then((is) => {
      this.#numbers.hidden = !is;
      if (is) this.#numbers.scrollIntoView({ block: "center" }); // not below the last visible line
    });
  }

  async #read(): Promise<void> {
    if (this.#isReading) this.actions.stop();
    const asked = ++this.#asked;
    this.#isReading = true;
    this.#use.disabled = true;
    const { given } = this.#fields;
    const request = { files: this.#files, task: this.#task.value, given, isPasted: this.#isPasted };
    try {
      const preview = await this.actions.inspect(request);
      if (asked === this.#asked) this.#show(preview);
    } catch (error) {
      if (asked === this.#asked) this.#fail((error as Error).message);
    }
    if (asked === this.#asked) this.#end();
  }

  #end(): void {
    this.#isReading = false;
    this.#progress.hidden = true;
  }

  #cancel(): void {
    if (!this.#isReading) return;
    this.#asked++;
    this.#end();
    this.actions.stop();
  }

  #fail(message: string): void {
    this.#recommended = undefined;
    this.#use.disabled = true;
    fill(this.#readings);
    fill(this.#found);
    this.#error.hidden = false;
    say(this.#error, message);
  }

  #show(preview: DataPreview): void {
    const { error, readings, recommended } = preview;
    this.#fields.show(preview);
    if (error !== undefined) this.#fail(error);
    else {
      this.#error.hidden = true;
      fill(this.#found, ...foundIn(preview));
    }
    fill(this.#readings, ...readings.map((line) => el("p", { class: "note" }, line)));
    this.#recommended = hasTooFewLabels(preview) ? undefined : recommended;
    this.#use.disabled = !this.#recommended;
  }

  async #useIt(): Promise<void> {
    this.root.close();
    await this.actions.use(this.#recommended!);
  }
}

// A second line that starts with a date, followed by a number.
const SERIES =
  /^[^\n]*\n"?\d{1,4}[-/.]\d\d?([-/.]\d+)?([T ][\d:.Z+-]*)?"?[,;\t]-?[\d.,]+[,;\t\r\n]/;

/** Returns whether a file contains numbers over time. */
async function isSeries(file: Blob): Promise<boolean> {
  return SERIES.test(await file.slice(0, 2000).text());
}
