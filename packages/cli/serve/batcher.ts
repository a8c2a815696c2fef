/**
 * What waits to be computed: requests that come together are computed together, as one batch costs
 * little more than one text.
 *
 * @module
 */
import { InputError } from "@unroll/core";
import type { JsonAnswer, JsonObject } from "../tasks/serving.ts";
import { busy, CLOSING } from "./refusal.ts";

const MAX_SIZE = 20_000; // characters or rows in a batch, unless one alone has more
const PATIENCE = 2; // milliseconds that a batch waits for requests that are on their way

/** Gives the turn to one computation at a time, in the order in which they ask. */
export type Lock = <T>(compute: () => Promise<T>) => Promise<T>;

/** A lock. */
export function createLock(): Lock {
  let last: Promise<unknown> = Promise.resolve();
  return (compute) => {
    const own = last.then(compute);
    last = own.catch(() => {});
    return own;
  };
}

/** What a batcher needs. */
export interface BatcherOptions<Asked> {
  /** The answers to some of what is asked with the same options, one for each. */
  compute(asked: readonly Asked[], options: JsonObject): Promise<JsonAnswer[]>;
  /** How much there is of it. */
  sizeOf(asked: Asked): number;
  /** How many are computed at once, with some options. */
  batch(options: JsonObject): number;
  /** How many requests are being read, and will be here in a moment. */
  arriving(): number;
  /** Resolves once the event loop has gone round. */
  turn(): Promise<void>;
  /** What lets one compute at a time. */
  lock: Lock;
  /** How many requests may wait. */
  queue: number;
  /** The seconds that one may wait. */
  timeout: number;
}

/** The answers to a request. */
export interface Batched {
  /** One for each that was asked. */
  answers: JsonAnswer[];
  /** The most requests that were computed together with a part of it, itself included. */
  batch: number;
}

/** Computes what requests ask. */
export interface Batcher<Asked> {
  /**
   * Computes the answers to a request.
   *
   * @throws {Refusal} Where too many wait, or it has waited too long.
   * @throws {InputError} Where it cannot be answered.
   */
  ask(asked: readonly Asked[], options: JsonObject): Promise<Batched>;
  /** Refuses all that wait. */
  close(): void;
}

/** A part of a request that is computed at once. */
interface Unit<Asked> {
  asked: Asked[];
  size: number;
  /** The options, and the same as a text, to compare. */
  options: JsonObject;
  key: string;
  since: number;
  resolve(batched: Batched): void;
  reject(error: unknown): void;
}

/** A batcher. */
export function createBatcher<Asked>(
  { compute, sizeOf, batch: batchOf, arriving, turn, lock, queue, timeout }: BatcherOptions<Asked>,
): Batcher<Asked> {
  let units: Unit<Asked>[] = [];
  let requests = 0, isRunning = false, isClosed = false, lastBatch = 1;

  /** Takes the first unit, and those of the same options that fit beside it. */
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
      // One of them is at fault: the others get their answers.
      for (const unit of batch) await computeBatch([unit]);
    }
  };

  const run = async () => {
    isRunning = true;
    while (units.length > 0) {
      // Where several came together before, the same clients may be about to ask again.
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
      if (requests >= queue) throw busy(`${requests} requests are waiting already`);
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

/** What a request asks, in parts that fit into a batch. */
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
