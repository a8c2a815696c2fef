/**
 * Workers from source text: the host's own, or on Node.js those of `node:worker_threads`; neither
 * needs a file.
 *
 * @module
 */

/** A started worker. */
export interface Started {
  /** Posts a message to it. */
  postMessage(message: unknown): void;
  /** Ends it. */
  terminate(): void;
}

/** The parts of a Node.js worker that are used here. */
interface NodeWorker extends Started {
  unref(): void;
}

interface NodeWorkers {
  Worker: new (text: string, options: { eval: true }) => NodeWorker;
}

/** Defines what a web worker has and a Node.js worker lacks. */
const NODE_PRELUDE = `const { parentPort } = require("node:worker_threads");
const postMessage = (message) => parentPort.postMessage(message), close = () => process.exit();
let onmessage;
parentPort.on("message", (data) => onmessage({ data }));
`;

function nodeWorkers(): NodeWorkers | undefined {
  const host = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  return host.process?.getBuiltinModule?.("node:worker_threads") as NodeWorkers | undefined;
}

/** Whether workers are available. */
export function hasWorkers(): boolean {
  return typeof Worker !== "undefined" || nodeWorkers() !== undefined;
}

/** Starts a program, which uses `onmessage`, `postMessage` and `close`. */
export function startWorker(program: string): Started {
  if (typeof Worker === "undefined") {
    const worker = new (nodeWorkers()!.Worker)(NODE_PRELUDE + program, { eval: true });
    worker.unref(); // does not keep the process alive
    return worker;
  }
  // A worker from a blob: URL needs no file and no permission.
  const url = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module" });
  // The worker reads its program some time after it is created, and reports that.
  worker.onmessage = worker.onerror = () => URL.revokeObjectURL(url);
  return {
    postMessage: (message) => worker.postMessage(message),
    terminate() {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
}
