/**
 * Times programs that do the same work in turns, so that ratios are reliable on a noisy machine.
 *
 * @module
 */

/** The measurements of a program's turn, step by step. */
export interface Turn {
  /** The milliseconds of each step. */
  ms: number[];
  /** The loss of each step; empty if the program's losses are not comparable. */
  losses: number[];
}

/** A program that runs steps of its work on request. */
export interface Program {
  /** The name. */
  name: string;
  /** Its kernels, if it reports them. */
  about?: string;
  /** Runs this many steps, after those before. */
  run(steps: number): Promise<Turn>;
  /** Ends it. */
  close(): Promise<void> | void;
}

/** The measurements of all turns of a program. */
export interface Result {
  /** The program. */
  name: string;
  /** The milliseconds of the steps that count: those after the first turn, if there were more. */
  ms: number[];
  /** The losses of all steps, from the first. */
  losses: number[];
}

/** Returns a program's `run`, which times each step, without its preparation. */
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

const TURN = 300; // the milliseconds of a turn, unless it is a single step
const ROUNDS = 5, ROUNDS_OF_SECONDS = 3;
const SECONDS = 1000, SLOW = 10_000; // milliseconds per step
const LIMIT = 1e-3; // the maximum relative difference of losses

/** Runs the programs in turns, the first of each to warm up, and then ends them. */
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
        // Steps that do not count wake up threads that slept or ended in the others' turns.
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

/** Keeps the fastest of the results with the same name, at the position of the first. */
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

/** Returns whether the programs' losses agree on all steps that they share. */
export function agreement(results: readonly Result[]): { agree: boolean; line: string } {
  const [reference, ...others] = results.filter(({ losses }) => losses.length > 0);
  if (!others.length) return { agree: true, line: "one program, no loss to compare" };
  let apart = 0, steps = 0;
  for (const { losses } of others) {
    const shared = Math.min(losses.length, reference.losses.length);
    steps = Math.max(steps, shared);
    for (let i = 0; i < shared; i++) {
      const loss = reference.losses[i];
      apart = Math.max(apart, Math.abs(losses[i] - loss) / Math.abs(loss)); // keeps NaN
    }
  }
  const agree = apart <= LIMIT;
  const result = agree ? "losses agree" : "LOSSES DIFFER, the times are meaningless";
  return { agree, line: `${result}: ${apart.toExponential(1)} apart at most in ${steps} steps` };
}
