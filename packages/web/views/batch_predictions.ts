/**
 * The dialog for new texts, as a list or a file, and the network's predictions for them.
 *
 * @module
 */
import { labelClass } from "../colors.ts";
import { download } from "../download.ts";
import { el, fill, freshId, say } from "../dom.ts";
import type { NamedBlob } from "../data_protocol.ts";
import type { Job } from "../tool_jobs.ts";
import type { BatchPredictions, NewTexts, PredictedRow } from "../tools_protocol.ts";
import { count, percent } from "../words/numbers.ts";
import { tools } from "../words/tools.ts";

const text = tools.batch;

/** What the dialog asks the page to do. */
export interface BatchActions {
  /** Starts predicting. */
  predict(
    given: Pick<NewTexts, "list" | "file" | "textColumn">,
    report: (count: number) => void,
  ): Promise<Job<BatchPredictions> | undefined>;
}

/** The dialog. */
export class BatchView {
  readonly root: HTMLDialogElement;
  #labels: readonly string[] = [];
  #given: Pick<NewTexts, "list" | "file" | "textColumn"> = {};
  #job: Job<BatchPredictions> | undefined;
  #asked = 0; // counts the requests, to ignore answers to an earlier one
  readonly #paste: HTMLTextAreaElement;
  readonly #file: HTMLInputElement;
  readonly #said = el("span", { role: "status" });
  readonly #progress: HTMLElement;
  readonly #error = el("p", { class: "error", role: "alert", hidden: true });
  readonly #found = el("div", { class: "found predicted" });

  constructor(readonly actions: BatchActions) {
    const titleId = freshId(), pasteId = freshId(), fileId = freshId();
    const button = (label: string, click: () => void, type = "small") =>
      el("button", { type: "button", class: type, click }, label);
    this.#paste = el("textarea", {
      id: pasteId,
      rows: 5,
      spellcheck: "false",
      placeholder: text.placeholder,
    });
    this.#file = el("input", {
      id: fileId,
      type: "file",
      accept: ".csv,.tsv,.txt,.json,.jsonl,.ndjson",
      change: () => {
        const [source] = this.#file.files ?? [];
        if (source) this.#takeFile({ source, name: source.name });
        this.#file.value = ""; // so that the same file can be chosen again after a correction
      },
    });
    this.#progress = el(
      "p",
      { class: "progress", hidden: true },
      this.#said,
      el("progress", { "aria-label": text.title }),
      button(text.cancel, () => this.#cancel()),
    );
    this.root = el(
      "dialog",
      { class: "batch", "aria-labelledby": titleId, close: () => this.#cancel() },
      el("h2", { id: titleId }, text.title),
      el("p", { class: "lede" }, text.lede),
      el("label", { for: pasteId }, text.paste),
      this.#paste,
      el(
        "p",
        { class: "ends" },
        button(text.predict, () => this.#takeList(), "primary"),
        el("label", { for: fileId }, text.file),
        this.#file,
      ),
      this.#progress,
      this.#error,
      this.#found,
      el("p", { class: "ends" }, button(text.close, () => this.root.close())),
    );
    this.root.addEventListener("drop", (event) => {
      const [source] = event.dataTransfer?.files ?? [];
      if (!source) return;
      event.preventDefault();
      event.stopPropagation();
      this.#takeFile({ source, name: source.name });
    });
  }

  /** Opens the dialog for a network with these labels. */
  open(labels: readonly string[]): void {
    this.#labels = labels;
    this.#error.hidden = true;
    fill(this.#found); // they may be of another network
    this.root.showModal();
  }

  #takeList(): void {
    this.#given = { list: this.#paste.value };
    if (this.#paste.value.trim() === "") this.#fail(text.empty);
    else this.#predict();
  }

  #takeFile(file: NamedBlob): void {
    this.#given = { file };
    this.#predict();
  }

  async #predict(): Promise<void> {
    this.#cancel();
    const asked = ++this.#asked;
    this.#error.hidden = true;
    fill(this.#found);
    this.#progress.hidden = false;
    say(this.#said, text.running(0));
    const report = (count: number) => {
      if (asked === this.#asked) say(this.#said, text.running(count));
    };
    try {
      const job = await this.actions.predict(this.#given, report);
      if (asked !== this.#asked) return job?.stop();
      this.#job = job;
      const found = await job?.answer;
      if (found && asked === this.#asked) this.#show(found);
    } catch (error) {
      if (asked === this.#asked) this.#fail((error as Error).message);
    }
    if (asked === this.#asked) this.#progress.hidden = true;
  }

  #cancel(): void {
    this.#asked++;
    this.#job?.stop();
    this.#job = undefined;
    this.#progress.hidden = true;
  }

  #fail(message: string): void {
    fill(this.#found);
    this.#error.hidden = false;
    say(this.#error, message);
  }

  #show(found: BatchPredictions): void {
    const { labels, leftOut, reading, columns, shown } = found;
    const title = text.first(shown.length);
    fill(
      this.#found,
      reading !== undefined && el("p", { class: "note" }, reading),
      columns.length > 1 && this.#columnChoice(found),
      el("p", { role: "status" }, text.done(found.count, found.unknown, found.empty)),
      labels.length > 0 && el(
        "p",
        { class: "labels" },
        el("b", {}, text.labels),
        ...labels.map(({ label, count: n }) =>
          el("span", { class: `chip ${this.#classOf(label)}` }, label, ` ${count(n)}`)
        ),
      ),
      leftOut.count > 0 && el(
        "section",
        { class: "problems" },
        el("h3", {}, text.leftOut(leftOut.count)),
        el("ul", {}, ...leftOut.problems.map((problem) => el("li", {}, problem))),
      ),
      el(
        "p",
        { class: "ends" },
        el("button", {
          type: "button",
          class: "primary",
          "data-act": "download",
          click: () => download(found.file, text.fileName),
        }, text.download),
      ),
      el("h3", {}, title),
      el(
        "div",
        { class: "scroll", tabindex: 0, role: "region", "aria-label": title },
        this.#table(found),
      ),
    );
  }

  #classOf(label: string): string {
    const id = this.#labels.indexOf(label);
    return id < 0 ? "" : labelClass(id, label);
  }

  #columnChoice({ columns, textColumn }: BatchPredictions): HTMLElement {
    const id = freshId();
    const select = el(
      "select",
      {
        id,
        "data-field": "newTextColumn",
        change: () => {
          this.#given = { ...this.#given, textColumn: select.value };
          this.#predict();
        },
      },
      ...columns.map((value) => el("option", { value, selected: value === textColumn }, value)),
    );
    return el("p", {}, el("label", { for: id }, text.column), " ", select);
  }

  #table({ names, shown }: BatchPredictions): HTMLElement {
    const heads = ["text", ...names, "unknown"];
    return el(
      "table",
      {},
      el(
        "thead",
        {},
        el("tr", {}, ...heads.map((name) => el("th", { scope: "col" }, text.names[name]))),
      ),
      el("tbody", {}, ...shown.map((row) => this.#row(row, names))),
    );
  }

  #row({ text: own, values, unknown, problem }: PredictedRow, names: readonly string[]) {
    const cells = values
      ? values.map((value) =>
        typeof value === "number"
          ? el("td", { class: "figure" }, percent(value))
          : el("td", {}, el("span", { class: `says ${this.#classOf(value)}` }, value))
      )
      : [el("td", { colspan: names.length, class: "note" }, problem ?? text.noAnswer)];
    return el("tr", {}, el("td", {}, own), ...cells, el("td", {}, unknown.join(", ")));
  }
}
