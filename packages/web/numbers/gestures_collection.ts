/**
 * The shapes and their examples, as the visitor changes them; each change can be undone.
 *
 * @module
 */
import type { Gesture } from "./gestures_protocol.ts";
import { ENOUGH, LEAST } from "./gestures_settings.ts";
import type { Collection, Shape } from "./gestures_store.ts";

const MOST_SHAPES = 8; // as many as there are colors

/** The names that examples have, in their order. */
export function shapesOf(gestures: readonly Gesture[]): Shape[] {
  return [...new Set(gestures.map(({ label }) => label))].map((name) => ({ name }));
}

/** Whether this number of shapes can be learned and shown. */
export function areShapesFew(count: number): boolean {
  return count >= 2 && count <= MOST_SHAPES;
}

/** The shapes by formula that are among these. */
export function sampledShapes({ shapes }: Collection): number[] {
  return shapes.flatMap(({ sample }) => sample === undefined ? [] : [sample]);
}

/** The number of examples of a shape. */
export function countOf({ gestures }: Collection, { name }: Shape): number {
  return gestures.filter(({ label }) => label === name).length;
}

/** The first shape that has fewer than this. */
function lacking(collection: Collection, wanted: number) {
  const place = collection.shapes.findIndex((shape) => countOf(collection, shape) < wanted);
  if (place < 0) return undefined;
  const { name } = collection.shapes[place];
  return { place, name, missing: wanted - countOf(collection, collection.shapes[place]) };
}

/** The first shape that lacks examples: with enough it is learned of itself. */
export const lackingEnough = (collection: Collection) => lacking(collection, ENOUGH);

/** The first shape that has too few to be learned at all. */
export const lackingLeast = (collection: Collection) => lacking(collection, LEAST);

/** The same with a shape renamed. */
export function renamed({ shapes, gestures }: Collection, place: number, name: string): Collection {
  const before = shapes[place].name;
  return {
    shapes: shapes.map((shape, i) => i === place ? { ...shape, name } : shape),
    gestures: gestures.map((each) => each.label === before ? { ...each, label: name } : each),
  };
}

/** A stroke in the middle of the drawing area, to be drawn again. */
export function placed({ x, y }: Gesture, width: number): { x: number[]; y: number[] } {
  const middle = (values: readonly number[]) =>
    (values.reduce((a, b) => Math.min(a, b)) + values.reduce((a, b) => Math.max(a, b))) / 2;
  const [dx, dy] = [width / 2 - middle(x), 0.5 - middle(y)];
  return { x: x.map((value) => value + dx), y: y.map((value) => value + dy) };
}
