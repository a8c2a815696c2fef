/**
 * Correct predictions of a model for the first examples, from which a report shows typical ones.
 *
 * @module
 */
import {
  type Backend,
  type ClassificationModel,
  type Example,
  firstItems,
  predict,
  type Sequence,
  type TaggingModel,
} from "@unroll/core";
import { ASKED, type RightText } from "../output/typical_view.ts";

/** Returns the correct predictions of a classifier. */
export async function rightLabels(
  backend: Backend,
  model: ClassificationModel,
  measured: Sequence<Example>,
): Promise<RightText[]> {
  const some = firstItems(measured, ASKED);
  const answers = await predict(backend, model, some.map(({ text }) => text));
  return answers.filter(({ label }, i) => label === some[i].label)
    .map(({ text, label, probabilities }) => ({
      text,
      label,
      probability: probabilities[label],
    }));
}

/** Returns the correct predictions of a tagger, one for each word. */
export async function rightTags(
  backend: Backend,
  model: TaggingModel,
  measured: Sequence<Example>,
): Promise<RightText[]> {
  const some = firstItems(measured, ASKED);
  const answers = await predict(backend, model, some.map(({ text }) => text));
  return answers.flatMap((tags, i) => {
    const { text, label: actual = "" } = some[i], expected = actual.trim().split(/\s+/u);
    return tags.filter(({ label }, t) => label === expected[t])
      .map(({ word, label, probability }) => ({
        text,
        word,
        label,
        predicted: label,
        probability,
      }));
  });
}
