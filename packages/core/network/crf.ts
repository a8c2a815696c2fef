/**
 * A linear-chain conditional random field (Lafferty, McCallum and Pereira 2001; as the head of a
 * recurrent network: Lample et al. 2016). It scores whole sequences of labels c_1 … c_n,
 *
 *     s(c) = start[c_1] + y_1[c_1] + Σ_{t>1} (T[c_{t-1}, c_t] + y_t[c_t]) + end[c_n]
 *     p(c) = exp s(c) / Z,   Z = Σ_c exp s(c)
 *
 * where y are the logits of the network. The loss is -ln p of the correct sequence.
 *
 * @module
 */
import type {
  Backend,
  CrfTrace,
  CrfWeights,
  FloatArray,
  Indices,
  Ops,
  Shape,
  Tensor,
} from "../backend.ts";
import { InputError } from "../errors.ts";
import { fusedOr } from "../ops/fused.ts";
import { crossEntropyLoss, type Loss } from "./loss.ts";
import { type Gradient, mapWeights, type Weights } from "./weights.ts";

/** The weights of a CRF, and their names in the module `crf` of pytorch-crf. */
const NAMES = {
  startTransitions: "crf.start_transitions",
  endTransitions: "crf.end_transitions",
  transitions: "crf.transitions",
} as const;

/** Whether a weight belongs to a CRF. */
export function isCrfWeight(name: string): boolean {
  return Object.hasOwn(NAMES, name);
}

/** Returns the weights' shapes: a score for each first label, each last label, and each pair. */
export function crfShapes(labels: number): Weights<Shape> {
  return {
    startTransitions: [1, labels],
    endTransitions: [1, labels],
    transitions: [labels, labels], // from the label of the row to that of the column
  };
}

/** Returns the shapes of the tensors in PyTorch, by name. */
export function crfTorchShapes(labels: number): Record<string, number[]> {
  const { startTransitions, endTransitions, transitions } = NAMES;
  return {
    [startTransitions]: [labels],
    [endTransitions]: [labels],
    [transitions]: [labels, labels],
  };
}

/** Converts the weights to pytorch-crf's layout. */
export function crfToTorch(
  weights: Weights<FloatArray>,
): Record<string, { shape: number[]; data: FloatArray }> {
  const shapes = crfTorchShapes(weights.startTransitions.length);
  return Object.fromEntries(
    Object.entries(NAMES).map(([name, theirs]) =>
      [theirs, { shape: shapes[theirs], data: weights[name] }] as const
    ),
  );
}

/** Converts the weights from pytorch-crf's layout. */
export function crfFromTorch(data: (name: string) => FloatArray): Weights<FloatArray> {
  return Object.fromEntries(
    Object.entries(NAMES).map(([name, theirs]) => [name, data(theirs)] as const),
  );
}

/**
 * Throws if label weights are given, which a CRF does not support.
 *
 * @throws {InputError} If `weights` is neither null nor undefined.
 */
export function refuseLabelWeights(weights: unknown): void {
  if (weights === null || weights === undefined) return;
  throw new InputError(
    "label weights are for losses of single labels, but a CRF's loss is that of a whole label " +
      "sequence; leave the weights out, or train without the CRF (crf: false, --no-crf)",
  );
}

/** A CRF's losses and marginals, and the gradients of the logits and of its own weights. */
export interface CrfPass extends Pick<CrfTrace, "losses" | "marginals" | "dLogits"> {
  /** The gradients of the CRF's own weights. */
  gradients: Weights<Gradient>;
}

/** The loss of a CRF, which its forward pass has already computed. */
export function crfLossOf(crf: () => CrfPass): Loss<Indices> {
  return {
    value: () => crf().losses,
    gradient: () => crf().dLogits,
    sums: crossEntropyLoss.sums,
  };
}

/**
 * Computes the losses of a batch, their gradients, and the labels' marginal probabilities.
 *
 * @param logits y, time-major: `[timeSteps * batch, labels]`.
 * @param targets The correct label of each row; -1 for padding, which follows each sequence.
 * @param size The number of sequences in the batch.
 * @param weight The factor of each target's loss.
 */
export function crfPass(
  ops: Ops,
  weights: Weights<Tensor>,
  logits: Tensor,
  targets: Int32Array,
  size: number,
  weight: number,
): CrfPass {
  const { startTransitions, endTransitions, transitions } = weights;
  const own: CrfWeights = { startTransitions, endTransitions, transitions };
  const trace = fusedOr(ops, "crf", composedCrf)(logits, own, targets, size, weight);
  const { losses, marginals, dLogits } = trace;
  const gradients = mapWeights(
    { ...own },
    (_, name) => ({ values: trace[name as keyof CrfWeights] }),
  );
  return { losses, marginals, dLogits, gradients };
}

