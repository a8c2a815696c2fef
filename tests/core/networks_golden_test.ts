import { createCpuBackend } from "@unroll/backend-cpu";
import type { Backend } from "@unroll/core";
import { goldenCases } from "../golden_cases.ts";
import { withoutFused } from "../helpers.ts";

const backends: [string, Backend][] = [
  ["cpu", createCpuBackend()],
  ["cpu in float64", createCpuBackend({ dtype: "float64" })],
  ["cpu without fused ops", withoutFused(createCpuBackend())],
];

for (const [backendName, backend] of backends) {
  for (const { name, run } of goldenCases()) {
    Deno.test(`${backendName} ${name}`, () => run(backend));
  }
}
