/**
 * The backends of the command line.
 *
 * @module
 */
import { type BlasBackend, createBlasBackend } from "@unroll/backend-blas";
import { type CpuBackend, type CpuKernels, createCpuBackend } from "@unroll/backend-cpu";
import {
  bestMode,
  createGpuJsBackend,
  type GpuJsMode,
  MODES,
  probeMode,
} from "@unroll/backend-gpujs";
import { type Backend, DeviceError, type DType, InputError, quote } from "@unroll/core";
import { choice, type Command, rare, text } from "./flags/flags.ts";
import { integer } from "./flags/number_flags.ts";
import { print, printable, table, warn } from "./output/terminal.ts";

const MIB = 2 ** 20; // bytes
const MAX_THREADS = 64; // with many more threads than cores, threads only wait for each other
const MAX_MEMORY = 2 ** 32 / MIB; // the limit of 32-bit addresses in WebAssembly

interface Entry {
  /** Returns whether the backend works on this machine, and a description. */
  probe(): Promise<{ works: boolean; about: string }>;
  /** Creates the backend. */
  create(settings: BackendSettings): Promise<Backend>;
}

/** The values of the backend flags. */
export interface BackendSettings {
  /** Name of the backend. */
  backend: string;
  /** Data type of the computation. */
  dtype: DType;
  /** Maximum number of threads. */
  threads?: number;
  /** Memory limit for tensors, in MiB. */
  memory?: number;
}

const BACKENDS: Record<string, Entry> = {
  cpu: {
    probe() {
      const { kernels } = createCpuBackend();
      const about = kernels === "plain" ? "cpu:plain" : `cpu:simd, ${describe(kernels)}`;
      return Promise.resolve({ works: true, about: `uses ${about}` });
    },
    create: (settings) => Promise.resolve(createCpu(settings)),
  },
  "cpu:simd": {
    probe() {
      const { kernels } = createCpuBackend();
      const works = kernels !== "plain";
      return Promise.resolve({ works, about: works ? describe(kernels) : NO_SIMD });
    },
    create: (settings) => Promise.resolve(createCpu(settings, "simd")),
  },
  "cpu:plain": {
    probe: () => Promise.resolve({ works: true, about: "loops in JavaScript, float32 or float64" }),
    create: (settings) => Promise.resolve(createCpu(settings, "plain")),
  },
  blas: {
    probe() {
      try {
        using backend = createBlasBackend();
        return Promise.resolve({ works: true, about: describeBlas(backend) });
      } catch (error) {
        return Promise.resolve({ works: false, about: describeTrouble(error) });
      }
    },
    create: (settings) => Promise.resolve(createBlas(settings)),
  },
  gpujs: {
    probe: async () => ({
      works: true,
      about: `uses ${await bestMode()} here: the first below with real hardware, else webasm`,
    }),
    create: (settings) => createGpuJs(settings),
  },
  ...Object.fromEntries(MODES.map((mode) => [`gpujs:${mode}`, {
    async probe() {
      const { works, adapter } = await probeMode(mode);
      return { works, about: adapter };
    },
    create: (settings: BackendSettings) => createGpuJs(settings, mode),
  }])),
};

const BLAS_AT = "blas:"; // followed by a path
const NO_SIMD = "this machine has no SIMD in WebAssembly";

/** Describes the kernels. */
function describe(kernels: CpuBackend["kernels"]): string {
  const how = kernels === "simd with fma"
    ? "with fused multiply-add"
    : "without fused multiply-add";
  return `kernels in WebAssembly, SIMD ${how}, float32`;
}

function createCpu(settings: BackendSettings, kernels?: CpuKernels): Backend {
  const { dtype, threads, memory } = settings;
  if (kernels === "simd" && dtype === "float64") {
    throw new InputError("--dtype: cpu:simd computes in float32; use --backend cpu for float64");
  }
  const isPlain = kernels === "plain" || dtype === "float64";
  if (threads !== undefined && threads > 1 && isPlain) {
    throw new InputError(
      `--threads: ${kernels === "plain" ? "cpu:plain" : dtype} runs on one thread; leave it out`,
    );
  }
  const sizes = sizesOf(settings);
  const backend = attempt(() => createCpuBackend({ dtype, kernels, ...sizes }));
  if (memory !== undefined && backend.kernels !== "plain") requireAddressable(memory);
  return backend;
}

/** Returns the number of threads and the memory in bytes that the flags ask for. */
function sizesOf({ threads, memory }: BackendSettings): { threads: number; memory?: number } {
  const cores = navigator.hardwareConcurrency;
  const most = Math.max(MAX_THREADS, cores);
  if (threads !== undefined && threads > most) {
    throw new InputError(`--threads: expected at most ${most}, got ${threads}`);
  }
  return {
    threads: threads ?? Math.max(1, cores - 1),
    memory: memory === undefined ? undefined : memory * MIB,
  };
}

