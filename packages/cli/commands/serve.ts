/**
 * `deno task serve`
 *
 * @module
 */
import { InputError, type Model } from "@unroll/core";
import { BACKEND_FLAGS, createBackend } from "../backends.ts";
import { FileError } from "../files/file_errors.ts";
import { loadModel } from "../files/files.ts";
import { splitPath } from "../files/paths.ts";
import { type Command, file, inGroups, text, toggle, type Values } from "../flags/flags.ts";
import { integer, positive } from "../flags/number_flags.ts";
import { THRESHOLD_FLAG } from "../flags/run_flags.ts";
import { printable, printJson, warn } from "../output/terminal.ts";
import { hearSignals } from "../run/signals.ts";
import { isLoopback, LOOPBACK } from "../serve/hosts.ts";
import { DEFAULT_LIMITS } from "../serve/limits.ts";
import { createService, type RequestRecord } from "../serve/service.ts";
import { adjustedModel, taskOf } from "../tasks/tasks.ts";

const GRACE = 10; // seconds for pending requests when the server shuts down
const MAX_PORT = 65_535;

const flags = {
  "model": file("trained model", "model.safetensors"),
  "host": text(
    "ADDRESS",
    "address to listen on; 0.0.0.0: all network interfaces of this machine",
    "127.0.0.1",
  ),
  "port": integer("port to listen on; 0: any free port", 8080, 0),
  "max-body": integer("maximum size of a request, in bytes", DEFAULT_LIMITS.body, 1),
  "max-items": integer("maximum number of texts or series in a request", DEFAULT_LIMITS.items, 1),
  "max-length": integer(
    "maximum length of a text in characters, or of a series in rows",
    DEFAULT_LIMITS.length,
    1,
  ),
  "max-generated": integer(
    "maximum number of units to generate for a request",
    DEFAULT_LIMITS.generated,
    1,
  ),
  "max-queue": integer("maximum number of waiting requests", DEFAULT_LIMITS.queue, 1),
  "max-streams": integer(
    "maximum number of texts that are generated at the same time",
    DEFAULT_LIMITS.streams,
    1,
  ),
  "timeout": positive(
    "seconds that a client may take to send a request or read an event, and that a request may wait",
    DEFAULT_LIMITS.timeout,
  ),
  "threshold": { ...THRESHOLD_FLAG.threshold, shown: "the model's" },
  ...BACKEND_FLAGS,
  "no-log": toggle("do not print a line of JSON for each request"),
};

/** `deno task serve` */
export const serveCommand: Command<typeof flags> = {
  name: "serve",
  summary: "Serves a trained model over HTTP: POST /predict or /generate, GET /model, GET /health.",
  flags,
  groups: inGroups(flags, {
    Address: ["model", "host", "port"],
    Backend: Object.keys(BACKEND_FLAGS),
    Output: ["threshold", "no-log"],
  }, "Limits"),
  examples: [
    "serve --model model.safetensors --port 8080",
    "serve --host 0.0.0.0 --max-items 16 --timeout 5",
    "serve --model book.safetensors --max-streams 4",
  ],
  async run(settings) {
    const { model: path, host, port } = settings;
    if (port > MAX_PORT) throw new InputError(`--port: expected at most ${MAX_PORT}, got ${port}`);
    const model: Model = adjustedModel(await loadModel(path), settings);
    const backend = await createBackend(settings);
    const service = createService(backend, model, {
      name: splitPath(path).name, // without the folders of this machine
      limits: {
        body: settings["max-body"],
        items: settings["max-items"],
        length: settings["max-length"],
        generated: settings["max-generated"],
        queue: settings["max-queue"],
        streams: settings["max-streams"],
        timeout: settings.timeout,
      },
      hosts: isLoopback(host) ? LOOPBACK : undefined,
      onRequest: settings["no-log"] ? undefined : logger(),
    });
    const server = listen(settings, service.fetch);
    const { hostname, port: own } = server.addr;
    const at = hostname.includes(":") ? `[${hostname}]` : hostname;
    const way = taskOf(model).serve ? "predict" : "generate";
    warn(`Serving ${printable(path)} at http://${at}:${own}/${way}. Ctrl-C stops it.`);
    const heard = hearSignals(() => {});
    if (!heard.signal.aborted) {
      await new Promise((resolve) => heard.signal.addEventListener("abort", resolve));
    }
    warn("Shutting down: new requests are refused; pending ones are answered.");
    const isEnded = server.shutdown();
    await service.close(GRACE);
    let timer: ReturnType<typeof setTimeout> | undefined;
    await Promise.race([isEnded, new Promise((done) => timer = setTimeout(done, 1000))]);
    clearTimeout(timer);
    heard.end();
    backend.dispose();
    return 0;
  },
};

/** Starts the server at the address that the flags give. */
function listen(
  { host, port }: Pick<Values<typeof flags>, "host" | "port">,
  handle: (request: Request) => Promise<Response>,
): Deno.HttpServer<Deno.NetAddr> {
  const hostname = host.replace(/^\[(.*)\]$/, "$1");
  try {
    return Deno.serve({ hostname, port, onListen() {} }, handle);
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      throw new FileError(`--port: ${port} is already in use; choose another, or 0 for any`);
    }
    if (error instanceof Deno.errors.NotCapable) {
      throw new FileError(`--host: listening needs --allow-net, which deno task serve passes`);
    }
    const reason = (error as Error).message.replace(/ \(os error \d+\)$/, "");
    throw new FileError(`--host ${printable(host)} --port ${port}: ${reason}`, { cause: error });
  }
}

/** Returns a function that prints a line of JSON for each request, until standard output closes. */
function logger(): (record: RequestRecord) => void {
  let isRead = true;
  return (record) => {
    if (!isRead) return;
    try {
      printJson(record);
    } catch (error) {
      isRead = false;
      warn(`The log can no longer be written: ${printable((error as Error).message)}`);
    }
  };
}
