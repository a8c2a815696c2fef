/**
 * The tab of gestures.
 *
 * @module
 */
import { el } from "../dom.ts";
import { startWorker, WorkerClient } from "../worker_client.ts";
import { shared } from "../words/shared.ts";
import { gestures as text } from "../words/gestures.ts";
import type { GestureEvents, GestureRequests } from "./gestures_protocol.ts";
import type { Tab } from "./protocol.ts";

/** The tab. */
export function gesturesTab(): Tab {
  let engine: WorkerClient<GestureRequests, GestureEvents> | undefined;
  const root = el("section", {}, el("h2", {}, text.title), el("p", { class: "lede" }, text.lede));
  return {
    root,
    show() {
      engine ??= new WorkerClient(
        startWorker("./numbers_worker.js", "gestures"),
        shared.problems.worker,
      );
    },
    drop: () => {},
  };
}
