/** Goes on with training from a damaged checkpoint, for a step or two. */
import { type Backend, type Checkpoint, train, type TrainOptions } from "@unroll/core";
import type { ModelSeed } from "./model_corpus.ts";
import { require, requireFinite } from "./oracle.ts";

const STEPS = 2;
const LATE_EVENTS = 3; // of an epoch's end, its checkpoint, and the stop

/** Trains on; throws what `train` throws, and where its events make no sense. */
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
  // Null stands for what is not given, and what is for translation alone has a value always.
  const own = Object.entries(options ?? {}).filter(([name, value]) =>
    value !== null && !(name === "teacherForcing" && value === 1)
  );
  const settings = {
    clip: Infinity,
    ...Object.fromEntries(own),
    validation,
    checkpointEvery: 1,
    resume: checkpoint,
    signal,
  } as TrainOptions;
  let events = 0;
  for await (const event of train(backend, { ...model }, examples, settings)) {
    events++;
    if (asked > STEPS) require(++late <= LATE_EVENTS, "training goes on after it was stopped");
    require(events <= 4 * STEPS + LATE_EVENTS, "more events than steps");
    if (event.type === "epoch") {
      requireFinite([event.train.loss, event.train.accuracy, event.learningRate], "the epoch");
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
