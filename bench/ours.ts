/**
 * Unroll's own backends on the CPU, each variant in a process of its own.
 *
 * @module
 */
import { denoCommand, startPeer } from "./peer.ts";
import type { Program } from "./turns.ts";
import type { Sizes } from "./workloads.ts";

/** Options of createCpuBackend(), or of createBlasBackend(). */
export interface Variant {
  /** What computes. */
  kernels?: "plain" | "simd";
  /** How many threads. */
  threads?: number;
  /** Whether products are by a BLAS. */
  blas?: boolean;
}

/** What the machine gives without being asked for more. */
export const DEFAULT: Variant = {};

/** The loops to compare with. */
export const PLAIN: Variant = { kernels: "plain" };

/** The faster ones. */
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

/** Starts a variant at a workload; a text that says why where it cannot be had. */
export function startOurs(
  workload: string,
  variant: Variant,
  sizes: Sizes = {},
): Promise<Program | string> {
  const args = [variant, sizes].map((each) => JSON.stringify(each));
  return startPeer(denoCommand("unroll.ts", workload, ...args));
}

/** Starts those variants that can be had, and says which cannot. */
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
      missing.add(`Unroll with ${JSON.stringify(variant)} is left out (${program})${cure}`);
    }
  }
  return programs;
}
