import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { inFolder, unroll } from "./helpers.ts";

const CSV = `text,label
good,positive
bad,negative
not good,negative
not bad,positive
`;

/** Runs a test in a folder with a model trained on four sentences. */
function withModel(fn: (cwd: string) => Promise<void>): Promise<void> {
  return inFolder(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/own.csv`, CSV);
    const args = ["train", "--data", "own.csv", "--init", "scaled", "--hidden", "16"];
    const { status, err } = await unroll(args, { cwd });
    assertEquals([status, err], [0, ""]);
    await fn(cwd);
  });
}

Deno.test("predict prints the labels of texts given as arguments", () =>
  withModel(async (cwd) => {
    const { status, out } = await unroll(["predict", "Not bad!", "bad", "good enough"], { cwd });
    assertEquals(status, 0);
    const lines = out.trim().split("\n");
    assertMatch(lines[0], /^positive +\d+\.\d% {2}Not bad!$/);
    assertMatch(lines[1], /^negative +\d+\.\d% {2}bad$/);
    assertMatch(lines[2], /good enough {2}\(unknown: enough\)$/);
  }));

Deno.test("predict --json prints one object per line, also for standard input", () =>
  withModel(async (cwd) => {
    const { status, out } = await unroll(["predict", "--json"], { cwd, input: "good\r\nnot good" });
    assertEquals(status, 0);
    const [first, second] = out.trim().split("\n").map((line) => JSON.parse(line));
    assertEquals(Object.keys(first), ["text", "label", "probabilities", "logits"]);
    assertEquals([first.text, first.label], ["good", "positive"]);
    assertEquals([second.text, second.label], ["not good", "negative"]);
    const { positive, negative } = first.probabilities;
    assertAlmostEquals(positive + negative, 1, 1e-6);
    assertAlmostEquals(first.logits[1] - first.logits[0], Math.log(positive / negative), 1e-3);
  }));

Deno.test("predict continues after a text without a prediction, with status 2", () =>
  withModel(async (cwd) => {
    const plain = await unroll(["predict", "zounds", "good", "?!"], { cwd });
    assertEquals(plain.status, 2);
    assertMatch(plain.out, /^positive .*good\n$/);
    assertEquals(plain.err.split("\n").slice(0, 2), [
      'error: "zounds" has no word that the model knows; it knows 3, such as bad, good, not; ' +
      "use words of the training texts, or train on more texts",
      'error: "?!" has no words; give a text with words',
    ]);
    const json = await unroll(["predict", "--json"], { cwd, input: "zounds\n\ngood\n" });
    const lines = json.out.trim().split("\n").map((line) => JSON.parse(line));
    assertEquals([json.status, lines.length], [2, 3]);
    assertStringIncludes(lines[0].error, "no word that the model knows");
    assertStringIncludes(lines[1].error, "has no words");
    assertEquals(lines[2].label, "positive");
  }));

Deno.test("predict reports the line of standard input that has no prediction", () =>
  withModel(async (cwd) => {
    const { status, out, err } = await unroll(["predict"], {
      cwd,
      input: "good\nzounds\n\nbad\n?!",
    });
    assertEquals(status, 2);
    assertMatch(out, /^positive .*good\nnegative .*bad\n$/);
    assertEquals(err.trimEnd().split("\n").map((line) => line.split(";")[0]), [
      'error: standard input:2: "zounds" has no word that the model knows',
      'error: standard input:3: "" has no words',
      'error: standard input:5: "?!" has no words',
    ]);
  }));

Deno.test("predict escapes control characters in texts", () =>
  withModel(async (cwd) => {
    const { out } = await unroll(["predict", "good \x1b[31mbad\u202e"], { cwd });
    assertStringIncludes(out, "good \\u001b[31mbad\\u202e");
  }));

Deno.test("evaluate prints metrics for each label and the confusion matrix", () =>
  withModel(async (cwd) => {
    await Deno.writeTextFile(`${cwd}/test.csv`, "text,label\ngood,positive\nbad,positive\n");
    const { status, out, err } = await unroll(["evaluate", "--data", "test.csv"], { cwd });
    assertEquals([status, err], [0, ""]);
    assertMatch(out, /^2 sentences: loss \d+\.\d{4}, accuracy 50\.0% \(95% CI 9\.5–90\.5%\)\n/);
    assertMatch(out, /negative +0\.0% +- +0\.0% +0\n/);
    assertMatch(out, /positive +100\.0% +50\.0% +66\.7% +2\n/);
    assertMatch(out, /\n +negative +positive\nnegative +0 +0\npositive +1 +1\n$/);
    const json = JSON.parse(
      (await unroll(["evaluate", "--data", "test.csv", "--json"], { cwd })).out,
    );
    assertEquals([json.sentences, json.accuracy, json.confusion], [2, 0.5, [[0, 0], [1, 1]]]);
  }));

Deno.test("backends lists all backends, and why some do not work", async () => {
  const { status, out } = await unroll(["backends"]);
  assertEquals(status, 0);
  assertMatch(out, /^cpu +works +uses cpu:simd, kernels in WebAssembly, SIMD with/);
  assertMatch(
    out,
    /^cpu:simd +works +kernels in WebAssembly, SIMD with.* fused multiply-add, float32$/m,
  );
  assertMatch(out, /^cpu:plain +works +loops in JavaScript, float32 or float64$/m);
  assertMatch(out, /^gpujs:webgl2 +does not work here +WebGL2 is only available in browsers$/m);
  assertMatch(out, /^gpujs:webasm +works +WebAssembly on the CPU$/m);
});

Deno.test("train uses the kernels and threads given by flags", () =>
  inFolder(async (cwd) => {
    const args = ["train", "--epochs", "3", "--cell", "lstm", "--hidden", "300", "--seed", "4"];
    const weights: Uint8Array[] = [];
    for (const more of [["--threads", "1"], ["--threads", "2"], ["--backend", "cpu:simd"]]) {
      const { status } = await unroll([...args, "--out", "m.safetensors", ...more], { cwd });
      assertEquals(status, 0);
      weights.push(await Deno.readFile(`${cwd}/m.safetensors`));
    }
    assertEquals(weights[1], weights[0]);
    assertEquals(weights[2], weights[0]);
    const plain = await unroll([...args, "--out", "m.safetensors", "--backend", "cpu:plain"], {
      cwd,
    });
    assertEquals(plain.status, 0);
    const others = await Deno.readFile(`${cwd}/m.safetensors`); // plain loops round differently
    assert(others.some((byte, i) => byte !== weights[0][i]));
  }));

Deno.test("train saves the last good weights if memory runs out", () =>
  inFolder(async (cwd) => {
    const args = ["train", "--memory", "1", "--hidden", "300"];
    const { status, err } = await unroll(args, { cwd });
    assertEquals(status, 1);
    assertMatch(
      err,
      /^error: out of memory: a tensor \[\d+, \d+\] needs \d+ numbers, and \d of 1 MiB are in use; allow more memory, .*; the last good weights are in model.safetensors\n$/,
    );
    assertEquals((await unroll(["predict", "it is fine"], { cwd })).status, 0);
  }));

Deno.test("train and predict use gpu.js with --backend, and train prints that", () =>
  inFolder(async (cwd) => {
    const args = ["--backend", "gpujs:webasm"];
    const trained = await unroll(["train", "--epochs", "2", "--hidden", "4", ...args], { cwd });
    assertEquals(trained.status, 0);
    assertEquals(trained.err, "Computing with gpu.js webasm on WebAssembly on the CPU.\n");
    const [ours, theirs] = await Promise.all(
      [args, []].map((args) => unroll(["predict", "--json", "not great", ...args], { cwd })),
    );
    const [a, b] = [ours, theirs].map(({ out }) => JSON.parse(out).logits);
    assertAlmostEquals(a[0], b[0], 1e-6);
  }));
