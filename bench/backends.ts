/**
 * Times a training step on every available backend, for several hidden and batch sizes, to show
 * where a GPU starts to pay off. Each backend takes turns with cpu, so that the ratios are reliable
 * on a noisy machine.
 *
 *     deno task bench:backends [--software]
 *
 * Software adapters are skipped without `--software`: they do not show the speed of a GPU.
 *
 * @module
 */
import { createCpuBackend } from "@unroll/backend-cpu";
import { createGpuJsBackend, MODES, probeMode } from "@unroll/backend-gpujs";
import { type Backend, opsOf } from "@unroll/core";
import { networkConfig } from "#core/network/config.ts";
import { settledStep } from "#tests/support/helpers.ts";
import { median } from "./turns.ts";

const HIDDEN = [64, 256, 1024], BATCH = [1, 32, 256], TIME_STEPS = 8, WORDS = 1000;
const TURNS = 3, TURN = 200; // the minimum milliseconds of a turn

/** Returns the milliseconds of a training step: many steps are queued, then one result is read. */
async function timeStep(backend: Backend, hidden: number, batch: number): Promise<number> {
  const ops = opsOf(backend);
  const config = networkConfig({ hidden });
  const lengths = [new Array(batch).fill(TIME_STEPS)];
  const { step, wait, dispose } = settledStep(ops, config, lengths, [WORDS, 2]);
  const run = async (count: number) => {
    const began = performance.now();
    for (let i = 0; i < count; i++) step(0);
    await wait();
    return performance.now() - began;
  };
  await run(2); // builds kernels and compiles code
  let count = 1;
  for (let took = await run(count); took < TURN; took = await run(count)) {
    count = Math.ceil(count * Math.min(10, 1.2 * TURN / took));
  }
  const turns = [];
  for (let i = 0; i < TURNS; i++) turns.push(await run(count) / count);
  dispose();
  return median(turns);
}

const cpu = createCpuBackend();
const others: Backend[] = [];
for (const mode of MODES) {
  const { works, real, adapter } = await probeMode(mode);
  if (!works || !(real || mode === "webasm" || Deno.args.includes("--software"))) {
    console.log(`gpujs:${mode} is skipped: ${adapter}`);
    continue;
  }
  const backend = await createGpuJsBackend({ mode });
  console.log(`${backend.name} is ${adapter}`);
  others.push(backend);
}

console.log(
  `\nMilliseconds per training step, ${TIME_STEPS} words per sentence, vocabulary ${WORDS}\n`,
);
const row = (cells: (string | number)[]) =>
  console.log(
    cells.map((cell, i) => String(cell).padStart(i < 2 ? 7 : i === 2 ? 12 : 24)).join(""),
  );
row(["hidden", "batch", "cpu", ...others.map(({ name }) => name)]);
for (const hidden of HIDDEN) {
  for (const batch of BATCH) {
    const cells = [];
    let base = 0;
    for (const backend of others) {
      base = await timeStep(cpu, hidden, batch);
      const time = await timeStep(backend, hidden, batch);
      cells.push(`${time.toFixed(2)} (cpu x ${(time / base).toFixed(2)})`);
    }
    row([hidden, batch, (base || await timeStep(cpu, hidden, batch)).toFixed(2), ...cells]);
  }
}
