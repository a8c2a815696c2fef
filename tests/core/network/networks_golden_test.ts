import type { Backend } from "@unroll/core";
import { goldenCases } from "#tests/support/golden_cases.ts";
import { CPU_BACKENDS, withoutFused } from "#tests/support/helpers.ts";

const backends: [string, Backend][] = [
  ...Object.entries(CPU_BACKENDS).map(([name, create]): [string, Backend] => [name, create()]),
  ["plain loops without fused ops", withoutFused(CPU_BACKENDS["plain loops"]())],
];

for (const [backendName, backend] of backends) {
  for (const { name, run } of goldenCases()) {
    Deno.test(`${backendName} ${name}`, () => run(backend));
  }
}
