/**
 * Trains a forecaster to the end, with the calibration after it, as the command line does.
 *
 * @module
 */
import { type Backend, calibrateForecaster, train, type TrainEvent } from "@unroll/core";
import type { Planned } from "./forecast_plan.ts";
import type { ForecastStatus } from "./forecast_protocol.ts";

/** The events of a training, and those of the calibration of the bands after it. */
export type ForecastTrainEvent = TrainEvent | { type: "calibrating" };

/** Trains and calibrates. At each event, the caller can draw or stop. */
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

const WATCHED = 6000; // minimum duration of a training in milliseconds, to be watched
const LONGEST = 250; // maximum time in milliseconds to which an epoch is stretched

/** Returns the minimum duration of an epoch in milliseconds, so that it can be watched. */
export function leastOf(epochs: number): number {
  return Math.min(LONGEST, WATCHED / Math.max(1, epochs));
}

/**
 * Returns the progress of a training from its events.
 *
 * @param how The milliseconds of training so far, the fraction of the current epoch that is done,
 *   and the minimum duration of an epoch in milliseconds.
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
