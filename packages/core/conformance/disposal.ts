/**
 * Disposal of a whole backend.
 *
 * @module
 */
import type { Backend, Indices, Tensor } from "../backend.ts";
import { type BackendCase, check, randomTensor } from "./compare.ts";

/** Returns the cases. Each disposes of its backend. */
export function disposalCases(): BackendCase[] {
  return [
    {
      name: "dispose() without arguments frees everything, and any later use throws",
      run: (backend) => checkEnd(backend, () => backend.dispose()),
    },
    {
      name: "a using block disposes of its backend",
      run: (backend) => checkEnd(backend, () => backend[Symbol.dispose]()), // what it calls
    },
    {
      name: "dispose() within a scope frees everything, too",
      async run(backend) {
        backend.scope(() => {
          backend.zeros([2, 2]);
          backend.dispose();
          return [];
        });
        check(backend.live === 0, `${backend.live} handles outlived the backend`);
        await checkRefusals(backend, []);
      },
    },
  ];
}

async function checkEnd(backend: Backend, end: () => void): Promise<void> {
  const a = randomTensor(backend, [64, 64], 1), b = randomTensor(backend, [64, 64], 2);
  const ids = backend.indices([0, 1], 64);
  const c = backend.matmul(a, b), d = backend.gatherRows(a, ids);
  await backend.read([c, d]);
  end();
  check(backend.live === 0, `${backend.live} handles outlived the backend`);
  await checkRefusals(backend, [a, b, c, d], ids);
  end(); // disposing twice is not an error
  backend.dispose([a, b, c, ids]);
  check(backend.live === 0, `${backend.live} handles are alive after disposing twice`);
}

async function checkRefusals(backend: Backend, tensors: Tensor[], ids?: Indices): Promise<void> {
  const uses: Record<string, () => unknown> = {
    "tensor()": () => backend.tensor([1], [1, 1]),
    "zeros()": () => backend.zeros([2, 2]),
    "indices()": () => backend.indices([0], 1),
    "scope()": () => backend.scope(() => []),
    "read()": () => backend.read(tensors.slice(0, 1)),
  };
  if (ids) {
    const [a, b] = tensors;
    Object.assign(uses, {
      "matmul()": () => backend.matmul(a, b),
      "softmax()": () => backend.softmax(a),
      "concatRows()": () => backend.concatRows([a, b]),
      "gatherRows()": () => backend.gatherRows(a, ids),
      "oneHot()": () => backend.oneHot(ids),
      "update()": () => backend.update(a, b, { keep: 1, add: 1 }),
      "rnnForward()": () => backend.rnnForward?.(a, a, b, "tanh") ?? backend.tanh(a),
    });
  }
  for (const [name, use] of Object.entries(uses)) {
    const message = await Promise.resolve().then(use).then(
      () => "no error",
      (error) => String(error),
    );
    const isClear = message.includes("backend was disposed of");
    check(isClear, `${name} should report that the backend was disposed of, got: ${message}`);
  }
}
