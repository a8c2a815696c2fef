/**
 * A worker's side of its page: what is asked is answered, and what happens is reported.
 *
 * @module
 */
import type { Answers, Report, Requests, ToPage, ToWorker } from "../messages.ts";

interface Port<R extends Requests<R>, E> {
  postMessage(message: ToPage<E>, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker<R>>) => void) | null;
}

/** The worker's side; `add` runs a job when its turn comes. */
export function openPort<R extends Requests<R>, E>(): {
  report: Report<E>;
  listen(answers: Answers<R>, add: (job: () => Promise<void>, ask: keyof R) => void): void;
} {
  const port = globalThis as unknown as Port<R, E>;
  return {
    report: (event, data, transfer = []) =>
      port.postMessage({ event, data } as ToPage<E>, transfer),
    listen(answers, add) {
      port.onmessage = ({ data: { id, ask, given } }) =>
        add(async () => {
          try {
            port.postMessage({ id, answer: await answers[ask](given) });
          } catch (error) {
            port.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
          }
        }, ask);
    },
  };
}
