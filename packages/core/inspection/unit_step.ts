/**
 * One unit at one step of a text: the equations of its cell with their numbers.
 *
 * @module
 */
import type { Backend, FloatArray, Ops } from "../backend.ts";
import { requireInteger } from "../checks.ts";
import type { Example } from "../data/examples.ts";
import { requireLength } from "../data/examples.ts";
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
  type GateActivation,
  type NamedNumber,
  UNIT_EQUATIONS,
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

/** A gate of a unit: what it sums up, and what it makes of the sum. */
export interface GateStep {
  /** Its name, such as `i`. */
  gate: string;
  /** x_t W_xh. */
  input: ProductSum;
  /** h_{t-1} W_hh; none of a cell whose gates read the input alone. */
  state?: ProductSum;
  /** Of b_h. */
  bias: number;
  /** Of a GRU's candidate: what the state's part and its own bias are multiplied by. */
  inner?: { bias: number; scale: NamedNumber };
  /** What it makes something of. */
  sum: number;
  /** The function of the sum. */
  activation: GateActivation;
  /** As the network has it; of a cell without gates, its new state. */
  value: number;
}

/** The gradient of a unit. */
export interface UnitBackward {
  /** What reaches h_t from the head, or from the layer above. */
  reached: number;
  /** What comes from the next step through W_hh; `from` is a column of it. None at the last. */
  next?: ProductSum;
  /** What comes from the next step past W_hh. */
  carry?: NamedNumber[];
  /** dL/dh_t. */
  dh: number;
  /** dL/dc_t. */
  cell?: EquationLine;
  /** dL/dz_t of each gate. */
  gates: EquationLine[];
}

/** What {@linkcode traceUnit} finds. */
export interface UnitTrace {
  /** Where it is. */
  at: UnitPlace;
  /** The words of the text. */
  words: string[];
  /** The gates in the cell's order. */
  gates: GateStep[];
  /** From the gates to c_t and h_t; none where the gate is the state. */
  lines: EquationLine[];
  /** h_t. */
  state: number;
  /** The prediction after this word; none of a model whose words give none. */
  output?: OutputStep;
  /** The backward pass of the example, where one was given. */
  backward?: UnitBackward;
}

/** Options of {@linkcode traceUnit}. */
export interface TraceUnitOptions {
  /** How many of the text's words to look at. Default: all. */
  maxWords?: number;
  /** For which a language model that writes for labels reads the text. */
  label?: string;
  /** The text with its label, for the backward pass. */
  example?: Example;
  /** How many of the products of a sum to name. Default: 5. */
  most?: number;
}

/**
 * The equations of one unit at one step with the numbers of the network: what its gates sum up, the
 * products that make the most of it first, its new state, the prediction after the word, and with an
 * example the gradient that comes back to it.
 *
 * @throws {InputError} For a text without words, a place that is not there, an example that cannot be
 *   used, and a model whose weights overflow.
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
  const task = taskOf(model), inspection = inspectionOf(task);
  const { spellings, ...all } = inspection.read(model, text, label);
  const limit = maxWords + (task.stream?.start ? 1 : 0); // the mark of a start counts for no word
  const words = all.words.slice(0, limit), ids = all.ids.slice(0, limit);
  if (words.length === 0) throw new InputError("a text without words has no states");
  requirePlace(model.config, words.length, at);
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
    // One loss for each step, or one at the end.
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

/** A unit of a cell that has passed over a text. */
function unitIn(
  config: NetworkConfig,
  all: Weights<FloatArray>,
  layer: LayerNumbers,
  at: UnitPlace,
  most: number,
) {
  const { hidden } = config, { unit } = at;
  const cell = cellOf(config.cell), equations = UNIT_EQUATIONS[config.cell];
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
