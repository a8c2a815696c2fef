/**
 * Export of a model as one JavaScript module without imports.
 *
 * @module
 */
import type { Model } from "../../tasks.ts";
import type { ExportedFile } from "../exported_file.ts";
import { simplified } from "./int8.ts";
import { toBase64 } from "./packing.ts";
import * as unpacking from "./parts/unpack.ts";
import { code, type Declarations, sourceOf } from "./source.ts";
import { jsTaskOf } from "./tasks.ts";
import { FORMATS, pack, prefixesOf, type Tensor, tensorsOf } from "./tensors.ts";
import { typesOf } from "./types.ts";

/** Options of {@linkcode exportJs}. */
export interface JsOptions {
  /** Whether weights are quantized to 8 bits, with a scale for each row. Default: false. */
  int8?: boolean;
  /** The name of a separate file for the weights, next to the module. Default: in the module. */
  weights?: string;
  /** The name of the type declaration file, which Deno reads from a pragma. Default: no pragma. */
  types?: string;
}

// The declarations that are data: their size does not depend on code.
const DATA = ["VOCABULARY", "LABELS", "ALPHABET", "WEIGHTS"];

/**
 * Exports a model as one ES module without imports, for web pages, Node.js, Bun, Deno and edge
 * workers. The module exports `predict()` for a text or a series, or `generate()` for a language
 * model. It contains only the code that this model needs, and does not use `eval`, so it runs under
 * a strict Content Security Policy. Predictions are the same as those of `predict`, in float64.
 *
 * @returns The module, `.js`; its types, `.d.ts`; and with `weights`, the weights, `.bin`.
 * @throws {InputError} If the model's task is not one of Unroll's own.
 *
 * @example
 * ```ts
 * import { createModel } from "@unroll/core";
 * import { exportJs } from "@unroll/core/export";
 * import { assertEquals } from "@std/assert";
 *
 * const model = createModel([{ text: "good", label: "up" }, { text: "bad", label: "down" }]);
 * const [{ content }] = exportJs(model);
 * const { predict } = await import(`data:text/javascript,${encodeURIComponent(String(content))}`);
 * assertEquals(Object.keys(predict("very good").probabilities), ["down", "up"]);
 * ```
 */
export function exportJs(
  model: Model,
  { int8 = false, weights, types }: JsOptions = {},
): ExportedFile[] {
  const task = jsTaskOf(model), own = simplified(model);
  const tensors = tensorsOf(own, int8), bytes = pack(tensors);
  const isBeside = weights !== undefined;
  const declarations: Declarations = {
    ...unpacking,
    ...task.parts(own),
    ...weightParts(tensors, bytes, weights),
    PREFIXES: prefixesOf(own),
    networks: code(`once(() => ${own.ensemble ? "networksOf" : "oneNetwork"}(tensors()))`),
    VOCABULARY: own.vocabulary,
    LABELS: own.labels,
  };
  const exported = [...(isBeside ? ["load"] : []), ...task.exported];
  const source = sourceOf(declarations, exported, DATA);
  const pragma = types === undefined ? "" : `// @ts-self-types=${JSON.stringify(`./${types}`)}\n`;
  const files: ExportedFile[] = [
    { suffix: ".js", content: `${HEADER}\n${pragma}${source}\n` },
    { suffix: ".d.ts", content: typesOf(own, isBeside) },
  ];
  if (isBeside) files.push({ suffix: ".bin", content: bytes });
  return files;
}

/** The short names of formats in a module. */
const SHORT: Record<Tensor["format"], string> = {
  float32: "f",
  int8Rows: "r",
  int8Columns: "c",
  rising: "d",
};

const HEADER = "// A model exported by Unroll. Generated file: do not edit.";

/** Returns the declarations that unpack or load a module's weights. */
function weightParts(
  tensors: readonly Tensor[],
  bytes: Uint8Array<ArrayBuffer>,
  file: string | undefined,
): Declarations {
  const formats = new Set(tensors.map(({ format }) => format));
  return {
    ...FORMATS,
    TENSORS: tensors.map(({ name, format, rows, columns }) =>
      [name, SHORT[format], rows, columns].join(" ")
    ).join(","),
    FORMATS: code(`{ ${[...formats].map((name) => `${SHORT[name]}: ${name}`).join(", ")} }`),
    SIZE: bytes.length,
    ...(file === undefined
      ? {
        WEIGHTS: toBase64(bytes),
        fromBase64: code(FROM_BASE64),
        tensors: code("once(() => unpack(fromBase64(WEIGHTS)))"),
      }
      : {
        BESIDE: file,
        loaded: undefined,
        tensors: unpacking.loadedTensors,
        load: code(LOAD),
      }),
  };
}

const FROM_BASE64 = `(text) => {
  const binary = atob(text), bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}`;

/** The function `load`, which accepts the bytes of the weights, a response or a URL. */
const LOAD = `async (source = new URL(BESIDE, import.meta.url)) => {
  const isPlace = typeof source === "string" || source instanceof URL;
  const from = isPlace ? await fetch(source) : source;
  if (from.ok === false) throw new Error(\`\${source}: \${from.status}\`);
  loaded = unpack(new Uint8Array(from.arrayBuffer ? await from.arrayBuffer() : from));
}`;
