/**
 * gpu.js and its modes: which there are here, and what they run on.
 *
 * @module
 */

/** What gpu.js computes with. */
export type GpuJsMode = "webgpu" | "webgl2" | "webasm";

/** The modes, the one to try first at the front. */
export const MODES: readonly GpuJsMode[] = ["webgpu", "webgl2", "webasm"];

/** What is known of a mode on this machine. */
export interface ModeReport {
  /** Whether it works. */
  works: boolean;
  /** The name of what computes, or why it does not work. */
  adapter: string;
  /** Whether hardware computes; a software adapter is for tests. */
  real: boolean;
  /** How many numbers a tensor may have. */
  maxNumbers: number;
  /** How many rows or columns a tensor may have. */
  maxSide: number;
}

/** The parts of gpu.js in use here. */
export interface GpuJs {
  /** Its class of devices. */
  GPU: new (options: { mode: GpuJsMode }) => GpuJsDevice;
  /** Its class of flat matrices: numbers row by row, and [columns, rows]. */
  Input: new (numbers: Float32Array, size: [number, number]) => GpuJsInput;
  /** Its one WebGPU device. */
  WebGPUContext?: { acquire(): Promise<{ device: GpuDevice }> };
}

/** What is heard of a WebGPU device. */
export interface GpuDevice {
  /** Settles when the device is lost. */
  lost: Promise<{ message: string; reason: string }>;
  /** Tells of errors, such as memory that is not there. */
  addEventListener(type: "uncapturederror", fn: (event: { error: Error }) => void): void;
}

/** A device of gpu.js. */
export interface GpuJsDevice {
  /** Makes a kernel. */
  createKernel(source: string, settings: Record<string, unknown>): Kernel;
  /** Gives everything back. */
  destroy(): Promise<void> | void;
}

/** A kernel of gpu.js. */
export interface Kernel {
  /** Runs it. What it gives depends on the mode. */
  (...args: unknown[]): unknown;
  /** Gives its memory back. */
  destroy(): void;
}

/** A flat matrix. */
export interface GpuJsInput {
  /** Its numbers. */
  value: Float32Array<ArrayBuffer>;
}

const VERSION = "npm:gpu.js@2.24.1";
const WORKGROUP_SIDE = 8; // of gpu.js 2.24 for results of two dimensions
const MAX_EXACT = 2 ** 24; // WebGL computes places in float32, which is exact up to here

/**
 * What a mode would run on here, without loading gpu.js.
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
 * The first mode that has real hardware here, else webasm, which needs none.
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
 * The module gpu.js: the one given, else from npm.
 *
 * @throws {Error} Where it cannot be loaded; the message says how to get it.
 */
export async function loadGpuJs(given?: unknown): Promise<GpuJs> {
  // deno-lint-ignore no-explicit-any
  let module = given as any;
  try {
    // Not a literal, so that Deno fetches its 133 MB for those alone who ask.
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
    throw new Error(`the option gpujs is not the module gpu.js: it has ${Object.keys(module)}`);
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
  if (!gpu) return unavailable("no WebGPU here");
  const adapter: Adapter | null = await gpu.requestAdapter();
  if (!adapter) return unavailable("WebGPU finds no adapter");
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
  if (!gl) return unavailable("WebGL2 is for browsers");
  if (!gl.getExtension("EXT_color_buffer_float")) return unavailable("no float textures here");
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const name = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  const isSoftware = isSoftwareName(name);
  const side: number = gl.getParameter(gl.MAX_TEXTURE_SIZE);
  gl.getExtension("WEBGL_lose_context")?.loseContext(); // browsers allow only some contexts
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
