/**
 * Rounds of the event loop, in which requests are heard.
 *
 * @module
 */

/** Waits for rounds of the event loop. */
export interface Turns {
  /** Resolves once the event loop has gone round. */
  turn(): Promise<void>;
  /** Ends it. */
  stop(): void;
}

/** What waits for rounds of the event loop; `stop` it, or the process goes on. */
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
