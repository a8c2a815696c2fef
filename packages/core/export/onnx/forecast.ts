/**
 * A forecaster as a graph: segments of the window and states in, forecasts and states out.
 *
 * @module
 */
import { type ForecastModel, knownWidth, readWidth, stepsOf } from "../../forecast/form.ts";
import { type Builder, startGraph, type Value } from "./builder.ts";
import { type OnnxForm, SUFFIX } from "./form.ts";
import { logitsOfSteps } from "./head.ts";
import type { LayerState } from "./layer.ts";
import { stackLayers, stateInputs, stateOutputs, statesOfTexts } from "./stack.ts";

/** A forecaster. */
export function forecastForm(model: ForecastModel): OnnxForm {
  const { config, weights, segment, horizon, quantiles } = model, { hidden } = config;
  const graph = startGraph(), [N, M] = stepsOf(model), kinds = 1 + quantiles.length;
  const width = segment * readWidth(model);
  const window = graph.input({
    name: "window",
    type: "float",
    dims: ["batch", "steps", width],
    doc: `the window's ${N} segments of ${segment} rows, or some of them: a target, scaled, less ` +
      "its last value; then features, and what is known ahead",
  });
  const initial = stateInputs(graph, config, "the states before; zeros before the window");
  const We = graph.weight("segment.weight", [width, hidden], () => weights.We);
  const be = graph.weight("segment.bias", [hidden], () => weights.be);
  const products = graph.node("MatMul", [window, We], "segment");
  const e = graph.node("Relu", [graph.node("Add", [products, be], "segment_and_bias")], "segments");
  const overTime = graph.node("Transpose", [e], "segments_over_time", { perm: [1, 0, 2] });
  const read = stackLayers(graph, config, weights, overTime, { initial });
  // All steps of the horizon are one step of as many sequences, from the state after the window.
  const repeated = (state: Value) => graph.node("Tile", [state, graph.ints(1, M, 1)], "repeated");
  const ahead = stackLayers(graph, config, weights, aheadInputs(graph, model, M), {
    initial: read.map(({ h, c }): LayerState => ({ h: repeated(h), ...(c && { c: repeated(c) }) })),
  });
  const states = statesOfTexts(graph, config, ahead.at(-1)!); // [M * batch, 1, hidden]
  const shape = graph.ints(M, -1, kinds, segment);
  const parts = graph.node(
    "Reshape",
    [logitsOfSteps(graph, weights, states), shape],
    "of_segments",
  );
  const turned = graph.node("Transpose", [parts], "of_windows", { perm: [1, 2, 0, 3] });
  const rows = graph.node("Reshape", [turned, graph.ints(0, kinds, M * segment)], "rows");
  const within = M * segment === horizon ? rows : graph.node(
    "Slice",
    [rows, graph.ints(0), graph.ints(horizon), graph.ints(2)],
    "rows_within_horizon",
  );
  graph.output(within, {
    name: "forecasts",
    type: "float",
    dims: ["batch", kinds, horizon],
    doc:
      "the forecast of each row, and behind it that of each quantile; scaled, less the last value",
  });
  stateOutputs(graph, config, read, { doc: "the states after the segments" });
  const doc = "reads a segment of a window, or all, and forecasts the rows behind them";
  return {
    files: [{ suffix: SUFFIX, graph: graph.graph("forecaster", doc) }],
    notes: notesOf(model),
  };
}

/** u_m = [p_m, q_c] + k_m Wk of every step of the horizon, `[1, M * batch, hidden]`. */
function aheadInputs(graph: Builder, model: ForecastModel, M: number): Value {
  const { config: { hidden }, weights, targets, segment } = model;
  const half = hidden >> 1, known = segment * knownWidth(model);
  const column = graph.input({
    name: "column",
    type: "int64",
    dims: ["batch"],
    doc: "the target of each window, a place in the metadata's targets",
  });
  // Each beside zeros in the other's place, so that their sum has them side by side.
  const padded = (rows: number, numbers: ArrayLike<number>, from: number, size: number) => {
    const all = new Float32Array(rows * hidden);
    for (let i = 0; i < rows * size; i++) {
      all[Math.floor(i / size) * hidden + from + i % size] = numbers[i];
    }
    return all;
  };
  const positions = graph.weight(
    "position.weight",
    [M, 1, hidden],
    () => padded(M, weights.positions, 0, hidden - half),
  );
  const columns = graph.weight(
    "column.weight",
    [targets.length, hidden],
    () =>
      half > 0
        ? padded(targets.length, weights.columns, hidden - half, half)
        : padded(targets.length, [], 0, 0),
  );
  const own = graph.node("Gather", [columns, column], "column_row", { axis: 0 });
  let u = graph.node("Add", [positions, own], "position_and_column");
  if (known > 0) {
    const given = graph.input({
      name: "known",
      type: "float",
      dims: ["batch", M, known],
      doc: `what is known of the horizon's ${M} segments, scaled`,
    });
    const overTime = graph.node("Transpose", [given], "known_over_time", { perm: [1, 0, 2] });
    const Wk = graph.weight("known.weight", [known, hidden], () => weights.Wk);
    u = graph.node("Add", [u, graph.node("MatMul", [overTime, Wk], "known_ahead")], "ahead");
  }
  return graph.node("Reshape", [u, graph.ints(1, -1, hidden)], "steps_ahead");
}

function notesOf({ log, blend, band }: ForecastModel): string[] {
  const later = [
    ...(blend ? ["the blend with the naive forecast"] : []),
    ...(band ? ["the correction of the band"] : []),
  ];
  return [
    `the graph reads and gives scaled numbers: ${log ? "their logarithm, " : ""}less the mean, ` +
    "divided by the deviation, less the window's last value; the metadata have them as scales",
    ...(later.length > 0 ? [`outside the graph is ${later.join(", and ")}: see the metadata`] : []),
  ];
}
