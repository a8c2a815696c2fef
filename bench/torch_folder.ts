/**
 * Exports of models to folders, for training in PyTorch.
 *
 * @module
 */
import type { ExampleOf, Model, Sequence, TrainOptions } from "@unroll/core";
import { exportToPytorch } from "@unroll/core/export";

/** Writes a model's export for training in PyTorch into an empty folder. */
export async function exportInto<M extends Model>(
  folder: string,
  model: M,
  examples: Sequence<ExampleOf<M>>,
  options: TrainOptions<ExampleOf<M>>,
): Promise<void> {
  await Deno.mkdir(`${folder}/data`);
  for (const { suffix, content } of exportToPytorch(model, examples, options).files) {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await Deno.writeFile(folder + suffix, bytes);
  }
}
