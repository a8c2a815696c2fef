/**
 * Programs that do the same work in turns, so that their ratios hold on a noisy machine.
 *
 * @module
 */

/** What a program did in a turn, step by step. */
export interface Turn {
  /** Milliseconds that each step took. */
  ms: number[];
  /** The loss of each step; none where a program's are not to be compared. */
  losses: number[];
}

/** One that can be asked for steps of its work. */
export interface Program {
  /** What to call it. */
  name: string;
  /** What computes in it, where it says so. */
  about?: string;
  /** Does so many steps, from where it is. */
  run(steps: number): Promise<Turn>;
  /** Ends it. */
  close(): Promise<void> | void;
}

/** What a program did in all its turns. */
export interface Result {
  /** The program. */
  name: string;
  /** Milliseconds of the steps that count: those after a first turn, if there was time for more. */
  ms: number[];
  /** The losses of all steps, from the first. */
  losses: number[];
}

/** A program's run: times a step as often as asked. What it prepares for a step is not timed. */
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

const TURN = 300; // milliseconds that a turn lasts, or one step
const ROUNDS = 5, ROUNDS_OF_SECONDS = 3;
const SECONDS = 1000, SLOW = 10_000; // a step's milliseconds
const LIMIT = 1e-3; // how far losses may be apart, of their size

/** All programs' turns at some work, the first of each to warm up. Ends the programs. */
export async function takeTurns(programs: readonly Program[]): Promise<Result[]> {
  const states = [];
  for (const program of programs) {
    const { ms: [first], losses } = await program.run(1);
    let took = first, rounds = ROUNDS, steps = 1;
    const ms: number[] = [];
    if (first >= SLOW) { // perhaps as it compiles
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
        // Threads that slept or ended in the others' turns come back in steps that do not count.
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

/** How many steps make a turn, once code is compiled. */
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

/** Of results with the same name the one with the least median, where the first of them stands. */
export function fastestOfEach(results: readonly Result[]): Result[] {
  const best = new Map<string, Result>();
  for (const result of results) {
    const before = best.get(result.name);
    if (!before || median(result.ms) < median(before.ms)) best.set(result.name, result);
  }
  return [...best.values()];
}

/** The middle of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = (values.length - 1) / 2;
  return (sorted[Math.floor(half)] + sorted[Math.ceil(half)]) / 2;
}

/** Whether the programs computed the same, by the losses of all steps that they share. */
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
