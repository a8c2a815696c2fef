/**
 * A run as its tools get it.
 *
 * @module
 */
import { createCpuBackend } from "@unroll/backend-cpu";
import { type AnyModel, type Backend, type Example, readModel } from "@unroll/core";

/** A model on a backend of its own. */
export async function openRun<M extends AnyModel>(
  file: Blob,
): Promise<{ backend: Backend; model: M }> {
  return { backend: createCpuBackend(), model: await readModel(file, "model") as AnyModel as M };
}

/** The examples in what `worker/exported.ts` has written. */
export async function examplesIn(written: Blob): Promise<Example[]> {
  const lines = (await written.text()).split("\n").filter((line) => line !== "");
  return lines.flatMap((line) => JSON.parse(line) as Example[]);
}
