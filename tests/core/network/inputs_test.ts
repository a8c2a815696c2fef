import { createCpuBackend } from "@unroll/backend-cpu";
import { opsOf, Random } from "@unroll/core";
import { assert, assertEquals } from "@std/assert";
import { createBatch } from "#core/network/batch.ts";
import { networkConfig } from "#core/network/config.ts";
import { inputsOf } from "#core/network/inputs.ts";

Deno.test("input products shared by repeated words equal those computed for each word, bit for bit", async () => {
  for (const kernels of ["simd", "plain"] as const) {
    const backend = createCpuBackend({ kernels }), ops = opsOf(backend);
    const config = networkConfig({ embedding: 10, hidden: 12 }), random = new Random(4);
    const uniform = (count: number) => Float32Array.from({ length: count }, () => random.uniform());
    const embedding = ops.tensor(uniform(30 * 10), [30, 10]);
    const W = ops.tensor(uniform(10 * 21), [10, 21]);
    for (const different of [1, 3, 17]) {
      const sentences = Array.from(
        { length: 9 },
        (_, i) =>
          Int32Array.from({ length: 3 + i }, () => Math.floor(different * random.uniform())),
      );
      const batch = createBatch(ops, config, sentences, 30);
      assert(2 * batch.table!.rows.length <= batch.words.length);
      const [made, expected] = await ops.read([
        inputsOf(config).read(ops, { embedding }, batch).project(ops, W),
        ops.matmul(ops.gatherRows(embedding, batch.words), W),
      ]);
      assertEquals(made, expected, `${kernels}, ${different} different words`);
    }
    backend.dispose();
  }
});
