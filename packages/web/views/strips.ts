/**
 * The strips of a column: the numbers of a cell at a word as colors.
 *
 * @module
 */
import { largest, paint } from "../colors.ts";
import type { Look } from "../picture_protocol.ts";
import { setNumbers } from "../readings.ts";
import { figure, words } from "../words.ts";
import { shown } from "./symbols.ts";

const LEAST_BOUND = 0.25; // so that a state near zero does not look large

/** What a strip shows. */
export interface StripName {
  layer: number;
  direction: number;
  /** `h`, `c`, a gate, or `gradient`. */
  name: string;
}

/** A strip with its canvas. */
export interface Strip extends StripName {
  canvas: HTMLCanvasElement;
}

/** Returns whether the cell has gates to show. */
export function hasGates({ layers }: Look): boolean {
  return Object.keys(layers[0][0].gates).length > 0;
}

/** Returns the strips of a column in a layer: each direction's gates, cell state and state. */
export function stripNames(
  look: Look,
  layer: number,
  { isBackward, isOpen }: { isBackward: boolean; isOpen: boolean },
): StripName[] {
  const [{ gates, cells }] = look.layers[layer];
  const inner = [...Object.keys(gates), ...(cells ? ["c"] : [])];
  const names = isBackward ? ["gradient"] : isOpen ? [...inner, "h"] : ["h"];
  return look.layers[layer].flatMap((_, direction) =>
    names.map((name) => ({ layer, direction, name }))
  );
}

/**
 * Paints the strips of all columns; returns for each kind of strip the size in full color,
 * which is the same in all layers.
 */
export function paintStrips(
  look: Look,
  columns: readonly { strips: readonly Strip[] }[],
): Map<string, number> {
  const { hidden } = look.config;
  const bounds = new Map<string, number>();
  for (const { name } of columns[0].strips) {
    if (!bounds.has(name)) bounds.set(name, boundOf(look, name));
  }
  for (const [t, { strips }] of columns.entries()) {
    for (const { canvas, name, ...at } of strips) {
      const values = valuesOf(look, name, at).subarray(t * hidden, (t + 1) * hidden);
      paint(canvas, values, 1, bounds.get(name)!, { isSize: name === "gradient" });
      setNumbers(canvas, {
        rows: hidden,
        columns: 1,
        rowName: (unit) => words.unrolled.unit(at.direction * hidden + unit),
        columnName: () => words.unrolled.afterWord(shown(look.words[t]), name),
        cell: (unit) => figure(values[unit], 3),
      });
    }
  }
  return bounds;
}

function boundOf({ layers, gradients }: Look, name: string): number {
  const all = layers.flat();
  if (name === "h") return Math.max(LEAST_BOUND, largest(...all.map(({ states }) => states)));
  if (name === "c") return Math.max(1, largest(...all.map(({ cells }) => cells ?? [])));
  if (name === "gradient") return largest(...gradients?.layers.flat() ?? []);
  return Math.max(1, largest(...all.map(({ gates }) => gates[name]))); // minGRU's is unbounded
}

function valuesOf(
  look: Look,
  name: string,
  { layer, direction }: { layer: number; direction: number },
) {
  if (name === "gradient") {
    return look.gradients?.layers[layer]?.[direction] ??
      new Float32Array(look.config.hidden * look.words.length);
  }
  const { states, cells, gates } = look.layers[layer][direction];
  return name === "h" ? states : name === "c" ? cells! : gates[name];
}