/**
 * The fused op as a composition: the forward-backward algorithm in log space. Forward, with each
 * row of α normalized, which changes neither conditional nor marginal probabilities:
 *
 *     α_1[j] = start[j] + y_1[j]
 *     α_t[j] = y_t[j] + ln Σ_i exp(α_{t-1}[i] + T[i, j])
 *     p(c_{t-1} = i | c_t = j) = softmax_i(α_{t-1}[i] + T[i, j])
 *     p(c_n = j) = softmax_j(α_n[j] + end[j])
 *
 * and backward, from the last label to the first:
 *
 *     p(c_{t-1} = i, c_t = j) = p(c_t = j) p(c_{t-1} = i | c_t = j)
 *
 * The gradients are expected minus actual counts: dy_t = p(c_t) - 1_c, and for each pair of labels
 * the sum of its probabilities minus its number of occurrences.
 */
export function composedCrf(
  ops: Backend,
  logits: Tensor,
  weights: CrfWeights,
  targets: Int32Array,
  size: number,
  weight: number,
): CrfTrace {
  const [rows, labels] = logits.shape, steps = rows / size;
  const known = knownOf(targets, size, labels);
  const { startTransitions: start, endTransitions: end, transitions } = weights;
  const pairs = pairsOf(ops, transitions, size);

  const first = ops.addRow(ops.sliceRows(logits, 0, size), start);
  const alphas = [ops.logSoftmax(first)];
  const conditional: Tensor[] = []; // ln p(c_{t-1} | c_t) of the correct labels
  for (let t = 1; t < steps; t++) {
    const [alpha, right] = ops.scope(() => {
      const scores = pairs.scores(alphas[t - 1]);
      const logs = ops.logSoftmax(scores);
      const alpha = ops.logSoftmax(ops.add(pairs.logSumExp(scores, logs), logits, t));
      const rowsOfNext = ops.indices(known.pairRows(t), size * labels);
      const before = ops.indices(known.labelsBefore(t), labels);
      return [alpha, ops.pick(ops.gatherRows(logs, rowsOfNext), before)];
    });
    alphas.push(alpha);
    conditional.push(right);
  }
  const ends = ops.addRow(ops.concatRows(alphas), end); // used only in rows where a sequence ends
  const lastOnes = ops.pick(ops.logSoftmax(ends), ops.indices(known.last, labels));
  const others = ops.concatRows([...conditional, ops.zeros([size, 1])]);
  const losses = ops.scale(ops.add(lastOnes, others), -1);

  const isLast = ops.tensor(known.last.map((label) => label < 0 ? 0 : 1), [rows, 1]);
  const ofLast = ops.multiplyColumn(ops.softmax(ends), isLast);
  const marginals: Tensor[] = [ops.sliceRows(ofLast, rows - size, rows)];
  let expected = ops.zeros([labels, labels]); // expected count of each pair, second label first
  for (let t = steps - 1; t > 0; t--) {
    const [before, sum] = ops.scope(() => {
      const both = ops.multiplyColumn(
        ops.softmax(pairs.scores(alphas[t - 1])),
        pairs.column(marginals[0]),
      );
      return [ops.add(pairs.overSecond(both), ofLast, t - 1), ops.add(expected, pairs.total(both))];
    });
    ops.dispose([expected]);
    expected = sum;
    marginals.unshift(before);
  }
  const all = ops.concatRows(marginals);
  const gradient = (a: Tensor, counts: Float64Array) =>
    ops.scale(ops.subtract(a, ops.tensor(counts, a.shape)), weight);
  return {
    losses,
    marginals: all,
    dLogits: ops.scale(ops.subtract(all, ops.oneHot(ops.indices(targets, labels))), weight),
    startTransitions: gradient(ops.sumRows(marginals[0]), known.starts),
    endTransitions: gradient(ops.sumRows(ofLast), known.ends),
    transitions: gradient(pairs.transposed(expected), known.pairs),
  };
}

/**
 * Returns logits whose softmax is each label's marginal probability: α + β, with α as in
 * {@linkcode composedCrf} and
 *
 *     β_n[j] = end[j],   β_{t-1}[i] = ln Σ_j exp(T[i, j] + y_t[j] + β_t[j])
 *
 * @param logits y of one sequence, `[timeSteps, labels]`.
 */
