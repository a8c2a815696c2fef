/**
 * Scales the values of a column for the network, and back.
 *
 * @module
 */
import { type Scaling, scalingOf } from "../series/scaling.ts";

/** How the columns of a model are scaled. */
interface Scaled {
  /** The targets, which are the first columns. */
  targets: readonly string[];
  /** Whether targets are replaced by their logarithm before scaling. */
  log: boolean;
  /** The mean and standard deviation of each column, after the logarithm. */
  scaling: Scaling;
}

/** Returns values before scaling: the logarithm of targets, if asked for. */
function maybeLog(values: Float64Array, c: number, { targets, log }: Omit<Scaled, "scaling">) {
  return log && c < targets.length ? values.map(Math.log) : values;
}

/** Computes the scaling of some columns, each given in parts. */
export function columnScaling(
  columns: readonly (readonly Float64Array[])[],
  form: Omit<Scaled, "scaling">,
): Scaling {
  const of = columns.map((parts, c) => scalingOf(parts.map((part) => [maybeLog(part, c, form)])));
  return {
    means: of.flatMap(({ means }) => means),
    deviations: of.flatMap(({ deviations }) => deviations),
  };
}

/**
 * Returns the values of column `c`, scaled for the network.
 *
 * @param length The length of the result, padded with zeros at the end. Default: no padding.
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

/** Converts a scaled value of column `c` back to its unit. */
export function unscaled(value: number, c: number, { targets, log, scaling }: Scaled): number {
  const x = scaling.means[c] + scaling.deviations[c] * value;
  return log && c < targets.length ? Math.exp(x) : x;
}
