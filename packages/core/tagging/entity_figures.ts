/**
 * Figures of entities, besides the accuracy of tags, when taggers are measured.
 *
 * @module
 */
import type { Measured, MeasureSet } from "../classification/measure.ts";
import type { PartLabels } from "../classification/parts.ts";
import { countEntities, type EntityEvaluation, tagSchemeOf } from "./entities.ts";
import type { TaggingModel } from "./model.ts";

/** Returns the true label of word `t` of text `i`. */
type NameOf = (i: number, t: number) => string;

/** Evaluates a tagger on the entities of measured texts; undefined if its tags mark no entities. */
export function evaluateEntities(
  { labels }: Pick<TaggingModel, "labels">,
  { starts }: MeasureSet,
  predicted: Int32Array,
  nameOf: NameOf,
  parts?: PartLabels,
): EntityEvaluation | undefined {
  const scheme = tagSchemeOf(labels);
  if (!scheme) return undefined;
  const figuresOf = (given: Int32Array) => {
    const counter = countEntities();
    for (let i = 0; i + 1 < starts.length; i++) {
      const own = given.subarray(starts[i], starts[i + 1]);
      counter.add(
        Array.from(own, (_, t) => nameOf(i, t)),
        Array.from(own, (id) => labels[id]),
      );
    }
    return counter.figures();
  };
  const alone = parts && {
    network: figuresOf(parts.network).f1,
    ...(parts.linear ? { linear: figuresOf(parts.linear).f1 } : {}),
  };
  return { scheme, ...figuresOf(predicted), ...(alone ? { alone } : {}) };
}

/** Computes the figures of entities besides loss and accuracy, for a tagger in training. */
export function entityFigures(
  model: Pick<TaggingModel, "labels">,
  set: MeasureSet,
  measured: Pick<Measured, "predicted">,
): Record<string, number> {
  const { truth, starts } = set, { labels } = model;
  // A word with a label that the model does not have counts as outside: the name is not available.
  const nameOf = (i: number, t: number) => labels[truth[starts[i] + t]] ?? "O";
  const found = evaluateEntities(model, set, measured.predicted, nameOf);
  return found ? { entityF1: found.f1 } : {};
}
