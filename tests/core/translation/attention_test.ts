import { createCpuBackend } from "@unroll/backend-cpu";
import { opsOf } from "@unroll/core";
import { assertEquals } from "@std/assert";
import { attend, createAttentionBatches } from "#core/translation/attention.ts";

const backends = {
  "simd": { backend: createCpuBackend(), scale: 1e12 },
  "plain": { backend: createCpuBackend({ kernels: "plain" }), scale: 1e12 },
  "float64": { backend: createCpuBackend({ dtype: "float64" }), scale: 1e60 },
};
for (const [name, { backend, scale }] of Object.entries(backends)) {
  Deno.test(`attention stays within each sentence's own source, for any scores: ${name}`, async () => {
    const ops = opsOf(backend);
    // A batch of sources of one and two symbols; every score is far below zero.
    const groups = createAttentionBatches(ops, [1, 2], 2, 1);
    const queries = ops.tensor([scale, scale], [2, 1]);
    const memory = ops.tensor([-1, -1, 0, -1], [4, 1]); // time-major: the third row is padding
    const { parts } = attend(ops, queries, memory, ops.tensor([1, 1], [2, 1]), groups);
    const [weights] = await ops.read([parts[0].weights]);
    assertEquals([...weights], [1, 0, 0, 0, 0, 0, 0.5, 0.5]);
    ops.dispose();
  });
}
