/**
 * Models with weights rounded to 8 bits, whose accuracy can be measured before they are exported.
 *
 * @module
 */
import type { FloatArray } from "../../backend.ts";
import type { Companions } from "../../classification/combine.ts";
import type { FeatureKind } from "../../baseline/ngrams.ts";
import { type AnyModel, networkWeights } from "../../model.ts";
import { isCrfWeight } from "../../network/crf.ts";
import type { Weights } from "../../network/weights.ts";
import { type Model, shapesOf } from "../../tasks.ts";
import { roundColumns, roundRows } from "./packing.ts";

/** Returns an equivalent model whose embedding has been multiplied by its projection. */
export function simplified<M extends Model>(model: M): M {
  const { projection, embedding } = model.config;
  if (!projection) return model;
  const projected = ({ embedding: words, projection: P, ...others }: Weights<FloatArray>) => ({
    embedding: product(words, P, embedding, projection),
    ...others,
  });
  const config = { ...model.config, embedding: projection, projection: 0 };
  return withWeights({ ...model, config }, networkWeights(model).map(projected));
}

/** Computes A B, with B `[inner, columns]`. */
function product(a: FloatArray, b: FloatArray, inner: number, columns: number): FloatArray {
  const rows = a.length / inner, result = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < inner; k++) {
      const factor = a[i * inner + k];
      for (let j = 0; j < columns; j++) result[i * columns + j] += factor * b[k * columns + j];
    }
  }
  return Float32Array.from(result);
}

function withWeights<M extends AnyModel>(model: M, all: Weights<FloatArray>[]): M {
  const ensemble = all.slice(0, -1);
  return { ...model, weights: all.at(-1)!, ...(ensemble.length > 0 ? { ensemble } : {}) };
}

/**
 * Returns a model with the weights that it would have after an export with `int8`: each row of a
 * matrix is rounded to 255 levels. Use `evaluate` to measure the loss of accuracy.
 *
 * @example
 * ```ts
 * import { createModel } from "@unroll/core";
 * import { roundedToInt8 } from "@unroll/core/export";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const model = createModel([{ text: "good", label: "up" }, { text: "bad", label: "down" }]);
 * const { weights: { Whh } } = roundedToInt8(model);
 * assertAlmostEquals(Whh[0], model.weights.Whh[0], 0.01);
 * ```
 */
export function roundedToInt8<M extends Model>(model: M): M {
  const own = simplified(model), shapes = shapesOf(own);
  const all = networkWeights(own).map((weights) =>
    Object.fromEntries(
      Object.entries(weights).map(([name, data]) => {
        const [rows, columns] = shapes[name];
        if (rows === 1 || isCrfWeight(name)) return [name, data];
        const { scales, ints } = roundRows(data, rows, columns);
        return [name, Float32Array.from(ints, (v, i) => v * scales[Math.floor(i / columns)])];
      }),
    )
  );
  const { linear } = own as Companions<FeatureKind>;
  const rounded = linear ? { ...own, linear: roundedLinear(linear) } : own;
  return withWeights(rounded, all);
}

function roundedLinear<K extends FeatureKind>(
  { ngrams, weight, bias }: NonNullable<Companions<K>["linear"]>,
): NonNullable<Companions<K>["linear"]> {
  const back = (data: Float32Array<ArrayBuffer>, columns: number) => {
    const { scales, ints } = roundColumns(data, data.length / columns, columns);
    return Float32Array.from(ints, (v, i) => v * scales[i % columns]);
  };
  return {
    ngrams: ngrams.map((each) => ({ ...each, idf: back(each.idf, 1) })),
    weight: back(weight, bias.length),
    bias,
  };
}
