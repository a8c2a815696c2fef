// Placement of tensors: free memory is found again, whatever was there before.
import { createCpuBackend } from "@unroll/backend-cpu";
import { createModel, DeviceError, predict, Random, type Tensor } from "@unroll/core";
import { assert, assertEquals, assertThrows } from "@std/assert";

const MIB = 2 ** 20;
const KERNELS = ["simd", "plain"] as const;

for (const kernels of KERNELS) {
  Deno.test(`${kernels}: a backend of 4 MiB reads texts of any lengths in any order`, async () => {
    const examples = [{ text: "good", label: "up" }, { text: "bad", label: "down" }];
    const model = createModel(examples, { cell: "lstm", hidden: 40, embedding: 8 });
    using backend = createCpuBackend({ memory: 4 * MIB, kernels });
    const random = new Random(7);
    const longest = 1600; // its tensors take almost all
    await predict(backend, model, ["good ".repeat(longest)]);
    for (let call = 0; call < 60; call++) {
      const words = 1 + Math.floor(random.uniform() * longest);
      const half = Math.ceil(words / 2); // because the shorter one is padded
      const texts = call % 3 === 0 ? ["bad ".repeat(half), "good"] : ["good ".repeat(words)];
      await predict(backend, model, texts);
    }
    await predict(backend, model, ["good ".repeat(longest)]);
    assertEquals(backend.live, 0);
  });

  Deno.test(`${kernels}: tensors of all sizes are created and freed, and never overlap`, async () => {
    using backend = createCpuBackend({ memory: 8 * MIB, kernels });
    const random = new Random(3);
    const below = (n: number) => Math.floor(random.uniform() * n);
    const alive: { tensor: Tensor; value: number; size: number }[] = [];
    const first = backend.tensor([42], [1, 1]); // so that there is always one alive
    let taken = 0;
    for (let value = 1; value <= 1000; value++) {
      while (taken > MIB / 2 || (alive.length > 0 && random.uniform() < 0.4)) {
        const [{ tensor, value, size }] = alive.splice(below(alive.length), 1);
        const [numbers] = await backend.read([tensor]);
        assert(numbers.length === size && numbers.every((number) => number === value));
        backend.dispose([tensor]);
        taken -= size;
      }
      const size = 1 + Math.floor(2 ** (random.uniform() * 18));
      alive.push({
        tensor: backend.tensor(new Float32Array(size).fill(value), [1, size]),
        value,
        size,
      });
      taken += size;
    }
    backend.dispose(alive.map(({ tensor }) => tensor));
    // As large as all together: many free blocks are merged into one.
    const whole = backend.zeros([7 * MIB / 4, 1]);
    assertEquals([...(await backend.read([first]))[0]], [42]);
    backend.dispose([first, whole]);
    assertEquals(backend.live, 0);
  });

  Deno.test(`${kernels}: a failed allocation works after others were freed`, () => {
    using backend = createCpuBackend({ memory: 4 * MIB, kernels });
    const halves = [backend.zeros([MIB / 4, 1]), backend.zeros([MIB / 4, 1])];
    const error = assertThrows(() => backend.zeros([3 * MIB / 4, 1]), DeviceError);
    assert(
      error.message.includes("2 of 4 MiB are in use"),
      error.message,
    );
    assertEquals(backend.live, 2);
    backend.dispose(halves);
    backend.dispose([backend.zeros([3 * MIB / 4, 1])]);
  });
}

Deno.test("products find memory again after they had none", async () => {
  using backend = createCpuBackend({ memory: 4 * MIB, kernels: "simd" });
  const a = backend.tensor(new Float32Array(250_000).fill(1), [500, 500]);
  const filling = [backend.zeros([200_000, 1]), backend.zeros([200_000, 1])];
  assertThrows(
    () => backend.scope(() => [backend.matmul(a, a, { transposeA: true })]),
    DeviceError,
  );
  assertEquals(backend.live, 3);
  backend.dispose(filling);
  const product = backend.matmul(a, a, { transposeA: true });
  const [numbers] = await backend.read([product]);
  assert(numbers.every((number) => number === 500));
});
