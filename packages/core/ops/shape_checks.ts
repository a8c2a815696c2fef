/**
 * What ops ask of the shapes of their tensors, and the errors where they do not fit.
 *
 * @module
 */
import type {
  AttentionSpans,
  CrfWeights,
  Indices,
  NormLstmWeights,
  RnnWeights,
  SgdExample,
  Shape,
  Tensor,
} from "../backend.ts";

/** A shape as messages show it. */
export function show(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** The error of an op whose tensors do not fit together. */
export function shapeError(
  op: string,
  expected: string,
  tensors: Record<string, Tensor>,
): RangeError {
  const given = Object.entries(tensors).map(([name, tensor]) => `${name} ${show(tensor.shape)}`);
  return new RangeError(`${op} expects ${expected}, got ${given.join(" and ")}`);
}

/** Throws unless a tensor is one number. */
export function requireNumber(op: string, a: Tensor): void {
  if (a.shape[0] !== 1 || a.shape[1] !== 1) throw shapeError(op, "a tensor [1, 1]", { a });
}

/** Throws unless the tensors are those of a recurrence with this number of gates, forward. */
export function requireForward(
  op: string,
  gates: number,
  tensors: Record<"inputs" | "h0" | "Whh", Tensor>,
  active?: readonly number[],
): void {
  const { inputs, h0, Whh } = tensors;
  const [batch, hidden] = h0.shape;
  requireActive(op, batch, inputs.shape[0] / batch, active);
  const width = gates * hidden;
  const fits = inputs.shape[1] === width && Whh.shape[1] === width && Whh.shape[0] === hidden;
  if (fits && inputs.shape[0] % batch === 0) return;
  const columns = gates === 1 ? "hidden" : `${gates} * hidden`;
  const expected = `[timeSteps * batch, ${columns}], [batch, hidden], [hidden, ${columns}]`;
  throw shapeError(op, expected, tensors);
}

/** Throws unless no more rows of a batch are active at a step than at the step before. */
function requireActive(
  op: string,
  batch: number,
  timeSteps: number,
  active?: readonly number[],
): void {
  const isFalling = active?.every((rows, t) => rows >= 0 && rows <= (active[t - 1] ?? batch));
  if (!active || active.length === timeSteps && isFalling) return;
  throw new RangeError(
    `${op} expects ${timeSteps} falling numbers of active rows from ${batch} on, got ${active}`,
  );
}

/** Throws unless the tensors are those of a recurrence with this number of gates, backward. */
export function requireBackward(
  op: string,
  gates: number,
  dStates: Tensor,
  tensors: Record<"states" | "Whh", Tensor>,
  batch: number,
  active?: readonly number[],
): void {
  const { states, Whh } = tensors;
  requireStep(op, dStates, states);
  const [rows, hidden] = states.shape;
  requireActive(op, batch, rows / batch - 1, active);
  const fits = Whh.shape[0] === hidden && Whh.shape[1] === gates * hidden;
  if (fits && rows % batch === 0 && rows >= 2 * batch) return;
  const columns = gates === 1 ? "hidden" : `${gates} * hidden`;
  throw shapeError(op, `[(timeSteps + 1) * ${batch}, hidden] and [hidden, ${columns}]`, tensors);
}

/** Throws unless the rows of queries and memory are as many as their spans tell. */
export function requireSpans(
  op: string,
  queries: Tensor,
  memory: Tensor,
  { lengths, sourceSteps, places }: AttentionSpans,
): void {
  const [rows, hidden] = queries.shape;
  const fits = rows === places.length && memory.shape[0] === sourceSteps * lengths.length;
  if (fits && memory.shape[1] === hidden) return;
  const expected = `[${places.length}, hidden] and [${sourceSteps} * ${lengths.length}, hidden]`;
  throw shapeError(op, expected, { queries, memory });
}

/** Throws unless the weights are one network's, and the examples' ids are within them. */
export function requireSgdSteps(
  { Wxh, Whh, bh, Why, bY }: RnnWeights,
  examples: readonly SgdExample[],
): void {
  const [hidden, labels] = Why.shape, [words] = Wxh.shape;
  const fits = [
    [Wxh, words, hidden] as const,
    [Whh, hidden, hidden] as const,
    [bh, 1, hidden] as const,
    [bY, 1, labels] as const,
  ].every(([{ shape }, rows, columns]) => shape[0] === rows && shape[1] === columns);
  if (!fits) {
    throw shapeError("rnnSgdSteps()", "the weights of one network", { Wxh, Whh, bh, Why, bY });
  }
  const isId = (id: number, least: number, bound: number) =>
    Number.isInteger(id) && id >= least && id < bound;
  const bad = examples.find(({ words: ids, label }) =>
    !isId(label, 0, labels) || !ids.every((id) => isId(id, -1, words))
  );
  if (!bad && examples.length > 0) return;
  throw new RangeError(
    `rnnSgdSteps() expects examples of words below ${words} and labels below ${labels}, got ` +
      (bad ? `[${bad.words}] with ${bad.label}` : "none"),
  );
}

/** Throws unless a shape is two sizes of at least 1. */
export function requireShape(op: string, shape: Shape): void {
  if (shape.length !== 2 || !shape.every((size) => Number.isInteger(size) && size > 0)) {
    throw new RangeError(`${op} expects two sizes of at least 1, got ${show(shape)}`);
  }
}

/** Throws unless b has a's shape, or, with a step, is a sequence that has that step. */
export function requireStep(op: string, a: Tensor, b: Tensor, step?: number): void {
  const [rows, columns] = a.shape;
  if (step === undefined) {
    if (b.shape[0] !== rows || b.shape[1] !== columns) {
      throw shapeError(op, "equal shapes", { a, b });
    }
    return;
  }
  const inside = Number.isInteger(step) && step >= 0 && (step + 1) * rows <= b.shape[0];
  if (b.shape[1] !== columns || b.shape[0] % rows || !inside) {
    throw shapeError(op, `step ${step} of b to have a's shape`, { a, b });
  }
}

/** Throws unless a change is one of the state, or of the rows listed. */
export function requireChange(op: string, state: Tensor, change: Tensor, rows?: Indices): void {
  if (!rows) return requireStep(op, state, change);
  requireLength(op, change, rows);
  requireBound(op, rows, state.shape[0], "the state's rows");
  if (change.shape[1] !== state.shape[1]) throw shapeError(op, "one width", { state, change });
}

/** Throws unless indices have the bound that the op needs. */
export function requireBound(op: string, indices: Indices, size: number, what: string): void {
  if (indices.bound !== size) {
    throw new RangeError(`${op} expects indices bounded by ${what}, ${size}, got ${indices.bound}`);
  }
}

/** Throws unless there is an index for each row of a. */
export function requireLength(op: string, a: Tensor, indices: Indices): void {
  if (indices.length !== a.shape[0]) {
    throw new RangeError(
      `${op} expects an index for each row of a ${show(a.shape)}, got ${indices.length}`,
    );
  }
}

/** Throws unless a conditional random field fits its logits, and each target is one of its labels. */
export function requireCrf(
  logits: Tensor,
  { startTransitions, endTransitions, transitions }: CrfWeights,
  targets: Int32Array,
  batch: number,
): void {
  const [rows, labels] = logits.shape;
  const isFit = (weight: Tensor, m: number) => weight.shape[0] === m && weight.shape[1] === labels;
  if (!isFit(startTransitions, 1) || !isFit(endTransitions, 1) || !isFit(transitions, labels)) {
    const weights = { startTransitions, endTransitions, transitions };
    throw shapeError("crf()", "scores for each label and pair of them", { logits, ...weights });
  }
  if (targets.length !== rows || rows % batch !== 0) {
    throw new RangeError(
      `crf() takes a target for each of ${rows} rows, and whole steps of a batch of ${batch}, got ` +
        `${targets.length} targets`,
    );
  }
  for (const [row, label] of targets.entries()) {
    const follows = label < 0 || row < batch || targets[row - batch] >= 0;
    if (label >= -1 && label < labels && follows) continue;
    throw new RangeError(
      `crf() takes labels below ${labels}, and -1 after the end of a sequence, got ${label} at ${row}`,
    );
  }
}

/** Throws unless the weights of a layer-normalized LSTM are one row each, of its units. */
export function requireNormWeights(op: string, { Whh, gh, gc, bc }: NormLstmWeights): void {
  const hidden = Whh.shape[0];
  const expected = [[gh, 4 * hidden], [gc, hidden], [bc, hidden]] as const;
  if (expected.every(([{ shape: [rows, width] }, size]) => rows === 1 && width === size)) return;
  throw shapeError(op, "gains and biases of one cell", { Whh, gh, gc, bc });
}
