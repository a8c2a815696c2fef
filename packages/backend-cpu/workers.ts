/**
 * Workers of a program's text: the host's own, or on Node.js those of `node:worker_threads`, which
 * ask for no file either.
 *
 * @module
 */

/** A worker that has been started. */
export interface Started {
  /** Sends it its message. */
  postMessage(message: unknown): void;
  /** Ends it. */
  terminate(): void;
}

/** A worker of Node.js, as far as it is used. */
interface NodeWorker extends Started {
  unref(): void;
}

interface NodeWorkers {
  Worker: new (text: string, options: { eval: true }) => NodeWorker;
}

/** What a worker of the web has and one of Node.js has not. */
const NODE_PRELUDE = `const { parentPort } = require("node:worker_threads");
const postMessage = (message) => parentPort.postMessage(message), close = () => process.exit();
let onmessage;
parentPort.on("message", (data) => onmessage({ data }));
`;

function nodeWorkers(): NodeWorkers | undefined {
  const host = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  return host.process?.getBuiltinModule?.("node:worker_threads") as NodeWorkers | undefined;
}

/** Whether there can be workers. */
export function hasWorkers(): boolean {
  return typeof Worker !== "undefined" || nodeWorkers() !== undefined;
}

/** Starts a program, which has `onmessage`, `postMessage` and `close`. */
export function startWorker(program: string): Started {
  if (typeof Worker === "undefined") {
    const worker = new (nodeWorkers()!.Worker)(NODE_PRELUDE + program, { eval: true });
    worker.unref(); // it keeps no program alive
    return worker;
  }
  // A worker from a blob: URL needs no file and no permission.
  const url = URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module" });
  // It reads its program some time after it is made, and says so.
  worker.onmessage = worker.onerror = () => URL.revokeObjectURL(url);
  return {
    postMessage: (message) => worker.postMessage(message),
    terminate() {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
}
