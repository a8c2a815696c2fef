/**
 * The kernels, in the form that gpu.js parses: strings, which no bundler or minifier changes.
 *
 * Each returns the element at row `this.thread.y`, column `this.thread.x` of its result. Arguments
 * are matrices, or scalars where marked `:i` (integer) or `:f` (float). Loops end at constants:
 * gpu.js stops others at 1000 iterations. A kernel reads at most seven matrices: with the result,
 * these are the eight buffers of WebGPU's default limits.
 *
 * @module
 */

/** A kernel's arguments and body. */
export interface KernelSource {
  args: readonly string[];
  body: string;
}

const X = "this.thread.x", Y = "this.thread.y", C = "this.constants";

// Some drivers return NaN for the tanh of large numbers; at 15 tanh is 1 in float32. Near zero they
// lose digits, so its Taylor series is used there. z is the name of a variable.
const tanh = (z: string) =>
  `(Math.abs(${z}) < 0.1 ? ${z} - ${z} * ${z} * ${z} * (1 / 3 - 2 / 15 * ${z} * ${z})
     : Math.tanh(Math.max(-15, Math.min(15, ${z}))))`;

// σ(±30) is 0 or 1 in float32, and e³⁰ does not overflow.
const sigmoid = (z: string) => `(1 / (1 + Math.exp(-Math.max(-30, Math.min(30, ${z})))))`;

const clipped = "(v > bound ? bound : (v < -bound ? -bound : v))";

const product = (a: string, b: string) =>
  `let s = 0; for (let i = 0; i < ${C}.k; i++) { s += ${a} * ${b}; } return s;`;

// The maximum of row y, then the sum of exponentials relative to it.
const logSum = `
  let m = a[${Y}][0];
  for (let j = 1; j < ${C}.n; j++) { m = Math.max(m, a[${Y}][j]); }
  let s = 0;
  for (let j = 0; j < ${C}.n; j++) { s += Math.exp(a[${Y}][j] - m); }`;

const kernel = (args: string, body: string): KernelSource => ({ args: args.split(" "), body });

/** The maximum number of parts that one kernel concatenates. */
export const MAX_PARTS = 7;

/** The kernels by name; bundlers drop them if no backend is created. */
export const KERNELS: Record<string, KernelSource> = /* @__PURE__ */ kernelsByName();

