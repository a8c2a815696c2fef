/**
 * Questions of which only the newest counts.
 *
 * @module
 */

/**
 * Asks one question at a time, and after its answer the newest of those that came meanwhile.
 *
 * @param ask Asks, and shows the answer.
 * @param pause Milliseconds between an answer and the next question.
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
      await ask(question).catch(() => {}); // the network has gone: the next one is asked again
      await new Promise((done) => setTimeout(done, pause));
    }
    isBusy = false;
  };
  return (question) => {
    waiting = { question };
    if (!isBusy) run();
  };
}
