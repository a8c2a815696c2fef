/**
 * The page's side of its tools: each job has a worker of its own, which ends with it.
 *
 * @module
 */
import type { ToolEvents, ToolRequests } from "./tools_protocol.ts";
import { words } from "./words.ts";
import { startWorker, WorkerClient } from "./worker_client.ts";

/** A job under way. */
export interface Job<T> {
  /** What it gives; it fails where the job does. */
  answer: Promise<T>;
  /** Ends it; then there is no answer. */
  stop(): void;
}

/** Starts a job; `report` hears how many rows are predicted. */
export function startJob<K extends keyof ToolRequests>(
  ask: K,
  given: ToolRequests[K][0],
  report?: (count: number) => void,
): Job<ToolRequests[K][1]> {
  const worker = startWorker("./tools_worker.js");
  const client = new WorkerClient<ToolRequests, ToolEvents>(worker, words.problems.worker);
  if (report) client.on("predicted", ({ count }) => report(count));
  const stop = () => worker.terminate();
  return { answer: client.ask(ask, given).finally(stop), stop };
}
