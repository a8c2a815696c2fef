/**
 * The ONNX graph of a forecaster: the window's segments and states in, forecasts and states out.
 *
 * @module
 */
import { type ForecastModel, knownWidth, readWidth, stepsOf } from "../../forecast/form.ts";
import { type Builder, startGraph, type Value } from "./builder.ts";
import { type OnnxForm, SUFFIX } from "./form.ts";
import { logitsOfSteps } from "./head.ts";
import { forecastInputs } from "./forecast_values.ts";
import type { LayerState } from "./layer.ts";
import { stackLayers, stateInputs, stateOutputs, statesOfTexts } from "./stack.ts";

/** Returns the ONNX form of a forecaster. */
export function forecastForm(model: ForecastModel): OnnxForm {
  const { config, weights, segment, horizon, quantiles } = model, { hidden } = config;
  const graph = startGraph(), [, M] = stepsOf(model), kinds = 1 + quantiles.length;
  const width = segment * readWidth(model);
  const { x, known, column, unscaled } = forecastInputs(graph, model);
  const initial = stateInputs(
    graph,
    config,
    "the states before the segments; zeros before the window",
  );
  const We = graph.weight("segment.weight", [width, hidden], () => weights.We);
  const be = graph.weight("segment.bias", [hidden], () => weights.be);
  const products = graph.node("MatMul", [x, We], "segment");
  const e = graph.node("Relu", [graph.node("Add", [products, be], "segment_and_bias")], "segments");
  const overTime = graph.node("Transpose", [e], "segments_over_time", { perm: [1, 0, 2] });
  const read = stackLayers(graph, config, weights, overTime, { initial });
  // Every step of the horizon is a one-step sequence that starts from the state after the window.
  const repeated = (state: Value) => graph.node("Tile", [state, graph.ints(1, M, 1)], "repeated");
  const ahead = stackLayers(graph, config, weights, aheadInputs(graph, model, column, known), {
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
  const dims = ["batch", kinds, horizon];
  graph.output(unscaled(within), {
    name: "forecasts",
    type: "double",
    dims,
    doc: `the forecast of each row, followed by those of the quantiles ${quantiles.join(", ")}`,
  });
  graph.output(within, {
    name: "scaled",
    type: "float",
    dims,
    doc: "the network's outputs: the forecasts minus the last value, divided by the deviation",
  });
  stateOutputs(graph, config, read, { doc: "the states after the segments" });
  const doc = "reads one or more segments of a window, and forecasts the rows after them";
  return {
    files: [{ suffix: SUFFIX, graph: graph.graph("forecaster", doc) }],
    notes: notesOf(model),
  };
}

/** Computes u_m = [p_m, q_c] + k_m Wk for every step of the horizon, `[1, M * batch, hidden]`. */
function aheadInputs(
  graph: Builder,
  model: ForecastModel,
  column: Value,
  known: Value | undefined,
): Value {
  const { config: { hidden }, weights, targets, segment } = model;
  const half = hidden >> 1, [, M] = stepsOf(model);
  // Pads p_m and q_c with zeros in each other's columns, so that their sum concatenates them.
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
  if (known !== undefined) {
    const overTime = graph.node("Transpose", [known], "known_over_time", { perm: [1, 0, 2] });
    const rows = segment * knownWidth(model);
    const Wk = graph.weight("known.weight", [rows, hidden], () => weights.Wk);
    u = graph.node("Add", [u, graph.node("MatMul", [overTime, Wk], "known_products")], "ahead");
  }
  return graph.node("Reshape", [u, graph.ints(1, -1, hidden)], "steps_ahead");
}

/** Returns a note on the parts of a forecast that are computed outside the network. */
function notesOf({ blend, band }: ForecastModel): string[] {
  const later = [
    ...(blend ? [`the blend with the ${blend.naive} forecast`] : []),
    ...(band ? ["the calibration of the quantiles"] : []),
  ];
  if (later.length === 0) return [];
  const names = [...(blend ? ["forecast"] : []), ...(band ? ["band"] : [])];
  return [
    `not in the graph: ${later.join(" and ")}; see the metadata under ${names.join(" and ")}`,
  ];
}