export function marginalLogits(ops: Ops, weights: Weights<Tensor>, logits: Tensor): Tensor {
  const { startTransitions: start, endTransitions: end, transitions } = weights;
  const steps = logits.shape[0];
  const forth = pairsOf(ops, transitions, 1);
  const back = pairsOf(ops, forth.transposed(transitions), 1);
  const y = Array.from({ length: steps }, (_, t) => ops.sliceRows(logits, t, t + 1));
  const alphas = [ops.logSoftmax(ops.add(y[0], start))], betas = [end];
  for (let t = 1; t < steps; t++) {
    const scores = forth.scores(alphas[t - 1]);
    const before = forth.logSumExp(scores, ops.logSoftmax(scores));
    alphas.push(ops.logSoftmax(ops.add(before, y[t])));
  }
  for (let t = steps - 1; t > 0; t--) {
    const scores = back.scores(ops.logSoftmax(ops.add(y[t], betas[0])));
    betas.unshift(back.logSumExp(scores, ops.logSoftmax(scores)));
  }
  return ops.add(ops.concatRows(alphas), ops.concatRows(betas));
}

/** Helpers on pairs of labels: row b · labels + j is sequence b with second label j. */
function pairsOf(ops: Backend, transitions: Tensor, size: number) {
  const labels = transitions.shape[0], rows = size * labels;
  const each = (at: (row: number) => number, bound: number): Indices =>
    ops.indices(Int32Array.from({ length: rows }, (_, row) => at(row)), bound);
  const sequence = each((row) => Math.floor(row / labels), size);
  const second = each((row) => row % labels, labels);
  const one = ops.oneHot(ops.indices(Int32Array.from({ length: labels }, (_, j) => j), labels));
  const transposed = (a: Tensor) => ops.matmul(one, a, { transposeB: true });
  const into = ops.gatherRows(transposed(transitions), second); // T[i, j] of each row's j
  const columns = ops.oneHot(second);
  const zeros = each(() => 0, labels);
  return {
    transposed,
    /** Returns α[i] + T[i, j]. */
    scores: (alpha: Tensor) => ops.add(ops.gatherRows(alpha, sequence), into),
    /** Returns ln Σ exp of each row of scores, by their logSoftmax: one row per sequence. */
    logSumExp(scores: Tensor, logs: Tensor): Tensor {
      // logSoftmax subtracts it from every element of a row.
      const sums = ops.subtract(ops.pick(scores, zeros), ops.pick(logs, zeros));
      return ops.scatterRows(ops.multiplyColumn(columns, sums), sequence);
    },
    /** Turns a row per sequence into a column: the element of each pair's second label. */
    column: (a: Tensor) => ops.pick(ops.gatherRows(a, sequence), second),
    /** Sums over the second label: one row per sequence. */
    overSecond: (a: Tensor) => ops.scatterRows(a, sequence),
    /** Sums over the sequences. */
    total: (a: Tensor) => ops.scatterRows(a, second),
  };
}

/** Precomputes from a batch's correct labels where sequences end, and how often labels occur. */
function knownOf(targets: Int32Array, size: number, labels: number) {
  const rows = targets.length;
  const last = new Int32Array(rows).fill(-1);
  const starts = new Float64Array(labels), ends = new Float64Array(labels);
  const pairs = new Float64Array(labels * labels);
  for (let row = 0; row < rows; row++) {
    const label = targets[row];
    if (label < 0) continue;
    if (row < size) starts[label]++;
    else pairs[targets[row - size] * labels + label]++;
    if (row + size < rows && targets[row + size] >= 0) continue;
    last[row] = label;
    ends[label]++;
  }
  const ofStep = (t: number, at: (label: number, i: number) => number) =>
    Int32Array.from({ length: size }, (_, i) => {
      const label = targets[t * size + i];
      return label < 0 ? -1 : at(label, i);
    });
  return {
    /** The label of each row where a sequence ends, else -1. */
    last,
    starts,
    ends,
    pairs,
    /** For each sequence, the row of its label at step t among the pairs; -1 after its end. */
    pairRows: (t: number) => ofStep(t, (label, i) => i * labels + label),
    /** For each sequence, the label before that one; -1 after its end. */
    labelsBefore: (t: number) => ofStep(t, (_, i) => targets[(t - 1) * size + i]),
  };
}
