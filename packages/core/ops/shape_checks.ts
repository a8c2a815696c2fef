/**
 * The ops' checks of tensor shapes, and the errors for shapes that do not match.
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

/** Formats a shape for messages. */
export function show(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** Creates the error of an op whose tensors do not match. */
export function shapeError(
  op: string,
  expected: string,
  tensors: Record<string, Tensor>,
): RangeError {
  const given = Object.entries(tensors).map(([name, tensor]) => `${name} ${show(tensor.shape)}`);
  return new RangeError(`${op} expects ${expected}, got ${given.join(" and ")}`);
}

/** Throws unless a tensor is a single number, `[1, 1]`. */
export function requireNumber(op: string, a: Tensor): void {
  if (a.shape[0] !== 1 || a.shape[1] !== 1) throw shapeError(op, "a tensor [1, 1]", { a });
}

/** Throws unless the shapes are those of a recurrence's forward pass with this number of gates. */
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

/** Throws unless the number of active rows never increases from one step to the next. */
function requireActive(
  op: string,
  batch: number,
  timeSteps: number,
  active?: readonly number[],
): void {
  const isFalling = active?.every((rows, t) => rows >= 0 && rows <= (active[t - 1] ?? batch));
  if (!active || active.length === timeSteps && isFalling) return;
  throw new RangeError(
    `${op} expects ${timeSteps} active row counts from ${batch} down, got ${active}`,
  );
}

/** Throws unless the shapes are those of a recurrence's backward pass with this number of gates. */
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

/** Throws unless the row counts of queries and memory match their spans. */
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

/** Throws unless the weights belong to one network and the examples' ids are within its bounds. */
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

/** Throws unless b has a's shape or, given a step, is a sequence with such a step of that shape. */
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

/** Throws unless the change has the shape of the state, or of its listed rows. */
export function requireChange(op: string, state: Tensor, change: Tensor, rows?: Indices): void {
  if (!rows) return requireStep(op, state, change);
  requireLength(op, change, rows);
  requireBound(op, rows, state.shape[0], "the state's rows");
  if (change.shape[1] !== state.shape[1]) throw shapeError(op, "one width", { state, change });
}

/** Throws unless indices have the bound that the op expects. */
export function requireBound(op: string, indices: Indices, size: number, what: string): void {
  if (indices.bound !== size) {
    throw new RangeError(`${op} expects indices bounded by ${what}, ${size}, got ${indices.bound}`);
  }
}

/** Throws unless there is one index for each row of a. */
export function requireLength(op: string, a: Tensor, indices: Indices): void {
  if (indices.length !== a.shape[0]) {
    throw new RangeError(
      `${op} expects an index for each row of a ${show(a.shape)}, got ${indices.length}`,
    );
  }
}

/** Throws unless the weights of a CRF match its logits, and every target is a valid label or -1. */
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
      `crf() expects a target for each of ${rows} rows, and whole steps of a batch of ${batch}, ` +
        `got ${targets.length} targets`,
    );
  }
  for (const [row, label] of targets.entries()) {
    const follows = label < 0 || row < batch || targets[row - batch] >= 0;
    if (label >= -1 && label < labels && follows) continue;
    throw new RangeError(
      `crf() expects labels below ${labels}, and -1 after the end of a sequence, got ${label} ` +
        `at ${row}`,
    );
  }
}

/** Throws unless the weights of a layer-normalized LSTM have one row each, of matching widths. */
export function requireNormWeights(op: string, { Whh, gh, gc, bc }: NormLstmWeights): void {
  const hidden = Whh.shape[0];
  const expected = [[gh, 4 * hidden], [gc, hidden], [bc, hidden]] as const;
  if (expected.every(([{ shape: [rows, width] }, size]) => rows === 1 && width === size)) return;
  throw shapeError(op, "gains and biases of one cell", { Whh, gh, gc, bc });
}
