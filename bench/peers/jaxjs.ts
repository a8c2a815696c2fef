/**
 * The LSTM workloads in jax-js on its backend `wasm`, as its users write them: plain functions,
 * unrolled over time because it has no scan, `valueAndGrad`, and `jit` around a step.
 *
 *     echo 1 | deno run --allow-read --allow-env bench/peers/jaxjs.ts WORKLOAD
 *
 * Its optimizer library is not on npm, so Adam is implemented here. One-hot inputs are created
 * before the clock starts.
 *
 * @module
 */
import { suffix } from "#core/network/shapes.ts";
import { timed } from "../turns.ts";
import { drawBatch, startWeights, WORKLOADS } from "../workloads.ts";
import { NPM, versionOf } from "./npm.ts";
import { serve } from "./serve.ts";

// deno-lint-ignore no-explicit-any -- its types are missing: type checking fetches nothing
type Value = any;

const { defaultDevice, init, jit, nn, numpy: np, tree, valueAndGrad } = await import(NPM.jaxjs);
await init("wasm");
defaultDevice("wasm");

const workload = WORKLOADS[Deno.args[0]];
const { config, words, labels, batch, timeSteps, learningRate } = workload;
const { hidden, embedding, layers } = config;
const perWord = config.head === "token";

const start = startWeights(workload);
const weights: Record<string, Value> = {};
for (const [name, numbers] of Object.entries(start)) {
  const flat = np.array(Float32Array.from(numbers));
  const columns = name === "embedding"
    ? embedding
    : /^b/.test(name)
    ? 1
    : start[biasOf(name)].length;
  weights[name] = flat.reshape(
    columns === 1 ? [numbers.length] : [numbers.length / columns, columns],
  );
}

/** Returns the bias that goes with a matrix: bh for Wxh and Whh, by for Why. */
function biasOf(name: string): string {
  return name.replace(/^W.(.)/, (_, to) => `b${to}`);
}

/** Runs a layer over time: x is `[timeSteps * batch, width]`, each state `[batch, hidden]`. */
function lstm(x: Value, Wxh: Value, Whh: Value, bh: Value): Value[] {
  const inputs = np.split(np.matmul(x, Wxh).add(bh), timeSteps, 0);
  let h = np.zeros([batch, hidden]), c = np.zeros([batch, hidden]);
  const states = [];
  for (const input of inputs) {
    const [i, f, g, o] = np.split(input.add(np.matmul(h, Whh.ref)), 4, 1);
    c = nn.sigmoid(f).mul(c).add(nn.sigmoid(i).mul(np.tanh(g)));
    h = nn.sigmoid(o).mul(np.tanh(c.ref));
    states.push(h.ref);
  }
  h.dispose(), c.dispose(), Whh.dispose();
  return states;
}

/** Returns the mean cross-entropy; targets are one-hot. */
function lossOf(weights: Record<string, Value>, x: Value, targets: Value): Value {
  const { Why, by: bY } = weights;
  let inputs = embedding > 0 ? np.take(weights.embedding, x, 0) : x;
  let states: Value[] = [];
  for (let layer = 0; layer < layers; layer++) {
    const [Wxh, Whh, bh] = ["Wxh", "Whh", "bh"].map((name) => weights[name + suffix(layer, false)]);
    states = lstm(inputs, Wxh, Whh, bh);
    if (layer < layers - 1) inputs = np.concatenate(states, 0);
  }
  if (!perWord) { for (const state of states.slice(0, -1)) state.dispose(); }
  const read = perWord ? np.concatenate(states, 0) : states.at(-1);
  const logits = np.matmul(read, Why).add(bY);
  return nn.logSoftmax(logits).mul(targets).sum().mul(-1 / (perWord ? timeSteps * batch : batch));
}

/** Returns a weight and its moments after a step of Adam. */
function adam(W: Value, m: Value, v: Value, g: Value, root: Value, size: Value): Value[] {
  m = m.mul(0.9).add(g.ref.mul(0.1));
  v = v.mul(0.999).add(np.square(g).mul(0.001));
  const step = m.ref.div(np.sqrt(v.ref).add(root.mul(1e-8)));
  return [W.sub(step.mul(size)), m, v];
}

const step = jit(
  (state: Record<string, Value>[], x: Value, targets: Value, root: Value, size: Value) => {
    const [weights, ms, vs] = state;
    const [loss, gradients] = valueAndGrad(lossOf)(tree.ref(weights), x, targets);
    const after: Record<string, Value>[] = [{}, {}, {}];
    for (const name of Object.keys(weights)) {
      const made = adam(weights[name], ms[name], vs[name], gradients[name], root.ref, size.ref);
      for (const [k, value] of made.entries()) after[k][name] = value;
    }
    root.dispose(), size.dispose();
    return [loss, after];
  },
);
const forward = jit(lossOf);

function prepare(at: number) {
  const examples = drawBatch(workload, at);
  // Time-major: the inputs of a time step are contiguous.
  const places = Array.from(
    { length: timeSteps * batch },
    (_, i) => [i % batch, Math.floor(i / batch)],
  );
  const ids = Int32Array.from(places, ([i, t]) => examples[i].words[t]);
  const right = perWord
    ? Int32Array.from(places, ([i, t]) => examples[i].labels[t])
    : Int32Array.from(examples, ({ labels: [label] }) => label);
  const table = (ids: Int32Array) => np.array(ids, { dtype: np.int32 });
  return {
    x: embedding > 0 ? table(ids) : nn.oneHot(table(ids), words),
    targets: nn.oneHot(table(right), labels),
  };
}

const zeros = () => tree.map((W: Value) => np.zeros(W.shape), weights);
let state = [weights, zeros(), zeros()];

async function run({ x, targets }: ReturnType<typeof prepare>, t: number): Promise<number> {
  let loss: Value;
  if (workload.task === "forward") {
    loss = forward(tree.ref(weights), x, targets);
  } else {
    const root = Math.sqrt(1 - 0.999 ** t), size = learningRate * root / (1 - 0.9 ** t);
    [loss, state] = step(state, x, targets, np.array(root), np.array(size));
  }
  const [value] = await loss.data();
  return value;
}

await serve(`jax-js ${versionOf("jaxjs")}, wasm`, timed(prepare, run));
