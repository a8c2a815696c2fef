/**
 * Threads that share the work of kernels, on the same memory.
 *
 * A kernel's call is cut into pieces, and each idle thread claims the next one: if a thread is late
 * or busy, the others do its part. What a kernel computes does not depend on how it is cut, so the
 * numbers are the same for any number of threads.
 *
 * A thread is a worker that ends on its own after it has been idle for a while, so that it does not
 * keep a program alive; a new one is started when there is work again.
 *
 * @module
 */
import { hasWorkers, type Started, startWorker } from "./workers.ts";
import type { Kernels } from "./wasm/kernels.ts";

// The layout of the job, in 32-bit numbers; what threads write is on separate cache lines.
const CLAIMS = 0,
  FINISHED = 16,
  MET = 17,
  RESERVED = 1,
  CALL = 32,
  PARAMETERS = 48,
  STEPS = 80,
  JOB = 112;
const OWN = 48; // numbers per thread: its state, and from 16 on the parameters of its piece
const STATE = 0;
const SCRIPTS = -1; // instead of a kernel's number
const FIRST_PLACE = 64; // bytes; address 0 is unused
const BYTES = 4;

const ENDED = 0, STARTING = 1, READY = 2, ASLEEP = 3;

// Some five microseconds; a fork and join takes half a microsecond. Networks of a few dozen units
// stay on one thread, as none of their steps is this large.
const MIN_WORK_TO_SHARE = 2 ** 17;
const PIECES = 3; // per thread, so that other threads can help a late one
const MAX_THREADS = 20; // because the number of pieces must fit in six bits
const SPINS = 20_000; // some 50 microseconds, about as long as waking a sleeping thread
const IDLE = 200; // milliseconds

/**
 * Runs a piece of the job: a part of a kernel's call, or a script. Its source text is also part of
 * the workers' program, so it cannot use this file's constants; its numbers are those of the
 * layout.
 */
function runPiece(
  job: Int32Array,
  own: Int32Array,
  kernels: readonly ((parameters: number) => void)[],
  piece: number,
  memory: { readonly buffer: ArrayBufferLike; grow(delta: number): number },
): void {
  if (job[32] < 0) { // scripts, see scripts.ts
    const meeting = job[33], isAlone = job[34] === 1, parameters = own.byteOffset + 64;
    const first = isAlone ? 0 : piece, end = isAlone ? job[35] : piece + 1;
    const scripts: Int32Array[] = [], places: number[] = [];
    for (let i = first; i < end; i++) {
      const at = job[48 + i], length = job[80 + i];
      // A thread may not have noticed yet that another one has grown the memory.
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
        if (meeting > 0) { // wait until all threads have done this step
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

/** The source text of a worker's program. */
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

/** A group of threads; the first is the caller's. */
export class Threads {
  /** The maximum number of threads, including the caller's. */
  readonly count: number;
  /** The parameters of the next call, written by the caller. */
  readonly parameters: Int32Array;
  /** Each parameter's increment for each element before the piece, written by the caller. */
  readonly steps: Int32Array;
  readonly #kernels: Kernels;
  readonly #job: Int32Array;
  readonly #own: Int32Array[];
  readonly #workers: Started[] = []; // by thread; some may have ended
  #calls = 0;

  /**
   * Creates up to `count` threads, or one if memory cannot be shared. Workers start on first use.
   *
   * @param minWorkToShare The number of multiplications from which a call is shared.
   */
  constructor(
    kernels: Kernels,
    count: number,
    readonly minWorkToShare: number = MIN_WORK_TO_SHARE,
  ) {
    this.#kernels = kernels;
    // A browser creates shared memory on any page, but only isolated pages can send it to workers.
    const { crossOriginIsolated = true } = globalThis as { crossOriginIsolated?: boolean };
    const canShare = kernels.shared && hasWorkers() && crossOriginIsolated;

    this.count = canShare ? Math.min(count, MAX_THREADS) : 1;
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

  /** The first address after the job and the threads' own data. */
  get end(): number {
    return FIRST_PLACE + BYTES * (JOB + OWN * this.count);
  }

  /**
   * Calls a kernel with the parameters.
   *
   * @param length The number of parameters.
   * @param countAt The index of the parameter with the count that is split into pieces.
   * @param grain Pieces are cut at multiples of this.
   * @param work The work, in multiplications.
   * @param each The number of pieces per thread.
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
   * Runs scripts, each on its own thread if there are enough.
   *
   * @param meet Whether all scripts synchronize after each step. If not all threads are available
   *   yet, the caller runs them all alone, step by step.
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

  /** Keeps threads from ending, and returns whether at least `count` are available. */
  #reserve(count: number): boolean {
    const job = this.#job;
    Atomics.store(job, RESERVED, 1);
    let there = 1;
    for (const own of this.#own.slice(1)) {
      // A sleeping thread may end at any moment, but not once its state is READY.
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
   * Returns the number of threads that share the given work. Threads that have not started yet
   * count, so that the pieces depend only on the work.
   */
  sharing(work: number): number {
    if (this.count === 1 || work < this.minWorkToShare) return 1;
    this.ready();
    return this.count;
  }

  /** Runs all pieces of the job, together with the threads that are available. */
  #runAll(pieces: number): void {
    const job = this.#job, own = this.#own[0], { from, memory } = this.#kernels;
    if (pieces === 1) return runPiece(job, own, from, 0, memory);
    // Claims combine the number of the call with the number of pieces left, in one word.
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

  /** Returns the number of threads that are available now, and starts those that are not. */
  ready(): number {
    let ready = 1;
    for (let thread = 1; thread < this.count; thread++) {
      const state = Atomics.load(this.#own[thread], STATE);
      if (state === ENDED) this.#start(thread);
      else if (state >= READY) ready++;
    }
    return ready;
  }

  /** Returns the number of threads that have not ended. */
  running(): number {
    const others = this.#own.slice(1);
    return 1 + others.filter((own) => Atomics.load(own, STATE) !== ENDED).length;
  }

  /** Ends all threads except the caller's. */
  terminate(): void {
    for (const worker of this.#workers.filter(Boolean)) worker.terminate();
    this.#workers.length = 0;
  }

  #mayAnySleep(): boolean {
    // Reserved threads have the state READY, but may still be asleep.
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
