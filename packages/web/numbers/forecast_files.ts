/**
 * The files of a forecaster: open and save a model, save a report, and copy the command line.
 *
 * @module
 */
import { el, fileInput } from "../dom.ts";
import { download } from "../download.ts";
import { CopyDialog } from "../views/copy_dialog.ts";
import { startWorker, WorkerClient } from "../worker_client.ts";
import { forecast as words } from "../words/forecast.ts";
import { shared } from "../words/shared.ts";
import type { ForecastEvents, ForecastRequests } from "./forecast_protocol.ts";
import type { ReportEvents, ReportRequests } from "./report_worker.ts";

const text = words.files;

/** The parts of the page that the buttons need. */
export interface ForecastFileActions {
  engine(): WorkerClient<ForecastRequests, ForecastEvents>;
  open(file: File): void;
  /** The model was saved. */
  saved(name: string): void;
  /** Returns the command line; throws if a setting is invalid. */
  command(): { text: string; note?: string };
  problem(message: string): void;
}

/** The buttons, and a dialog for the command line. */
export class ForecastFiles {
  readonly root: HTMLElement;
  readonly dialog: HTMLElement;
  readonly #ofNetwork: HTMLButtonElement[];
  readonly #actions: ForecastFileActions;

  constructor(actions: ForecastFileActions) {
    this.#actions = actions;
    const copy = new CopyDialog();
    const file = fileInput(".safetensors", text.open, actions.open);
    const button = (name: "open" | "save" | "report" | "command", click: () => void) =>
      el("button", { type: "button", class: "small", "data-file": name, click }, text[name]);
    const save = button("save", () => this.#save()),
      report = button("report", () => this.#report());
    const command = button("command", () => {
      try {
        copy.show(text.commandTitle, actions.command());
      } catch (error) {
        actions.problem((error as Error).message);
      }
    });
    this.#ofNetwork = [save, report];
    this.enable(false);
    this.dialog = copy.root;
    this.root = el(
      "section",
      { class: "panel", "aria-labelledby": "forecast-files" },
      el("h2", { id: "forecast-files" }, text.title),
      el(
        "div",
        { class: "files" },
        save,
        button("open", () => file.click()),
        report,
        command,
        file,
      ),
    );
  }

  /** Enables the buttons that need a trained network. */
  enable(isEnabled: boolean): void {
    for (const button of this.#ofNetwork) button.disabled = !isEnabled;
  }

  async #save(): Promise<void> {
    const bytes = await this.#actions.engine().send("save", {});
    if (!bytes) return;
    download(new Blob([bytes]), text.modelName);
    this.#actions.saved(text.modelName);
  }

  async #report(): Promise<void> {
    const data = await this.#actions.engine().send("report", {});
    if (!data) return;
    const worker = startWorker("./report_worker.js");
    const reports = new WorkerClient<ReportRequests, ReportEvents>(worker, shared.problems.worker);
    reports.on("problem", ({ message }) => this.#actions.problem(message));
    const html = await reports.send("html", data);
    worker.terminate();
    if (html) download(new Blob([html], { type: "text/html" }), text.reportName);
  }
}
