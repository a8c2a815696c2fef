/**
 * Questions of which only the newest counts.
 *
 * @module
 */

const TIMES = 8; // as long as an answer took is waited: what trains has most of the time

/**
 * Asks one question at a time, and after its answer the newest of those that came meanwhile.
 *
 * @param ask Asks, and shows the answer.
 * @param pause Milliseconds between an answer and the next question, at least.
 */
export function newest<Q>(
  ask: (question: Q) => Promise<void>,
  pause: number,
): (question: Q) => void {
  let waiting: { question: Q } | undefined, isBusy = false;
  const run = async () => {
    isBusy = true;
    while (waiting) {
      const { question } = waiting;
      waiting = undefined;
      const since = performance.now();
      await ask(question).catch(() => {}); // the network has gone: the next one is asked again
      await new Promise((done) =>
        setTimeout(done, Math.max(pause, TIMES * (performance.now() - since)))
      );
    }
    isBusy = false;
  };
  return (question) => {
    waiting = { question };
    if (!isBusy) run();
  };
}
