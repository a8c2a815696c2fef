/**
 * The page's client of its tools: each job has a separate worker, which ends with the job.
 *
 * @module
 */
import type { ToolEvents, ToolRequests } from "./tools_protocol.ts";
import { words } from "./words.ts";
import { startWorker, WorkerClient } from "./worker_client.ts";

/** A running job. */
export interface Job<T> {
  /** The result; rejects if the job fails. */
  answer: Promise<T>;
  /** Ends the job; `answer` then never settles. */
  stop(): void;
}

/** Starts a job; `report` receives the number of rows predicted so far. */
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
