/**
 * Threads that share in the work of kernels, on the same memory.
 *
 * A kernel's call is cut into pieces, and whoever is free takes the next one: where a thread is late
 * or busy with something else, the others do its part. What a kernel computes does not depend on how
 * it is cut, so that the numbers are the same for any number of threads.
 *
 * A thread is a worker that ends by itself once it has had nothing to do for a while, so that it
 * keeps no program alive; another one is started when there is work again.
 *
 * @module
 */
import { hasWorkers, type Started, startWorker } from "./workers.ts";
import type { Kernels } from "./wasm/kernels.ts";

// The job's place in memory, in numbers of 32 bits; what threads write stands on lines of its own.
const CLAIMS = 0,
  FINISHED = 16,
  MET = 17,
  RESERVED = 1,
  CALL = 32,
  PARAMETERS = 48,
  STEPS = 80,
  JOB = 112;
const OWN = 48; // of each thread: its state, and 16 further on the parameters of its piece
const STATE = 0;
const SCRIPTS = -1; // in place of a kernel's number
const FIRST_PLACE = 64; // bytes; nothing stands at address 0
const BYTES = 4;

const ENDED = 0, STARTING = 1, READY = 2, ASLEEP = 3;

// Some five microseconds, where a fork and join takes half of one: networks of a few dozen units stay
// on one thread, as none of their steps is as large.
const MIN_WORK_TO_SHARE = 2 ** 17;
const PIECES = 3; // for each thread, so that a late one can be helped
const MOST_THREADS = 20; // as claims are counted in six bits
const SPINS = 20_000; // some 50 microseconds: a thread that sleeps takes as long to wake
const IDLE = 200; // milliseconds

/**
 * Runs a piece of the job: some of what a kernel's call is cut into, or a script. It stands in the
 * workers' program as well, and so knows no constants but its own: see the places above.
 */
function runPiece(
  job: Int32Array,
  own: Int32Array,
  kernels: readonly ((parameters: number) => void)[],
  piece: number,
  memory: { readonly buffer: ArrayBufferLike; grow(delta: number): number },
): void {
  if (job[32] < 0) { // scripts: see scripts.ts
    const meeting = job[33], isAlone = job[34] === 1, parameters = own.byteOffset + 64;
    const first = isAlone ? 0 : piece, end = isAlone ? job[35] : piece + 1;
    const scripts: Int32Array[] = [], places: number[] = [];
    for (let i = first; i < end; i++) {
      const at = job[48 + i], length = job[80 + i];
      // A thread may not have seen yet that another one has made the memory larger.
      if (at + 4 * length > memory.buffer.byteLength) memory.grow(0);
      scripts.push(new Int32Array(memory.buffer, at, length));
      places.push(0);
    }
    let meetings = 0;
    while (places[0] < scripts[0].length) { // a part of each script
      const steps = scripts[0][places[0]];
      for (let step = 0; step < steps; step++) {
        for (let which = 0; which < scripts.length; which++) {
          const script = scripts[which], calls = script[places[which] + 1];
          let at = places[which] + 2;
          for (let call = 0; call < calls; call++) {
            const kernel = script[at++], length = script[at++];
            for (let i = 0; i < length; i++, at++) {
              own[16 + i] = script[at] + step * script[at + length];
            }
            at += length;
            kernels[kernel](parameters);
          }
          if (step === steps - 1) places[which] = at;
        }
        if (meeting > 0) { // all threads are to have done this step
          meetings += meeting;
          Atomics.add(job, 17, 1);
          while (Atomics.load(job, 17) < meetings);
        }
      }
    }
    return;
  }
  const [kernel, countAt, grain, pieces, length] = [job[32], job[33], job[34], job[35], job[36]];
  const total = job[48 + countAt];
  const units = Math.ceil(total / grain);
  const first = grain * Math.floor(units * piece / pieces);
  const end = Math.min(total, grain * Math.floor(units * (piece + 1) / pieces));
  for (let i = 0; i < length; i++) own[16 + i] = job[48 + i] + job[80 + i] * first;
  own[16 + countAt] = end - first;
  kernels[kernel](own.byteOffset + 64);
}

