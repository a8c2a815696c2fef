/**
 * The network of an exported module: the forward pass, for one text at a time. Each function is
 * emitted into the module unchanged except for its types, so it may refer only to its parameters,
 * other parts, and what the module declares.
 *
 * @module
 */
import { NORM_EPSILON } from "../../../network/cells/layer_norm.ts";
import { suffix } from "../../../network/shapes.ts";
import {
  CELL,
  CELL_WEIGHTS,
  EMBEDDING,
  inputs,
  LETTER_EMBEDDING,
  letterIds,
  LETTERS_CELL,
  networks,
  pool,
  PREFIXES,
} from "./model.ts";
import type { CellWeights, Input, JsCell, Network, Numbers, Row, State } from "./types.ts";
import { lettersOf } from "../../../text/spellings.ts";

/** Adds x W to z in place, with W `[x.length, z.length]`. */
export function addDense(z: Row, x: Row, W: Numbers): Row {
  const columns = z.length;
  let i = 0;
  for (; i + 4 <= x.length; i += 4) { // four rows at a time, so that z is read and written less
    const x0 = x[i], x1 = x[i + 1], x2 = x[i + 2], x3 = x[i + 3];
    const a = i * columns, b = a + columns, c = b + columns, d = c + columns;
    for (let j = 0; j < columns; j++) {
      z[j] += x0 * W[a + j] + x1 * W[b + j] + x2 * W[c + j] + x3 * W[d + j];
    }
  }
  for (; i < x.length; i++) {
    for (let j = 0, a = i * columns; j < columns; j++) z[j] += x[i] * W[a + j];
  }
  return z;
}

/** Adds x W to z in place; x may be the index of a one-hot vector. */
export function addProduct(z: Row, x: Input, W: Numbers): Row {
  if (typeof x !== "number") return addDense(z, x, W);
  for (let j = 0; j < z.length; j++) z[j] += W[x * z.length + j];
  return z;
}

/** Returns row `i` of a matrix as float64: engines optimize code that sees one array type only. */
export function rowOf(matrix: Numbers, i: number, columns: number): Row {
  return Float64Array.from(matrix.subarray(i * columns, (i + 1) * columns));
}

/** Concatenates rows. */
export function joined(rows: Row[]): Row {
  const all = new Float64Array(rows.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const row of rows) {
    all.set(row, at);
    at += row.length;
  }
  return all;
}

/** The logistic function σ(x). */
export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** Computes x Wxh + b_h. */
export function project(x: Input, { Wxh, bh }: CellWeights): Row {
  return addProduct(Float64Array.from(bh), x, Wxh);
}

/** Computes LN(x Wxh) ⊙ g_x + b_h. */
export function normProject(x: Input, { Wxh, bh, gx }: CellWeights): Row {
  return normalized(addProduct(new Float64Array(bh.length), x, Wxh)).map((each, j) =>
    each * gx[j] + bh[j]
  );
}

/** Normalizes a row to mean 0 and variance 1. */
export function normalized(x: Row): Row {
  const mean = x.reduce((sum, each) => sum + each, 0) / x.length;
  const variance = x.reduce((sum, each) => sum + (each - mean) ** 2, 0) / x.length;
  const scale = 1 / Math.sqrt(variance + NORM_EPSILON);
  return x.map((each) => (each - mean) * scale);
}

/** h_t = tanh(z_t + h_{t-1} Whh) */
export function rnnStep(z: Row, { h, c }: State, { Whh }: CellWeights): State {
  return { h: addProduct(z, h, Whh).map(Math.tanh), c };
}

/** h_t = max(0, z_t + h_{t-1} Whh) */
export function reluStep(z: Row, { h, c }: State, { Whh }: CellWeights): State {
  return { h: addProduct(z, h, Whh).map((each) => Math.max(0, each)), c };
}

