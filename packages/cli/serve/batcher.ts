/**
 * A queue of requests: requests that arrive together are computed in one batch, which costs little
 * more than a single text.
 *
 * @module
 */
import { InputError } from "@unroll/core";
import type { JsonAnswer, JsonObject } from "../tasks/serving.ts";
import { busy, CLOSING } from "./refusal.ts";

const MAX_SIZE = 20_000; // characters or rows in a batch, unless one alone has more
const PATIENCE = 2; // milliseconds that a batch waits for requests that are arriving

/** Runs one computation at a time, in the order of the calls. */
export type Lock = <T>(compute: () => Promise<T>) => Promise<T>;

/** Creates a lock. */
export function createLock(): Lock {
  let last: Promise<unknown> = Promise.resolve();
  return (compute) => {
    const own = last.then(compute);
    last = own.catch(() => {});
    return own;
  };
}

/** Options of {@linkcode createBatcher}. */
export interface BatcherOptions<Asked> {
  /** Computes the predictions for inputs with the same options, one for each. */
  compute(asked: readonly Asked[], options: JsonObject): Promise<JsonAnswer[]>;
  /** Returns the size of an input: characters or rows. */
  sizeOf(asked: Asked): number;
  /** Returns the maximum batch size for options. */
  batch(options: JsonObject): number;
  /** Returns the number of requests whose bodies are being read. */
  arriving(): number;
  /** Resolves after one turn of the event loop. */
  turn(): Promise<void>;
  /** Allows one computation at a time. */
  lock: Lock;
  /** Maximum number of waiting requests. */
  queue: number;
  /** Seconds that a request may wait. */
  timeout: number;
}

/** The predictions for a request. */
export interface Batched {
  /** One prediction for each input. */
  answers: JsonAnswer[];
  /** The most requests in a batch with a part of this request, itself included. */
  batch: number;
}

/** Computes the predictions for requests in batches. */
export interface Batcher<Asked> {
  /**
   * Computes the predictions for a request.
   *
   * @throws {Refusal} If too many requests wait, or it has waited too long.
   * @throws {InputError} If an input is invalid.
   */
  ask(asked: readonly Asked[], options: JsonObject): Promise<Batched>;
  /** Refuses all waiting requests. */
  close(): void;
}

/** A part of a request that is computed in one batch. */
interface Unit<Asked> {
  asked: Asked[];
  size: number;
  /** The options of the request. */
  options: JsonObject;
  /** The options as a text, to compare them. */
  key: string;
  since: number;
  resolve(batched: Batched): void;
  reject(error: unknown): void;
}

/** Creates a batcher. */
export function createBatcher<Asked>(
  { compute, sizeOf, batch: batchOf, arriving, turn, lock, queue, timeout }: BatcherOptions<Asked>,
): Batcher<Asked> {
  let units: Unit<Asked>[] = [];
  let requests = 0, isRunning = false, isClosed = false, lastBatch = 1;

  /** Removes the first unit from the queue, and units with the same options that fit with it. */
  const take = (): Unit<Asked>[] => {
    const taken: Unit<Asked>[] = [], left: Unit<Asked>[] = [];
    let items = 0, size = 0;
    const now = performance.now();
    for (const unit of units) {
      if (now - unit.since > 1000 * timeout) {
        unit.reject(busy(`the request has waited for ${timeout} seconds`));
      } else if (
        taken.length === 0 ||
        unit.key === taken[0].key && items + unit.asked.length <= batchOf(unit.options) &&
          size + unit.size <= MAX_SIZE
      ) {
        taken.push(unit);
        items += unit.asked.length;
        size += unit.size;
      } else left.push(unit);
    }
    units = left;
    return taken;
  };

  const computeBatch = async (batch: readonly Unit<Asked>[]) => {
    try {
      const answers = await compute(batch.flatMap(({ asked }) => asked), batch[0].options);
      let at = 0;
      for (const { asked, resolve } of batch) {
        resolve({ answers: answers.slice(at, at += asked.length), batch: batch.length });
      }
    } catch (error) {
      if (batch.length === 1 || !(error instanceof InputError)) {
        for (const { reject } of batch) reject(error);
        return;
      }
      // One of the units is invalid: the others still get their predictions.
      for (const unit of batch) await computeBatch([unit]);
    }
  };

  const run = async () => {
    isRunning = true;
    while (units.length > 0) {
      // If several requests arrived together before, the same clients may be about to send more.
      const until = performance.now() + PATIENCE;
      do await turn(); while (
        (arriving() > 0 || units.length < lastBatch) && performance.now() < until
      );
      const batch = take();
      if (batch.length === 0) continue;
      lastBatch = batch.length;
      await lock(() => computeBatch(batch));
    }
    isRunning = false;
  };

  const enqueue = (asked: Asked[], size: number, options: JsonObject) => {
    const { promise, resolve, reject } = Promise.withResolvers<Batched>();
    const key = JSON.stringify(Object.entries(options).sort());
    const since = performance.now();
    units.push({ asked, size, options, key, since, resolve, reject });
    return promise;
  };

  return {
    async ask(asked, options) {
      if (isClosed) throw busy(CLOSING);
      if (asked.length === 0) return { answers: [], batch: 1 };
      if (requests >= queue) throw busy(`${requests} requests are already waiting`);
      requests++;
      try {
        const parts = cut(asked, sizeOf, batchOf(options)).map(({ items, size }) =>
          enqueue(items, size, options)
        );
        if (!isRunning) run();
        const batched = await Promise.all(parts);
        return {
          answers: batched.flatMap(({ answers }) => answers),
          batch: Math.max(...batched.map(({ batch }) => batch)),
        };
      } finally {
        requests--;
      }
    },
    close() {
      isClosed = true;
      for (const { reject } of units) reject(busy(CLOSING));
      units = [];
    },
  };
}

/** Cuts the inputs of a request into parts that fit into a batch. */
function cut<Asked>(
  asked: readonly Asked[],
  sizeOf: (asked: Asked) => number,
  most: number,
) {
  const parts: { items: Asked[]; size: number }[] = [];
  for (const each of asked) {
    const size = sizeOf(each), last = parts.at(-1);
    if (last && last.items.length < most && last.size + size <= MAX_SIZE) {
      last.items.push(each);
      last.size += size;
    } else parts.push({ items: [each], size });
  }
  return parts;
}
