/**
 * The backends that the command line knows.
 *
 * @module
 */
import { createCpuBackend } from "@unroll/backend-cpu";
import {
  bestMode,
  createGpuJsBackend,
  type GpuJsMode,
  MODES,
  probeMode,
} from "@unroll/backend-gpujs";
import { type Backend, type DType, InputError } from "@unroll/core";
import { choice, type Command, text } from "./flags.ts";
import { table } from "./terminal.ts";

interface Entry {
  /** Whether it works on this machine. */
  probe(): Promise<{ works: boolean; about: string }>;
  /** Makes it. */
  create(dtype: DType): Promise<Backend>;
}

const BACKENDS: Record<string, Entry> = {
  cpu: {
    probe: () =>
      Promise.resolve({ works: true, about: "plain loops over typed arrays, float32 or float64" }),
    create: (dtype) => Promise.resolve(createCpuBackend({ dtype })),
  },
  gpujs: {
    probe: async () => ({
      works: true,
      about: `takes ${await bestMode()} here: the first below with real hardware, else webasm`,
    }),
    create: (dtype) => createGpuJs(dtype),
  },
  ...Object.fromEntries(MODES.map((mode) => [`gpujs:${mode}`, {
    async probe() {
      const { works, adapter } = await probeMode(mode);
      return { works, about: adapter };
    },
    create: (dtype: DType) => createGpuJs(dtype, mode),
  }])),
};

async function createGpuJs(dtype: DType, mode?: GpuJsMode): Promise<Backend> {
  if (dtype !== "float32") {
    throw new InputError(`--dtype: gpujs computes in float32, got ${dtype}; take --backend cpu`);
  }
  try {
    const backend = await createGpuJsBackend({ mode });
    // On standard error, as what computes is no part of the answer.
    console.error(`Computing by gpu.js ${backend.mode} on ${backend.adapter}.`);
    return backend;
  } catch (error) {
    throw new InputError(`--backend: ${(error as Error).message}`, { cause: error });
  }
}

/** The flags that choose what computes. */
export const BACKEND_FLAGS = {
  "backend": text("NAME", "what computes; see deno task backends", "cpu"),
  "dtype": choice(["float32", "float64"], "the numbers to compute with", "float32" as DType),
};

/**
 * A backend by name.
 *
 * @throws {InputError} Where there is none of that name.
 */
export async function createBackend(name: string, dtype: DType): Promise<Backend> {
  if (!Object.hasOwn(BACKENDS, name)) {
    const names = Object.keys(BACKENDS).join(", ");
    throw new InputError(`--backend: there is no "${name}"; there is ${names}`);
  }
  return await BACKENDS[name].create(dtype);
}

/** `deno task backends` */
export const backendsCommand = {
  name: "backends",
  summary: "Lists the backends, and what works on this machine.",
  flags: {},
  examples: ["backends", "train --backend gpujs", "train --backend gpujs:webasm"],
  async run() {
    const rows = await Promise.all(
      Object.entries(BACKENDS).map(async ([name, { probe }]) => {
        const { works, about } = await probe();
        return [name, works ? "works" : "does not work here", about];
      }),
    );
    console.log(table(rows, [0, 1, 2]).join("\n"));
    console.log("\ngpu.js (133 MB) is fetched from npm when gpujs is first asked for.");
    return 0;
  },
} satisfies Command;
