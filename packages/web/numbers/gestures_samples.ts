/**
 * Strokes to begin with, drawn by formula: a circle, a zigzag and a check mark, no two the same.
 *
 * @module
 */
import { Random } from "@unroll/core";

/** A stroke as it was drawn: points in units of the drawing area's height, y upward. */
export interface Drawn {
  /** Where the points are, from the left. */
  x: number[];
  /** Where the points are, from below. */
  y: number[];
}

const WIDTH = 4 / 3; // of the drawing area
const POINTS = 90; // of a stroke
const TREMBLE = 0.006; // of a hand, in heights of the drawing area

type Point = readonly [x: number, y: number];
type Shape = (between: (least: number, most: number) => number, number: number) => Point[];

/** The shapes, by their names to begin with. */
const SHAPES: readonly Shape[] = [
  (between, number) => {
    const start = Math.PI / 2 + between(-0.5, 0.5), turn = 2 * Math.PI * between(0.94, 1.03);
    const sign = number % 3 === 2 ? -1 : 1; // some people draw it clockwise
    const [a, b] = [between(0.85, 1.1), between(0.85, 1.1)];
    return Array.from({ length: POINTS }, (_, i): Point => {
      const angle = start + sign * turn * i / (POINTS - 1);
      return [a * Math.cos(angle), b * Math.sin(angle)];
    });
  },
  (between) => {
    const corners = Array.from({ length: 5 }, (_, i): Point => [
      -1 + i / 2 + between(-0.08, 0.08),
      (i % 2 === 0 ? 0.65 : -0.65) + between(-0.12, 0.12),
    ]);
    return between(0, 1) < 0.5 ? corners : [...corners, [1.45, -0.6 + between(-0.12, 0.12)]];
  },
  (between) => [
    [-0.8 + between(-0.1, 0.1), 0.05 + between(-0.12, 0.12)],
    [-0.25 + between(-0.1, 0.1), -0.75 + between(-0.1, 0.1)],
    [0.85 + between(-0.15, 0.15), 0.85 + between(-0.15, 0.15)],
  ],
];

/** How many shapes there are strokes of. */
export const SAMPLED = SHAPES.length;

/** The stroke of a shape that has this number; each number has its own. */
export function sampleStroke(shape: number, number: number): Drawn {
  const random = new Random(1 + number, 5, shape);
  const between = (least: number, most: number) => least + (most - least) * random.uniform();
  const size = between(0.24, 0.36);
  const points = evenly(SHAPES[shape](between, number));
  const middle: Point = [WIDTH / 2 + between(-0.2, 0.2), 0.5 + between(-0.08, 0.08)];
  const [alpha, beta] = [between(0, 6), between(0, 6)];
  const tremble = (t: number, phase: number) =>
    TREMBLE * (Math.sin(t / 4 + phase) + Math.sin(t / 9 + 2 * phase));
  return {
    x: points.map(([x], t) => middle[0] + size * x + tremble(t, alpha)),
    y: points.map(([, y], t) => middle[1] + size * y + tremble(t, beta)),
  };
}

/** Points along lines from corner to corner. */
function evenly(corners: readonly Point[]): Point[] {
  if (corners.length === POINTS) return [...corners];
  const steps = Math.ceil(POINTS / (corners.length - 1));
  const points = corners.slice(1).flatMap(([x, y], i) =>
    Array.from({ length: steps }, (_, t): Point => {
      const [fromX, fromY] = corners[i];
      return [fromX + (x - fromX) * t / steps, fromY + (y - fromY) * t / steps];
    })
  );
  return [...points, corners[corners.length - 1]];
}
