/**
 * The equations of one unit at one time step of a text, with their numbers.
 *
 * @module
 */
import type { Backend, FloatArray, Ops } from "../backend.ts";
import { requireInteger } from "../checks.ts";
import { type Example, requireLength } from "../data/examples.ts";
import { InputError } from "../errors.ts";
import type { AnyModel } from "../model.ts";
import { cellOf } from "../network/cells/cells.ts";
import type { NetworkConfig } from "../network/config.ts";
import { poolingOf } from "../network/head.ts";
import { directions, suffix } from "../network/shapes.ts";
import type { Weights } from "../network/weights.ts";
import { opsOf } from "../ops/checked_ops.ts";
import { withWeights } from "../task.ts";
import { taskOf } from "../tasks.ts";
import { inspectionOf } from "./inspection.ts";
import {
  type EquationLine,
  equationsOf,
  type GateActivation,
  type NamedNumber,
  type UnitNumbers,
} from "./unit_equations.ts";
import { type OutputStep, outputStep } from "./unit_output.ts";
import {
  type BackwardNumbers,
  type LayerNumbers,
  readBackward,
  readForward,
  type UnitPlace,
} from "./unit_passes.ts";
import { productsOf, type ProductSum, sumOf } from "./unit_products.ts";

/** A gate of a unit: its sum, and the activation of the sum. */
export interface GateStep {
  /** The name of the gate, such as `i`. */
  gate: string;
  /** x_t W_xh. */
  input: ProductSum;
  /** h_{t-1} W_hh; undefined for a cell whose gates depend on the input only. */
  state?: ProductSum;
  /** The component of b_h. */
  bias: number;
  /** For a GRU's candidate, the inner bias, and the factor of the state's part and this bias. */
  inner?: { bias: number; scale: NamedNumber };
  /** The sum of all parts: the argument of the activation function. */
  sum: number;
  /** The activation function. */
  activation: GateActivation;
  /** The value of the gate as the network computed it; for a cell without gates, the new state. */
  value: number;
}

/** The gradients of a unit at a time step. */
export interface UnitBackward {
  /** The gradient that reaches h_t from the head, or from the layer above. */
  reached: number;
  /** The gradient from the next step through W_hh, by column; undefined at the last step. */
  next?: ProductSum;
  /** The factors of the gradient from the next step that bypasses W_hh, if the cell has such. */
  carry?: NamedNumber[];
  /** dL/dh_t. */
  dh: number;
  /** dL/dc_t, for an LSTM. */
  cell?: EquationLine;
  /** dL/dz_t of each gate. */
  gates: EquationLine[];
}

/** The result of {@linkcode traceUnit}. */
export interface UnitTrace {
  /** The unit and the time step. */
  at: UnitPlace;
  /** The words of the text. */
  words: string[];
  /** The gates in the cell's order. */
  gates: GateStep[];
  /** The equations from the gates to c_t and h_t; empty if the gate is the state. */
  lines: EquationLine[];
  /** The hidden state h_t. */
  state: number;
  /** The prediction after this word; undefined if the model has no softmax over labels. */
  output?: OutputStep;
  /** The gradients of the example, if one was given. */
  backward?: UnitBackward;
}

/** Options of {@linkcode traceUnit}. */
export interface TraceUnitOptions {
  /** The maximum number of words of the text. Default: all. */
  maxWords?: number;
  /** The label that conditions a language model with labels. Default: no label. */
  label?: string;
  /** The text with its label, for the backward pass. Default: no backward pass. */
  example?: Example;
  /** The number of products of a sum, and of labels, to list. Default: 5. */
  most?: number;
}

