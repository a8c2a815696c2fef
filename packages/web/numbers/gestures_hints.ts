/**
 * Hints about what the visitor can do next.
 *
 * @module
 */
import { gestures as words } from "../words/gestures.ts";
import { countOf, lackingEnough, lackingLeast } from "./gestures_collection.ts";
import { ENOUGH } from "./gestures_settings.ts";
import type { Collection } from "./gestures_store.ts";

/** Returns the text of the empty drawing area. */
export function hintOf(collection: Collection, mode: number | undefined, isUntrained: boolean) {
  const shape = collection.shapes[mode ?? -1];
  if (shape) return words.pad.example(shape.name, countOf(collection, shape), ENOUGH);
  return isUntrained ? words.pad.untrained : words.pad.guess;
}

/** Describes what to draw before the network can be trained. */
export function needsOf(collection: Collection): string {
  const enough = lackingEnough(collection);
  if (!enough) return words.learning.ready;
  const needs = words.learning.needs(enough.name, enough.missing);
  return lackingLeast(collection) ? needs : `${needs} ${words.learning.may}`;
}
