/**
 * The strips of a column: the numbers of a cell at a word as colours.
 *
 * @module
 */
import { largest, paint } from "../colours.ts";
import type { Look } from "../protocol.ts";

const LEAST_BOUND = 0.25; // a state that is nearly nothing should not look like much

/** What a strip shows. */
export interface StripName {
  direction: number;
  /** `h`, `c`, a gate, or `gradient`. */
  name: string;
}

/** Numbers of a cell at a word. */
export interface Strip extends StripName {
  canvas: HTMLCanvasElement;
}

/** Whether there are gates to be shown. */
export function hasGates({ layers }: Look): boolean {
  return Object.keys(layers[0][0].gates).length > 0;
}

/** Which strips a column has: of each direction the gates, the cell state and the state. */
export function stripNames(
  look: Look,
  { isBackward, isOpen }: { isBackward: boolean; isOpen: boolean },
): StripName[] {
  const [{ gates, cells }] = look.layers[0];
  const inner = [...Object.keys(gates), ...(cells ? ["c"] : [])];
  const names = isBackward ? ["gradient"] : isOpen ? [...inner, "h"] : ["h"];
  return look.layers[0].flatMap((_, direction) => names.map((name) => ({ direction, name })));
}

/**
 * Paints the strips of all columns; gives for each kind of strip the size that has the full colour.
 */
export function paintStrips(
  look: Look,
  layer: number,
  columns: readonly { strips: readonly Strip[] }[],
): Map<string, number> {
  const cells = look.layers[layer];
  const { hidden } = look.config;
  const gradients = look.gradients?.layers[layer];
  const boundOf = (name: string): number => {
    if (name === "h") return Math.max(LEAST_BOUND, largest(...cells.map(({ states }) => states)));
    if (name === "c") return Math.max(1, largest(...cells.map((cell) => cell.cells ?? [])));
    if (name === "gradient") return largest(...gradients ?? []);
    return Math.max(1, largest(...cells.map(({ gates }) => gates[name]))); // minGRU's candidate has no bound
  };
  const valuesOf = (name: string, direction: number) => {
    if (name === "gradient") {
      return gradients?.[direction] ?? new Float32Array(hidden * look.words.length);
    }
    const { states, cells: inner, gates } = cells[direction];
    return name === "h" ? states : name === "c" ? inner! : gates[name];
  };
  const bounds = new Map<string, number>();
  for (const { name } of columns[0].strips) bounds.set(name, boundOf(name));
  for (const [t, { strips }] of columns.entries()) {
    for (const { canvas, direction, name } of strips) {
      const values = valuesOf(name, direction).subarray(t * hidden, (t + 1) * hidden);
      paint(canvas, values, 1, bounds.get(name)!);
    }
  }
  return bounds;
}
