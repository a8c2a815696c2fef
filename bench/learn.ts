/**
 * Training with a clock that is paused during evaluation.
 *
 * @module
 */
import { type Backend, train, writeModel } from "@unroll/core";
import { type Course, type Goal, jobOf } from "./course.ts";
import { PeerError } from "./fail.ts";
import { linesOf, peerPath } from "./peer.ts";

/** An evaluation during training. */
export interface Mark {
  /** The number of steps so far. */
  step: number;
  /** The mean training loss: of the epoch in Unroll, since the last evaluation in PyTorch. */
  loss?: number;
  /** The metric value on the held-out set. */
  value: number;
  /** The seconds of training so far. */
  seconds: number;
}

/** When to end training. */
export interface Limits {
  /** The maximum seconds of training; can be Infinity. */
  limit: number;
  /** The maximum number of steps, in PyTorch only. Default: all. */
  steps?: number;
  /** The goal at which to stop early. */
  goal?: Goal;
}

/** Returns whether a metric value reaches the goal. */
export function isReached(value: number, { value: least, isLeast }: Goal): boolean {
  return isLeast ? value <= least : value >= least;
}

/** Trains the model, in place, on a backend until the goal, the last epoch or the limit. */
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
    checkpointEvery: measureEvery, // they also come at the end of each epoch
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

/** A Python with PyTorch, and how it trains. */
export interface PyTorch {
  /** The Python executable. */
  command: string;
  /** The number of threads. */
  threads: number;
  /** Whether waiting threads sleep at once; otherwise they spin for some milliseconds first. */
  isPassive?: boolean;
}

/** Trains the same model in PyTorch, from the same weights. */
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

/** Returns PyTorch with the way of waiting that is faster on this machine. */
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
