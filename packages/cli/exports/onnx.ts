/**
 * `deno task export --to onnx`
 *
 * @module
 */
import { exportOnnx, type OnnxFile } from "@unroll/core/export";
import { printable } from "../output/terminal.ts";
import type { ExportTarget } from "./target.ts";
import { writeFiles } from "./write_files.ts";

const TRY_IT = "Run it with ONNX Runtime: docs/onnx.md shows how in Python and JavaScript.";

/** Models as ONNX files. */
export const onnx: ExportTarget = {
  title: "ONNX Runtime and other tools that read ONNX",
  out: "model.onnx",
  flags: [],
  async write(model, out) {
    const { files, notes } = exportOnnx(model);
    const paths = await writeFiles(out, ".onnx", files);
    const lines = files.flatMap((file, i) => [
      `Wrote ${printable(paths[i])}, ${Math.ceil(file.content.length / 1024)} KiB. It ${file.doc}.`,
      ...signature(file),
    ]);
    return [...lines, ...notes.map((note) => `Note: ${note}.`), TRY_IT];
  },
};

/** Describes the inputs and outputs, one line each. */
function signature({ inputs, outputs }: OnnxFile): string[] {
  const shown = (infos: OnnxFile["inputs"]) =>
    infos.map(({ name, type, dims }) => `${name} ${type}[${dims.join(", ")}]`).join(", ");
  return [`  in:  ${shown(inputs)}`, `  out: ${shown(outputs)}`];
}
