/**
 * The backends that the command line knows.
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
import { choice, type Command, text } from "./flags/flags.ts";
import { integer } from "./flags/number_flags.ts";
import { print, printable, table, warn } from "./output/terminal.ts";

const MIB = 2 ** 20; // bytes
const MAX_THREADS = 64; // with far more than cores, threads only wait for each other
const MAX_MEMORY = 2 ** 32 / MIB; // all that 32-bit addresses of WebAssembly can reach

interface Entry {
  /** Whether it works on this machine. */
  probe(): Promise<{ works: boolean; about: string }>;
  /** Makes it. */
  create(settings: BackendSettings): Promise<Backend>;
}

/** What the flags say of the backend. */
export interface BackendSettings {
  /** Its name. */
  backend: string;
  /** The numbers to compute with. */
  dtype: DType;
  /** How many threads may share in the work. */
  threads?: number;
  /** How many MiB tensors may take. */
  memory?: number;
}

const BACKENDS: Record<string, Entry> = {
  cpu: {
    probe() {
      const { kernels } = createCpuBackend();
      const about = kernels === "plain" ? "cpu:plain" : `cpu:simd, ${describe(kernels)}`;
      return Promise.resolve({ works: true, about: `takes ${about}` });
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
      about: `takes ${await bestMode()} here: the first below with real hardware, else webasm`,
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

const BLAS_AT = "blas:"; // and a path
const NO_SIMD = "this machine has no SIMD in WebAssembly";

/** A kind of kernels, for people. */
function describe(kernels: CpuBackend["kernels"]): string {
  const how = kernels === "simd with fma"
    ? "with fused multiply-add"
    : "without fused multiply-add";
  return `kernels in WebAssembly, SIMD ${how}, float32`;
}

function createCpu(settings: BackendSettings, kernels?: CpuKernels): Backend {
  const { dtype, threads, memory } = settings;
  if (kernels === "simd" && dtype === "float64") {
    throw new InputError("--dtype: cpu:simd computes in float32; take --backend cpu for float64");
  }
  const isPlain = kernels === "plain" || dtype === "float64";
  if (threads !== undefined && threads > 1 && isPlain) {
    throw new InputError(
      `--threads: ${kernels === "plain" ? "cpu:plain" : dtype} computes on one; leave it out`,
    );
  }
  const sizes = sizesOf(settings);
  const backend = attempt(() => createCpuBackend({ dtype, kernels, ...sizes }));
  if (memory !== undefined && backend.kernels !== "plain") requireAddressable(memory);
  return backend;
}

/** The threads and the bytes that the flags ask for. */
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
      "take --backend cpu:plain for more",
  );
}

function createBlas(settings: BackendSettings): Backend {
  const { backend: name, dtype, memory } = settings;
  if (dtype !== "float32") {
    throw new InputError(`--dtype: blas computes in float32, got ${dtype}; take --backend cpu`);
  }
  if (memory !== undefined) requireAddressable(memory);
  const path = name.startsWith(BLAS_AT) ? name.slice(BLAS_AT.length) : undefined;
  try {
    const backend = createBlasBackend({ path, ...sizesOf(settings) });
    // On standard error, as what computes is no part of the answer.
    warn(`Computing products by ${describeBlas(backend)}.`);
    return backend;
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new DeviceError(`--backend ${name}: ${describeTrouble(error)}`, { cause: error });
  }
}

/** A library, its speed, and that of the kernels that it takes the place of. */
function describeBlas({ library, wasmGflops }: BlasBackend): string {
  return `${printable(library.name)} (${printable(library.path)}), ` +
    `${library.gflops.toFixed(0)} GFLOP/s on a thread, WebAssembly ${wasmGflops.toFixed(0)}`;
}

function describeTrouble(error: unknown): string {
  if (!(error instanceof Deno.errors.NotCapable)) return (error as Error).message;
  return "calls a library of this machine, which needs --allow-ffi: deno task train:blas, " +
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
    throw new InputError(`--dtype: gpujs computes in float32, got ${dtype}; take --backend cpu`);
  }
  for (const [flag, value] of Object.entries({ threads, memory })) {
    if (value !== undefined) {
      throw new InputError(`--${flag}: is a setting of --backend cpu; leave it out for gpujs`);
    }
  }
  try {
    const backend = await createGpuJsBackend({ mode });
    // On standard error, as what computes is no part of the answer.
    warn(`Computing by gpu.js ${backend.mode} on ${printable(backend.adapter)}.`);
    return backend;
  } catch (error) {
    throw new InputError(`--backend: ${(error as Error).message}`, { cause: error });
  }
}

/** The flags that choose what computes. */
export const BACKEND_FLAGS = {
  "backend": text("NAME", "compute backend; deno task backends lists them", "cpu"),
  "dtype": choice(["float32", "float64"], "number format to compute in", "float32" as DType),
  "threads": {
    ...integer("threads; the weights are the same for any number", undefined, 1),
    shown: "all cores but one",
  },
  "memory": {
    ...integer("memory limit of all tensors together, in MiB", undefined, 1),
    shown: String(MAX_MEMORY),
  },
};

/**
 * The backend that the flags ask for.
 *
 * @throws {InputError} Where there is none of that name, or it cannot do what is asked.
 */
export async function createBackend(settings: BackendSettings): Promise<Backend> {
  const { backend: name } = settings;
  const entry = name.startsWith(BLAS_AT) ? "blas" : name;
  if (!Object.hasOwn(BACKENDS, entry)) {
    const names = Object.keys(BACKENDS).join(", ");
    throw new InputError(`--backend: there is no ${quote(name)}; there is ${names}`);
  }
  return await BACKENDS[entry].create(settings);
}

/** `deno task backends` */
export const backendsCommand = {
  name: "backends",
  summary: "Lists the backends, and what works on this machine.",
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
    print("\ngpu.js (133 MB) is fetched from npm when gpujs is first asked for.");
    return 0;
  },
} satisfies Command;