function requireAddressable(memory: number): void {
  if (memory <= MAX_MEMORY) return;
  throw new InputError(
    `--memory: kernels in WebAssembly can address at most ${MAX_MEMORY} MiB, got ${memory}; ` +
      "use --backend cpu:plain for more",
  );
}

function createBlas(settings: BackendSettings): Backend {
  const { backend: name, dtype, memory } = settings;
  if (dtype !== "float32") {
    throw new InputError(`--dtype: blas computes in float32, got ${dtype}; use --backend cpu`);
  }
  if (memory !== undefined) requireAddressable(memory);
  const path = name.startsWith(BLAS_AT) ? name.slice(BLAS_AT.length) : undefined;
  try {
    const backend = createBlasBackend({ path, ...sizesOf(settings) });
    // On standard error, because it is not part of the result.
    warn(`Computing matrix products with ${describeBlas(backend)}.`);
    return backend;
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new DeviceError(`--backend ${name}: ${describeTrouble(error)}`, { cause: error });
  }
}

/** Describes a library, its speed, and the speed of the kernels that it replaces. */
function describeBlas({ library, wasmGflops }: BlasBackend): string {
  return `${printable(library.name)} (${printable(library.path)}), ` +
    `${library.gflops.toFixed(0)} GFLOP/s on one thread, WebAssembly ${wasmGflops.toFixed(0)}`;
}

function describeTrouble(error: unknown): string {
  if (!(error instanceof Deno.errors.NotCapable)) return (error as Error).message;
  return "calls a system library, which needs --allow-ffi: use deno task train:blas, " +
    "predict:blas, evaluate:blas or generate:blas";
}

function attempt<T>(create: () => T): T {
  try {
    return create();
  } catch (error) {
    throw new InputError(`--backend: ${(error as Error).message}`, { cause: error });
  }
}

async function createGpuJs({ dtype, threads, memory }: BackendSettings, mode?: GpuJsMode): Promise<
  Backend
> {
  if (dtype !== "float32") {
    throw new InputError(`--dtype: gpujs computes in float32, got ${dtype}; use --backend cpu`);
  }
  for (const [flag, value] of Object.entries({ threads, memory })) {
    if (value !== undefined) {
      throw new InputError(`--${flag}: is a setting of --backend cpu; leave it out for gpujs`);
    }
  }
  try {
    const backend = await createGpuJsBackend({ mode });
    // On standard error, because it is not part of the result.
    warn(`Computing with gpu.js ${backend.mode} on ${printable(backend.adapter)}.`);
    return backend;
  } catch (error) {
    throw new InputError(`--backend: ${(error as Error).message}`, { cause: error });
  }
}

/** The flags that choose the backend. */
export const BACKEND_FLAGS = {
  "backend": text("NAME", "compute backend; deno task backends lists them", "cpu"),
  "dtype": rare(choice(["float32", "float64"], "data type of the computation", "float32" as DType)),
  "threads": {
    ...integer("number of threads; the weights are the same for any number", undefined, 1),
    shown: "all cores but one",
  },
  "memory": rare({
    ...integer("memory limit for all tensors together, in MiB", undefined, 1),
    shown: String(MAX_MEMORY),
  }),
};

/**
 * Creates the backend that the flags ask for.
 *
 * @throws {InputError} If there is no backend of that name, or it does not support the settings.
 */
export async function createBackend(settings: BackendSettings): Promise<Backend> {
  const { backend: name } = settings;
  const entry = name.startsWith(BLAS_AT) ? "blas" : name;
  if (!Object.hasOwn(BACKENDS, entry)) {
    const names = Object.keys(BACKENDS).join(", ");
    throw new InputError(`--backend: there is no ${quote(name)}; choose one of ${names}`);
  }
  return await BACKENDS[entry].create(settings);
}

/** `deno task backends` */
export const backendsCommand = {
  name: "backends",
  summary: "Lists the backends, and which of them work on this machine.",
  flags: {},
  examples: ["backends", "train --backend cpu:plain", "train --backend gpujs:webasm"],
  async run() {
    const rows = await Promise.all(
      Object.entries(BACKENDS).map(async ([name, { probe }]) => {
        const { works, about } = await probe();
        return [name, works ? "works" : "does not work here", about];
      }),
    );
    print(table(rows, [0, 1, 2]).join("\n"));
    print("\ngpu.js (133 MB) is downloaded from npm when gpujs is first used.");
    return 0;
  },
} satisfies Command;
