/**
 * The worker's job loop: requests of the page run between two turns of training, so that no two
 * jobs run at the same time.
 *
 * @module
 */

const BREATH = 8; // milliseconds between two checks for requests of the page

/** Runs jobs as they arrive, and turns of training while there are any. */
export class Loop {
  #jobs: (() => Promise<void>)[] = [];
  #wake = () => {};
  #lastBreath = 0;

  /** @param turn Does some background work; returns whether more remains. */
  constructor(readonly turn: () => Promise<boolean>) {
    this.#run();
  }

  /** Runs a job as soon as the current turn has ended. */
  add(job: () => Promise<void>): void {
    this.#jobs.push(job);
    this.#wake();
  }

  /** Starts another turn. */
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

/** Lets messages arrive. A timer would take four milliseconds each time. */
function breathe(): Promise<void> {
  return new Promise((done) => {
    breathed = done;
    channel.port2.postMessage(null);
  });
}
