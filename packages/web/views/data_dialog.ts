/**
 * Data of the visitor's own: pasted or a file, looked at before it is used.
 *
 * @module
 */
import { DATA_FORMATS, type DataFormat } from "@unroll/core";
import { el, fill, freshId, say } from "../dom.ts";
import type { DataPreview, Requests } from "../protocol.ts";
import { taskNamed, TASKS } from "../tasks/tasks.ts";
import { count, words } from "../words.ts";

const text = words.data;
const FORMATS = Object.keys(DATA_FORMATS) as DataFormat[];
const FORMAT_NAMES = Object.fromEntries(
  Object.entries(DATA_FORMATS).map(([format, { title }]) => [format, title]),
);
const ENDINGS = [...Object.values(DATA_FORMATS).flatMap(({ extensions }) => extensions), "txt"];

/** What the dialog asks for. */
export interface DataActions {
  inspectFile(given: Requests["inspectFile"][0]): Promise<DataPreview>;
  use(preview: DataPreview): Promise<void>;
}

/** The dialog. */
export class DataDialog {
  readonly root: HTMLDialogElement;
  #source: { blob: Blob; name: string } | undefined;
  #preview: DataPreview | undefined;
  readonly #task: HTMLSelectElement;
  readonly #paste: HTMLTextAreaElement;
  readonly #file: HTMLInputElement;
  readonly #error = el("p", { class: "error", role: "alert", hidden: true });
  readonly #found = el("div", { class: "found" });
  readonly #use: HTMLButtonElement;

