/**
 * Unroll's CPU backends, each variant in its own process.
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
  /** Whether a BLAS computes the matrix products. */
  blas?: boolean;
}

/** The default backend. */
export const DEFAULT: Variant = {};

/** Plain loops, for comparison. */
export const PLAIN: Variant = { kernels: "plain" };

/** The fast kernels. */
export const FAST: readonly Variant[] = [{ kernels: "simd" }, { kernels: "simd", threads: 2 }];

/** The default and a BLAS, each on one thread and on two. */
export const VARIANTS: readonly Variant[] = [
  DEFAULT,
  { threads: 2 },
  { blas: true },
  { blas: true, threads: 2 },
];

const GET_BLAS = "to get one: apt-get install libopenblas0, dnf install openblas or " +
  "pacman -S openblas; macOS has one";

/** Starts a variant on a workload; returns the reason if it is not available. */
export function startOurs(
  workload: string,
  variant: Variant,
  sizes: Sizes = {},
): Promise<Program | string> {
  const args = [variant, sizes].map((each) => JSON.stringify(each));
  return startPeer(denoCommand("unroll.ts", workload, ...args));
}

/** Starts the available variants, and adds messages about the others to `missing`. */
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
