/**
 * `deno task export --to onnx`
 *
 * @module
 */
import { exportOnnx, type OnnxFile } from "@unroll/core/export";
import { saveFile } from "../files/saving.ts";
import { printable } from "../output/terminal.ts";
import type { ExportTarget } from "./target.ts";

/** Models as ONNX files. */
export const onnx: ExportTarget = {
  title: "ONNX Runtime and what else reads ONNX",
  out: "model.onnx",
  flags: [],
  async write(model, out) {
    const { files, notes } = exportOnnx(model);
    const base = out.replace(/\.onnx$/i, "");
    const lines: string[] = [];
    for (const file of files) {
      const path = base + file.suffix;
      await saveFile(path, file.content);
      lines.push(`Wrote ${printable(path)}: ${file.content.length} bytes.`, ...signature(file));
    }
    return [...lines, ...notes.map((note) => `Note: ${note}.`)];
  },
};

/** What goes in and comes out, a line each. */
function signature({ inputs, outputs }: OnnxFile): string[] {
  const shown = (infos: OnnxFile["inputs"]) =>
    infos.map(({ name, type, dims }) => `${name} ${type}[${dims.join(", ")}]`).join(", ");
  return [`  in:  ${shown(inputs)}`, `  out: ${shown(outputs)}`];
}
