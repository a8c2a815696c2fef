import type { Backend } from "@unroll/core";
import { CPU_BACKENDS, withoutFused } from "#tests/support/helpers.ts";
import { numberCases } from "#tests/support/number_cases.ts";

const backends: [string, Backend][] = [
  ...Object.entries(CPU_BACKENDS).map(([name, create]): [string, Backend] => [name, create()]),
  ["plain loops without fused ops", withoutFused(CPU_BACKENDS["plain loops"]())],
  ["float64 without fused ops", withoutFused(CPU_BACKENDS["plain loops in float64"]())],
];

for (const [backendName, backend] of backends) {
  for (const { name, run } of numberCases()) {
    Deno.test(`${backendName} ${name}`, () => run(backend));
  }
}
