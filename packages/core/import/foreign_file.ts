/**
 * Weight files that were written by other tools.
 *
 * @module
 */
import { type ByteSource, type Header, READABLE, readHeader } from "../files/safetensors.ts";
import { quote } from "../printable.ts";
import type { Fail } from "../task.ts";
import { listed } from "./linear.ts";

const MAX_SETTING = 2 ** 16; // the limit of another tool's metadata entry, in bytes

/** Reads the header of another tool's .safetensors file without the `ignored` tensors, or fails. */
export async function readForeign(
  source: ByteSource,
  name: string,
  ignored: readonly string[],
  fail: Fail,
): Promise<Header> {
  const start = new Uint8Array(await source.slice(0, Math.min(4, source.size)).arrayBuffer());
  const isZip = start[0] === 0x50 && start[1] === 0x4b, isPickle = start[0] === 0x80;
  if (isZip || isPickle) {
    fail(
      "was written by torch.save(), and loading it can run arbitrary code; save it in Python: " +
        "from safetensors.torch import save_file; " +
        `save_file(torch.load(${JSON.stringify(name)}, weights_only=True), "weights.safetensors")`,
    );
  }
  const wanted = new Map([["format", MAX_SETTING], ["vocabulary", 2 ** 25]]);
  const cure = "give a state_dict() that was saved with safetensors.torch.save_file()";
  const header = await readHeader(source, name, wanted, cure);
  if (header.metadata.has("vocabulary")) {
    fail("is already an Unroll model; open it with predict, evaluate or inspect");
  }
  for (const each of ignored) {
    const matching = [...header.entries.keys()]
      .filter((tensor) => tensor === each || tensor.startsWith(`${each}.`));
    if (matching.length === 0) {
      const shapes = new Map([...header.entries].map(([tensor, { shape }]) => [tensor, shape]));
      fail(`has no tensor ${quote(each)} to ignore; it has ${listed(shapes)}`);
    }
    for (const tensor of matching) header.entries.delete(tensor);
  }
  for (const [tensor, { dtype }] of header.entries) {
    if (READABLE.includes(dtype)) continue;
    fail(
      `has numbers of type ${quote(dtype)} in ${tensor}; convert them to one of ` +
        `${READABLE.join(", ")}, or give --ignore ${tensor}`,
    );
  }
  return { ...header, hasChecksum: false };
}
