/**
 * The uses of a network: predictions for new texts, and a report of its run.
 *
 * @module
 */
import { el } from "../dom.ts";
import { tools } from "../words/tools.ts";

const text = tools.use;

/** What the buttons ask the page to do. */
export interface UseActions {
  predict(): void;
  report(): void;
}

/** The buttons. */
export class UseView {
  readonly root: HTMLElement;
  /** A link to the buttons, to be shown next to the results. */
  readonly link: HTMLElement;
  readonly #predict: HTMLButtonElement;
  readonly #report: HTMLButtonElement;

  constructor(actions: UseActions) {
    const button = (name: "predict" | "report") =>
      el(
        "button",
        { type: "button", class: "small", "data-use": name, click: () => actions[name]() },
        text[name],
      );
    this.#predict = button("predict");
    this.#report = button("report");
    this.root = el(
      "section",
      { class: "use", "aria-labelledby": "use" },
      el("h2", { id: "use" }, text.title),
      el("p", { class: "lede" }, text.lede),
      el("p", { class: "ends" }, this.#predict, this.#report),
    );
    this.link = el(
      "p",
      { class: "note" },
      el(
        "button",
        { type: "button", class: "link", "data-act": "use", click: () => this.#go() },
        text.title,
      ),
    );
  }

  /** Shows the buttons that apply. */
  show({ canPredict, canReport }: { canPredict: boolean; canReport: boolean }): void {
    this.#predict.hidden = !canPredict;
    this.#report.hidden = !canReport;
    this.root.hidden = this.link.hidden = !canPredict && !canReport;
  }

  #go(): void {
    this.root.scrollIntoView({ block: "center" });
    (this.#predict.hidden ? this.#report : this.#predict).focus({ preventScroll: true });
  }
}