/** c_t = f_t ⊙ c_{t-1} + i_t ⊙ g_t,  h_t = o_t ⊙ tanh(c_t) */
export function lstmStep(z: Row, { h, c }: State, { Whh }: CellWeights): State {
  const n = h.length, a = addProduct(z, h, Whh);
  const next = c.map((each, j) =>
    sigmoid(a[n + j]) * each + sigmoid(a[j]) * Math.tanh(a[2 * n + j])
  );
  return { h: next.map((each, j) => sigmoid(a[3 * n + j]) * Math.tanh(each)), c: next };
}

/** n_t = tanh(z^n_t + r_t ⊙ (h_{t-1} Whn + b_hn)),  h_t = (1 - u_t) ⊙ n_t + u_t ⊙ h_{t-1} */
export function gruStep(z: Row, { h, c }: State, { Whh, bhn }: CellWeights): State {
  const n = h.length, p = addProduct(new Float64Array(3 * n), h, Whh);
  const next = h.map((each, j) => {
    const r = sigmoid(z[j] + p[j]), u = sigmoid(z[n + j] + p[n + j]);
    const nt = Math.tanh(z[2 * n + j] + r * (p[2 * n + j] + bhn[j]));
    return nt + u * (each - nt);
  });
  return { h: next, c };
}

/** h_t = (1 - u_t) ⊙ h_{t-1} + u_t ⊙ n_t */
export function minGruStep(z: Row, { h, c }: State): State {
  const n = h.length;
  return { h: h.map((each, j) => each + sigmoid(z[j]) * (z[n + j] - each)), c };
}

/** An LSTM step with layer-normalized products and cell state (Ba et al. 2016). */
export function normLstmStep(z: Row, { h, c }: State, { Whh, gh, gc, bc }: CellWeights): State {
  const n = h.length, p = normalized(addProduct(new Float64Array(4 * n), h, Whh));
  const a = z.map((each, j) => each + p[j] * gh[j]);
  const next = c.map((each, j) =>
    sigmoid(a[n + j]) * each + sigmoid(a[j]) * Math.tanh(a[2 * n + j])
  );
  const shown = normalized(next).map((each, j) => Math.tanh(each * gc[j] + bc[j]));
  return { h: shown.map((each, j) => sigmoid(a[3 * n + j]) * each), c: next };
}

/** Returns the weights of each direction of each layer. */
export function layersOf(all: Record<string, Numbers>, prefix: string): CellWeights[][] {
  const layers: CellWeights[][] = [];
  for (;;) {
    const ends = [false, true].map((reverse) => suffix(layers.length, reverse))
      .filter((end) => all[prefix + "Wxh" + end]);
    if (ends.length === 0) return layers;
    layers.push(
      ends.map((end) =>
        Object.fromEntries(CELL_WEIGHTS.map((name) => [name, all[prefix + name + end]]))
      ),
    );
  }
}

/** Returns the network with the given weights. */
export function oneNetwork(weights: Record<string, Numbers>): Network[] {
  return [{ weights, layers: layersOf(weights, ""), letters: layersOf(weights, "letters.") }];
}

/** Returns the networks of an ensemble. */
export function networksOf(all: Record<string, Numbers>): Network[] {
  return PREFIXES.flatMap((prefix) => {
    const own = Object.entries(all).filter(([name]) => name.startsWith(prefix));
    return oneNetwork(
      Object.fromEntries(own.map(([name, values]) => [name.slice(prefix.length), values])),
    );
  });
}

/** Computes the top layer's state at each step, and the last state of each layer and direction. */
export function readLayers(
  xs: Input[],
  layers: CellWeights[][],
  cell: JsCell,
  initial?: State[],
): { outputs: Row[]; final: State[][] } {
  const final: State[][] = [];
  let rows = xs;
  for (let layer = 0; layer < layers.length; layer++) {
    const read = layers[layer].map((w, direction) => {
      const zeros = () => new Float64Array(cell.hidden);
      let state = initial?.[layer] ?? { h: zeros(), c: zeros() };
      const inOrder = direction === 0 ? rows : rows.slice().reverse();
      const states = inOrder.map((x) => (state = cell.step(cell.project(x, w), state, w)).h);
      return { states: direction === 0 ? states : states.reverse(), state };
    });
    final.push(read.map(({ state }) => state));
    rows = rows.map((_, t) => joined(read.map(({ states }) => states[t])));
  }
  return { outputs: rows as Row[], final };
}

