/**
 * Reading that a signal stops, with a word about it.
 *
 * @module
 */
import { printable } from "../output/terminal.ts";
import { hearSignals, type Signals } from "./signals.ts";

/** A signal has ended a command before it was done; the message says what that means. */
export class StoppedError extends Error {
  /** The class's name, for messages. */
  override readonly name = "StoppedError";
  /** The exit status that the signal asks for. */
  readonly status: number;

  /** An end by a signal. */
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** Waits for what is read, and for signals beside it. */
export interface ReadingWatch {
  /** What a step of the reading gives; throws a {@linkcode StoppedError} where a signal came. */
  step<T>(step: Promise<T>): Promise<T>;
  /** To be called after the last step: a signal may have come while the thread was busy. */
  finish(): Promise<void>;
  /** Hears no more. */
  end(): void;
}

/**
 * A watch over the reading of a file.
 *
 * @param heard The signals, where they are heard already.
 */
export function watchReading(path: string, heard?: Signals): ReadingWatch {
  return watchWork(`reading ${printable(path)}`, heard);
}

function watchWork(what: string, heard?: Signals): ReadingWatch {
  const signals = heard ?? hearSignals(() => {});
  const { signal } = signals, start = performance.now();
  // A pipe that nobody writes to would never be read: it is not waited for.
  const stopped = new Promise<void>((done) => {
    if (signal.aborted) done();
    signal.addEventListener("abort", () => done());
  });
  const check = () => {
    if (!signal.aborted) return;
    throw new StoppedError(
      `Stopped while ${what}; nothing was written`,
      signals.status(),
    );
  };
  return {
    async step(step) {
      await Promise.race([step, stopped]);
      check();
      return await step;
    },
    async finish() {
      if (performance.now() - start > BUSY) await Promise.race([waitForSignals(), stopped]);
      check();
    },
    end: () => heard === undefined && signals.end(),
  };
}

/**
 * What `fn` gives, which takes a while.
 *
 * @param what What is done.
 * @throws {StoppedError} Where a signal comes meanwhile.
 */
export async function stoppable<T>(what: string, fn: () => Promise<T>): Promise<T> {
  const watch = watchWork(what);
  try {
    const work = fn();
    work.catch(() => {}); // where it is no longer waited for
    const result = await watch.step(work);
    await watch.finish();
    return result;
  } finally {
    watch.end();
  }
}

const BUSY = 100; // milliseconds, in which a signal may well have come
const TURNS = 5, TURN = 4; // milliseconds: one turn is often too short for a signal to be heard

/** Lets the event loop have a turn: without one no signal is heard. */
export function breathe(): Promise<void> {
  return new Promise((done) => setTimeout(done, 0));
}

/** Waits for the signals that have come while the thread was busy. */
async function waitForSignals(): Promise<void> {
  for (let i = 0; i < TURNS; i++) await new Promise((done) => setTimeout(done, TURN));
}
