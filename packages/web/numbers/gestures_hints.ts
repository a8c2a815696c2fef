/**
 * What the visitor may do next, in words.
 *
 * @module
 */
import { gestures as words } from "../words/gestures.ts";
import { countOf, lackingEnough, lackingLeast } from "./gestures_collection.ts";
import { ENOUGH } from "./gestures_settings.ts";
import type { Collection } from "./gestures_store.ts";

/** What stands in the drawing area while nothing is drawn. */
export function hintOf(collection: Collection, mode: number | undefined, isUntrained: boolean) {
  const shape = collection.shapes[mode ?? -1];
  if (shape) return words.pad.example(shape.name, countOf(collection, shape), ENOUGH);
  return isUntrained ? words.pad.untrained : words.pad.guess;
}

/** What there is to draw before the network can learn. */
export function needsOf(collection: Collection): string {
  const enough = lackingEnough(collection);
  if (!enough) return words.learning.ready;
  const needs = words.learning.needs(enough.name, enough.missing);
  return lackingLeast(collection) ? needs : `${needs} ${words.learning.may}`;
}
