/**
 * Lifetimes of handles, and the time at which values are read.
 *
 * @module
 */
import type { Tensor } from "../backend.ts";
import { type BackendCase, check, checkNumbers, checkThrows, randomTensor } from "./compare.ts";

/** Returns the cases. */
export function lifetimeCases(): BackendCase[] {
  return [
    {
      name: "tensor() and indices() copy their data",
      async run(backend) {
        const data = [1, 2, 3];
        const a = backend.tensor(data, [1, 3]);
        const ids = [1, 0];
        const rows = backend.indices(ids, 2);
        data[0] = 9;
        ids[0] = 0;
        const hot = backend.oneHot(rows);
        const [values, hots] = await backend.read([a, hot]);
        checkNumbers(values, [1, 2, 3], backend, "a tensor whose source was changed");
        checkNumbers(hots, [0, 1, 1, 0], backend, "indices whose source was changed");
        backend.dispose([a, rows, hot]);
      },
    },
    {
      name: "zeros() returns zeros where another tensor lived before",
      async run(backend) {
        backend.dispose([randomTensor(backend, [3, 5], 1)]);
        const a = backend.zeros([3, 5]);
        const [values] = await backend.read([a]);
        checkNumbers(values, new Array(15).fill(0), backend, "zeros()");
        backend.dispose([a]);
      },
    },
    {
      name: "read() returns values in the requested order, also for a tensor requested twice",
      async run(backend) {
        const tensors = [1, 2, 3].map((value) => backend.tensor([value], [1, 1]));
        const [a, b, c] = tensors;
        const values = await backend.read([c, a, b, a]);
        checkNumbers(values[0], [3], backend, "the first");
        checkNumbers(values[1], [1], backend, "the second");
        checkNumbers(values[2], [2], backend, "the third");
        checkNumbers(values[3], [1], backend, "the fourth");
        check((await backend.read([])).length === 0, "reading no tensors should return no arrays");
        backend.dispose(tensors);
      },
    },
    {
      name: "read() returns the values at the time of the call",
      async run(backend) {
        const weight = backend.tensor([1, 2], [1, 2]);
        const gradient = backend.tensor([1, 1], [1, 2]);
        const before = backend.read([weight]);
        const updated = backend.update(weight, gradient, { keep: 1, add: -1 });
        const after = backend.read([updated]);
        backend.dispose([updated, gradient]);
        const reused = backend.tensor([7, 7], [1, 2]);
        const [[old], [fresh]] = await Promise.all([before, after]);
        checkNumbers(old, [1, 2], backend, "a weight read before its update");
        checkNumbers(fresh, [0, 1], backend, "a weight read before its disposal");
        backend.dispose([reused]);
      },
    },
    {
      name: "disposed handles cannot be used, but may be disposed of again",
      async run(backend) {
        const a = backend.zeros([2, 2]), b = backend.zeros([2, 2]);
        const ids = backend.indices([0, 1], 2);
        backend.dispose([a, ids]);
        backend.dispose([a, ids]);
        checkThrows(() => backend.add(a, b), "add() of a disposed tensor");
        checkThrows(() => backend.matmul(b, a), "matmul() by a disposed tensor");
        checkThrows(() => backend.gatherRows(b, ids), "gatherRows() by disposed indices");
        checkThrows(() => backend.concatRows([b, a]), "concatRows() of a disposed tensor");
        const refused = await Promise.resolve().then(() => backend.read([a])).then(
          () => false,
          () => true,
        );
        check(refused, "reading a disposed tensor should fail");
        backend.dispose([b]);
      },
    },
    {
      name: "scope() frees the handles created in it, except those it returns",
      async run(backend) {
        const before = backend.live;
        const outside = backend.tensor([1], [1, 1]);
        let inner: Tensor | undefined;
        const [kept] = backend.scope(() => {
          inner = backend.scale(outside, 2);
          const [sum] = backend.scope(() => {
            backend.indices([0], 1);
            return [backend.add(inner!, outside)];
          });
          return [sum];
        });
        check(backend.live === before + 2, `expected 2 live handles, got ${backend.live - before}`);
        checkThrows(() => backend.scale(inner!, 1), "using a tensor after its scope");
        const [values] = await backend.read([kept]);
        checkNumbers(values, [3], backend, "what the scope returned");
        backend.dispose([kept, outside]);
        check(backend.live === before, "no handle should be alive");
      },
    },
    {
      name: "scope() frees the handles created in it when an error is thrown",
      run(backend) {
        const before = backend.live;
        checkThrows(() =>
          backend.scope(() => {
            backend.zeros([2, 2]);
            throw new Error("on purpose");
          }), "a scope in which an error is thrown");
        check(backend.live === before, `${backend.live - before} handles outlived the error`);
        return Promise.resolve();
      },
    },
    {
      name: "nothing leaks over a thousand steps",
      async run(backend) {
        const before = backend.live;
        const start = randomTensor(backend, [8, 8], 1);
        let weight = backend.scale(start, 1);
        for (let step = 0; step < 1000; step++) {
          [weight] = backend.scope(() => {
            const gradient = backend.tanh(backend.matmul(weight, start, { transposeB: true }));
            return [backend.update(weight, gradient, { keep: 1, add: -1e-3 })];
          });
          if (step % 100 === 99) await backend.read([weight]);
        }
        check(backend.live === before + 2, `expected 2 live handles, got ${backend.live - before}`);
        backend.dispose([weight, start]);
        check(backend.live === before, "no handle should be alive");
      },
    },
  ];
}
