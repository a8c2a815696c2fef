/**
 * Turns of the event loop, in which requests arrive.
 *
 * @module
 */

/** Waits for turns of the event loop. */
export interface Turns {
  /** Resolves after one turn of the event loop. */
  turn(): Promise<void>;
  /** Closes the channel. */
  stop(): void;
}

/** Creates a waiter for turns of the event loop; without `stop` the process would not end. */
export function createTurns(): Turns {
  const { port1, port2 } = new MessageChannel(); // a timer would take two milliseconds
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return {
    turn: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        port2.postMessage(0);
      }),
    stop() {
      port1.close();
      port2.close();
    },
  };
}
