/**
 * The worker's side of the messages with the page: it answers requests and reports events.
 *
 * @module
 */
import type { Answers, Report, Requests, ToPage, ToWorker } from "../messages.ts";

interface Port<R extends Requests<R>, E> {
  postMessage(message: ToPage<E>, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker<R>>) => void) | null;
}

/** Opens the port to the page; `add` queues the job that answers a request. */
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
