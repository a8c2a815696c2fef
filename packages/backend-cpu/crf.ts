/**
 * Conditional random fields by plain loops, sequence by sequence, in double precision.
 *
 * @module
 */
import type { Numbers } from "./loops.ts";

/** Arrays with one number per weight of a conditional random field, row by row. */
export interface CrfNumbers {
  /** For each label as the first. */
  start: Numbers;
  /** For each label as the last. */
  end: Numbers;
  /** For each pair of labels. */
  transitions: Numbers;
}

/** The losses, marginals and gradients to write; all must be zero before the call. */
export interface CrfResults extends CrfNumbers {
  losses: Numbers;
  marginals: Numbers;
  dLogits: Numbers;
}

const TINY = 1e-200; // sums of factors below it have lost digits and are recomputed from logarithms

/**
 * The op `crf`. With p = exp α and F = exp T, each relative to its maximum:
 *
 *     p(c_{t-1} = i | c_t = j) = p_{t-1}[i] F[i, j] / S_t[j],   S_t[j] = Σ_i p_{t-1}[i] F[i, j]
 *     α_t[j] = y_t[j] + ln S_t[j]
 *
 * and backward, with m the marginals:
 *
 *     m_{t-1}[i] = p_{t-1}[i] Σ_j F[i, j] m_t[j] / S_t[j]
 */
export function runCrf(
  y: Numbers,
  { start, end, transitions }: CrfNumbers,
  targets: Int32Array,
  [rows, labels, batch]: readonly [rows: number, labels: number, batch: number],
  weight: number,
  out: CrfResults,
): void {
  const n = labels, steps = rows / batch;
  let largest = -Infinity;
  for (let k = 0; k < n * n; k++) largest = Math.max(largest, transitions[k]);
  const F = new Float64Array(n * n), isLost = new Uint8Array(steps * n);
  for (let k = 0; k < n * n; k++) F[k] = Math.exp(transitions[k] - largest);
  const alpha = new Float64Array(steps * n), p = new Float64Array(steps * n);
  const S = new Float64Array(steps * n), expected = new Float64Array(n * n);
  const dStart = new Float64Array(n), dEnd = new Float64Array(n);
  let m = new Float64Array(n), before = new Float64Array(n);
  const row = new Float64Array(n); // conditional probabilities

  /** Computes p from α at step t. */
  const normalize = (t: number) => {
    let most = -Infinity;
    for (let j = t * n; j < (t + 1) * n; j++) most = Math.max(most, alpha[j]);
    for (let j = t * n; j < (t + 1) * n; j++) p[j] = Math.exp(alpha[j] -= most);
  };
  /** Sets `row` to p(c_{t-1} | c_t = j), if the sum of factors is too small; returns ln S. */
  const exact = (t: number, j: number): number => {
    let most = -Infinity, sum = 0;
    for (let i = 0; i < n; i++) {
      row[i] = alpha[(t - 1) * n + i] + transitions[i * n + j];
      most = Math.max(most, row[i]);
    }
    for (let i = 0; i < n; i++) sum += row[i] = Math.exp(row[i] - most);
    for (let i = 0; i < n; i++) row[i] /= sum;
    return most + Math.log(sum) - largest;
  };

  for (let b = 0; b < batch; b++) {
    let words = 0;
    while (words < steps && targets[words * batch + b] >= 0) words++;
    if (words === 0) continue;
    for (let t = 0; t < words; t++) {
      const at = t * n, from = (t * batch + b) * n;
      if (t === 0) {
        for (let j = 0; j < n; j++) alpha[j] = start[j] + y[from + j];
      } else {
        for (let i = 0; i < n; i++) {
          const each = p[at - n + i];
          for (let j = 0, k = i * n; j < n; j++, k++) S[at + j] += each * F[k];
        }
        for (let j = 0; j < n; j++) {
          const sum = S[at + j];
          isLost[at + j] = sum < TINY ? 1 : 0;
          alpha[at + j] = y[from + j] + (sum < TINY ? exact(t, j) : Math.log(sum));
        }
        const i = targets[(t - 1) * batch + b], j = targets[t * batch + b];
        const logSum = alpha[at + j] - y[from + j]; // before α is normalized
        out.losses[(t - 1) * batch + b] = Math.max(
          0,
          logSum - alpha[at - n + i] - (transitions[i * n + j] - largest),
        );
      }
      normalize(t);
    }

    const last = (words - 1) * n, right = targets[(words - 1) * batch + b];
    let most = -Infinity, total = 0;
    for (let j = 0; j < n; j++) most = Math.max(most, m[j] = alpha[last + j] + end[j]);
    const score = m[right];
    for (let j = 0; j < n; j++) total += m[j] = Math.exp(m[j] - most);
    for (let j = 0; j < n; j++) dEnd[j] += m[j] /= total;
    dEnd[right]--;
    out.losses[(words - 1) * batch + b] = Math.max(0, most + Math.log(total) - score);

    for (let t = words - 1; t >= 0; t--) {
      const from = (t * batch + b) * n, at = t * n, label = targets[t * batch + b];
      for (let j = 0; j < n; j++) {
        out.marginals[from + j] = m[j];
        out.dLogits[from + j] = weight * (j === label ? m[j] - 1 : m[j]);
      }
      if (t === 0) {
        for (let j = 0; j < n; j++) dStart[j] += m[j];
        dStart[label]--;
        break;
      }
      before.fill(0);
      for (let j = 0; j < n; j++) {
        if (isLost[at + j] === 1) {
          exact(t, j);
          for (let i = 0; i < n; i++) {
            const both = row[i] * m[j];
            before[i] += both;
            expected[i * n + j] += both;
          }
          m[j] = 0;
        } else m[j] /= S[at + j];
      }
      for (let i = 0; i < n; i++) {
        const each = p[at - n + i];
        let sum = 0;
        for (let j = 0, k = i * n; j < n; j++, k++) {
          const both = each * F[k] * m[j];
          sum += both;
          expected[k] += both;
        }
        before[i] += sum;
      }
      S.fill(0, at, at + n);
      expected[targets[(t - 1) * batch + b] * n + label]--;
      [m, before] = [before, m];
    }
  }
  for (let j = 0; j < n; j++) {
    out.start[j] = weight * dStart[j];
    out.end[j] = weight * dEnd[j];
  }
  for (let k = 0; k < n * n; k++) out.transitions[k] = weight * expected[k];
}