/** What a worker does, as text. */
const program = (extension = "undefined") =>
  `const runPiece = ${runPiece.toString()};
const extension = ${extension};
onmessage = ({ data: { module, memory, job: at, own: ownAt, names, given } }) => {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const kernels = names.map((name) => exports[name + "_from"]);
  if (extension) kernels.push(extension(memory, given));
  const job = new Int32Array(memory.buffer, at, ${JOB});
  const own = new Int32Array(memory.buffer, ownAt, ${OWN});
  postMessage("ready");
  Atomics.store(own, ${STATE}, ${READY});
  for (let spins = 0;;) {
    const claims = Atomics.load(job, ${CLAIMS});
    if ((claims & 63) > 0) {
      if (Atomics.compareExchange(job, ${CLAIMS}, claims, claims - 1) === claims) {
        runPiece(job, own, kernels, (claims & 63) - 1, memory);
        Atomics.add(job, ${FINISHED}, 1);
      }
      spins = 0;
    } else if (++spins === ${SPINS}) {
      Atomics.store(own, ${STATE}, ${ASLEEP});
      const woken = Atomics.wait(job, ${CLAIMS}, claims, ${IDLE});
      if (woken === "timed-out" && Atomics.load(job, ${RESERVED}) === 0) {
        if (Atomics.compareExchange(own, ${STATE}, ${ASLEEP}, ${ENDED}) === ${ASLEEP}) break;
      }
      Atomics.store(own, ${STATE}, ${READY});
      spins = 0;
    }
  }
  close();
};`;

/** Some threads, of which the first is the caller's own. */
export class Threads {
  /** How many there can be. */
  readonly count: number;
  /** The parameters of the next call, written by the caller. */
  readonly parameters: Int32Array;
  /** By how much each parameter grows with each number that a piece leaves out at the start. */
  readonly steps: Int32Array;
  readonly #kernels: Kernels;
  readonly #job: Int32Array;
  readonly #own: Int32Array[];
  readonly #workers: Started[] = []; // by thread, some long ended
  #calls = 0;

