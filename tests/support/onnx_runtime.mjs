// Runs ONNX files in ONNX Runtime: node onnx_runtime.mjs CASES.json, which prints their outputs.
// It is started in a folder where npm has installed onnxruntime-node.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import process from "node:process";

const ort = createRequire(`${process.cwd()}/`)("onnxruntime-node");
const ARRAYS = {
  int64: BigInt64Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
};
const results = [];
for (const { file, feeds } of JSON.parse(readFileSync(process.argv[2], "utf8"))) {
  const tensors = {};
  for (const [name, { type, dims, data, previous }] of Object.entries(feeds)) {
    if (previous) {
      const { dims, data } = results.at(-1)[previous];
      tensors[name] = new ort.Tensor("float32", Float32Array.from(data), dims);
      continue;
    }
    const numbers = type === "int64" ? data.map(BigInt) : data;
    tensors[name] = new ort.Tensor(type, ARRAYS[type].from(numbers), dims);
  }
  try {
    const session = await ort.InferenceSession.create(file, { logSeverityLevel: 3 });
    const outputs = await session.run(tensors);
    results.push(Object.fromEntries(
      Object.entries(outputs).map(([name, { dims, data }]) => [name, {
        dims,
        data: Array.from(data, Number),
      }]),
    ));
    await session.release();
  } catch (error) {
    results.push({ error: String(error.message) });
  }
}
process.stdout.write(JSON.stringify(results));
