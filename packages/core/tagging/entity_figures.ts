/**
 * Entities where taggers are measured, beside the accuracy of tags.
 *
 * @module
 */
import type { Measured, MeasureSet } from "../classification/measure.ts";
import type { PartLabels } from "../classification/parts.ts";
import { countEntities, type EntityEvaluation, tagSchemeOf } from "./entities.ts";
import type { TaggingModel } from "./model.ts";

/** Gives the right label of a word of a text, by their places. */
type NameOf = (i: number, t: number) => string;

/** How well a tagger finds the entities of measured texts; undefined where its tags mark none. */
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

/** The figures of entities beside loss and accuracy, where a tagger in training is measured. */
export function entityFigures(
  model: Pick<TaggingModel, "labels">,
  set: MeasureSet,
  measured: Pick<Measured, "predicted">,
): Record<string, number> {
  const { truth, starts } = set, { labels } = model;
  // Where the model lacks a label, the word counts as outside: its name is not at hand.
  const nameOf = (i: number, t: number) => labels[truth[starts[i] + t]] ?? "O";
  const found = evaluateEntities(model, set, measured.predicted, nameOf);
  return found ? { entityF1: found.f1 } : {};
}
