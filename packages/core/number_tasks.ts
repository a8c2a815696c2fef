/**
 * The table of the tasks on numbers, and of multi-label classification.
 *
 * @module
 */
import { forecast } from "./forecast/task.ts";
import { multiLabel } from "./multi_label/task.ts";
import { regression } from "./regression/task.ts";
import { seriesClassification } from "./series_classification/task.ts";
import { seriesRegression } from "./series_regression/task.ts";
import type { AnyTask } from "./tasks.ts";

/** The tasks on numbers, and multi-label classification. */
export const NUMBER_TASKS: readonly AnyTask[] = [
  forecast,
  seriesClassification,
  regression,
  multiLabel,
  seriesRegression,
];
