/**
 * A training to its end, with the calibration behind it, as the command line makes it.
 *
 * @module
 */
import { type Backend, calibrateForecaster, train, type TrainEvent } from "@unroll/core";
import type { Planned } from "./forecast_plan.ts";
import type { ForecastStatus } from "./forecast_protocol.ts";

/** What happens in a training; once it is over, the bands are calibrated. */
export type ForecastTrainEvent = TrainEvent | { type: "calibrating" };

/** Trains, and calibrates. Each event is a moment to draw, or to stop. */
export async function* trainForecaster(
  backend: Backend,
  { model, examples, training, test }: Planned,
): AsyncGenerator<ForecastTrainEvent, void, void> {
  yield* train(backend, model, examples, { ...training, test });
  const turns = calibrateForecaster(backend, model, examples, training);
  for (;;) {
    yield { type: "calibrating" };
    if ((await turns.next()).done) return;
  }
}

const WATCHED = 6000; // milliseconds that a training takes at least, to be watched
const LONGEST = 250; // milliseconds that an epoch is made to take

/** How long an epoch takes at least, in milliseconds, so that it can be watched. */
export function leastOf(epochs: number): number {
  return Math.min(LONGEST, WATCHED / Math.max(1, epochs));
}

/**
 * How far a training is by what has happened in it.
 *
 * @param how With the milliseconds of training so far, the fraction of the epoch under way that is
 *   done, and the milliseconds that an epoch takes at least.
 */
export function progressOf(
  log: readonly TrainEvent[],
  { epochs, spent, share, least }: {
    epochs: number;
    spent: number;
    share: number;
    least: number;
  },
): Pick<ForecastStatus, "epoch" | "share" | "best" | "secondsLeft"> {
  const over = log.filter((event) => event.type === "epoch"), epoch = over.at(-1)?.epoch ?? 0;
  const best = over.some(({ validation }) => validation)
    ? over.findLast(({ kept }) => kept)?.epoch
    : undefined;
  const done = epoch + share;
  if (done === 0) return { epoch, share, best };
  const secondsLeft = (epochs - done) * Math.max(spent / done, least) / 1000;
  return { epoch, share, best, secondsLeft };
}
