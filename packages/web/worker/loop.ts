/**
 * The worker's one thread of work: what the page asks comes between two turns of training, so that
 * nothing runs at the same time as anything else.
 *
 * @module
 */

const BREATH = 8; // milliseconds between two looks at what the page asks

/** Runs jobs as they come, and turns while there are any. */
export class Loop {
  #jobs: (() => Promise<void>)[] = [];
  #wake = () => {};
  #lastBreath = 0;

  /** @param turn Does some of the work that goes on by itself; gives whether there is more. */
  constructor(readonly turn: () => Promise<boolean>) {
    this.#run();
  }

  /** Runs a job as soon as the turn under way is over. */
  add(job: () => Promise<void>): void {
    this.#jobs.push(job);
    this.#wake();
  }

  /** Another turn is due. */
  wake(): void {
    this.#wake();
  }

  async #run(): Promise<never> {
    for (;;) {
      for (let job = this.#jobs.shift(); job; job = this.#jobs.shift()) await job();
      if (!await this.turn() && this.#jobs.length === 0) {
        await new Promise<void>((wake) => this.#wake = wake);
        this.#wake = () => {};
      }
      if (performance.now() - this.#lastBreath > BREATH) {
        await breathe();
        this.#lastBreath = performance.now();
      }
    }
  }
}

const channel = new MessageChannel();
let breathed = () => {};
channel.port1.onmessage = () => breathed();

/** Lets messages arrive. A timer would wait for four milliseconds each time. */
function breathe(): Promise<void> {
  return new Promise((done) => {
    breathed = done;
    channel.port2.postMessage(null);
  });
}
