/**
 * A model as an HTTP service.
 *
 * @module
 */
import { type Backend, createPredictor, type Model, type Predictor, printable } from "@unroll/core";
import { type JsonObject, MAX_BATCH, type Serving } from "../tasks/serving.ts";
import { taskOf } from "../tasks/tasks.ts";
import { type Batched, createBatcher, createLock } from "./batcher.ts";
import { readObject } from "./body.ts";
import { describeModel } from "./about.ts";
import { generateOptions, type GenerationEnd, generationEvents } from "./generation.ts";
import { requireHost } from "./hosts.ts";
import { DEFAULT_LIMITS, type ServeLimits } from "./limits.ts";
import { questionIn } from "./question.ts";
import { busy, CLOSING, Refusal, refusalOf } from "./refusal.ts";
import { createTurns } from "./turns.ts";

/** A log record of a request and its response, without the texts. */
export interface RequestRecord {
  /** Time of arrival, as ISO 8601. */
  time: string;
  /** HTTP method. */
  method: string;
  /** Path of the URL. */
  path: string;
  /** Status of the response. */
  status: number;
  /** Duration in milliseconds, until the last event for a generated text. */
  ms: number;
  /** Size of the body, in bytes. */
  bytes?: number;
  /** Number of texts or series. */
  items?: number;
  /** Number of requests computed in the same batch, itself included. */
  batch?: number;
  /** Number of generated units. */
  generated?: number;
  /** Why a generated text ended. */
  end?: GenerationEnd;
  /** The error, if the service itself failed. */
  error?: string;
}

/** Settings of {@linkcode createService}. */
export interface ServiceOptions {
  /** The name of the model in `GET /model`. Default: `"model"`. */
  name?: string;
  /** Limits; those left out are {@linkcode DEFAULT_LIMITS}. */
  limits?: Partial<ServeLimits>;
  /**
   * The host names that requests may have in their `Host` header, without ports: for a service that
   * only this machine uses, so that no web page can reach it under its own name. Default: any.
   */
  hosts?: readonly string[];
  /** Called at the end of each request. Default: does nothing. */
  onRequest?: (record: RequestRecord) => void;
}

/** A model as a service. */
export interface Service {
  /** Answers a request. */
  fetch(request: Request): Promise<Response>;
  /**
   * Ends the service: refuses new requests, waits for pending ones, then frees the weights on the
   * device.
   *
   * @param seconds Maximum waiting time in seconds. Default: 10.
   */
  close(seconds?: number): Promise<void>;
}

type Method = "GET" | "POST";
type Handler = (request: Request, call: Call) => Response | Promise<Response>;

/** A pending request. */
interface Call {
  /** The log record. */
  record: RequestRecord;
  /** Ends the request; an error is a failure of the service. */
  finish(error?: unknown): void;
}

const HEADERS = {
  "content-type": "application/json; charset=utf-8",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};
const MAX_PATH = 200, MAX_ERROR = 500; // columns in a record

/**
 * Creates a service for a model: an object with `fetch`, for `Deno.serve`, `deno serve` and Deno
 * Deploy.
 *
 * - `POST /predict` with `{"text": …}` or `{"texts": […]}`, or for a model that reads numbers
 *   `{"series": …}`: one prediction, or `{"predictions": […]}`
 * - `POST /generate` with the options of `generate()`: the text as server-sent events
 * - `GET /health`, `GET /model`
 *
 * @throws {InputError} If the model's task is unknown.
 *
 * @example
 * ```ts
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { createModel } from "@unroll/core";
 * import { createService } from "@unroll/cli/serve";
 * import { assertEquals } from "@std/assert";
 *
 * const model = createModel([{ text: "good", label: "up" }, { text: "bad", label: "down" }]);
 * const service = createService(createCpuBackend(), model);
 * const response = await service.fetch(
 *   new Request("http://127.0.0.1/predict", {
 *     method: "POST",
 *     headers: { "content-type": "application/json" },
 *     body: JSON.stringify({ text: "good" }),
 *   }),
 * );
 * const { probabilities } = await response.json();
 * assertEquals([response.status, Object.keys(probabilities)], [200, ["down", "up"]]);
 * await service.close();
 * ```
 */
