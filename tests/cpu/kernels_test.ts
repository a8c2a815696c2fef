import { createCpuBackend } from "@unroll/backend-cpu";
import { type Backend, Random, type Shape } from "@unroll/core";
import { assert, assertEquals, assertLess } from "@std/assert";
import { CPU_BACKENDS } from "#tests/support/helpers.ts";

const SIZES = [1, 3, 5, 7, 63, 65];
const plain = createCpuBackend({ dtype: "float64" });
const KERNELS = Object.entries(CPU_BACKENDS).filter(([name]) => !name.startsWith("plain"));

function numbers(count: number, seed: number): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length: count }, () => random.normal());
}

/** Computes an op on a backend. */
async function result(backend: Backend, op: (backend: Backend) => [ReturnType<Backend["zeros"]>]) {
  const [out] = backend.scope(() => op(backend));
  const [values] = await backend.read([out]);
  backend.dispose([out]);
  return values;
}

/** Asserts that numbers are near those of plain loops, relative to the summands; NaN equals NaN. */
function assertNear(actual: ArrayLike<number>, expected: ArrayLike<number>, bound: number) {
  assertEquals(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++) {
    if (Number.isFinite(expected[i])) {
      assertLess(Math.abs(actual[i] - expected[i]), bound, `at ${i}: ${actual[i]}`);
    } else assertEquals(actual[i], expected[i], `at ${i}`);
  }
}

for (const [name, create] of KERNELS) {
  for (
    const [way, transposeA, transposeB] of [
      ["a b", false, false],
      ["aᵀ b", true, false],
      ["a bᵀ", false, true],
      ["aᵀ bᵀ", true, true],
    ] as const
  ) {
    Deno.test(`${name}: ${way} of every odd size is that of plain loops`, async () => {
      const backend = create();
      for (const m of [...SIZES, 300]) {
        for (const k of m === 300 ? [300] : SIZES) {
          for (const n of SIZES) {
            const shapeA: Shape = transposeA ? [k, m] : [m, k];
            const shapeB: Shape = transposeB ? [n, k] : [k, n];
            const a = numbers(m * k, 1), b = numbers(k * n, 2);
            const product = (on: Backend) =>
              result(on, () => [
                on.matmul(on.tensor(a, shapeA), on.tensor(b, shapeB), { transposeA, transposeB }),
              ]);
            assertNear(await product(backend), await product(plain), 2e-6 * (1 + k));
          }
        }
      }
    });

    Deno.test(`${name}: ${way} carries NaN and infinity through`, async () => {
      for (const [m, k, n] of [[1, 5, 9], [3, 9, 17], [33, 9, 17]]) {
        const a = numbers(m * k, 1), b = numbers(k * n, 2);
        a[0] = NaN;
        a[a.length - 1] = Infinity;
        b[b.length - 1] = -Infinity;
        const product = (on: Backend) =>
          result(on, () => [
            on.matmul(
              on.tensor(a, transposeA ? [k, m] : [m, k]),
              on.tensor(b, transposeB ? [n, k] : [k, n]),
              { transposeA, transposeB },
            ),
          ]);
        assertNear(await product(create()), await product(plain), 1e-4);
      }
    });
  }

  const every = Float32Array.from(
    { length: 40_001 },
    (_, i) => i % 2 ? (i - 20_000) / 200 : Math.sign(i - 20_000) * 10 ** ((i % 400) / 10 - 38),
  );
  const special = [NaN, Infinity, -Infinity, 0, -0, 1e30, -1e30, 1e-40, 88, 89, -88, -104];
  for (const [op, bound] of [["tanh", 3e-7], ["sigmoid", 1e-7]] as const) {
    Deno.test(`${name}: ${op}() is near float64's everywhere`, async () => {
      for (const values of [every, Float32Array.from(special)]) {
        const on = (backend: Backend) =>
          result(backend, () => [backend[op](backend.tensor(values, [1, values.length]))]);
        const actual = await on(create()), expected = await on(plain);
        assertNear(actual, expected, bound);
        for (let i = 0; i < values.length; i++) {
          if (!(Math.abs(expected[i]) > 1e-30)) continue; // below it float32 has fewer digits
          assertLess(Math.abs(actual[i] / expected[i] - 1), 4e-7, `${op}(${values[i]})`);
        }
      }
    });
  }

  Deno.test(`${name}: tanh() of what is large is 1 and -1`, async () => {
    const on = create();
    const values = await result(on, () => [on.tanh(on.tensor([9.02, -9.1, 40, -1e30], [1, 4]))]);
    assertEquals([...values], [1, -1, 1, -1]);
  });

  Deno.test(`${name}: softmax() and logSoftmax() carry what plain loops carry`, async () => {
    for (const row of [[1, NaN, 2], [Infinity, 0, 1], [-Infinity, 0, 1, 2, 3], [1e30, 0], [5]]) {
      for (const op of ["softmax", "logSoftmax"] as const) {
        const on = (backend: Backend) =>
          result(backend, () => [backend[op](backend.tensor(row, [1, row.length]))]);
        const actual = await on(create()), expected = await on(plain);
        for (const [i, value] of expected.entries()) {
          const isSame = Object.is(actual[i], value) || Math.abs(actual[i] - value) < 1e-6 ||
            actual[i] / value - 1 < 1e-6;
          assert(isSame, `${op} of [${row}]: expected ${value} at ${i}, got ${actual[i]}`);
        }
      }
    }
  });

  Deno.test(`${name}: element by element, NaN and infinity are those of plain loops`, async () => {
    const n = special.length;
    for (const op of ["add", "subtract", "multiply"] as const) {
      const on = (backend: Backend) =>
        result(backend, () => [
          backend[op](
            backend.tensor(special, [1, n]),
            backend.tensor(special.toReversed(), [1, n]),
          ),
        ]);
      const actual = await on(create()),
        expected = await on(createCpuBackend({ kernels: "plain" }));
      assertEquals([...actual], [...expected], op);
    }
    for (const op of ["relu", "reluDerivative", "tanhDerivative", "sigmoidDerivative"] as const) {
      const on = (backend: Backend) =>
        result(backend, () => [backend[op](backend.tensor(special, [1, n]))]);
      const actual = await on(create()),
        expected = await on(createCpuBackend({ kernels: "plain" }));
      assertEquals([...actual].map((x) => x + 0), [...expected].map((x) => x + 0), op);
    }
  });
}

Deno.test("every backend: the maxima of rows and their gradients are those of plain loops", async () => {
  const SPECIAL = [NaN, -0, 0, -Infinity, Infinity];
  for (const [_, create] of KERNELS) {
    const backend = create(), same = createCpuBackend({ kernels: "plain" });
    for (const n of SIZES) {
      for (const m of SIZES) {
        // Few values, so that many are equal; some rows belong to no group, and one group is empty.
        const a = numbers(m * n, m).map((x, i) => SPECIAL[i % 23] ?? Math.round(2 * x));
        const ids = Int32Array.from({ length: m }, (_, i) => [-1, 0, 3, 1, 1, 0, 3][i * i % 7]);
        const dMax = numbers(4 * n, 3);
        for (const isGradient of [false, true]) {
          const on = (on: Backend) =>
            result(on, () => {
              const rows = on.indices(ids, 4), given = on.tensor(a, [m, n]);
              const max = on.maxRows(given, rows);
              return [
                isGradient ? on.maxRowsGradient(on.tensor(dMax, [4, n]), max, given, rows) : max,
              ];
            });
          assertEquals(await on(backend), await on(same));
        }
      }
    }
  }
});