/**
 * Evaluates the equations of one unit at one time step: the sums of its gates, with the largest
 * products first, its new state, the prediction after the word, and, with an example, the gradients
 * of the unit.
 *
 * @throws {InputError} If the text has no words, the unit or step does not exist, the example
 *   cannot be used, the cell is layer-normalized, the model is an ensemble, or its weights
 *   overflow.
 *
 * @example
 * ```ts
 * import { createModel, traceUnit } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const examples = [{ text: "good", label: "up" }, { text: "bad", label: "down" }];
 * const model = createModel(examples, { hidden: 8, init: "scaled" });
 * const at = { step: 1, layer: 0, direction: 0, unit: 3 };
 * const { gates: [{ input, state, bias, sum }], state: h } =
 *   await traceUnit(createCpuBackend(), model, "not good", at);
 * assertAlmostEquals(input.sum + state!.sum + bias, sum);
 * assertAlmostEquals(Math.tanh(sum), h, 1e-6);
 * ```
 */
export async function traceUnit(
  backend: Backend,
  model: AnyModel,
  text: string,
  at: UnitPlace,
  { maxWords = Infinity, label, example, most = 5 }: TraceUnitOptions = {},
): Promise<UnitTrace> {
  requireLength(text);
  const task = taskOf(model), inspection = inspectionOf(task, model);
  const { spellings, ...all } = inspection.read(model, text, label);
  const limit = maxWords + (task.stream?.start ? 1 : 0); // the start token is not a word
  const words = all.words.slice(0, limit), ids = all.ids.slice(0, limit);
  if (words.length === 0) throw new InputError("a text without words has no states");
  requirePlace(model.config, words.length, at);
  equationsOf(model.config);
  const ops: Ops = opsOf(backend);
  const weights = inspection.stack(model.weights);
  return await withWeights(ops, task, model, async (on) => {
    const passed = await readForward(on, inspection, { ids, spellings }, at);
    const own = unitIn(model.config, weights, passed.layer, at, most);
    const output = passed.read && outputStep(model, passed.read, passed.logits!, most);
    const found: UnitTrace = {
      at,
      words,
      gates: own.gates(passed.input),
      lines: own.lines(),
      state: own.numbers.h,
      ...(output ? { output } : {}),
    };
    if (!example) return found;
    const back = await readBackward(on, task, inspection, example, at);
    // There is one loss for each step, or a single one at the end.
    const row = poolingOf(model.config).isPerStep ? at.step : at.step - words.length + 1;
    if (output && row >= 0 && row < back.targets.length) {
      output.target = back.targets[row];
      output.loss = back.losses[row];
    }
    const backward = unitIn(model.config, weights, back.layer, at, most).backward(back);
    return { ...found, backward };
  });
}

function requirePlace(config: NetworkConfig, words: number, at: UnitPlace): void {
  const limits: UnitPlace = {
    step: words,
    layer: config.layers,
    direction: directions(config).length,
    unit: config.hidden,
  };
  for (const name of ["step", "layer", "direction", "unit"] as const) {
    requireInteger(`the ${name}`, at[name], 0);
    if (at[name] >= limits[name]) {
      throw new InputError(`the ${name}: expected less than ${limits[name]}, got ${at[name]}`);
    }
  }
}

