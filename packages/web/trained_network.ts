/**
 * Trains the network shipped with the page: the first set's, as the command line trains it.
 *
 * @module
 */
import { createCpuBackend } from "@unroll/backend-cpu";
import { type Checkpoint, type Model, train, writeCheckpoint } from "@unroll/core/texts";
import { pack } from "./packed_bytes.ts";
import { trainingOf } from "./run_settings.ts";
import { presetOf } from "./sets/presets.ts";
import { builtInSet } from "./sets/sets.ts";
import { taskOf } from "./tasks/tasks.ts";
import { CORE } from "./worker/core.ts";
import { SHIPPED_SET, type ShippedFile } from "./shipped_file.ts";

const EVERY = 8; // epochs from one row to the next: the chart has no more pixels
const DIGITS = 3; // of a loss in the charts: more would not be visible

/** Trains the network, and returns it with its curves. */
export async function trainedNetwork(): Promise<ShippedFile> {
  const settings = presetOf(SHIPPED_SET);
  const { train: examples, test } = await builtInSet(SHIPPED_SET);
  const model: Model = taskOf(settings).create(CORE, settings, examples, true);
  const rows: ShippedFile["rows"] = [];
  let last: Checkpoint<Model> | undefined;
  const options = {
    ...trainingOf(settings, false),
    validation: [],
    test,
    checkpointEvery: Number.MAX_SAFE_INTEGER, // only at the ends of epochs
  };
  const short = (value: number) => Number(value.toPrecision(DIGITS));
  for await (const event of train(createCpuBackend(), model, examples, options)) {
    if (event.type === "checkpoint") last = event.checkpoint;
    if (event.type !== "epoch") continue;
    const { epoch, train, test } = event;
    if (epoch % EVERY !== 0 && epoch !== 1) continue;
    rows.push([
      ...[epoch, short(train.loss), short(train.accuracy)] as const,
      ...[short(test!.loss), short(test!.accuracy)] as const,
    ]);
  }
  const checkpoint = await pack(writeCheckpoint(last!));
  return { checkpoint, rows };
}
