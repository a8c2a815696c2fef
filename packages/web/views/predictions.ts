/**
 * The table of prediction views, by the kinds that tasks name.
 *
 * @module
 */
import type { Look } from "../picture_protocol.ts";
import type { PredictionKind } from "../tasks/task.ts";
import { taskOf } from "../tasks/tasks.ts";
import { candidatesView } from "./candidates_prediction.ts";
import { labelView, tagView } from "./label_prediction.ts";
import type { PredictionView } from "./prediction_view.ts";
import { translationView } from "./translation_prediction.ts";

const VIEWS: Record<PredictionKind, PredictionView> = {
  label: labelView,
  tag: tagView,
  candidates: candidatesView,
  translation: translationView,
};

/** All classes that the picture can have for its prediction. */
export const PREDICTION_CLASSES = Object.values(VIEWS).flatMap(({ className }) => className ?? []);

/** Returns the prediction view of a network. */
export function predictionViewOf({ task }: Pick<Look, "task">): PredictionView {
  return VIEWS[taskOf({ task }).prediction];
}
