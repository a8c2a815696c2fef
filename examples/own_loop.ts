// A training loop written out: forward, loss, backward, update. The network learns whether a row of
// zeros and ones has an odd number of ones.
//
//   deno run examples/own_loop.ts
import { createCpuBackend } from "@unroll/backend-cpu";
import { opsOf, Random, type Tensor } from "@unroll/core";
import * as nn from "@unroll/core/network";

const ops = opsOf(createCpuBackend());
const random = new Random(1);
const words = 2, labels = 2, size = 32; // 0 and 1, even and odd, rows in a batch
const config = nn.networkConfig({ cell: "lstm", hidden: 16 });
const shapes = nn.weightShapes(config, words, labels);
const weights = nn.uploadAll(ops, shapes, nn.initWeights("scaled", config, shapes, random));
const optimizer = nn.settleOptimizer({ name: "adam" });
const slots: Record<string, Tensor> = {}; // what Adam keeps of each weight
for (const [name, shape] of Object.entries(shapes)) {
  for (const slot of nn.slotNames(optimizer)) slots[`${slot}.${name}`] = ops.zeros(shape);
}
let trained: nn.Trained<Tensor> = { weights, slots };

const randomRow = () => {
  const length = 1 + Math.floor(8 * random.uniform());
  return Int32Array.from({ length }, () => Math.round(random.uniform()));
};
for (let t = 1; t <= 400; t++) {
  const rows = Array.from({ length: size }, randomRow);
  const odd = rows.map((row) => row.reduce((sum, bit) => sum + bit, 0) % 2);
  const [loss] = ops.scope(() => { // frees all that is made in it, save what it returns
    const batch = nn.createBatch(ops, config, rows, words);
    const pass = nn.forward(ops, config, trained.weights, batch);
    const targets = ops.indices(odd, labels);
    const mean = ops.tensor(new Float64Array(size).fill(1 / size), [size, 1]);
    const losses = nn.crossEntropyLoss.value(ops, pass.logits, targets);
    const dLogits = nn.crossEntropyLoss.gradient(ops, pass.logits, targets, mean);
    const { gradients } = nn.backward(ops, config, trained.weights, batch, pass, dLogits);
    const settings = { optimizer, clipping: { value: Infinity, norm: 1 }, learningRate: 0.02, t };
    trained = nn.applyGradients(ops, trained, gradients, settings);
    const kept = [...Object.values(trained.weights), ...Object.values(trained.slots)];
    return [ops.matmul(losses, mean, { transposeA: true }), ...kept];
  });
  const [[value]] = await ops.read([loss]);
  ops.dispose([loss]);
  if (t % 80 === 0) console.log(`step ${t}: loss ${value.toFixed(4)}`);
}
ops.dispose(); // all that is left
