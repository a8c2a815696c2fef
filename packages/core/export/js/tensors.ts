/**
 * The numbers of an exported module: which there are, and how they are packed.
 *
 * @module
 */
import type { FloatArray } from "../../backend.ts";
import type { Companions } from "../../classification/combine.ts";
import type { FeatureKind } from "../../baseline/ngrams.ts";
import { type AnyModel, networkWeights } from "../../model.ts";
import { isCrfWeight } from "../../network/crf.ts";
import { crfScores, scaledCrf } from "../../network/crf_sequences.ts";
import type { Weights } from "../../network/weights.ts";
import { shapesOf } from "../../tasks.ts";
import { packRising, roundColumns, roundRows } from "./packing.ts";
import { float32, int8Columns, int8Rows, rising } from "./parts/unpack.ts";

/** How the numbers of a tensor are packed: by the function that unpacks them. */
export const FORMATS = { float32, int8Rows, int8Columns, rising };

/** A tensor of an exported module. */
export interface Tensor {
  /** Its name. */
  name: string;
  /** How many rows it has. */
  rows: number;
  /** How many columns it has. */
  columns: number;
  /** Its numbers, row by row. */
  data: FloatArray;
  /** How it is packed. */
  format: keyof typeof FORMATS;
}

/** What stands before the names of each network's weights. */
export function prefixesOf({ ensemble = [] }: Pick<AnyModel, "ensemble">): string[] {
  return ensemble.length === 0 ? [""] : Array.from([...ensemble, 0], (_, i) => `${i}.`);
}

/** Whether a linear model takes part in a model's answers. */
export function isMixed({ linear, calibration }: Companions<FeatureKind>): boolean {
  return linear !== undefined && calibration !== undefined && calibration.linear !== 0;
}

/** All tensors of a model. */
export function tensorsOf(model: AnyModel & Companions<FeatureKind>, isInt8: boolean): Tensor[] {
  const networks = networkWeights(model), prefixes = prefixesOf(model), shapes = shapesOf(model);
  const tensors: Tensor[] = networks.flatMap((weights, i) =>
    Object.entries(shapes).filter(([name]) => !isCrfWeight(name)).map((
      [name, [rows, columns]],
    ) => ({
      ...{ name: prefixes[i] + name, rows, columns, data: weights[name] },
      format: isInt8 && rows > 1 ? "int8Rows" : "float32",
    }))
  );
  if (model.config.crf) tensors.push(...crfTensors(networks, model.calibration?.network ?? 1));
  if (isMixed(model)) tensors.push(...linearTensors(model.linear!, isInt8));
  return tensors;
}

/** The scores of a CRF: of several networks the mean, and times what the network counts in a mix. */
function crfTensors(networks: Weights<FloatArray>[], scale: number): Tensor[] {
  const { labels, start, end, transitions } = scaledCrf(crfScores(...networks), scale);
  return Object.entries({ start, end, transitions }).map(([name, data]) => ({
    ...{ name: `crf.${name}`, rows: data.length / labels, columns: labels, data },
    format: "float32",
  }));
}

/** Which n-grams count by how rare they are. */
export const HAS_IDF: Record<FeatureKind, boolean> = { words: true, letters: true, context: false };

function linearTensors(
  { ngrams, weight, bias }: NonNullable<Companions<FeatureKind>["linear"]>,
  isInt8: boolean,
): Tensor[] {
  const columns = bias.length;
  return [
    ...ngrams.flatMap(({ kind, buckets, idf }, i) => {
      const rows = buckets.length, columns = 1;
      const all: Tensor[] = [
        { name: `linear.buckets${i}`, rows, columns, data: buckets, format: "rising" },
        {
          ...{ name: `linear.idf${i}`, rows, columns, data: idf },
          format: isInt8 ? "int8Columns" : "float32",
        },
      ];
      return HAS_IDF[kind] ? all : all.slice(0, 1);
    }),
    {
      ...{ name: "linear.weight", rows: weight.length / columns, columns, data: weight },
      format: isInt8 ? "int8Columns" : "float32", // a scale a row would be as long as most rows
    },
    { name: "linear.bias", rows: 1, columns, data: bias, format: "float32" },
  ];
}

/** A tensor's bytes. */
function bytesOf({ data, rows, columns, format }: Tensor): Uint8Array<ArrayBuffer>[] {
  const floats = (numbers: FloatArray) => new Uint8Array(Float32Array.from(numbers).buffer);
  const PACK: Record<Tensor["format"], () => Uint8Array<ArrayBuffer>[]> = {
    float32: () => [floats(data)],
    int8Rows() {
      const { scales, ints } = roundRows(data, rows, columns);
      return [floats(scales), new Uint8Array(ints.buffer)];
    },
    int8Columns() {
      const { scales, ints } = roundColumns(data, rows, columns);
      return [floats(scales), new Uint8Array(ints.buffer)];
    },
    rising: () => [packRising(data)],
  };
  return PACK[format]();
}

/** All of them one after the other. */
export function pack(tensors: readonly Tensor[]): Uint8Array<ArrayBuffer> {
  const parts = tensors.flatMap(bytesOf);
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
