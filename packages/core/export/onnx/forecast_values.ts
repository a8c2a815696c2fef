/**
 * The scaling of a forecaster's numbers in a graph: from rows in their original units to the
 * segments that the network reads, and from its outputs back. Scaling uses float64, because values
 * may be large compared with their standard deviation.
 *
 * @module
 */
import { type ForecastModel, knownWidth, stepsOf } from "../../forecast/form.ts";
import type { Builder, Value } from "./builder.ts";
import { NUMBER_TYPES } from "./messages.ts";

/** The scaled inputs of a forecaster. */
export interface ForecastValues {
  /** x_1 to x_N, `[batch, steps, segment * width]`. */
  x: Value;
  /** k_1 to k_M, `[batch, M, segment * known]`, if any columns are known ahead. */
  known?: Value;
  /** The index of each window's target column, int64 `[batch]`. */
  column: Value;
  /** Converts the network's outputs to the target's unit, `[batch, kinds, rows]`. */
  unscaled(y: Value): Value;
}

/** Adds the rows of windows as graph inputs, and computes from them what the network reads. */
export function forecastInputs(graph: Builder, model: ForecastModel): ForecastValues {
  const { targets, features, knownAhead, calendar, segment, horizon } = model;
  const [N, M] = stepsOf(model), known = [...knownAhead, ...calendar];
  const input = (name: string, dims: (number | string)[], doc: string) =>
    graph.input({ name, type: "double", dims, doc });
  const values = input(
    "values",
    ["batch", "rows"],
    `the target in the window's ${N * segment} rows, or in some of its segments of ${segment} rows`,
  );
  const last = input("last", ["batch"], "the target in the window's last row");
  const column = graph.input({
    name: "column",
    type: "int64",
    dims: ["batch"],
    doc: `the target that each window shows: an index into ${targets.join(", ")}`,
  });
  const target = targetScale(graph, model, column);
  const off = graph.node("Unsqueeze", [target.scaled(last, "last"), graph.ints(1)], "last_column");
  const moves = graph.node("Sub", [target.scaled(values, "values"), off], "values_less_last");
  const parts = [graph.node("Reshape", [moves, graph.ints(0, -1, segment)], "values_of_segments")];
  const scaledRows = (name: string, value: Value, first: number, columns: number) => {
    const { means, deviations } = model.scaling;
    // Calendar columns, which are computed from the time, are not scaled.
    const scale = (all: readonly number[], without: number) =>
      Float64Array.from({ length: columns }, (_, k) => all[first + k] ?? without);
    const mean = graph.doubles(`${name}.means`, [columns], scale(means, 0));
    const deviation = graph.doubles(`${name}.deviations`, [columns], scale(deviations, 1));
    const centered = graph.node("Sub", [value, mean], `${name}_less_their_mean`);
    return graph.node("Div", [centered, deviation], `${name}_scaled`);
  };
  // Within a segment, the values are ordered by column.
  const segments = (name: string, rows: Value, columns: number) => {
    const shape = graph.ints(0, -1, segment, columns);
    const cut = graph.node("Reshape", [rows, shape], `${name}_of_segments`);
    const turned = graph.node("Transpose", [cut], `${name}_by_column`, { perm: [0, 1, 3, 2] });
    return graph.node("Reshape", [turned, graph.ints(0, 0, segment * columns)], `${name}_segments`);
  };
  const single = (value: Value, name: string) =>
    graph.node("Cast", [value], name, { to: NUMBER_TYPES.float });
  const first = targets.length, firstKnown = first + features.length;
  if (features.length > 0) {
    const dims = ["batch", "rows", features.length];
    const rows = input("features", dims, `${features.join(", ")} in the same rows`);
    const scaled = scaledRows("features", rows, first, features.length);
    parts.push(segments("features", scaled, features.length));
  }
  let ahead: Value | undefined;
  const width = knownWidth(model);
  if (width > 0) {
    const dims = ["batch", "rows", width], names = known.join(", ");
    const rows = input("known", dims, `${names} in the same rows`);
    parts.push(segments("known", scaledRows("known", rows, firstKnown, width), width));
    const later = input("known_ahead", ["batch", horizon, width], `${names} in the horizon's rows`);
    let scaled = scaledRows("known", later, firstKnown, width);
    const missing = M * segment - horizon;
    if (missing > 0) {
      scaled = graph.node("Pad", [scaled, graph.ints(0, 0, 0, 0, missing, 0)], "known_filled_up");
    }
    ahead = single(segments("known_ahead", scaled, width), "known_ahead_in_32_bits");
  }
  const all = parts.length === 1
    ? parts[0]
    : graph.node("Concat", parts, "segments_in_64_bits", { axis: 2 });
  return {
    x: single(all, "segments_read"),
    ...(ahead === undefined ? {} : { known: ahead }),
    column,
    unscaled: (y) => {
      const double = graph.node("Cast", [y], "in_64_bits", { to: NUMBER_TYPES.double });
      const at = graph.node("Unsqueeze", [off, graph.ints(2)], "last_of_rows");
      return target.unscaled(graph.node("Add", [double, at], "with_last"));
    },
  };
}

/** Returns functions that scale the numbers of each window's target, and undo the scaling. */
function targetScale(graph: Builder, { targets, scaling, log }: ForecastModel, column: Value) {
  const of = (name: "means" | "deviations") => {
    const all = Float64Array.from(targets, (_, c) => scaling[name][c]);
    const table = graph.doubles(`target.${name}`, [targets.length], all);
    return graph.node("Gather", [table, column], `target_${name}`, { axis: 0 });
  };
  const mean = of("means"), deviation = of("deviations");
  const beside = (value: Value, axes: number[]) =>
    axes.length === 0 ? value : graph.node("Unsqueeze", [value, graph.ints(...axes)], "of_rows");
  return {
    /** Scales values of the target: `[batch]` for `last`, `[batch, rows]` for `values`. */
    scaled(value: Value, name: "last" | "values"): Value {
      const axes = name === "values" ? [1] : [];
      const taken = log ? graph.node("Log", [value], `${name}_log`) : value;
      const centered = graph.node("Sub", [taken, beside(mean, axes)], `${name}_less_mean`);
      return graph.node("Div", [centered, beside(deviation, axes)], `${name}_scaled`);
    },
    /** Undoes the scaling, `[batch, kinds, rows]`. */
    unscaled(value: Value): Value {
      const stretched = graph.node("Mul", [value, beside(deviation, [1, 2])], "stretched");
      const moved = graph.node("Add", [stretched, beside(mean, [1, 2])], "in_their_unit");
      return log ? graph.node("Exp", [moved], "of_their_log") : moved;
    },
  };
}
