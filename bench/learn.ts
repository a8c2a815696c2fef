/**
 * Training with a clock that stands while the network is measured.
 *
 * @module
 */
import { type Backend, train, writeModel } from "@unroll/core";
import { type Course, type Goal, jobOf } from "./course.ts";
import { PeerError } from "./fail.ts";
import { linesOf, peerPath } from "./peer.ts";

/** A measurement on the way. */
export interface Mark {
  /** After how many steps. */
  step: number;
  /** The mean loss of the steps since the last one. */
  loss?: number;
  /** The figure on what is held out. */
  value: number;
  /** Seconds of training before it. */
  seconds: number;
}

/** How far to go. */
export interface Limits {
  /** Seconds of training; Infinity for any number. */
  limit: number;
  /** Steps, in PyTorch alone. Default: all. */
  steps?: number;
  /** Where to stop earlier. */
  goal?: Goal;
}

/** Whether a figure is as good as the goal. */
export function isReached(value: number, { value: least, isLeast }: Goal): boolean {
  return isLeast ? value <= least : value >= least;
}

/** Trains on a backend until the goal, the last epoch or the limit; the model is changed. */
export async function* learn(
  backend: Backend,
  course: Course,
  { limit, goal }: Limits,
): AsyncGenerator<Mark> {
  const { model, examples, options, measureEvery = Number.MAX_SAFE_INTEGER } = course;
  let seconds = 0, began = performance.now(), loss: number | undefined;
  const clock = () => seconds + (performance.now() - began) / 1000;
  const signal = {
    get aborted() {
      return clock() >= limit;
    },
  };
  const run = train(backend, model, examples, {
    ...options,
    checkpointEvery: measureEvery, // which come at an epoch's end too
    signal,
  });
  for await (const event of run) {
    if (event.type === "epoch") loss = event.train.loss;
    if (event.type !== "checkpoint") continue;
    seconds = clock();
    const { model: trained, progress: { steps: step } } = event.checkpoint;
    const value = await course.measure(backend, trained);
    yield { step, loss, value, seconds };
    if (goal && isReached(value, goal)) return;
    loss = undefined;
    began = performance.now();
  }
}

/** How a Python with PyTorch trains. */
export interface PyTorch {
  /** The program. */
  command: string;
  /** How many threads. */
  threads: number;
  /** Whether threads sleep as soon as they wait; without, they spin for some milliseconds first. */
  isPassive?: boolean;
}

/** The same in PyTorch, from the same weights. */
export async function* learnInPyTorch(
  { command, threads, isPassive }: PyTorch,
  course: Course,
  { limit, goal, steps }: Limits,
): AsyncGenerator<Mark> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${folder}/model.safetensors`, writeModel(course.model as never));
    const { learningRates, ...job } = jobOf(course);
    const own = { limit: Math.min(limit, Number.MAX_SAFE_INTEGER), goal, threads };
    const all = { ...job, ...own, learningRates: learningRates.slice(0, steps) };
    await Deno.writeTextFile(`${folder}/job.json`, JSON.stringify(all));
    const args = [peerPath("learn.py"), folder];
    const env: Record<string, string> = isPassive ? { OMP_WAIT_POLICY: "passive" } : {};
    const pipes = { stdout: "piped", stderr: "piped" } as const;
    const child = new Deno.Command(command, { args, env, ...pipes }).spawn();
    const trouble = new Response(child.stderr).text();
    for await (const line of linesOf(child.stdout)) yield JSON.parse(line);
    if (!(await child.status).success) {
      throw new PeerError(`PyTorch failed: ${(await trouble).trim().split("\n").at(-1)}`);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const TRIAL = 30; // steps

/** PyTorch on some threads, waiting in the way that is faster here. */
export async function fastestPyTorch(
  command: string,
  threads: number,
  course: Course,
): Promise<PyTorch> {
  const ways: PyTorch[] = [{ command, threads }, { command, threads, isPassive: true }];
  if (threads === 1) return ways[0];
  const few = { ...course, measureEvery: undefined, held: course.held.slice(0, 1) };
  const paces: number[] = [];
  for (const way of ways) {
    let pace = Infinity;
    for await (const { seconds, step } of learnInPyTorch(way, few, { limit: 60, steps: TRIAL })) {
      pace = seconds / step;
    }
    paces.push(pace);
  }
  return ways[paces[1] < paces[0] ? 1 : 0];
}