  /**
   * So many threads, or one where memory cannot be shared.
   *
   * @param minWorkToShare The number of multiplications from which on a call is shared.
   */
  constructor(
    kernels: Kernels,
    count: number,
    readonly minWorkToShare: number = MIN_WORK_TO_SHARE,
  ) {
    this.#kernels = kernels;
    // A browser makes shared memory on any page, and gives it to workers on isolated ones alone.
    const { crossOriginIsolated = true } = globalThis as { crossOriginIsolated?: boolean };
    const canShare = kernels.shared && hasWorkers() && crossOriginIsolated;

    this.count = canShare ? Math.min(count, MOST_THREADS) : 1;
    const { buffer } = kernels.memory;
    this.#job = new Int32Array(buffer, FIRST_PLACE, JOB);
    this.parameters = this.#job.subarray(PARAMETERS, STEPS);
    this.steps = this.#job.subarray(STEPS, JOB);
    const firstOwn = FIRST_PLACE + BYTES * JOB;
    this.#own = Array.from(
      { length: this.count },
      (_, thread) => new Int32Array(buffer, firstOwn + BYTES * OWN * thread, OWN),
    );
  }

  /** The first address that nothing here takes. */
  get end(): number {
    return FIRST_PLACE + BYTES * (JOB + OWN * this.count);
  }

  /**
   * Calls a kernel with the parameters.
   *
   * @param length How many parameters there are.
   * @param countAt Which of them is the count that a piece has a part of.
   * @param grain Pieces are cut at multiples of this.
   * @param work Its work, as a number of multiplications.
   * @param each How many pieces there are for each thread.
   */
  call(
    kernel: number,
    length: number,
    countAt: number,
    grain: number,
    work: number,
    each: number = PIECES,
  ): void {
    const job = this.#job;
    const threads = this.sharing(work);
    const pieces = threads === 1 ? 1 : each * threads;
    job[CALL] = kernel;
    job[CALL + 1] = countAt;
    job[CALL + 2] = grain;
    job[CALL + 3] = pieces;
    job[CALL + 4] = length;
    this.#runAll(pieces);
  }

  /**
   * Runs scripts, each on a thread of its own where there are as many.
   *
   * @param meet Whether all have to have done a step before any does the next. Where not all threads
   *   are there yet, the caller does it alone, step by step.
   */
  run(scripts: readonly { at: number; length: number }[], meet = false): void {
    const job = this.#job, count = scripts.length;
    const together = meet && count > 1 && this.#reserve(count);
    job[CALL] = SCRIPTS;
    job[CALL + 1] = together ? count : 0;
    job[CALL + 2] = Number(meet && !together);
    job[CALL + 3] = count;
    scripts.forEach(({ at, length }, i) => {
      job[PARAMETERS + i] = at;
      job[STEPS + i] = length;
    });
    Atomics.store(job, MET, 0);
    this.#runAll(meet && !together ? 1 : count);
    if (together) Atomics.store(job, RESERVED, 0);
  }

  /** Keeps a number of threads from ending. Gives false where not as many are there. */
  #reserve(count: number): boolean {
    const job = this.#job;
    Atomics.store(job, RESERVED, 1);
    let there = 1;
    for (const own of this.#own.slice(1)) {
      // Whoever is asleep may end at any moment, but not once it is said to be ready.
      if (Atomics.load(own, STATE) === ASLEEP) {
        Atomics.compareExchange(own, STATE, ASLEEP, READY);
      }
      if (Atomics.load(own, STATE) >= READY) there++;
    }
    if (there >= count) return true;
    Atomics.store(job, RESERVED, 0);
    return false;
  }

  /**
   * How many threads share in so much work. Those that have not started yet count, so that the
   * pieces depend on nothing but the work.
   */
  sharing(work: number): number {
    if (this.count === 1 || work < this.minWorkToShare) return 1;
    this.ready();
    return this.count;
  }

  /** Runs all pieces of the job, together with those threads that are there. */
  #runAll(pieces: number): void {
    const job = this.#job, own = this.#own[0], { from, memory } = this.#kernels;
    if (pieces === 1) return runPiece(job, own, from, 0, memory);
    // Claims are a number of the call and how many pieces of it are left, in one word.
    this.#calls = (this.#calls + 1) & 0x1ffffff;
    Atomics.store(job, FINISHED, 0);
    Atomics.store(job, CLAIMS, (this.#calls << 6) | pieces);
    if (this.#mayAnySleep()) Atomics.notify(job, CLAIMS);
    for (;;) {
      const claims = Atomics.load(job, CLAIMS);
      if ((claims & 63) === 0) break;
      if (Atomics.compareExchange(job, CLAIMS, claims, claims - 1) !== claims) continue;
      runPiece(job, own, from, (claims & 63) - 1, memory);
      Atomics.add(job, FINISHED, 1);
    }
    while (Atomics.load(job, FINISHED) < pieces);
  }

  /** How many threads are there to share in work now. Starts those that are not. */
  ready(): number {
    let ready = 1;
    for (let thread = 1; thread < this.count; thread++) {
      const state = Atomics.load(this.#own[thread], STATE);
      if (state === ENDED) this.#start(thread);
      else if (state >= READY) ready++;
    }
    return ready;
  }

  /** How many threads have not ended. */
  running(): number {
    const others = this.#own.slice(1);
    return 1 + others.filter((own) => Atomics.load(own, STATE) !== ENDED).length;
  }

  /** Ends all but the caller's own. */
  terminate(): void {
    for (const worker of this.#workers.filter(Boolean)) worker.terminate();
    this.#workers.length = 0;
  }

  #mayAnySleep(): boolean {
    // Those that are kept from ending are said to be ready, and may yet sleep.
    if (Atomics.load(this.#job, RESERVED) === 1) return true;
    for (let thread = 1; thread < this.count; thread++) {
      if (Atomics.load(this.#own[thread], STATE) === ASLEEP) return true;
    }
    return false;
  }

  #start(thread: number): void {
    const { module, memory, names, extension } = this.#kernels;
    const own = this.#own[thread];
    Atomics.store(own, STATE, STARTING);
    const worker = this.#workers[thread] = startWorker(program(extension?.source));
    const places = { job: FIRST_PLACE, own: own.byteOffset };
    worker.postMessage({ module, memory, ...places, names, given: extension?.given });
  }
}
