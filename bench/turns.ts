/**
 * Programs that take turns at the same work, so that their ratios hold on a noisy machine.
 *
 * @module
 */

/** The steps that a program made in a turn. */
export interface Turn {
  /** The time of each step in milliseconds. */
  ms: number[];
  /** The loss of each step; empty if the program's losses cannot be compared. */
  losses: number[];
}

/** A program that makes steps on request. */
export interface Program {
  /** Its name. */
  name: string;
  /** What computes in it, if known. */
  about?: string;
  /** Makes the next `steps` steps. */
  run(steps: number): Promise<Turn>;
  /** Ends it. */
  close(): Promise<void> | void;
}

/** The steps that a program made in all its turns. */
export interface Result {
  /** The program's name. */
  name: string;
  /** The times of the steps that count: those after a warm-up turn, if there was time for more. */
  ms: number[];
  /** The losses of all steps, from the first. */
  losses: number[];
}

/** Creates a program's `run()`: it times each step, but not the preparation. */
export function timed<Work>(
  prepare: (step: number) => Work,
  step: (work: Work, t: number) => Promise<number | undefined>,
): Program["run"] {
  let done = 0;
  return async (steps) => {
    const turn: Turn = { ms: [], losses: [] };
    for (let i = 0; i < steps; i++) {
      const work = prepare(done++);
      const began = performance.now();
      const loss = await step(work, done);
      turn.ms.push(performance.now() - began);
      if (loss !== undefined) turn.losses.push(loss);
    }
    return turn;
  };
}

const TURN = 300; // milliseconds of a turn, unless one step takes longer
const ROUNDS = 5, ROUNDS_OF_SECONDS = 3;
const SECONDS = 1000, SLOW = 10_000; // milliseconds per step
const LIMIT = 1e-3; // maximum relative difference of losses

/** Lets programs take turns, after a warm-up, and ends them. Returns their results. */
export async function takeTurns(programs: readonly Program[]): Promise<Result[]> {
  const states = [];
  for (const program of programs) {
    const { ms: [first], losses } = await program.run(1);
    let took = first, rounds = ROUNDS, steps = 1;
    const ms: number[] = [];
    if (first >= SLOW) { // perhaps because it compiles
      const second = await program.run(1);
      losses.push(...second.losses);
      took = second.ms[0];
      ms.push(...(took >= SLOW ? [first, took] : [took]));
    }
    if (took >= SLOW) rounds = 0;
    else if (took >= SECONDS) rounds = ROUNDS_OF_SECONDS;
    else steps = await calibrate(program, losses);
    states.push({ program, rounds, steps, ms, losses });
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const { program, rounds, steps, ms, losses } of states) {
      if (round >= rounds) continue;
      if (steps > 1 || rounds === ROUNDS) {
        // Threads that slept or ended during the other turns start again in steps that do not
        // count.
        losses.push(...(await program.run(steps)).losses);
      }
      const turn = await program.run(steps);
      ms.push(...turn.ms);
      losses.push(...turn.losses);
    }
  }
  for (const program of programs) await program.close();
  return states.map(({ program: { name }, ms, losses }) => ({ name, ms, losses }));
}

/** Returns the number of steps in a turn, once code is compiled. */
async function calibrate(program: Program, losses: number[]): Promise<number> {
  let steps = 1;
  for (let took = 0; took < TURN / 2;) {
    const turn = await program.run(steps);
    losses.push(...turn.losses);
    took = turn.ms.reduce((sum, each) => sum + each);
    steps = Math.max(1, Math.round(steps * Math.min(10, TURN / took)));
  }
  return steps;
}

/** Keeps only the result with the lowest median of those with the same name. */
export function fastestOfEach(results: readonly Result[]): Result[] {
  const best = new Map<string, Result>();
  for (const result of results) {
    const before = best.get(result.name);
    if (!before || median(result.ms) < median(before.ms)) best.set(result.name, result);
  }
  return [...best.values()];
}

/** Returns the median. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = (values.length - 1) / 2;
  return (sorted[Math.floor(half)] + sorted[Math.ceil(half)]) / 2;
}

/** Checks that programs computed the same, by comparing the losses of their common steps. */
export function agreement(results: readonly Result[]): { agree: boolean; line: string } {
  const [reference, ...others] = results.filter(({ losses }) => losses.length > 0);
  if (!others.length) return { agree: true, line: "one program, no loss to compare" };
  let apart = 0, steps = 0;
  for (const { losses } of others) {
    const shared = Math.min(losses.length, reference.losses.length);
    steps = Math.max(steps, shared);
    for (let i = 0; i < shared; i++) {
      const loss = reference.losses[i];
      apart = Math.max(apart, Math.abs(losses[i] - loss) / Math.abs(loss)); // NaN stays
    }
  }
  const agree = apart <= LIMIT;
  const result = agree ? "losses agree" : "LOSSES DIFFER, the times mean nothing";
  return { agree, line: `${result}: ${apart.toExponential(1)} apart at most in ${steps} steps` };
}
