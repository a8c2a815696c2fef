/**
 * The recurrence of a layer-normalized LSTM on kernels; core's `layer_norm_lstm.ts` has the
 * equations. Sizes, like addresses, are in bytes.
 *
 * @module
 */
import type { Recurrent } from "./matrix_products.ts";
import type { Call, Moving } from "./scripts.ts";
import { after, backward, type KernelContext, run } from "./steps.ts";

const BYTES = 4; // per number
const BLOCKS = 6; // blocks of `hidden` numbers in a row of the gates: i, f, g, o, s and LN(c_t)

/** The addresses of a recurrence's tensors. */
export interface NormPlaces {
  /** c_0 to c_n. */
  cells: number;
  /** i, f, g, o, s and LN(c_t). */
  gates: number;
  /** LN(h_{t-1} Whh). */
  products: number;
  /** The scales of the two LN, for each row. */
  scales: number;
  /** The gain of the products, one row. */
  gh: number;
  /** The gain of the cell state, one row. */
  gc: number;
}

// Each row is normalized as a whole, so threads are assigned rows, not units.
const BY_UNITS = false;

/** Returns the matrices of a step: each one's address at the first step, and its increments. */
function matricesOf(
  { cells, gates, products, scales, gh, gc }: NormPlaces,
  row: number,
  batch: number,
  first: number,
  by: 1 | -1,
) {
  const size = batch * row, wide = BLOCKS * row, pair = 2 * BYTES;
  const gate = (k: number): Moving => [
    gates + first * batch * wide + k * row,
    wide,
    by * batch * wide,
  ];
  const scale = (k: number): Moving => [
    scales + first * batch * pair + k * BYTES,
    pair,
    by * batch * pair,
  ];
  return {
    gate,
    scale,
    before: [cells + first * size, row, by * size] as Moving,
    cell: [cells + (first + 1) * size, row, by * size] as Moving,
    product: [products + 4 * first * size, 4 * row, 4 * by * size] as Moving,
    gh: [gh, 0, 0] as Moving,
    gc: [gc, 0, 0] as Moving,
  };
}

/**
 * Computes the steps over `rows` = timeSteps · batch. States and cells start with h_0 and c_0, and
 * the rest is written; `scratch` holds the products of one step.
 */
export function normLstmSteps(
  context: KernelContext,
  places: NormPlaces & { states: number; inputs: number; scratch: number; bc: number },
  W: Recurrent,
  batch: number,
  rows: number,
  active?: readonly number[],
): void {
  const row = BYTES * W.k, size = batch * row, width = 4 * W.k;
  const { gate, scale, before, cell, product: normal, gh, gc } = matricesOf(
    places,
    row,
    batch,
    0,
    1,
  );
  const h: Moving = [places.states, row, size], p: Moving = [places.scratch, 4 * row, 0];
  const [shown] = after([h]);
  const inputs: Moving = [places.inputs, 4 * row, 4 * size];
  run(
    context,
    W,
    batch,
    rows / batch,
    ({ kernel, product }) => [{
      steps: rows / batch,
      calls: [
        ...product(p, h, true),
        ...kernel("normalize", width, [p, normal, scale(0)]),
        ...kernel("addGained", width, [inputs, normal, gh, gate(0)]),
        ...kernel("normLstm", W.k, [...[0, 1, 2, 3].map(gate), before, cell]),
        ...kernel("normalize", W.k, [cell, gate(5), scale(1)]),
        ...kernel("normShow", W.k, [gate(5), gc, [places.bc, 0, 0], gate(3), gate(4), shown]),
      ],
    }],
    active,
    BY_UNITS,
  );
}

/**
 * Computes the steps backward. W is Whhᵀ; dc must be zero and becomes dL/dc_0; dh and dShownBack
 * are scratch space for one step; dCells is the gradient that reaches the cells directly, if any.
 */
export function normLstmStepsBack(
  context: KernelContext,
  places: NormPlaces & {
    dStates: number;
    dCells?: number;
    dInputs: number;
    dProducts: number;
    dShown: number;
    dShownBack: number;
    dh: number;
    dc: number;
  },
  W: Recurrent,
  batch: number,
  rows: number,
  active?: readonly number[],
): void {
  const row = BYTES * W.n, size = batch * row, width = 4 * W.n;
  const timeSteps = rows / batch, last = timeSteps - 1;
  const { gate, scale, before, product: normal, gh, gc } = matricesOf(places, row, batch, last, -1);
  const wide = (at: number): Moving => [at + 4 * last * size, 4 * row, -4 * size];
  const units = (at: number): Moving => [at + last * size, row, -size];
  const da = wide(places.dInputs), dp = wide(places.dProducts), dy = units(places.dShown);
  const dGates = [0, 1, 2, 3].map((k): Moving => [da[0] + k * row, da[1], da[2]]);
  const dh: Moving = [places.dh, row, 0], dc: Moving = [places.dc, row, 0];
  const back: Moving = [places.dShownBack, row, 0];
  const direct: Moving[] = [units(places.dStates + size), dh];
  const directCells: Moving[] = places.dCells === undefined
    ? []
    : [units(places.dCells + size), dc, dc];
  run(
    context,
    W,
    batch,
    timeSteps,
    ({ kernel, product }) => {
      const calls = (move: typeof after, products: Call[]) => [
        ...(places.dCells === undefined ? [] : kernel("add", W.n, move(directCells))),
        ...kernel("copy", W.n, move(direct)),
        ...products,
        ...kernel("normShowBack", W.n, move([dh, gate(3), gate(4), dy])),
        ...kernel("normalizeBack", W.n, move([dy, gc, gate(5), scale(1), back])),
        ...kernel(
          "normLstmBack",
          W.n,
          move([...[0, 1, 2, 3, 4].map(gate), before, dh, back, ...dGates, dc]),
        ),
        ...kernel("normalizeBack", width, move([da, gh, normal, scale(0), dp])),
      ];
      return [
        { steps: 1, calls: calls((them) => [...them], []) },
        { steps: timeSteps - 1, calls: calls(after, product(dh, dp)) },
      ];
    },
    backward(active),
    BY_UNITS,
  );
}
