/**
 * The kernels, as gpu.js reads them: strings, which no bundler or minifier touches.
 *
 * Each gives the number at row `this.thread.y`, column `this.thread.x` of its result. Arguments are
 * matrices, or scalars where marked `:i` (whole) or `:f`. Loops end at constants: gpu.js cuts others
 * off at 1000. At most seven matrices, the limit of WebGPU's defaults less the result.
 *
 * @module
 */

/** A kernel's arguments and body. */
export interface KernelSource {
  args: readonly string[];
  body: string;
}

const X = "this.thread.x", Y = "this.thread.y", C = "this.constants";

// Some drivers give NaN for the tanh of large numbers; at 15 tanh is 1 in float32.
const tanh = (z: string) => `Math.tanh(Math.max(-15, Math.min(15, ${z})))`;

const product = (a: string, b: string) =>
  `let s = 0; for (let i = 0; i < ${C}.k; i++) { s += ${a} * ${b}; } return s;`;

// The largest number of row y, then the sum of exponentials around it.
const logSum = `
  let m = a[${Y}][0];
  for (let j = 1; j < ${C}.n; j++) { m = Math.max(m, a[${Y}][j]); }
  let s = 0;
  for (let j = 0; j < ${C}.n; j++) { s += Math.exp(a[${Y}][j] - m); }`;

const kernel = (args: string, body: string): KernelSource => ({ args: args.split(" "), body });

/** The kernels by name. */
export const KERNELS: Record<string, KernelSource> = {
  upload: kernel("a", `return a[${Y}][${X}];`),
  copy: kernel("a", `return a[${Y}][${X}];`),
  zeros: kernel("value:f", `return value;`),
  matmul: kernel("a b", product(`a[${Y}][i]`, `b[i][${X}]`)),
  matmulTA: kernel("a b", product(`a[i][${Y}]`, `b[i][${X}]`)),
  matmulTB: kernel("a b", product(`a[${Y}][i]`, `b[${X}][i]`)),
  matmulTATB: kernel("a b", product(`a[i][${Y}]`, `b[${X}][i]`)),
  add: kernel("a b t:i", `return a[${Y}][${X}] + b[t * ${C}.m + ${Y}][${X}];`),
  subtract: kernel("a b", `return a[${Y}][${X}] - b[${Y}][${X}];`),
  multiply: kernel("a b t:i", `return a[${Y}][${X}] * b[t * ${C}.m + ${Y}][${X}];`),
  scale: kernel("a factor:f", `return a[${Y}][${X}] * factor;`),
  addRow: kernel("a row", `return a[${Y}][${X}] + row[0][${X}];`),
  sumRows: kernel(
    "a",
    `let s = 0; for (let i = 0; i < ${C}.m; i++) { s += a[i][${X}]; } return s;`,
  ),
  tanh: kernel("a", `return ${tanh(`a[${Y}][${X}]`)};`),
  tanhDerivative: kernel("h", `const v = h[${Y}][${X}]; return 1 - v * v;`),
  softmax: kernel("a", `${logSum} return Math.exp(a[${Y}][${X}] - m) / s;`),
  logSoftmax: kernel("a", `${logSum} return a[${Y}][${X}] - m - Math.log(s);`),
  gatherRows: kernel(
    "table ids",
    `const id = ids[0][${Y}]; if (id < 0) { return 0; } return table[id][${X}];`,
  ),
  // No scatter on a GPU: row y sums the rows of a that `order` lists from start[y] to start[y + 1].
  scatterRows: kernel(
    "a start order",
    `const first = start[0][${Y}];
     const count = start[0][${Y} + 1] - first;
     let s = 0;
     for (let i = 0; i < ${C}.k; i++) {
       if (i >= count) { break; }
       s += a[order[0][first + i]][${X}];
     }
     return s;`,
  ),
  pick: kernel("a ids", `const id = ids[0][${Y}]; if (id < 0) { return 0; } return a[${Y}][id];`),
  oneHot: kernel("ids", `if (Math.abs(ids[0][${Y}] - ${X}) < 0.5) { return 1; } return 0;`),
  sliceRows: kernel("a start:i", `return a[start + ${Y}][${X}];`),
  sgd: kernel(
    "p g rate:f clip:f",
    `return p[${Y}][${X}] - rate * Math.max(-clip, Math.min(clip, g[${Y}][${X}]));`,
  ),
  rnnStep: kernel(
    "inputs h Whh t:i",
    `let z = inputs[t * ${C}.m + ${Y}][${X}];
     for (let i = 0; i < ${C}.k; i++) { z += h[${Y}][i] * Whh[i][${X}]; }
     return ${tanh("z")};`,
  ),
  rnnStepBack: kernel(
    "dStates states dzNext Whh t:i",
    `let dh = dStates[t * ${C}.m + ${Y}][${X}];
     for (let i = 0; i < ${C}.k; i++) { dh += dzNext[${Y}][i] * Whh[${X}][i]; }
     const v = states[t * ${C}.m + ${Y}][${X}];
     return dh * (1 - v * v);`,
  ),
  rnnLastBack: kernel(
    "dStates states t:i",
    `const v = states[t * ${C}.m + ${Y}][${X}];
     return dStates[t * ${C}.m + ${Y}][${X}] * (1 - v * v);`,
  ),
};

/** How many parts one kernel puts below each other. */
export const MAX_PARTS = 7;
for (let parts = 2; parts <= MAX_PARTS; parts++) {
  const names = Array.from({ length: parts }, (_, i) => `a${i}`);
  const cases = names.slice(0, -1).map((name, i) =>
    `if (y < ${C}.m${i}) { return ${name}[y][${X}]; } y = y - ${C}.m${i};`
  );
  KERNELS[`concat${parts}`] = kernel(
    names.join(" "),
    `let y = ${Y}; ${cases.join(" ")} return ${names.at(-1)}[y][${X}];`,
  );
}