/** Returns the equations of a unit, with the numbers that its layer has after a pass. */
function unitIn(
  config: NetworkConfig,
  all: Weights<FloatArray>,
  layer: LayerNumbers,
  at: UnitPlace,
  most: number,
) {
  const { hidden } = config, { unit } = at;
  const cell = cellOf(config.cell), equations = equationsOf(config);
  const end = suffix(at.layer, at.direction === 1);
  const [Wxh, Whh, bh] = ["Wxh", "Whh", "bh"].map((name) =>
    all[name + end] as FloatArray | undefined
  );
  const width = cell.gates.length * hidden;
  const { steps, states, cells, gates } = layer;
  const placeOf = (step: number) => at.direction === 1 ? steps - 1 - step : step; // as it reads
  const here = placeOf(at.step);
  const stateBefore = states.subarray(here * hidden, (here + 1) * hidden);
  const gatesOf = (place: number, unit: number) => {
    const columns = gates ? gates.length / steps : 0;
    return Object.fromEntries(
      cell.traced.map((name, k) => [name, gates![place * columns + k * hidden + unit]]),
    );
  };
  const stateProducts = (gate: number, before: ArrayLike<number>) =>
    Whh && productsOf(before, (from) => Whh[from * width + gate * hidden + unit], most);
  const innerBias = cell.innerBias && all[cell.innerBias.weight + end][unit];
  const numbersAt = (place: number): UnitNumbers => {
    const before = states.subarray(place * hidden, (place + 1) * hidden);
    const inner = cell.innerBias ? stateProducts(cell.innerBias.gate, before)!.sum + innerBias! : 0;
    return {
      gates: gatesOf(place, unit),
      h: states[(place + 1) * hidden + unit],
      hBefore: before[unit],
      c: cells?.[(place + 1) * hidden + unit] ?? 0,
      cBefore: cells?.[place * hidden + unit] ?? 0,
      inner,
    };
  };
  const numbers = numbersAt(here);
  return {
    numbers,
    lines: () => equations.forward(numbers),
    gates: (input: number | FloatArray): GateStep[] =>
      cell.gates.map((gate, k) => {
        const weightOf = (from: number) => Wxh![from * width + k * hidden + unit];
        const read = typeof input === "number"
          ? sumOf(oneHot(input, weightOf), most)
          : productsOf(input, weightOf, most);
        const state = stateProducts(k, stateBefore);
        const bias = bh![k * hidden + unit];
        const inner = cell.innerBias?.gate === k
          ? { bias: innerBias!, scale: equations.scale!(numbers) }
          : undefined;
        const recurrent = inner ? inner.scale.value * (state!.sum + inner.bias) : state?.sum ?? 0;
        return {
          gate,
          input: read,
          ...(state ? { state } : {}),
          bias,
          ...(inner ? { inner } : {}),
          sum: read.sum + recurrent + bias,
          activation: equations.activations(config)[k],
          value: numbers.gates[gate] ?? numbers.h,
        };
      }),
    backward({ dz, reached, reachedCells }: BackwardNumbers): UnitBackward {
      let next: { place: number; dh: number; dc: number; numbers: UnitNumbers } | undefined;
      for (let place = steps - 1;; place--) {
        const own = numbersAt(place);
        const row = next && dz.slice(next.place * width, (next.place + 1) * width);
        if (row && equations.scaleBack) {
          for (let from = 0; from < width; from++) {
            const gates = gatesOf(next!.place, from % hidden);
            row[from] *= equations.scaleBack(Math.floor(from / hidden), gates);
          }
        }
        const products = row && Whh
          ? productsOf(row, (from) => Whh[unit * width + from], most)
          : undefined;
        const carry = next && equations.carry?.(next.numbers, next.dh);
        const above = reached[(place + 1) * hidden + unit];
        const carried = carry?.reduce((product, { value }) => product * value, 1) ?? 0;
        const dh = above + (products?.sum ?? 0) + carried;
        const { cell: dCell, gates: back } = equations.backward(own, {
          dh,
          reachedCell: reachedCells?.[(place + 1) * hidden + unit] ?? 0,
          next: next && { dc: next.dc, gates: next.numbers.gates },
        }, config);
        if (place === here) {
          return {
            reached: above,
            ...(products ? { next: products } : {}),
            ...(carry ? { carry } : {}),
            dh,
            ...(dCell ? { cell: dCell } : {}),
            gates: back,
          };
        }
        next = { place, dh, dc: dCell?.value ?? 0, numbers: own };
      }
    },
  };
}

function oneHot(id: number, weightOf: (from: number) => number) {
  if (id < 0) return []; // an empty word, whose input is 0
  const weight = weightOf(id);
  return [{ from: id, factor: 1, weight, value: weight }];
}