function kernelsByName(): Record<string, KernelSource> {
  const kernels: Record<string, KernelSource> = {
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
    scaleBy: kernel("a factor", `return a[${Y}][${X}] * factor[0][0];`),
    multiplyColumn: kernel("a column", `return a[${Y}][${X}] * column[${Y}][0];`),
    divideByRoot: kernel(
      "a b epsilon:f",
      `return a[${Y}][${X}] / (Math.sqrt(b[${Y}][${X}]) + epsilon);`,
    ),
    sumSquares: kernel(
      "a",
      `let s = 0; for (let i = 0; i < ${C}.m; i++) { s += a[i][${X}] * a[i][${X}]; } return s;`,
    ),
    sumRow: kernel(
      "a",
      `let s = 0; for (let j = 0; j < ${C}.n; j++) { s += a[0][j]; } return s;`,
    ),
    clipFactor: kernel(
      "s bound:f",
      `const f = bound / (Math.sqrt(s[0][0]) + 0.000001); if (f > 1) { return 1; } return f;`,
    ),
    addRow: kernel("a row", `return a[${Y}][${X}] + row[0][${X}];`),
    sumRows: kernel(
      "a",
      `let s = 0; for (let i = 0; i < ${C}.m; i++) { s += a[i][${X}]; } return s;`,
    ),
    tanh: kernel("a", `const z = a[${Y}][${X}]; return ${tanh("z")};`),
    tanhDerivative: kernel("h", `const v = h[${Y}][${X}]; return 1 - v * v;`),
    sigmoid: kernel("a", `return ${sigmoid(`a[${Y}][${X}]`)};`),
    sigmoidDerivative: kernel("s", `const v = s[${Y}][${X}]; return v * (1 - v);`),
    relu: kernel("a", `const v = a[${Y}][${X}]; if (v < 0) { return 0; } return v;`),
    reluDerivative: kernel("h", `if (h[${Y}][${X}] > 0) { return 1; } return 0;`),
    softmax: kernel("a", `${logSum} return Math.exp(a[${Y}][${X}] - m) / s;`),
    logSoftmax: kernel("a", `${logSum} return a[${Y}][${X}] - m - Math.log(s);`),
    gatherRows: kernel(
      "table ids",
      `const id = ids[0][${Y}]; if (id < 0) { return 0; } return table[id][${X}];`,
    ),
    // A GPU cannot scatter: row y sums the rows of a in `order`, from start[y] to start[y + 1].
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
    maxRows: kernel(
      "a start order",
      `const first = start[0][${Y}];
     const count = start[0][${Y} + 1] - first;
     if (count < 0.5) { return 0; }
     let largest = a[order[0][first]][${X}];
     for (let i = 1; i < ${C}.k; i++) {
       if (i >= count) { break; }
       largest = Math.max(largest, a[order[0][first + i]][${X}]);
     }
     return largest;`,
    ),
    // Row y gets the gradient if it has the maximum and no earlier row of its group does.
    maxRowsGradient: kernel(
      "dMax max a ids start order",
      `const id = ids[0][${Y}];
     if (id < 0) { return 0; }
     const largest = max[id][${X}];
     if (a[${Y}][${X}] < largest) { return 0; }
     const first = start[0][id];
     for (let i = 0; i < ${C}.k; i++) {
       const row = order[0][first + i];
       if (row > ${Y} - 0.5) { break; }
       if (a[row][${X}] >= largest) { return 0; }
     }
     return dMax[id][${X}];`,
    ),
    pick: kernel("a ids", `const id = ids[0][${Y}]; if (id < 0) { return 0; } return a[${Y}][id];`),
    oneHot: kernel("ids", `if (Math.abs(ids[0][${Y}] - ${X}) < 0.5) { return 1; } return 0;`),
    sliceRows: kernel("a start:i", `return a[start + ${Y}][${X}];`),
    sliceColumns: kernel("a start:i", `return a[${Y}][start + ${X}];`),
    update: kernel(
      "state change keep:f add:f bound:f",
      `const v = change[${Y}][${X}];
     return keep * state[${Y}][${X}] + add * ${clipped};`,
    ),
    updateRows: kernel(
      "state change places keep:f add:f bound:f",
      `const from = places[0][${Y}];
     if (from < 0) { return state[${Y}][${X}]; }
     const v = change[from][${X}];
     return keep * state[${Y}][${X}] + add * ${clipped};`,
    ),
  };

  for (let parts = 2; parts <= MAX_PARTS; parts++) {
    const names = Array.from({ length: parts }, (_, i) => `a${i}`);
    const rows = names.slice(0, -1).map((name, i) =>
      `if (y < ${C}.m${i}) { return ${name}[y][${X}]; } y = y - ${C}.m${i};`
    );
    kernels[`concatRows${parts}`] = kernel(
      names.join(" "),
      `let y = ${Y}; ${rows.join(" ")} return ${names.at(-1)}[y][${X}];`,
    );
    const columns = names.slice(0, -1).map((name, i) =>
      `if (x < ${C}.m${i}) { return ${name}[${Y}][x]; } x = x - ${C}.m${i};`
    );
    kernels[`concatColumns${parts}`] = kernel(
      names.join(" "),
      `let x = ${X}; ${columns.join(" ")} return ${names.at(-1)}[${Y}][x];`,
    );
  }

  // The steps of the recurrences. Constants: m is the batch, k the hidden size.

  const activations = { tanh, relu: (z: string) => `Math.max(0, ${z})` };
  const slopes = { tanh: "(1 - v * v)", relu: "(v > 0 ? 1 : 0)" };
  for (const activation of ["tanh", "relu"] as const) {
    const slope = slopes[activation];
    Object.assign(kernels, {
      [`${activation}Step`]: kernel(
        "inputs h Whh t:i",
        `let z = inputs[t * ${C}.m + ${Y}][${X}];
       for (let i = 0; i < ${C}.k; i++) { z += h[${Y}][i] * Whh[i][${X}]; }
       return ${activations[activation]("z")};`,
      ),
      [`${activation}StepBack`]: kernel(
        "dStates states dzNext Whh t:i",
        `let dh = dStates[t * ${C}.m + ${Y}][${X}];
       for (let i = 0; i < ${C}.k; i++) { dh += dzNext[${Y}][i] * Whh[${X}][i]; }
       const v = states[t * ${C}.m + ${Y}][${X}];
       return dh * ${slope};`,
      ),
      [`${activation}LastBack`]: kernel(
        "dStates states t:i",
        `const v = states[t * ${C}.m + ${Y}][${X}];
       return dStates[t * ${C}.m + ${Y}][${X}] * ${slope};`,
      ),
    });
  }

  // An element of gate g at step t, in row t - 1 of the gates, and of a sequence of states at step
  // t.
  const gate = (g: number, x = X) => `gates[(t - 1) * ${C}.m + ${Y}][${g} * ${C}.k + ${x}]`;
  const at = (name: string, x = X) => `${name}[t * ${C}.m + ${Y}][${x}]`;

  Object.assign(kernels, {
    lstmGates: kernel(
      "inputs h Whh t:i",
      `let z = inputs[t * ${C}.m + ${Y}][${X}];
     for (let i = 0; i < ${C}.k; i++) { z += h[${Y}][i] * Whh[i][${X}]; }
     if (${X} >= 2 * ${C}.k && ${X} < 3 * ${C}.k) { return ${tanh("z")}; }
     return ${sigmoid("z")};`,
    ),
    lstmCell: kernel(
      "gates c",
      `return gates[${Y}][${C}.k + ${X}] * c[${Y}][${X}] +
       gates[${Y}][${X}] * gates[${Y}][2 * ${C}.k + ${X}];`,
    ),
    lstmState: kernel(
      "gates c",
      `const z = c[${Y}][${X}]; return gates[${Y}][3 * ${C}.k + ${X}] * ${tanh("z")};`,
    ),
    // The gradient from the next step's gates, `width` of them; also for a GRU.
    backFromNext: kernel(
      "dStates dzNext Whh t:i",
      `let dh = ${at("dStates")};
     for (let i = 0; i < ${C}.width; i++) { dh += dzNext[${Y}][i] * Whh[${X}][i]; }
     return dh;`,
    ),
    lstmCellBack: kernel(
      "dh dcNext gates cells t:i",
      `const z = ${at("cells")};
     const c = ${tanh("z")};
     return dcNext[${Y}][${X}] + dh[${Y}][${X}] * ${gate(3)} * (1 - c * c);`,
    ),
    lstmGatesBack: kernel(
      "dh dc gates cells t:i",
      `let j = ${X};
     if (j < ${C}.k) {
       const i = ${gate(0, "j")};
       return dc[${Y}][j] * ${gate(2, "j")} * i * (1 - i);
     }
     j = j - ${C}.k;
     if (j < ${C}.k) {
       const f = ${gate(1, "j")};
       return dc[${Y}][j] * cells[(t - 1) * ${C}.m + ${Y}][j] * f * (1 - f);
     }
     j = j - ${C}.k;
     if (j < ${C}.k) {
       const g = ${gate(2, "j")};
       return dc[${Y}][j] * ${gate(0, "j")} * (1 - g * g);
     }
     j = j - ${C}.k;
     const o = ${gate(3, "j")};
     const z = ${at("cells", "j")};
     return dh[${Y}][j] * ${tanh("z")} * o * (1 - o);`,
    ),
    // dL/dc through the forget gate, and dL/dh through a GRU's update gate: both are gate 1.
    throughGate: kernel("d gates t:i", `return d[${Y}][${X}] * ${gate(1)};`),

    gruProducts: kernel(
      "h Whh bhn",
      `let s = 0;
     for (let i = 0; i < ${C}.k; i++) { s += h[${Y}][i] * Whh[i][${X}]; }
     if (${X} >= 2 * ${C}.k) { s += bhn[0][${X} - 2 * ${C}.k]; }
     return s;`,
    ),
    gruGates: kernel(
      "inputs products t:i",
      `if (${X} < 2 * ${C}.k) {
       return ${sigmoid(`${at("inputs")} + products[${Y}][${X}]`)};
     }
     if (${X} >= 3 * ${C}.k) { return products[${Y}][${X} - ${C}.k]; }
     const j = ${X} - 2 * ${C}.k;
     const r = ${sigmoid(`${at("inputs", "j")} + products[${Y}][j]`)};
     const z = ${at("inputs")} + r * products[${Y}][${X}];
     return ${tanh("z")};`,
    ),
    gruState: kernel(
      "gates h",
      `const n = gates[${Y}][2 * ${C}.k + ${X}];
     return n + gates[${Y}][${C}.k + ${X}] * (h[${Y}][${X}] - n);`,
    ),
  });

  // The same for both sides of a GRU's gates, except that the recurrent side of n is multiplied by
  // r.
  for (
    const [name, last] of [["gruInputsBack", "dn"], ["gruProductsBack", `dn * ${gate(0, "j")}`]]
  ) {
    kernels[name] = kernel(
      "dh gates states t:i",
      `let j = ${X};
     if (j >= 2 * ${C}.k) { j = j - 2 * ${C}.k; }
     if (j >= ${C}.k) { j = j - ${C}.k; }
     const n = ${gate(2, "j")};
     const z = ${gate(1, "j")};
     const d = dh[${Y}][j];
     const dn = d * (1 - z) * (1 - n * n);
     if (${X} < ${C}.k) {
       const r = ${gate(0, "j")};
       return dn * ${gate(3, "j")} * r * (1 - r);
     }
     if (${X} < 2 * ${C}.k) {
       return d * (states[(t - 1) * ${C}.m + ${Y}][j] - n) * z * (1 - z);
     }
     return ${last};`,
    );
  }
  return kernels;
}
