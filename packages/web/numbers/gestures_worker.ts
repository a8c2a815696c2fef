/**
 * The worker's side of the tab of gestures.
 *
 * @module
 */
import {
  InputError,
  predict,
  type Series,
  type SeriesClassificationModel,
  strokeBeginnings,
  strokeNovelty,
  strokeProgress,
  strokeSeries,
  writeModel,
} from "@unroll/core";
import { openPort } from "../worker/port.ts";
import { csvOf, gestureOf, gesturesIn, seriesOf } from "./gestures_csv.ts";
import type {
  Gesture,
  GestureEvents,
  GestureRequests,
  Progress,
  Reading,
} from "./gestures_protocol.ts";
import { type Drawn, sampleStroke } from "./gestures_samples.ts";
import { backend, crossValidation, training } from "./gestures_training.ts";

const FRAME = 10; // milliseconds per epoch when watched: all epochs take a second and a half

/** Answers the tab's requests. */
export function serveGestures(): void {
  const { report, listen } = openPort<GestureRequests, GestureEvents>();
  let model: SeriesClassificationModel | undefined, known: Series[] = [];
  let run = 0;

  /** Starts a run; throws if the strokes cannot be learned. */
  function learn({ gestures, isWatched }: GestureRequests["learn"][0]): number {
    const strokes = gestures.map(seriesOf), fresh = training(strokes);
    [model, known] = [fresh.model, strokes];
    finish(fresh.epochs, strokes, isWatched)
      .catch(({ message }) => report("problem", { message }));
    return strokes.length;
  }

  async function finish(
    epochs: AsyncIterable<Progress>,
    strokes: readonly Series[],
    isWatched: boolean,
  ): Promise<void> {
    const own = ++run;
    const isOver = () => own !== run;
    let seconds = 0, start = performance.now();
    for await (const progress of epochs) {
      seconds += (performance.now() - start) / 1000;
      report("epoch", progress);
      await pause(isWatched ? FRAME : 0);
      if (isOver()) return;
      start = performance.now();
    }
    report("learned", { strokes: strokes.length, seconds });
    for await (const found of crossValidation(strokes)) {
      if (found) report("crossValidation", found);
      await pause(0);
      if (isOver()) return;
    }
  }

  async function read({ drawn: { x, y }, from, isWhole }: GestureRequests["read"][0]) {
    if (!model) return undefined;
    const stroke = strokeSeries(x, y);
    const beginnings = strokeBeginnings(stroke, from + 1);
    const predictions = beginnings.length > 0 ? await predict(backend, model, beginnings) : [];
    return {
      progress: [...strokeProgress(x, y)],
      from,
      probabilities: predictions.map(({ probabilities }) => probabilities),
      ...(isWhole ? { novelty: noveltyOf(stroke) } : {}),
    } satisfies Reading;
  }

  function noveltyOf(stroke: Series): number | undefined {
    try {
      return strokeNovelty(known, stroke);
    } catch (error) {
      if (error instanceof InputError) return undefined; // too few strokes to compare
      throw error;
    }
  }

  listen({
    sample: ({ shape, number }) => sampleStroke(shape, number),
    builtIn: ({ labels, count }) =>
      labels.flatMap((label, shape) =>
        Array.from({ length: count }, (_, number) => settle(sampleStroke(shape, number), label))
      ),
    settle: ({ drawn, label }) => settle(drawn, label),
    learn,
    stop() {
      run++;
    },
    read,
    csv: ({ gestures }) => csvOf(gestures),
    open: ({ file }) => gesturesIn(file),
    model: () => {
      if (model) return writeModel(model);
      throw new InputError("there is no network yet; draw some strokes of each shape");
    },
  }, (job) => job());
}

function settle({ x, y }: Drawn, label: string): Gesture {
  return gestureOf(strokeSeries(x, y, { label }));
}

/** Lets what the page asks come in. */
function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}
