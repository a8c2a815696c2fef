/**
 * Reading that a signal stops, with a word about it.
 *
 * @module
 */
import { printable } from "../output/terminal.ts";
import { hearSignals } from "./signals.ts";

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

/**
 * What `fn` gives, which reads a file.
 *
 * @throws {StoppedError} Where a signal comes meanwhile.
 */
export async function whileReading<T>(path: string, fn: () => Promise<T>): Promise<T> {
  const signals = hearSignals(() => {});
  const { signal } = signals;
  // A pipe that nobody writes to would never be read: it is not waited for.
  const stopped = new Promise<void>((done) => signal.addEventListener("abort", () => done()));
  try {
    const start = performance.now();
    const reading = fn();
    await Promise.race([reading, stopped]);
    if (performance.now() - start > BUSY) await Promise.race([waitForSignals(), stopped]);
    if (signal.aborted) {
      throw new StoppedError(
        `Stopped while reading ${printable(path)}; nothing was written`,
        signals.status(),
      );
    }
    return await reading;
  } finally {
    signals.end();
  }
}

const BUSY = 100; // milliseconds, in which a signal may well have come
const TURNS = 5, TURN = 4; // milliseconds: one turn is often too short for a signal to be heard

/** Waits for the signals that have come while the thread was busy. */
async function waitForSignals(): Promise<void> {
  for (let i = 0; i < TURNS; i++) await new Promise((done) => setTimeout(done, TURN));
}