export function createService(
  backend: Backend,
  model: Model,
  { name = "model", limits: given = {}, hosts, onRequest = () => {} }: ServiceOptions = {},
): Service {
  const limits: ServeLimits = { ...DEFAULT_LIMITS, ...given };
  const task = taskOf(model), serving: Serving<Model> | undefined = task.serve;
  const predictor = createPredictor<Model>(backend, model) as Predictor<Model>;
  const lock = createLock(), { turn, stop: stopTurns } = createTurns();
  const stopped = new AbortController();
  const reading = new Set<symbol>();
  const underWay = new Set<symbol>();
  let isClosing = false, streams = 0, onIdle = () => {};

  const batcher = serving && createBatcher({
    compute: (asked, options) => serving.answer(predictor, asked, options),
    sizeOf: serving.sizeOf,
    batch: serving.batch ?? (() => MAX_BATCH),
    arriving: () => reading.size,
    ...{ turn, lock, queue: limits.queue, timeout: limits.timeout },
  });

  const read = async (request: Request, record: RequestRecord): Promise<JsonObject> => {
    if (isClosing) throw busy(CLOSING);
    const own = Symbol();
    reading.add(own);
    // A batch does not wait for a slow body.
    const timer = setTimeout(() => reading.delete(own), 5);
    try {
      const { value, bytes } = await readObject(request, limits);
      record.bytes = bytes;
      return value;
    } finally {
      clearTimeout(timer);
      reading.delete(own);
    }
  };

  const predict: Handler = async (request, { record }) => {
    if (!serving || !batcher) {
      throw new Refusal(404, "this model generates text: use POST /generate");
    }
    const value = await read(request, record);
    const { asked, options, isOne } = questionIn(serving, model, value, limits);
    record.items = asked.length;
    const { answers, batch }: Batched = await batcher.ask(asked, options);
    record.batch = batch;
    if (!isOne) return json(200, { predictions: answers });
    const [answer] = answers;
    return answer.error === undefined ? json(200, answer) : json(422, { error: answer.error });
  };

  const generate: Handler = async (request, { record, finish }) => {
    if (!task.generate) throw new Refusal(404, "this model makes predictions: use POST /predict");
    const options = generateOptions(await read(request, record), model as never, limits);
    if (streams >= limits.streams) throw busy(`${streams} texts are already being generated`);
    streams++;
    const own = Symbol();
    underWay.add(own);
    const onEnd = (end: GenerationEnd, count: number, error?: unknown) => {
      streams--;
      leave(own);
      if (record.status !== 200) return; // it never started
      Object.assign(record, { end, generated: count });
      finish(error);
    };
    const events = await generationEvents(task.generate(backend, model, options), {
      ...{ lock, turn, timeout: limits.timeout, signal: stopped.signal, onEnd },
    });
    record.status = 200;
    return new Response(events, {
      headers: {
        ...HEADERS,
        "content-type": "text/event-stream",
        "cache-control": "no-store, no-transform", // compression would hold events back
      },
    });
  };

  const routes: Record<string, { method: Method; handle: Handler }> = {
    "/health": {
      method: "GET",
      handle: () => isClosing ? json(503, { status: "stopping" }) : json(200, { status: "ok" }),
    },
    "/model": { method: "GET", handle: () => json(200, describeModel(name, model, limits)) },
    "/predict": { method: "POST", handle: predict },
    "/generate": { method: "POST", handle: generate },
  };

  const leave = (own: symbol) => {
    underWay.delete(own);
    if (underWay.size === 0) onIdle();
  };

  const begin = (method: string): Call => {
    const begun = performance.now(), time = new Date().toISOString();
    const record: RequestRecord = { time, method, path: "", status: 500, ms: 0 };
    return {
      record,
      finish(error) {
        record.ms = Math.round(1000 * (performance.now() - begun)) / 1000;
        if (error !== undefined) record.error = printable(String(error), MAX_ERROR);
        onRequest(record);
      },
    };
  };

  return {
    async fetch(request) {
      const own = Symbol();
      underWay.add(own);
      const { method, url } = request;
      const call = begin(method), { record } = call;
      let response: Response, failure: unknown;
      try {
        const path = pathOf(url);
        record.path = printable(path, MAX_PATH);
        requireHost(request, hosts);
        const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
        if (!route) {
          throw new Refusal(
            404,
            `there is no such path; the paths are ${Object.keys(routes).join(", ")}`,
          );
        }
        const allowed = route.method === "GET" ? "GET, HEAD" : route.method;
        if (!allowed.split(", ").includes(method)) {
          throw new Refusal(405, `expected ${allowed}, got ${method}`, { allow: allowed });
        }
        response = await route.handle(request, call);
      } catch (error) {
        const { status, message, headers } = refusalOf(error);
        if (status === 500) failure = error;
        response = json(status, { error: message }, headers);
      }
      record.status = response.status;
      leave(own);
      const isStream = response.headers.get("content-type") === "text/event-stream";
      if (!isStream) call.finish(failure);
      return method === "HEAD" ? new Response(null, response) : response;
    },
    async close(seconds = 10) {
      isClosing = true;
      if (underWay.size > 0) {
        const { promise: idle, resolve } = Promise.withResolvers<void>();
        onIdle = resolve;
        const timer = setTimeout(resolve, 1000 * seconds);
        await idle;
        clearTimeout(timer);
      }
      stopped.abort();
      batcher?.close();
      await lock(() => Promise.resolve()); // waits for computations, and for freeing afterwards
      predictor.close();
      stopTurns();
    },
  };
}

/**
 * Returns the path of a request's URL.
 *
 * @throws {Refusal} If the URL is invalid (status 400).
 */
function pathOf(url: string): string {
  try {
    return new URL(url).pathname;
  } catch {
    throw new Refusal(400, "the URL is invalid; correct the path or the Host header");
  }
}

function json(status: number, value: unknown, headers: Record<string, string> = {}): Response {
  return new Response(`${JSON.stringify(value)}\n`, {
    status,
    headers: { ...HEADERS, ...headers },
  });
}
