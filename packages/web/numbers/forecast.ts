/**
 * The tab of forecast.
 *
 * @module
 */
import { el } from "../dom.ts";
import { startWorker, WorkerClient } from "../worker_client.ts";
import { shared } from "../words/shared.ts";
import { forecast as text } from "../words/forecast.ts";
import type { ForecastEvents, ForecastRequests } from "./forecast_protocol.ts";
import type { Tab } from "./protocol.ts";

/** The tab. */
export function forecastTab(): Tab {
  let engine: WorkerClient<ForecastRequests, ForecastEvents> | undefined;
  const root = el("section", {}, el("h2", {}, text.title), el("p", { class: "lede" }, text.lede));
  return {
    root,
    show() {
      engine ??= new WorkerClient(
        startWorker("./numbers_worker.js", "forecast"),
        shared.problems.worker,
      );
    },
    drop: () => {},
  };
}