/** Returns the indices of words, which stand for one-hot vectors. */
export function oneHot(_: Network, ids: ArrayLike<number>): Input[] {
  return Array.from(ids);
}

/** Returns the embeddings of words. */
export function embedded({ weights }: Pick<Network, "weights">, ids: ArrayLike<number>): Input[] {
  return Array.from(ids, (id) => rowOf(weights.embedding, id, EMBEDDING));
}

/** Returns the embeddings of words, each concatenated with the states that read its letters. */
export function spelled(network: Network, ids: ArrayLike<number>, tokens: string[]): Input[] {
  const known = new Map<string, Row>(), embedding = network.weights["letters.embedding"];
  return tokens.map((token, t) => {
    const word = rowOf(network.weights.embedding, ids[t], EMBEDDING);
    if (!known.has(token)) {
      const letters = lettersOf(token).map((letter) =>
        rowOf(embedding, letterIds().get(letter) ?? 0, LETTER_EMBEDDING)
      );
      const { final } = readLayers(letters, network.letters, LETTERS_CELL);
      known.set(token, joined(final[0].map(({ h }) => h)));
    }
    return joined([word, known.get(token)!]);
  });
}

/** Returns the last states of both directions. */
export function lastPool(_: Row[], top: State[]): Row {
  return joined(top.map(({ h }) => h));
}

/** Returns the mean of the states over time, or zeros if there are none. */
export function meanPool(outputs: Row[], top: State[]): Row {
  const sum = lastPool(outputs, top).fill(0);
  for (const row of outputs) for (let j = 0; j < sum.length; j++) sum[j] += row[j] / outputs.length;
  return sum;
}

/** Returns each unit's maximum over time, or zeros if there are no states. */
export function maxPool(outputs: Row[], top: State[]): Row {
  if (outputs.length === 0) return lastPool(outputs, top).fill(0);
  return outputs[0].map((_, j) => outputs.reduce((most, row) => Math.max(most, row[j]), -Infinity));
}

/** Concatenates the mean and the maximum over time. */
export function meanMaxPool(outputs: Row[], top: State[]): Row {
  return joined([meanPool(outputs, top), maxPool(outputs, top)]);
}

/** Computes y = x Why + b_y. */
export function headOf({ Why, by }: Record<string, Numbers>, x: Row): Row {
  return addProduct(Float64Array.from(by), x, Why);
}

/** Returns the mean of rows. */
export function meanRow(rows: Row[]): Row {
  return rows[0].map((_, j) => rows.reduce((sum, row) => sum + row[j], 0) / rows.length);
}

/** Computes the outputs for a sequence, averaged over an ensemble's networks. */
export function sequenceOutputs(read: (network: Network) => Input[]): Row {
  return meanRow(
    networks().map((network) => {
      const { outputs, final } = readLayers(read(network), network.layers, CELL);
      return headOf(network.weights, pool(outputs, final[final.length - 1]));
    }),
  );
}

/** Computes the outputs for a text. */
export function textOutputs(ids: ArrayLike<number>, tokens: string[]): Row {
  return sequenceOutputs((network) => inputs(network, ids, tokens));
}

/** Computes the outputs for each word, row by row. */
export function wordOutputs(ids: ArrayLike<number>, tokens: string[]): Row {
  return meanRow(
    networks().map((network) => {
      const { outputs } = readLayers(inputs(network, ids, tokens), network.layers, CELL);
      return joined(outputs.map((row) => headOf(network.weights, row)));
    }),
  );
}
