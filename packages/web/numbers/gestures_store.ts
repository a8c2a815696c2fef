/**
 * The visitor's strokes, stored by the browser between visits.
 *
 * @module
 */
import type { Gesture } from "./gestures_protocol.ts";

const KEY = "unroll-gestures";

/** A shape to learn. */
export interface Shape {
  name: string;
  /** The index of the built-in shape, if it is one. */
  sample?: number;
}

/** Shapes and their examples. */
export interface Collection {
  shapes: Shape[];
  gestures: Gesture[];
}

/** Returns the stored collection, if there is one. */
export function loadGestures(): Collection | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "null");
    return isCollection(kept) ? kept : undefined;
  } catch { // no storage here, or invalid JSON
    return undefined;
  }
}

/** Stores a collection; without one, deletes it. Returns whether the browser allowed it. */
export function keepGestures(collection?: Collection): boolean {
  try {
    if (collection) localStorage.setItem(KEY, JSON.stringify(collection));
    else localStorage.removeItem(KEY);
    return true;
  } catch { // full, or forbidden
    return false;
  }
}

function isCollection(kept: unknown): kept is Collection {
  const { shapes, gestures } = Object(kept);
  const areNumbers = (list: unknown) =>
    Array.isArray(list) && list.length > 0 && list.every(Number.isFinite);
  return Array.isArray(shapes) && Array.isArray(gestures) &&
    shapes.every((shape) => typeof Object(shape).name === "string") &&
    gestures.every((each) => {
      const { label, x, y } = Object(each);
      return typeof label === "string" && areNumbers(x) && areNumbers(y) && x.length === y.length;
    });
}
