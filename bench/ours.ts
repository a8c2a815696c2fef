/**
 * Unroll's backends on the CPU, each variant in its own process.
 *
 * @module
 */
import { denoCommand, startPeer } from "./peer.ts";
import type { Program } from "./turns.ts";
import type { Sizes } from "./workloads.ts";

/** Options of createCpuBackend(), or of createBlasBackend(). */
export interface Variant {
  /** The kernels. */
  kernels?: "plain" | "simd";
  /** The number of threads. */
  threads?: number;
  /** Whether a BLAS computes matrix products. */
  blas?: boolean;
}

/** The default variant. */
export const DEFAULT: Variant = {};

/** The plain loops, the baseline. */
export const PLAIN: Variant = { kernels: "plain" };

/** The fast kernels. */
export const FAST: readonly Variant[] = [{ kernels: "simd" }, { kernels: "simd", threads: 2 }];

/** The default and a BLAS, each on one thread and on two threads. */
export const VARIANTS: readonly Variant[] = [
  DEFAULT,
  { threads: 2 },
  { blas: true },
  { blas: true, threads: 2 },
];

const GET_BLAS = "to install one: apt-get install libopenblas0, dnf install openblas or " +
  "pacman -S openblas; macOS includes one";

/** Starts a variant on a workload; returns an error message if it is not available. */
export function startOurs(
  workload: string,
  variant: Variant,
  sizes: Sizes = {},
): Promise<Program | string> {
  const args = [variant, sizes].map((each) => JSON.stringify(each));
  return startPeer(denoCommand("unroll.ts", workload, ...args));
}

/** Starts the variants that are available, and adds a line to `missing` for each other one. */
export async function startVariants(
  workload: string,
  variants: readonly Variant[],
  missing: Set<string>,
): Promise<Program[]> {
  const programs: Program[] = [];
  for (const variant of variants) {
    const program = await startOurs(workload, variant);
    if (typeof program !== "string") programs.push(program);
    else {
      const cure = variant.blas ? `; ${GET_BLAS}` : "";
      missing.add(`Unroll with ${JSON.stringify(variant)} is skipped (${program})${cure}`);
    }
  }
  return programs;
}
