import { createCpuBackend } from "@unroll/backend-cpu";
import { createGpuJsBackend } from "@unroll/backend-gpujs";
import { DeviceError } from "@unroll/core";
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { readReport, troubleIn } from "../.ci/report.ts";
import { testMode } from "#tests/gpujs/suite.ts";

await testMode("webasm");

// A driver may fail as its process ends, when all is done; it must not take other tests with it.
Deno.test("gpujs on webgpu passes its tests, in a process of its own", async () => {
  const tests = new URL("./gpujs/webgpu.ts", import.meta.url).pathname;
  const lock = new URL("../gpujs.lock", import.meta.url).pathname;
  const path = await Deno.makeTempFile({ suffix: ".xml" });
  try {
    const { code, signal, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["test", `--lock=${lock}`, `--junit-path=${path}`, "--no-check", "--no-prompt"]
        .concat("--allow-read", tests),
      env: { NO_COLOR: "1" },
    }).output();
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    const xml = await Deno.readTextFile(path);
    assertEquals(troubleIn(xml, { code, signal }), undefined, `${out}\n${err}`);
    const { passed, ignored } = readReport(xml);
    const skipped = /\(skipped: .*?\)/.exec(out)?.[0] ?? "";
    console.log(`${passed} passed, ${ignored} ignored ${skipped}`);
  } finally {
    await Deno.remove(path);
  }
});

const options = { sanitizeOps: false, sanitizeResources: false };

Deno.test("createGpuJsBackend() refuses a mode that does not work here, with the reason", async () => {
  await assertRejects(
    () => createGpuJsBackend({ mode: "webgl2" }),
    Error,
    "gpu.js webgl2 does not work here: WebGL2 is only available in browsers",
  );
});

Deno.test("createGpuJsBackend() refuses a module that is not gpu.js", async () => {
  await assertRejects(
    () => createGpuJsBackend({ mode: "webasm", gpujs: { answer: 42 } }),
    Error,
    "the option gpujs is not the gpu.js module: it has answer",
  );
});

Deno.test("gpujs checks its limits when a tensor is created", options, async () => {
  const backend = await createGpuJsBackend({ mode: "webasm" });
  assertThrows(
    () => backend.indices([0], 2 ** 24 + 1),
    RangeError,
    "a bound of at most 16777216, got 16777217",
  );
  assertThrows(
    () => backend.zeros([2 ** 20, 2 ** 10]),
    DeviceError,
    "zeros() to [1048576, 1024]: gpu.js webasm holds at most 268435456 numbers",
  );
  await backend.close();
});

Deno.test("gpujs refuses the tensors of another backend", options, async () => {
  const backend = await createGpuJsBackend({ mode: "webasm" });
  const other = createCpuBackend();
  assertThrows(() => backend.tanh(other.zeros([1, 1])), TypeError, "made by another backend");
  assertThrows(() => backend.oneHot(other.indices([0], 1)), TypeError, "made by another backend");
  await backend.close();
});

Deno.test("gpujs on webasm frees kernels when there are too many", options, async () => {
  const backend = await createGpuJsBackend({ mode: "webasm" });
  for (const pass of [1, 2]) {
    for (let n = 1; n <= 600; n++) { // two kernels each
      const a = backend.tensor(new Array(n).fill(pass), [1, n]);
      const double = backend.scale(a, 2);
      const [[sum]] = await backend.read([backend.matmul(a, double, { transposeB: true })]);
      assertEquals(sum, 2 * n * pass * pass);
    }
  }
  await backend.close();
});
