/**
 * From the numbers of a column to those that a network reads, and back.
 *
 * @module
 */
import { scaledValues, type Scaling, scalingOf } from "../series/scaling.ts";

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

/** The numbers of column `c` as a network reads them. */
export function scaledColumn(values: Float64Array, c: number, form: Scaled): Float64Array {
  const means = [form.scaling.means[c]], deviations = [form.scaling.deviations[c]];
  return scaledValues([taken(values, c, form)], { means, deviations })[0];
}

/** A number of column `c` as it was. */
export function unscaled(value: number, c: number, { targets, log, scaling }: Scaled): number {
  const x = scaling.means[c] + scaling.deviations[c] * value;
  return log && c < targets.length ? Math.exp(x) : x;
}