  constructor(readonly actions: DataActions) {
    const pasteId = freshId(), fileId = freshId(), titleId = freshId(), taskId = freshId();
    this.#task = el(
      "select",
      {
        id: taskId,
        change: () => this.#source && this.#read(this.#source.blob, this.#source.name),
      },
      ...TASKS.filter(({ choice }) => choice).map(({ name: value, choice }) =>
        el("option", { value }, choice)
      ),
    );
    this.#file = el("input", {
      id: fileId,
      type: "file",
      accept: ENDINGS.map((ending) => `.${ending}`).join(),
      change: () => {
        const [file] = this.#file.files ?? [];
        if (file) this.#read(file, file.name);
      },
    });
    this.#paste = el("textarea", {
      id: pasteId,
      rows: 5,
      spellcheck: "false",
      placeholder: text.placeholder,
    });
    this.#use = el("button", {
      type: "button",
      class: "primary",
      disabled: true,
      click: () => this.#take(),
    }, text.use);
    this.root = el(
      "dialog",
      { class: "data", "aria-labelledby": titleId },
      el("h2", { id: titleId }, text.title),
      el("p", { class: "lede" }, text.lede),
      el("p", {}, el("label", { for: taskId }, text.task), " ", this.#task),
      el("p", {}, el("label", { for: fileId }, text.file), " ", this.#file),
      el("label", { for: pasteId }, text.paste),
      this.#paste,
      el(
        "p",
        {},
        el(
          "button",
          { type: "button", class: "small", click: () => this.#readPasted() },
          text.read,
        ),
      ),
      this.#error,
      this.#found,
      el(
        "p",
        { class: "ends" },
        this.#use,
        el(
          "button",
          { type: "button", class: "small", click: () => this.root.close() },
          text.close,
        ),
      ),
    );
    this.root.addEventListener("drop", (event) => {
      const [file] = event.dataTransfer?.files ?? [];
      if (!file) return;
      event.preventDefault();
      event.stopPropagation();
      this.#read(file, file.name);
    });
  }

  /** Opens it, with a file if one was dropped. */
  open(file?: File): void {
    if (!this.root.open) this.root.showModal();
    if (file) this.#read(file, file.name);
  }

  #readPasted(): void {
    const isText = taskNamed(this.#task.value).data === "texts";
    this.#read(new Blob([this.#paste.value]), isText ? text.pastedText : text.pasted);
  }

  async #read(
    blob: Blob,
    name: string,
    given: Partial<Requests["inspectFile"][0]> = {},
  ): Promise<void> {
    this.#source = { blob, name };
    try {
      const task = this.#task.value;
      this.#preview = await this.actions.inspectFile({
        ...given,
        source: blob,
        name,
        task,
      });
      this.#error.hidden = true;
      this.#show(this.#preview);
    } catch (error) {
      this.#preview = undefined;
      this.#use.disabled = true;
      fill(this.#found);
      this.#error.hidden = false;
      say(this.#error, (error as Error).message);
    }
  }

  #show(preview: DataPreview): void {
    const { columns, textColumn, labelColumn, format, examples, labels, problems } = preview;
    const { task, isTagging, isWhole } = preview;
    const { data } = taskNamed(task), hasLabels = data !== "texts";
    const isLabelled = data === "labels" && !isTagging;
    const isTooFew = isLabelled && labels.length < 2;
    const choice = (
      name: string,
      values: readonly string[],
      value: string,
      names?: Record<string, string>,
    ) => {
      const id = freshId();
      const select = el(
        "select",
        { id, change: () => this.#again() },
        ...values.map((each) =>
          el("option", { value: each, selected: each === value }, names?.[each] ?? each)
        ),
      );
      this.#choices[name] = select;
      return el("label", {}, `${name} `, select);
    };
    this.#choices = {};
    fill(
      this.#found,
      !isWhole && el(
        "div",
        { class: "columns" },
        choice(text.format, FORMATS, format, FORMAT_NAMES),
        choice(text.text, columns, textColumn),
        hasLabels && choice(text.label, columns, labelColumn),
      ),
      el("h3", {}, text.preview(preview.count)),
      isTagging && el("p", { class: "note" }, text.tagging),
      el(
        "div",
        { class: "scroll", tabindex: 0, role: "region", "aria-label": text.preview(preview.count) },
        el(
          "table",
          {},
          el(
            "thead",
            {},
            el(
              "tr",
              {},
              el("th", { scope: "col" }, text.headText),
              el("th", { scope: "col" }, text.headLabel),
            ),
          ),
          el(
            "tbody",
            {},
            ...examples.map(({ text, label = "" }) =>
              el("tr", {}, el("td", {}, cut(text)), el("td", {}, cut(label)))
            ),
          ),
        ),
      ),
      !isTagging && el(
        "p",
        { class: "labels" },
        el("b", {}, text.labels),
        ...labels.map(({ label, count: n }) =>
          el("span", { class: "chip" }, cut(label), ` ${count(n)}`)
        ),
      ),
      ...preview.warnings.map(({ message }) => el("p", { class: "note" }, text.warning(message))),
      preview.count > 0 && isTooFew && el("p", { class: "error" }, text.tooFew),
      problems.length > 0 && el(
        "section",
        { class: "problems" },
        el("h3", {}, text.problems(preview.problemCount)),
        el(
          "ul",
          {},
          ...problems.map(({ line, problem }) =>
            el("li", {}, el("b", {}, text.line(line)), `: ${problem}`)
          ),
          preview.problemCount > problems.length &&
            el("li", {}, text.more(preview.problemCount - problems.length)),
        ),
      ),
    );
    this.#use.disabled = preview.count === 0 || isTooFew;
  }

  #choices: Record<string, HTMLSelectElement> = {};

  #again(): void {
    const format = this.#choices[text.format].value as DataFormat;
    const isSame = format === this.#preview?.format;
    this.#read(this.#source!.blob, this.#source!.name, {
      format,
      textColumn: isSame ? this.#choices[text.text].value : undefined,
      labelColumn: isSame ? this.#choices[text.label]?.value : undefined,
    });
  }

  async #take(): Promise<void> {
    const preview = this.#preview!;
    this.root.close();
    await this.actions.use(preview);
  }
}

const MOST = 200; // characters of a text in the preview

function cut(text: string): string {
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text;
}
