/**
 * The page's tools: predictions for a list or file of texts, the linear baseline, and the report.
 *
 * @module
 */
import { download } from "./download.ts";
import type { Engine } from "./engine.ts";
import { later } from "./later.ts";
import type { Ready, Status } from "./run_protocol.ts";
import { taskOf } from "./tasks/tasks.ts";
import { startJob } from "./tool_jobs.ts";
import { BaselineView } from "./views/baseline.ts";
import type { BatchView } from "./views/batch_predictions.ts";
import type { Notices } from "./views/notices.ts";
import { UseView } from "./views/use.ts";
import { tools as words } from "./words/tools.ts";

/** The tools. */
export class Toolbox {
  readonly use: UseView;
  readonly baseline: BaselineView;
  #ready: Ready | undefined;
  #batch: Promise<BatchView> | undefined; // set on first use

  constructor(readonly engine: Engine, readonly notices: Notices) {
    this.use = new UseView({
      predict: () => this.#predict(),
      report: () => this.#report(),
    });
    this.baseline = new BaselineView(async () =>
      startJob("baseline", await engine.ask("exportRun", {}))
    );
    engine.on("ready", (ready) => this.#show(ready));
    engine.on("status", (status) => this.#follow(status));
  }

  #show(ready: Ready): void {
    this.#ready = ready;
    const { answers, hasBaseline } = taskOf(ready.settings), { train } = ready.counts;
    this.use.show({ canPredict: answers !== undefined, canReport: train > 0 });
    this.baseline.offer(hasBaseline && train > 0);
  }

  /** Compares with the baseline once training on the visitor's own data begins. */
  #follow({ phase }: Status): void {
    if (phase === "running" && this.#ready?.settings.set === "own") this.baseline.compare();
  }

  async #predict(): Promise<void> {
    this.#batch ??= this.#loadBatch();
    try {
      (await this.#batch).open(this.#ready!.labels);
    } catch (error) {
      this.#batch = undefined;
      this.notices.problem((error as Error).message);
    }
  }

  async #loadBatch(): Promise<BatchView> {
    const { engine } = this;
    const { BatchView } = await later.views();
    const view = new BatchView({
      async predict(given, report) {
        const { model, task } = await engine.ask("exportRun", {});
        return startJob("predict", { ...given, model, task }, report);
      },
    });
    document.body.append(view.root);
    return view;
  }

  async #report(): Promise<void> {
    const { engine, notices } = this;
    notices.inform(words.use.making);
    try {
      const html = await startJob("report", await engine.ask("exportRun", {})).answer;
      download(new Blob([html], { type: "text/html" }), words.use.reportName);
      notices.inform(words.use.saved(words.use.reportName));
    } catch (error) {
      notices.inform();
      notices.problem((error as Error).message);
    }
  }
}
