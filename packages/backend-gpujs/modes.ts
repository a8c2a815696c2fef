/**
 * gpu.js and its modes: which ones work here, and what they run on.
 *
 * @module
 */

/** The modes of gpu.js: the API that it computes with. */
export type GpuJsMode = "webgpu" | "webgl2" | "webasm";

/** The modes, in the order of preference. */
export const MODES: readonly GpuJsMode[] = ["webgpu", "webgl2", "webasm"];

/** The properties of a mode on this machine. */
export interface ModeReport {
  /** Whether it works. */
  works: boolean;
  /** The name of the hardware or software that it runs on, or why it does not work. */
  adapter: string;
  /** Whether it runs on real hardware; software adapters are for tests. */
  real: boolean;
  /** The maximum number of elements in a tensor. */
  maxNumbers: number;
  /** The maximum number of rows or columns in a tensor. */
  maxSide: number;
}

/** The parts of gpu.js that are used here. */
export interface GpuJs {
  /** Its class for devices. */
  GPU: new (options: { mode: GpuJsMode }) => GpuJsDevice;
  /** Its class for flat matrices: numbers row by row, and [columns, rows]. */
  Input: new (numbers: Float32Array, size: [number, number]) => GpuJsInput;
  /** Its shared WebGPU device. */
  WebGPUContext?: { acquire(): Promise<{ device: GpuDevice }> };
}

/** The events of a WebGPU device. */
export interface GpuDevice {
  /** Settles when the device is lost. */
  lost: Promise<{ message: string; reason: string }>;
  /** Listens for errors such as running out of memory. */
  addEventListener(type: "uncapturederror", fn: (event: { error: Error }) => void): void;
}

/** A device of gpu.js. */
export interface GpuJsDevice {
  /** Creates a kernel. */
  createKernel(source: string, settings: Record<string, unknown>): Kernel;
  /** Frees all resources. */
  destroy(): Promise<void> | void;
}

/** A kernel of gpu.js. */
export interface Kernel {
  /** Runs it. The type of its result depends on the mode. */
  (...args: unknown[]): unknown;
  /** Frees its memory. */
  destroy(): void;
}

/** A flat matrix. */
export interface GpuJsInput {
  /** Its numbers. */
  value: Float32Array<ArrayBuffer>;
}

const VERSION = "npm:gpu.js@2.24.1";
const WORKGROUP_SIDE = 8; // in gpu.js 2.24, for two-dimensional results
const MAX_EXACT = 2 ** 24; // WebGL computes positions in float32, which is exact up to here

/**
 * Reports what a mode would run on here, without loading gpu.js.
 *
 * @example
 * ```ts
 * import { probeMode } from "@unroll/backend-gpujs";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals((await probeMode("webasm")).works, true);
 * ```
 */
export async function probeMode(mode: GpuJsMode): Promise<ModeReport> {
  if (mode === "webgpu") return await probeWebGpu();
  if (mode === "webgl2") return probeWebGl2();
  const adapter = "WebAssembly on the CPU";
  return { works: true, adapter, real: false, maxNumbers: 2 ** 28, maxSide: 2 ** 28 };
}

/**
 * Returns the first mode that has real hardware here, or webasm, which needs none.
 *
 * @example
 * ```ts
 * import { bestMode, probeMode } from "@unroll/backend-gpujs";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals((await probeMode(await bestMode())).works, true);
 * ```
 */
export async function bestMode(): Promise<GpuJsMode> {
  for (const mode of MODES) if ((await probeMode(mode)).real) return mode;
  return "webasm";
}

/**
 * Loads gpu.js: the given module, or the one from npm.
 *
 * @throws {Error} If it cannot be loaded; the message says how to get it.
 */
export async function loadGpuJs(given?: unknown): Promise<GpuJs> {
  // deno-lint-ignore no-explicit-any
  let module = given as any;
  try {
    // Not a literal, so that Deno downloads its 133 MB only for programs that use it.
    const specifier: string = VERSION;
    module ??= await import(specifier);
  } catch (cause) {
    const [reason] = String(cause instanceof Error ? cause.message : cause).split("\n");
    throw new Error(
      `gpu.js could not be loaded: ${reason}; fetch it ` +
        `once with "deno cache ${VERSION}", or pass the module as the option gpujs`,
      { cause },
    );
  }
  const GPU = module.GPU ?? module.default?.GPU ?? module.default;
  const Input = module.Input ?? GPU?.Input;
  if (typeof GPU !== "function" || typeof Input !== "function") {
    throw new Error(`the option gpujs is not the gpu.js module: it has ${Object.keys(module)}`);
  }
  return { GPU, Input, WebGPUContext: module.WebGPUContext ?? module.default?.WebGPUContext };
}

interface Adapter {
  info?: {
    vendor?: string;
    architecture?: string;
    description?: string;
    isFallbackAdapter?: boolean;
  };
  isFallbackAdapter?: boolean;
  limits: {
    maxStorageBufferBindingSize: number;
    maxBufferSize: number;
    maxComputeWorkgroupsPerDimension: number;
  };
}

function unavailable(adapter: string): ModeReport {
  return { works: false, adapter, real: false, maxNumbers: 0, maxSide: 0 };
}

async function probeWebGpu(): Promise<ModeReport> {
  // deno-lint-ignore no-explicit-any
  const gpu = (globalThis as any).navigator?.gpu;
  if (!gpu) return unavailable("WebGPU is not available here");
  const adapter: Adapter | null = await gpu.requestAdapter();
  if (!adapter) return unavailable("WebGPU found no adapter");
  const { info = {}, limits } = adapter;
  const name = [info.description, `${info.vendor} ${info.architecture}`.trim()].find(Boolean);
  const isSoftware = info.isFallbackAdapter ?? adapter.isFallbackAdapter ?? isSoftwareName(name!);
  const bytes = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
  return {
    works: true,
    adapter: isSoftware ? `${name} (software)` : name!,
    real: !isSoftware,
    maxNumbers: Math.floor(bytes / Float32Array.BYTES_PER_ELEMENT),
    maxSide: limits.maxComputeWorkgroupsPerDimension * WORKGROUP_SIDE,
  };
}

function probeWebGl2(): ModeReport {
  // deno-lint-ignore no-explicit-any
  const { OffscreenCanvas } = globalThis as any;
  const gl = OffscreenCanvas && new OffscreenCanvas(1, 1).getContext("webgl2");
  if (!gl) return unavailable("WebGL2 is only available in browsers");
  if (!gl.getExtension("EXT_color_buffer_float")) return unavailable("no float textures here");
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const name = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  const isSoftware = isSoftwareName(name);
  const side: number = gl.getParameter(gl.MAX_TEXTURE_SIZE);
  gl.getExtension("WEBGL_lose_context")?.loseContext(); // browsers limit the number of contexts
  return {
    works: true,
    adapter: isSoftware ? `${name} (software)` : name,
    real: !isSoftware,
    maxNumbers: Math.min(side * side, MAX_EXACT),
    maxSide: MAX_EXACT,
  };
}

function isSoftwareName(name: string): boolean {
  return /swiftshader|llvmpipe|software|basic render/i.test(name);
}
