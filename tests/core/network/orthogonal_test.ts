import { createModel, Random } from "@unroll/core";
import { assert, assertAlmostEquals } from "@std/assert";
import { orthogonal } from "#core/network/orthogonal.ts";

function requireOrthogonal(columnOf: (j: number) => number[], size: number, within: number) {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const a = columnOf(i), b = columnOf(j);
      const product = a.reduce((sum, value, k) => sum + value * b[k], 0);
      assertAlmostEquals(product, i === j ? 1 : 0, within);
    }
  }
}

for (const size of [1, 2, 33]) {
  Deno.test(`the columns of an orthogonal matrix of size ${size} are orthonormal`, () => {
    const numbers = orthogonal(size, new Random(1));
    requireOrthogonal((j) => [...numbers.subarray(j * size, (j + 1) * size)], size, 1e-12);
  });
}

for (const cell of ["rnn", "lstm", "gru"] as const) {
  Deno.test(`${cell}: with the initial weights "orthogonal", Whh is orthogonal for each gate`, () => {
    const examples = [{ text: "good", label: "up" }, { text: "bad", label: "down" }];
    const hidden = 5;
    const { weights } = createModel(examples, { cell, hidden, layers: 2, init: "orthogonal" });
    const all = Object.entries(weights).filter(([name]) => /(^|\.)Whh/.test(name));
    assert(all.length >= 2);
    for (const [, Whh] of all) {
      const columns = Whh.length / hidden;
      for (let first = 0; first < columns; first += hidden) {
        const columnOf = (j: number) =>
          Array.from({ length: hidden }, (_, k) => Whh[k * columns + first + j]);
        requireOrthogonal(columnOf, hidden, 1e-6);
      }
    }
  });
}
