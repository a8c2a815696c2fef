/**
 * Which rows of an embedding an optimizer step updates.
 *
 * @module
 */
import { createCpuBackend } from "@unroll/backend-cpu";
import { assertEquals } from "@std/assert";
import { opsOf } from "#core/ops/checked_ops.ts";
import { OPTIMIZER_DEFAULTS, optimizerStep } from "#core/training/optimizer.ts";

const DENSE = { ...OPTIMIZER_DEFAULTS, name: "adam", dense: true } as const;

/** Returns whether a word is still updated by the step after that of its batch. */
async function goesOn(optimizer: Parameters<typeof optimizerStep>[1], words: number) {
  const ops = opsOf(createCpuBackend());
  let [W, m, v] = [1, 2, 3].map(() => ops.zeros([words, 4]));
  const first: number[] = [];
  for (const [k, word] of [0, 1].entries()) {
    const values = ops.tensor([1, 1, 1, 1], [1, 4]);
    const gradient = { values, rows: ops.indices([word], words) };
    [W, m, v] = optimizerStep(ops, optimizer, 0.1, k + 1, W, gradient, [m, v]);
    const [row] = await ops.read([ops.gatherRows(W, ops.indices([0], words))]);
    first.push(row[0]);
  }
  return first[1] !== first[0];
}

Deno.test("dense steps of Adam also update a word that the next batch lacks", async () => {
  assertEquals(await goesOn(DENSE, 3), true);
  assertEquals(await goesOn({ ...OPTIMIZER_DEFAULTS, name: "adam" }, 3), false);
});

Deno.test("an embedding of more than four million values is updated sparsely despite dense steps", async () => {
  assertEquals(await goesOn(DENSE, 2 ** 20), true);
  assertEquals(await goesOn(DENSE, 2 ** 20 + 1), false);
});
