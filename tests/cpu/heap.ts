// A separate program, so that it can call the garbage collector. Prints as JSON by how many bytes
// the heap and the tensors' memory grew over ten thousand steps.
import { createCpuBackend } from "@unroll/backend-cpu";
import { opsOf } from "@unroll/core";
import { networkConfig } from "#core/network/config.ts";
import { settledStep } from "#tests/support/helpers.ts";

const collect = (globalThis as unknown as { gc: () => void }).gc;
const ops = opsOf(createCpuBackend());
const config = networkConfig({ cell: "lstm", hidden: 9, embedding: 4 });
const { step } = settledStep(ops, config, [1, 7, 4, 2, 8].map((n) => [n, 3]));
const measure = () => {
  collect();
  const { heapUsed, external } = Deno.memoryUsage();
  return [heapUsed, external, ops.live];
};
for (let i = 0; i < 40_000; i++) step(i); // until all code is compiled
const before = measure();
for (let i = 0; i < 10_000; i++) step(i);
const [heap, external, live] = measure().map((bytes, i) => bytes - before[i]);
console.log(JSON.stringify({ heap, external, live }));
