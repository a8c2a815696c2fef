/**
 * The visitor's strokes, as the browser keeps them from visit to visit.
 *
 * @module
 */
import type { Gesture } from "./gestures_protocol.ts";

const KEY = "unroll-gestures";

/** A shape that is learned. */
export interface Shape {
  name: string;
  /** Which of the shapes by formula it is, if it is one. */
  sample?: number;
}

/** Shapes and their examples. */
export interface Collection {
  shapes: Shape[];
  gestures: Gesture[];
}

/** What was kept, if anything was. */
export function loadGestures(): Collection | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "null");
    return isCollection(kept) ? kept : undefined;
  } catch { // no storage here, or it is no JSON
    return undefined;
  }
}

/** Keeps them; without any, forgets what was kept. Gives whether the browser does. */
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
