/**
 * The tensors of an exported module, and how they are packed.
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

/** The formats of packed tensors, each with the function that unpacks it. */
export const FORMATS = { float32, int8Rows, int8Columns, rising };

/** A tensor of an exported module. */
export interface Tensor {
  /** The name of the tensor. */
  name: string;
  /** The number of rows. */
  rows: number;
  /** The number of columns. */
  columns: number;
  /** The numbers, row by row. */
  data: FloatArray;
  /** The format in which the numbers are packed. */
  format: keyof typeof FORMATS;
}

/** Returns the prefix of the weight names of each network. */
export function prefixesOf({ ensemble = [] }: Pick<AnyModel, "ensemble">): string[] {
  return ensemble.length === 0 ? [""] : Array.from([...ensemble, 0], (_, i) => `${i}.`);
}

/** Returns whether a linear model contributes to a model's predictions. */
export function isMixed({ linear, calibration }: Companions<FeatureKind>): boolean {
  return linear !== undefined && calibration !== undefined && calibration.linear !== 0;
}

/** Returns all tensors of a model. */
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

/** Returns a CRF's scores: the mean over networks, times the network's weight in the mix. */
function crfTensors(networks: Weights<FloatArray>[], scale: number): Tensor[] {
  const { labels, start, end, transitions } = scaledCrf(crfScores(...networks), scale);
  return Object.entries({ start, end, transitions }).map(([name, data]) => ({
    ...{ name: `crf.${name}`, rows: data.length / labels, columns: labels, data },
    format: "float32",
  }));
}

/** Whether each kind of features is weighted by inverse document frequency. */
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
      format: isInt8 ? "int8Columns" : "float32", // row scales would be as large as most rows
    },
    { name: "linear.bias", rows: 1, columns, data: bias, format: "float32" },
  ];
}

/** Returns a tensor's bytes, in parts. */
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

/** Concatenates the bytes of all tensors. */
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
