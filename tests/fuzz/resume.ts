/** Resumes training from a damaged checkpoint, for a step or two. */
import {
  type Backend,
  type Checkpoint,
  type SettledOptions,
  train,
  type TrainOptions,
} from "@unroll/core";
import { OPTIMIZER_DEFAULTS } from "#core/training/optimizer.ts";
import { settleSchedule } from "#core/training/schedule.ts";
import type { Given, ModelSeed } from "./model_corpus.ts";
import { require, requireFinite } from "./oracle.ts";

const STEPS = 2;
const LATE_EVENTS = 3; // the end of an epoch, its checkpoint, and the stop

/** Resumes training; throws what `train` throws, or if its events are inconsistent. */
export async function resume(
  backend: Backend,
  checkpoint: Checkpoint,
  { examples, validation }: ModelSeed,
): Promise<void> {
  let asked = 0, late = 0;
  const signal = {
    get aborted() {
      return ++asked > STEPS;
    },
  };
  const { model, options } = checkpoint;
  const settings: TrainOptions<Given> = {
    ...givenOptions(options),
    validation,
    checkpointEvery: 1,
    resume: checkpoint,
    signal,
  };
  let events = 0;
  for await (const event of train(backend, { ...model }, examples as never, settings as never)) {
    events++;
    if (asked > STEPS) require(++late <= LATE_EVENTS, "training goes on after it was stopped");
    require(events <= 4 * STEPS + LATE_EVENTS, "more events than steps");
    if (event.type === "epoch") {
      requireFinite([...Object.values(event.train), event.learningRate], "the epoch");
      require(event.epoch >= 1, `the epoch ${event.epoch}`);
    }
    if (event.type === "stopped") requireFinite([event.epoch, event.done], "the stop");
    if (event.type !== "checkpoint") continue;
    const { weights } = event.checkpoint.model;
    for (const [name, numbers] of Object.entries(weights)) requireFinite(numbers, name);
  }
  const isOver = checkpoint.progress.epoch > options.epochs;
  require(events > 0 || isOver, "training ends without a word");
}

/** Returns the options that differ from the defaults, from the complete options. */
function givenOptions(settled: SettledOptions): TrainOptions {
  const { name } = settled.schedule ?? {};
  const options = without(settled, { teacherForcing: 1 });
  return {
    clip: Infinity, // null stands for no value, as for other missing options
    ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null)),
    optimizer: without(settled.optimizer, { ...OPTIMIZER_DEFAULTS, name: undefined }),
    schedule: without(settled.schedule, { ...settleSchedule({ name }), name: undefined }),
  };
}

/** Returns an object without the members that equal those of another one. */
function without<T extends object>(object: T, defaults: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(
    Object.entries(object ?? {}).filter(([name, value]) =>
      JSON.stringify(value) !== JSON.stringify(defaults[name])
    ),
  ) as Partial<T>;
}
