/**
 * A training to its end, with the calibration behind it, as the command line makes it.
 *
 * @module
 */
import { type Backend, calibrateForecaster, train, type TrainEvent } from "@unroll/core";
import type { Planned } from "./forecast_plan.ts";

/** What happens in a training; once it is over, the bands are calibrated. */
export type ForecastTrainEvent = TrainEvent | { type: "calibrating"; reach?: number };

/** Trains, and calibrates. Each event is a moment to draw, or to stop. */
export async function* trainForecaster(
  backend: Backend,
  { model, examples, training, test }: Planned,
): AsyncGenerator<ForecastTrainEvent, void, void> {
  yield* train(backend, model, examples, { ...training, test });
  const turns = calibrateForecaster(backend, model, examples, training);
  for (;;) {
    yield { type: "calibrating" };
    const { done, value } = await turns.next();
    if (done) return yield { type: "calibrating", reach: value.reach };
  }
}
