/**
 * The backends that the command line knows.
 *
 * @module
 */
import { createCpuBackend } from "@unroll/backend-cpu";
import { type Backend, type DType, InputError } from "@unroll/core";
import { choice, type Command, text } from "./flags.ts";
import { table } from "./terminal.ts";

interface Entry {
  /** What it is, in a line. */
  about: string;
  /** Makes it; throws where it does not work on this machine. */
  create(dtype: DType): Backend;
}

const BACKENDS: Record<string, Entry> = {
  cpu: {
    about: "plain loops over typed arrays, float32 or float64",
    create: (dtype) => createCpuBackend({ dtype }),
  },
};

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
export function createBackend(name: string, dtype: DType): Backend {
  if (!Object.hasOwn(BACKENDS, name)) {
    const names = Object.keys(BACKENDS).join(", ");
    throw new InputError(`--backend: there is no "${name}"; there is ${names}`);
  }
  return BACKENDS[name].create(dtype);
}

/** `deno task backends` */
export const backendsCommand = {
  name: "backends",
  summary: "Lists the backends, and what works on this machine.",
  flags: {},
  examples: ["backends", "train --backend cpu"],
  run() {
    const rows = Object.entries(BACKENDS).map(([name, { about, create }]) => {
      try {
        create("float32");
        return [name, "works", about];
      } catch (error) {
        return [name, "does not work", (error as Error).message];
      }
    });
    console.log(table(rows, [0, 1, 2]).join("\n"));
    return Promise.resolve(0);
  },
} satisfies Command;
