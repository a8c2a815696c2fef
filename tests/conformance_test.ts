import { type Backend, InputError, type Tensor } from "@unroll/core";
import { conformanceCases } from "@unroll/core/conformance";
import { createCpuBackend } from "@unroll/backend-cpu";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { CPU_BACKENDS, OWN_CPU_BACKENDS, replacing } from "#tests/support/helpers.ts";

for (const [cpu, create] of Object.entries(CPU_BACKENDS)) {
  const createOwn = OWN_CPU_BACKENDS[cpu];
  for (const { name, run } of conformanceCases(create, createOwn)) {
    Deno.test(`${cpu}: ${name}`, run);
  }
}

/** The cpu backend with some of its ops replaced by wrong ones. */
function wrong(replace: (right: Backend) => Partial<Backend>): Backend {
  const right = createCpuBackend();
  return replacing(right, replace(right));
}

async function failures(backend: () => Backend): Promise<string[]> {
  const names: string[] = [];
  for (const { name, run } of conformanceCases(backend, backend)) {
    await run().catch(() => names.push(name));
  }
  return names;
}

const mistakes: Record<string, [expected: RegExp, replace: (right: Backend) => Partial<Backend>]> =
  {
    "ignores transposeB": [/^matmul\(\) of a \[8, 8\] and bᵀ/, (right) => ({
      matmul: (a, b, options) =>
        a.shape[1] === b.shape[0]
          ? right.matmul(a, b, { ...options, transposeB: false })
          : right.matmul(a, b, options),
    })],
    "takes the first step for every step": [/^add\(\) .* step 2/, (right) => ({
      add: (a, b, step) => right.add(a, b, step && 0),
    })],
    "adds in place": [/^add\(\)/, (right) => ({
      add: (a, b, step) =>
        right.update(a, right.add(right.zeros(a.shape), b, step), { keep: 1, add: 1 }),
    })],
    "does not clip": [/^update\(\) .* with clipping/, (right) => ({
      update: (state, change, options) =>
        right.update(state, change, { ...options, clip: Infinity }),
    })],
    "leaves the state alive": [/^update\(\)/, (right) => ({
      update: (state, change, options) => right.update(right.scale(state, 1), change, options),
    })],
    "updates all rows where some are asked for": [/^update\(\) .* some rows/, (right) => ({
      update(state, change, { rows, ...options }) {
        const whole = rows ? right.scatterRows(change, rows) : change;
        return right.update(state, whole, options);
      },
    })],
    "gives every maximum its gradient, equal ones too": [/^maxRowsGradient\(\)/, (right) => ({
      maxRowsGradient(dMax, max, a, rows) {
        const isBelow = right.reluDerivative(right.subtract(right.gatherRows(max, rows), a));
        const d = right.gatherRows(dMax, rows);
        return right.subtract(d, right.multiply(d, isBelow));
      },
    })],
    "swaps the gates i and f": [/^lstmForward\(\)/, (right) => ({
      lstmForward(inputs, h0, c0, Whh) {
        const swap = (a: Tensor) => {
          const k = h0.shape[1];
          const part = (from: number, to: number) => right.sliceColumns(a, from * k, to * k);
          return right.concatColumns([part(1, 2), part(0, 1), part(2, 4)]);
        };
        return right.lstmForward!(swap(inputs), h0, c0, swap(Whh));
      },
    })],
    "forgets a GRU's second bias": [/^gruForward\(\)/, (right) => ({
      gruForward: (inputs, h0, Whh, bhn) =>
        right.gruForward!(inputs, h0, Whh, right.zeros(bhn.shape)),
    })],
    "corrects no step of Adam": [/^adam\(\)/, (right) => ({
      adam: (W, m, v, g, options) => right.adam!(W, m, v, g, { ...options, stepSize: 1 }),
    })],
    "follows gradients unclipped": [/^rnnSgdSteps\(\)/, (right) => ({
      rnnSgdSteps: (weights, examples, _, activation) =>
        right.rnnSgdSteps!(weights, examples, Infinity, activation),
    })],
    "takes -1 for 0": [/^gatherRows\(\)/, (right) => ({
      indices: (data, bound) => right.indices(Array.from(data, (id) => Math.max(id, 0)), bound),
    })],
    "reads what is there later": [/^read\(\) returns the values at the time/, (right) => ({
      read: async (tensors: readonly Tensor[]) => {
        await Promise.resolve();
        return await right.read(tensors);
      },
    })],
    "reads in another order": [/^read\(\) returns values in the requested order/, (right) => ({
      read: async (tensors: readonly Tensor[]) => (await right.read(tensors)).reverse(),
    })],
    "outlives its end": [/^dispose\(\) without arguments/, (right) => ({
      dispose: (...given) => given.length > 0 ? right.dispose(...given) : undefined,
    })],
    "never frees": [/^nothing leaks/, () => ({ scope: (fn) => fn() })],
    "does not know that a tensor is dead": [/^disposed handles/, () => ({ dispose() {} })],
    "backpropagates with Whh where its transpose belongs": [/^rnnBackward\(\)/, (right) => ({
      rnnBackward: (dStates, states, Whh, batch, activation) => {
        const identity = right.oneHot(
          right.indices(Array.from({ length: Whh.shape[0] }, (_, i) => i), Whh.shape[0]),
        );
        const transposed = right.matmul(Whh, identity, { transposeA: true });
        return right.rnnBackward!(dStates, states, transposed, batch, activation);
      },
    })],
  };

for (const [mistake, [expected, replace]] of Object.entries(mistakes)) {
  Deno.test(`the suite catches a backend that ${mistake}`, async () => {
    const failed = await failures(() => wrong(replace));
    assert(failed.some((name) => expected.test(name)), `failed: ${failed.join("\n")}`);
  });
}

Deno.test("the suite passes the same backend behind the same proxy", async () => {
  assertEquals(await failures(() => wrong(() => ({}))), []);
});

Deno.test("a case that a backend skips keeps its position and name, and has the reason", async () => {
  const relu = (right: Backend): Partial<Backend> => ({ relu: (a) => right.scale(a, 1) });
  const create = () => wrong(relu);
  const name = "relu() on [2, 3]", reason = "the device has no relu";
  const all = conformanceCases(create, create);
  const cases = conformanceCases(create, create, { leftOut: { [name]: reason } });
  assertEquals(cases.map(({ name }) => name), all.map(({ name }) => name));
  const [found, ...others] = cases.filter(({ leftOut }) => leftOut !== undefined);
  assertEquals([found.name, found.leftOut, others.length], [name, reason, 0]);
  await assertRejects(() => found.run(), Error, "relu: expected"); // it is not said to pass
});

Deno.test("a skipped case must be one of the suite, and have a reason", () => {
  const cases = (leftOut: Record<string, string>) => () =>
    conformanceCases(() => createCpuBackend(), undefined, { leftOut });
  for (const name of ["relu() on [2, 4]", "toString", ""]) {
    assertThrows(
      cases({ [name]: "why" }),
      InputError,
      `the suite has no case ${JSON.stringify(name)}`,
    );
  }
  assertThrows(
    cases({ "relu() on [2, 3]": " " }),
    InputError,
    'leftOut needs a reason for "relu() on [2, 3]"',
  );
  cases({ "a using block disposes of its backend": "the driver ends with the process" })();
});
