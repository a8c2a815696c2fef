/**
 * The worker's side of the tab of forecasts.
 *
 * @module
 */
import type { Answers } from "../messages.ts";
import { Loop } from "../worker/loop.ts";
import { openPort } from "../worker/port.ts";
import type { ForecastEvents, ForecastRequests } from "./forecast_protocol.ts";
import { ForecastSession } from "./forecast_session.ts";

const port = openPort<ForecastRequests, ForecastEvents>();
const session = new ForecastSession(port.report);
const loop = new Loop(() => session.run.turn());
const answers: Answers<ForecastRequests> = {
  read: (given) => session.read(given),
  prepare: (settings) => session.prepare(settings),
  view: (view) => session.show(view),
  train: () => session.run.train(),
  pace: ({ isFull }) => session.run.pace(isFull),
  pause: () => session.run.pause(),
  stop: () => session.stop(),
  backtest: ({ folds }) => session.backtest(folds),
  forecast: ({ horizon }) => session.forecast(horizon),
  save: () => session.save(),
  open: ({ file, name }) => session.open(file, name),
  report: () => session.page(),
  dataFile: () => session.dataFile(),
};
port.listen(answers, (job, ask) => {
  if (ask === "stop" && session.isMeasuring) job(); // during the backtest
  else loop.add(job);
});
