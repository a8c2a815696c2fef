/**
 * The messages between any page and its worker.
 *
 * @module
 */

/** Requests by name: the given value, and the answer. */
export type Requests<R> = { [K in keyof R]: [given: unknown, answer: unknown] };

/** A request. */
export type ToWorker<R extends Requests<R>> = {
  [K in keyof R]: { id: number; ask: K; given: R[K][0] };
}[keyof R];

/** An answer, or an event. */
export type ToPage<E> =
  | { id: number; answer: unknown }
  | { id: number; error: string }
  | { [K in keyof E]: { event: K; data: E[K] } }[keyof E];

/** The functions that answer each request. */
export type Answers<R extends Requests<R>> = {
  [K in keyof R]: (given: R[K][0]) => Promise<R[K][1]> | R[K][1];
};

/** Reports an event to the page; the buffers in `transfer` are moved, not copied. */
export type Report<E> = <K extends keyof E>(
  event: K,
  data: E[K],
  transfer?: Transferable[],
) => void;
