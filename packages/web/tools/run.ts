/**
 * Opens an exported run for the tools.
 *
 * @module
 */
import { createCpuBackend } from "@unroll/backend-cpu";
import { type AnyModel, type Backend, type Example, readModel } from "@unroll/core";

/** Opens a model on its own backend. */
export async function openRun<M extends AnyModel>(
  file: Blob,
): Promise<{ backend: Backend; model: M }> {
  return { backend: createCpuBackend(), model: await readModel(file, "model") as AnyModel as M };
}

/** Returns the examples that `worker/exported.ts` has written. */
export async function examplesIn(written: Blob): Promise<Example[]> {
  const lines = (await written.text()).split("\n").filter((line) => line !== "");
  return lines.flatMap((line) => JSON.parse(line) as Example[]);
}
