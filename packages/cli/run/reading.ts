/**
 * Reading that a signal can stop, with a message.
 *
 * @module
 */
import { printable } from "../output/terminal.ts";
import { hearSignals, type Signals } from "./signals.ts";

/** Thrown if a signal ends a command before it is done; the message says what was written. */
export class StoppedError extends Error {
  /** The class name, for messages. */
  override readonly name = "StoppedError";
  /** The exit status of the signal. */
  readonly status: number;

  /** Creates the error with a message and an exit status. */
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** Waits for reads and for signals at the same time. */
export interface ReadingWatch {
  /**
   * Returns the result of one read.
   *
   * @throws {StoppedError} If a signal arrived.
   */
  step<T>(step: Promise<T>): Promise<T>;
  /** Must be called after the last step: a signal may have arrived while the thread was busy. */
  finish(): Promise<void>;
  /** Removes the signal listeners. */
  end(): void;
}

/**
 * Watches for signals while a file is read.
 *
 * @param heard The signals, if the caller already listens to them.
 */
export function watchReading(path: string, heard?: Signals): ReadingWatch {
  return watchWork(`reading ${printable(path)}`, heard);
}

function watchWork(what: string, heard?: Signals): ReadingWatch {
  const signals = heard ?? hearSignals(() => {});
  const { signal } = signals, start = performance.now();
  // A read from a pipe that nobody writes to never ends, so a signal must not wait for it.
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
 * Runs `fn`, which may take long, and returns its result.
 *
 * @param what Describes the work, for the message after "Stopped while".
 * @throws {StoppedError} If a signal arrives in the meantime.
 */
export async function stoppable<T>(what: string, fn: () => Promise<T>): Promise<T> {
  const watch = watchWork(what);
  try {
    const work = fn();
    work.catch(() => {}); // after a signal nobody awaits it
    const result = await watch.step(work);
    await watch.finish();
    return result;
  } finally {
    watch.end();
  }
}

const BUSY = 100; // milliseconds, in which a signal may have arrived
const TURNS = 5, TURN = 4; // milliseconds: one turn is often too short for a signal to arrive

/** Yields to the event loop for one turn; without it, no signal listener runs. */
export function breathe(): Promise<void> {
  return new Promise((done) => setTimeout(done, 0));
}

/** Waits for signals that arrived while the thread was busy. */
async function waitForSignals(): Promise<void> {
  for (let i = 0; i < TURNS; i++) await new Promise((done) => setTimeout(done, TURN));
}
