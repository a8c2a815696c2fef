/**
 * The preprocessing of series in a graph: from rows in their original units to a network's inputs.
 *
 * @module
 */
import type { FloatArray } from "../../backend.ts";
import { inputWidth, type SeriesInput } from "../../series_classification/features.ts";
import type { Builder, Value } from "./builder.ts";
import { NUMBER_TYPES } from "./messages.ts";

/** Preprocessed series in a graph. */
export interface SeriesValues {
  /** x_1 to x_n, `[steps, batch, width]`. */
  x: Value;
  /** The number of time steps of each series, int32 `[batch]`. */
  lengths: Value;
}

/**
 * Adds series as graph inputs, and computes from them what the network reads: for each row, the
 * scaled columns and their differences from the previous row, with a segment of rows per time step.
 * The last segment is padded with the last row and differences of 0. Scaling uses float64, because
 * values may be large compared with their standard deviation.
 */
export function seriesInputs(graph: Builder, input: SeriesInput): SeriesValues {
  const { columns, segment, scaling: { means, deviations } } = input, width = columns.length;
  const series = graph.input({
    name: "series",
    type: "double",
    dims: ["batch", "rows", width],
    doc: `the rows of each series, in their original units: ${columns.join(", ")}`,
  });
  const counts = graph.input({
    name: "lengths",
    type: "int32",
    dims: ["batch"],
    doc: "the number of rows in each; padding after them is ignored",
  });
  const shape = graph.node("Shape", [series], "series_shape");
  const rows = graph.node("Gather", [shape, graph.int(1)], "rows", { axis: 0 });
  const more = graph.node("Add", [rows, graph.int(segment - 1)], "rows_and_a_segment");
  const most = graph.node("Div", [more, graph.int(segment)], "most_steps");
  const filled = graph.node("Mul", [most, graph.int(segment)], "rows_filled_up");
  const places = graph.node("Range", [graph.int(0), filled, graph.int(1)], "row_places");
  const ends = graph.node("Cast", [counts], "series_ends", { to: NUMBER_TYPES.int64 });
  const last = graph.node("Sub", [ends, graph.int(1)], "last_rows");
  const lastColumn = graph.node("Unsqueeze", [last, graph.ints(1)], "last_rows_column");
  // Indices are clamped to the series, so that the first difference and those of padding are 0.
  const rowsAt = (at: Value, name: string) => {
    const own = graph.node("Max", [
      graph.node("Min", [at, lastColumn], `${name}_places`),
      graph.int(0),
    ], `${name}_places_inside`);
    const each = graph.node("Unsqueeze", [own, graph.ints(2)], `${name}_indices`);
    return graph.node("GatherND", [series, each], name, { batch_dims: 1 });
  };
  const here = rowsAt(places, "columns");
  const before = rowsAt(
    graph.node("Sub", [places, graph.int(1)], "places_before"),
    "columns_before",
  );
  const changes = graph.node("Sub", [here, before], "differences");
  const features = graph.node("Concat", [here, changes], "columns_and_differences", { axis: 2 });
  const row = (name: string, values: FloatArray) => graph.doubles(name, [2 * width], values);
  const centered = graph.node(
    "Sub",
    [features, row("scaling.means", Float64Array.from(means))],
    "less_their_mean",
  );
  const scaled = graph.node(
    "Div",
    [centered, row("scaling.deviations", Float64Array.from(deviations))],
    "scaled",
  );
  const single = graph.node("Cast", [scaled], "scaled_in_32_bits", { to: NUMBER_TYPES.float });
  const steps = graph.node("Reshape", [single, graph.ints(0, -1, inputWidth(input))], "segments");
  const stepCounts = graph.node("Div", [
    graph.node("Add", [ends, graph.int(segment - 1)], "ends_and_a_segment"),
    graph.int(segment),
  ], "step_counts");
  return {
    x: graph.node("Transpose", [steps], "segments_over_time", { perm: [1, 0, 2] }),
    lengths: graph.node("Cast", [stepCounts], "step_lengths", { to: NUMBER_TYPES.int32 }),
  };
}
