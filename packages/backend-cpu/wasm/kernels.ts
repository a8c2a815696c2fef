/**
 * The WebAssembly kernels, on a memory of their own.
 *
 * @module
 */
import { assemble } from "./assembler.ts";
import { elementKernels } from "./elements.ts";
import { tanh4 } from "./functions.ts";
import { gateKernels, relu4, reluBack, tanhBack } from "./gates.ts";
import { normKernels } from "./norms.ts";
import { dotProduct, rowsProduct, sgdUpdate, UNROLLED_UPDATES } from "./product.ts";
import { softmaxKernel } from "./reductions.ts";
import { mostRows, packKernel, PANEL, tileKernel, transposeKernel } from "./tiles.ts";

/** A kernel: its parameters are addresses and strides in bytes, counts, and floats. */
export type Kernel = (...parameters: number[]) => void;

/** The kernels, and the memory that they work on. */
export interface Kernels {
  /** The module, for the threads. */
  module: WebAssembly.Module;
  /** The memory that tensors are allocated in. */
  memory: WebAssembly.Memory;
  /** Whether other threads can access the memory. */
  shared: boolean;
  /** The maximum size of the memory in bytes. */
  limit: number;
  /** Whether a product and its sum are rounded once. */
  fused: boolean;
  /** Every kernel, by name. */
  run: Record<string, Kernel>;
  /** Every kernel, by number, with the address of its parameters as its only parameter. */
  from: Kernel[];
  /** The number of each kernel. */
  number: Record<string, number>;
  /** The names of the WebAssembly kernels, by number. */
  names: string[];
  /** A kernel outside WebAssembly, if there is one: the last by number. */
  extension?: Extension;
}

/** A kernel outside WebAssembly that works on the same memory. */
export interface Extension {
  /** The name. */
  name: string;
  /**
   * The source text of a function that creates it from the memory and `given`. The kernel accepts
   * the address of its parameters. Every thread creates one, so the text must be self-contained.
   */
  source: string;
  /** The second argument of that function; it must be possible to post it to a worker. */
  given?: unknown;
}

/** Adds a kernel outside WebAssembly. */
export function extendKernels(kernels: Kernels, extension: Extension, kernel: Kernel): void {
  kernels.extension = extension;
  kernels.number[extension.name] = kernels.from.push(kernel) - 1;
}

const PAGE = 65536; // bytes, in WebAssembly
const MAX_PAGES = 65536; // all that 32 bits can address
const FIRST_PAGES = 16;
const FIXED_PAGES = 8192; // 512 MiB, where memory cannot grow without moving

function functions(fused: boolean) {
  const most = mostRows(fused);
  return [
    rowsProduct("product1", 1, fused),
    rowsProduct("product2", 2, fused),

    rowsProduct("tanhStep", 1, fused, tanh4),
    rowsProduct("reluStep", 1, fused, relu4),
    dotProduct("tanhStepBack", fused, tanhBack),
    dotProduct("reluStepBack", fused, reluBack),

    ...Array.from(
      { length: UNROLLED_UPDATES },
      (_, i) => sgdUpdate(`sgdUpdate_${i + 1}`, i + 1, fused),
    ),
    dotProduct("dot", fused),
    ...Array.from({ length: most }, (_, i) => tileKernel(`tile${i + 1}`, i + 1, fused)),
    packKernel("pack", PANEL, false),
    packKernel("packStraight", PANEL, true),
    transposeKernel("transpose"),
    ...elementKernels(fused),
    ...gateKernels(fused),
    ...normKernels(fused),
    softmaxKernel("softmax", fused),
    softmaxKernel("crossEntropy", fused, true),
  ];
}

/** The compiled modules, one for each kind of machine and memory. */
const modules = new Map<string, WebAssembly.Module | undefined>();

function compiled(
  fused: boolean,
  shared: boolean,
  maximum: number,
): WebAssembly.Module | undefined {
  const key = `${fused} ${shared} ${maximum}`;
  if (!modules.has(key)) {
    const bytes = assemble(functions(fused), { shared, maximum });
    modules.set(key, WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : undefined);
  }
  return modules.get(key);
}

/** A memory, with its maximum number of pages. */
interface Arena {
  memory: WebAssembly.Memory;
  shared: boolean;
  pages: number;
}

/** Creates a memory that threads share and that grows in place; otherwise one of a fixed size. */
function createMemory(limit?: number): Arena {
  const asked = limit === undefined ? undefined : Math.min(MAX_PAGES, Math.ceil(limit / PAGE));
  try {
    const pages = asked ?? MAX_PAGES;
    const initial = Math.min(FIRST_PAGES, pages);
    const memory = new WebAssembly.Memory({ initial, maximum: pages, shared: true });
    return { memory, shared: true, pages };
  } catch {
    const pages = asked ?? FIXED_PAGES;
    return {
      memory: new WebAssembly.Memory({ initial: pages, maximum: pages }),
      shared: false,
      pages,
    };
  }
}

/**
 * Whether a product and its sum are really rounded once. An engine may support the instruction but
 * round twice, as JavaScriptCore does; then the kernels without it give the same numbers everywhere
 * and are as fast.
 */
function roundsOnce({ update }: Record<string, Kernel>, memory: WebAssembly.Memory): boolean {
  const numbers = new Float32Array(memory.buffer, 0, 8);
  const a = 1 + 2 ** -12; // a² = 1 + 2⁻¹¹ + 2⁻²⁴, which rounds to 1 + 2⁻¹¹
  numbers.fill(a, 0, 4);
  numbers.fill(-(1 + 2 ** -11), 4);
  update(1, 4, 0, 0, 16, 0, a, 1, Infinity);
  const [difference] = numbers;
  numbers.fill(0);
  return difference !== 0;
}

/**
 * Creates the kernels, with fused multiply-add if the machine supports it; returns undefined if the
 * machine has no SIMD.
 *
 * @param allowFused Whether products and sums may be rounded once.
 * @param limit The maximum size of the memory in bytes. Default: 4 GiB, the most that WebAssembly
 *   can address, or 512 MiB if memory cannot be shared.
 */
export function createKernels(allowFused: boolean, limit?: number): Kernels | undefined {
  const { memory, shared, pages } = createMemory(limit);
  for (const fused of allowFused ? [true, false] : [false]) {
    const module = compiled(fused, shared, pages);
    if (!module) continue;
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    const run = exports as Record<string, Kernel>;
    if (fused && !roundsOnce(run, memory)) continue;
    const names = Object.keys(run).filter((name) => !name.endsWith("_from"));
    return {
      module,
      memory,
      shared,
      limit: pages * PAGE,
      fused,
      run,
      from: names.map((name) => run[`${name}_from`]),
      number: Object.fromEntries(names.map((name, i) => [name, i])),
      names,
    };
  }
  return undefined;
}
