/**
 * Requests among which only the newest counts.
 *
 * @module
 */

const TIMES = 8; // the pause, in durations of the last answer: training keeps most of the time

/**
 * Sends one request at a time, and after its answer only the newest of those made in the meantime.
 *
 * @param ask Sends a request, and shows the answer.
 * @param pause The minimum pause between an answer and the next request, in milliseconds.
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
      await ask(question).catch(() => {}); // the network was replaced: the next request follows
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
