/**
 * From the numbers of a column to those that a network reads, and back.
 *
 * @module
 */
import { type Scaling, scalingOf } from "../series/scaling.ts";

/** How the columns of a model are scaled. */
interface Scaled {
  /** The targets, the first columns. */
  targets: readonly string[];
  /** Whether the logarithm of the targets is taken first. */
  log: boolean;
  /** What columns are scaled by then. */
  scaling: Scaling;
}

/** Numbers before they are scaled: their logarithm where that is taken. */
function taken(values: Float64Array, c: number, { targets, log }: Omit<Scaled, "scaling">) {
  return log && c < targets.length ? values.map(Math.log) : values;
}

/** The scaling of some columns, each in parts. */
export function columnScaling(
  columns: readonly (readonly Float64Array[])[],
  form: Omit<Scaled, "scaling">,
): Scaling {
  const of = columns.map((parts, c) => scalingOf(parts.map((part) => [taken(part, c, form)])));
  return {
    means: of.flatMap(({ means }) => means),
    deviations: of.flatMap(({ deviations }) => deviations),
  };
}

/**
 * The numbers of column `c` as a network reads them.
 *
 * @param length How many there are, with zeros behind those that are given. Default: no zeros.
 */
export function scaledColumn(
  values: Float64Array,
  c: number,
  { targets, log, scaling }: Scaled,
  length: number = values.length,
): Float64Array {
  const mean = scaling.means[c], deviation = scaling.deviations[c];
  const found = new Float64Array(length), isLog = log && c < targets.length;
  for (let t = 0; t < values.length; t++) {
    found[t] = ((isLog ? Math.log(values[t]) : values[t]) - mean) / deviation;
  }
  return found;
}

/** A number of column `c` as it was. */
export function unscaled(value: number, c: number, { targets, log, scaling }: Scaled): number {
  const x = scaling.means[c] + scaling.deviations[c] * value;
  return log && c < targets.length ? Math.exp(x) : x;
}
