/**
 * The loss of programs that return only logits.
 *
 * @module
 */

/** Returns the mean cross-entropy, in nats, of rows of logits and the right label of each row. */
export function crossEntropyOf(logits: Float32Array, right: readonly number[]): number {
  const labels = logits.length / right.length;
  let loss = 0;
  for (const [row, label] of right.entries()) {
    const own = logits.subarray(row * labels, (row + 1) * labels);
    const most = Math.max(...own);
    const sum = own.reduce((sum, y) => sum + Math.exp(y - most), 0);
    loss += most + Math.log(sum) - own[label];
  }
  return loss / right.length;
}
