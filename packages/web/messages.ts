/**
 * What any page and its worker say to each other.
 *
 * @module
 */

/** Questions by their names: what is given, and what is answered. */
export type Requests<R> = { [K in keyof R]: [given: unknown, answer: unknown] };

/** A question. */
export type ToWorker<R extends Requests<R>> = {
  [K in keyof R]: { id: number; ask: K; given: R[K][0] };
}[keyof R];

/** An answer, or an event. */
export type ToPage<E> =
  | { id: number; answer: unknown }
  | { id: number; error: string }
  | { [K in keyof E]: { event: K; data: E[K] } }[keyof E];

/** What answers each question. */
export type Answers<R extends Requests<R>> = {
  [K in keyof R]: (given: R[K][0]) => Promise<R[K][1]> | R[K][1];
};

/** Reports an event to the page; what is in `transfer` moves there without a copy. */
export type Report<E> = <K extends keyof E>(
  event: K,
  data: E[K],
  transfer?: Transferable[],
) => void;
