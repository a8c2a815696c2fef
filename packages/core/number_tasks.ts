/**
 * The table of the tasks on numbers, and on any number of labels.
 *
 * @module
 */
import { forecast } from "./forecast/task.ts";
import { multiLabel } from "./multi_label/task.ts";
import { regression } from "./regression/task.ts";
import { seriesClassification } from "./series_classification/task.ts";
import { seriesRegression } from "./series_regression/task.ts";
import type { AnyTask } from "./tasks.ts";

/** The tasks on numbers, and on any number of labels. */
export const NUMBER_TASKS: readonly AnyTask[] = [
  forecast,
  seriesClassification,
  regression,
  multiLabel,
  seriesRegression,
];
